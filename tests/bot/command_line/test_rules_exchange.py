"""`rules export` and `rules import`: the rules in force as files, edited, and back as new ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.assembly.commands import rules_of
from bot.command_line import rules_exchange
from bot.command_line.tables import Opened
from storage.database import Database
from tests.support.office import Office

OLD = '"签收" = { within = "30 分钟"'


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def run(office: Office, *options: str) -> Result:
    app = typer.Typer()

    @contextmanager
    def opened(_config: Path) -> Iterator[Opened]:
        yield Opened(office.database, office.desk, office.now)

    rules_exchange.add_commands(app, opened, rules_of)
    return CliRunner().invoke(app, list(options))


def test_what_is_exported_comes_back_edited_shown_first_and_in_force_at_once(
    office: Office, tmp_path: Path
) -> None:
    assert "city3 第 1 版" in run(office, "export", str(tmp_path)).output
    folder = tmp_path / "city3"
    assert "没有要改的" in run(office, "import", str(folder), "--yes").output
    clocks = folder / "clocks.toml"
    text = clocks.read_text(encoding="utf-8")
    clocks.write_text(text.replace(OLD, OLD.replace("30", "20")), encoding="utf-8")
    shown = run(office, "import", str(folder)).output
    assert "二级 签收: 30 分钟 (暂定) → 20 分钟 (暂定)" in shown
    assert "只是预览" in shown
    with office.database.read() as work:
        assert len(work.rulebooks.headings()) == 1
    assert "不用重启" in run(office, "import", str(folder), "--yes").output
    with office.database.read() as work:
        newest, first = work.rulebooks.headings()
        assert newest.in_force
        assert work.admin_changes.latest(1)[0].by.startswith("server:")
    again = run(office, "export", str(tmp_path / "one"), "--number", str(first.number))
    assert "第 1 版" in again.output
    assert (tmp_path / "one" / "city3" / "clocks.toml").read_text(encoding="utf-8") == text


def test_levels_must_be_the_same_in_clauses_and_limits(office: Office, tmp_path: Path) -> None:
    run(office, "export", str(tmp_path))
    clocks = tmp_path / "city3" / "clocks.toml"
    text = clocks.read_text(encoding="utf-8")
    clocks.write_text(text.replace('[level."二级"]', '[level."次级"]'), encoding="utf-8")
    assert (
        "等级「二级、次级」只在条款或只在时限里"
        in run(office, "import", str(tmp_path / "city3"), "--yes").output
    )
    with office.database.read() as work:
        assert len(work.rulebooks.headings()) == 1


def test_a_version_that_is_not_there_and_a_folder_without_rules_are_refused(
    office: Office, tmp_path: Path
) -> None:
    assert run(office, "export", str(tmp_path), "--number", "9").exit_code == 2
    wrong = run(office, "import", str(tmp_path))
    assert wrong.exit_code == 2
    assert "找不到文件" in wrong.output
