"""drill, scores replay and library index as an operator runs them beside the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.command_line import learning
from bot.command_line.tables import Opened
from config.checking import SettingsError
from config.drills import load_drill
from config.rulebook_clocks import SHIPPED
from config.rulebook_scores import load_scores
from storage.database import Database
from tests.support.office import Office, to

DRILLS = SHIPPED.parent / "drills"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


@pytest.fixture
def app(office: Office) -> typer.Typer:
    @contextmanager
    def opened(_config: Path) -> Iterator[Opened]:
        yield Opened(office.database, office.desk, office.now)

    made = typer.Typer()
    learning.add_commands(made, opened, load_scores, load_drill)
    return made


def run(app: typer.Typer, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


def test_a_drill_is_begun_and_ended_by_commands(app: typer.Typer, office: Office) -> None:
    assert "一级夜间" in run(app, "drill", "list")[1]
    assert run(app, "drill", "end") == (2, "现在没有进行中的演练。\n")
    assert run(app, "drill", "sheet")[0] == 2
    assert run(app, "drill", "run", "地震")[0] == 2
    assert run(app, "drill", "run", str(DRILLS / "water.toml"), "--speed", "60")[0] == 0
    assert run(app, "drill", "run", "停水")[0] == 2  # one is under way
    assert "已登记 001" in to("lihang", office.passes(seconds=1))
    status, said = run(app, "drill", "end")
    assert status == 0
    assert "演练「停水投诉」结果" in said
    assert "演练「停水投诉」结果" in run(app, "drill", "sheet")[1]


def test_replay_shows_what_another_scorecard_would_have_given(
    app: typer.Typer, office: Office, tmp_path: Path
) -> None:
    office.says("wangxiaoyu", "上报: 青禾路积水严重, 平台抖音, 请市城管局核实")
    office.says("sunlei", "001 定三级, 交城管局")
    office.passes(hours=6)
    office.says("liuyang", "收到 001")
    shipped = (SHIPPED / "city3" / "scores.toml").read_text(encoding="utf-8")
    stricter = tmp_path / "stricter"
    stricter.mkdir()
    (stricter / "scores.toml").write_text(shipped.replace("points = -1", "points = -5", 1), "utf-8")
    status, said = run(app, "scores", "replay", str(stricter), "--month", "2026-11")
    assert status == 0
    assert "市城管局: 99 → 95 (-4)" in said
    assert "市住建局: 100 → 100 (不变)" in said
    assert run(app, "scores", "replay", str(stricter))[1].startswith("2026年10月")
    assert run(app, "scores", "replay", str(stricter), "--month", "11")[0] == 2
    assert run(app, "scores", "replay", str(tmp_path))[0] == 2


def test_the_library_is_indexed_anew(app: typer.Typer, office: Office) -> None:
    office.says("wangxiaoyu", "上报: 锦绣花园停水两天, 平台抖音, 请市住建局核实")
    office.says("sunlei", "001 定三级, 交住建局")
    office.says("chenjing", "001 已办结, 已恢复供水")
    office.says("sunlei", "001 不需公开回应, 已当面答复")
    office.says("sunlei", "001 同意")
    with office.database.work() as work:
        work.library.forget(office.case().id)
    assert "没有找到" in to("sunlei", office.says("sunlei", "案例 断水"))
    assert run(app, "library", "index") == (0, "已编入 1 件。\n")
    assert "001《" in to("sunlei", office.says("sunlei", "案例 断水"))


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("speed = 60", "speed = 361", "speed 应在 1 到 360"),
        ("speed = 60", "speed = 0", "speed 应在 1 到 360"),
        ("lasts = 4320", "lasts = 0", "lasts 应在 1 到"),
        ("lasts = 4320", "lasts = 480", "after 应由早到晚"),
        ('by = "信息员"', 'by = "联络员"', "「联络员」应为"),
        ("after = 480", "after = -1", "after 应由早到晚"),
        ('starts = "2026-11-18T08:40:00+08:00"', 'starts = "明天"', "starts「明天」"),
        ('says = "{件}', 'says = ""\nthen = "{件}', "says 应有 1 到"),
        ("after = 0", "after = 0\nwho = 1", "不认识 who"),
    ],
)
def test_the_faults_of_a_scenario_are_named(
    tmp_path: Path, was: str, becomes: str, fault: str
) -> None:
    text = (DRILLS / "water.toml").read_text(encoding="utf-8")
    assert was in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"own\.toml") as caught:
        load_drill(path)
    assert any(fault in one for one in caught.value.faults), caught.value.faults
