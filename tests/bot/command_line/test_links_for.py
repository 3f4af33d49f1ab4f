"""`link-for`: one line with a link that lets one person in once, or what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.command_line import links_for
from bot.command_line.tables import Opened
from storage.database import Database
from tests.support.office import MORNING, Office


@pytest.fixture(scope="module")
def runner() -> CliRunner:
    return CliRunner()


def program(database: Database, base_url: str = "https://duban.example") -> typer.Typer:
    office = Office(database, base_url=base_url)

    @contextmanager
    def opened(_config: Path) -> Iterator[Opened]:
        yield Opened(database, replace(office.desk, base_url=base_url), office.now)

    app = typer.Typer()
    app.callback()(lambda: None)
    links_for.add_commands(app, opened)
    return app


def test_a_link_is_printed_alone_and_lets_that_person_in(
    runner: CliRunner, sqlite_database: Database
) -> None:
    app = program(sqlite_database)
    for arguments, userid in (
        (["LiuYang"], "liuyang"),
        (["--local-administrator"], "local-administrator"),
    ):
        ended = runner.invoke(app, ["link-for", *arguments])
        assert ended.exit_code == 0
        assert "15 分钟内有效" in ended.stderr
        start, _, token = ended.stdout.strip().partition("/sign-in/link/")
        assert start == "https://duban.example"
        with sqlite_database.work() as work:
            assert work.sessions.use_link(token, MORNING) == userid


@pytest.mark.parametrize(
    ("arguments", "base_url", "status", "says"),
    [
        ([], "https://x.example", 2, "请写一个 userid"),
        (["liuyang", "--local-administrator"], "https://x.example", 2, "请写一个 userid"),
        (["nobody"], "https://x.example", 1, "没有 userid 为 nobody 的人"),
        (["liuyang"], "", 2, "base_url"),
    ],
)
def test_what_is_wrong_is_said(  # noqa: PLR0913, PLR0917 - a table of four columns
    runner: CliRunner,
    sqlite_database: Database,
    arguments: list[str],
    base_url: str,
    status: int,
    says: str,
) -> None:
    ended = runner.invoke(program(sqlite_database, base_url), ["link-for", *arguments])
    assert ended.exit_code == status
    assert says in ended.stderr
    assert ended.stdout == ""
