"""`deadline` as people type it: one JSON array, or the choices on stderr and nothing on stdout."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.command_line.deadline import STEPS, Loaders, WrongOptionError, add_commands
from cases.holidays import Overrides
from config.holidays import load_overrides
from config.rulebook_clocks import load_shipped_clocks, shipped_clock_names

ROOT = Path(__file__).parents[3]


def refuse(path: Path) -> Overrides:
    raise WrongOptionError(f"{path.name} 不能用")


def run(*options: str, loaders: Loaders | None = None) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    add_commands(app, loaders or Loaders(shipped_clock_names, load_shipped_clocks, load_overrides))
    return CliRunner().invoke(app, ["deadline", *options])


def asked(book: str, level: str, step: str, start: str, *more: str) -> Result:
    return run("--rulebook", book, "--level", level, "--step", step, "--from", start, *more)


def test_it_answers_with_the_moment_and_how_it_was_counted() -> None:
    result = asked("city3", "三级", "签收", "2026-11-20T17:00:00+08:00")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == [
        {
            "due": "2026-11-23T10:00:00+08:00",
            "basis": "working",
            "provisional": False,
            "projected": False,
            "steps": [
                "自交办起算: 2026-11-20 周五 17:00",
                "签收时限: 2 个工作小时 (工作时间)",
                "2026-11-20 周五 17:00 至 17:30 计 30 分钟, 还剩 1 小时 30 分钟",
                "2026-11-23 周一 08:30 起计 1 小时 30 分钟",
                "截止: 2026-11-23 周一 10:00",
            ],
        }
    ]


def test_a_top_response_is_two_entries() -> None:
    found = json.loads(asked("county4", "特别重大", "回应", "2026-11-20T10:00").stdout)
    assert [one["due"] for one in found] == [
        "2026-11-20T15:00:00+08:00",
        "2026-11-21T10:00:00+08:00",
    ]


@pytest.mark.parametrize(
    ("book", "level", "step"),
    [("city3", "三级", "续报"), *(("score5", "轻微", step.value) for step in STEPS)],
)
def test_where_there_is_no_moment_the_array_is_empty(book: str, level: str, step: str) -> None:
    result = asked(book, level, step, "2026-11-20T10:00:00+08:00")
    assert (result.exit_code, result.stdout) == (0, "[]\n")


@pytest.mark.parametrize("book", shipped_clock_names())
def test_every_rulebook_level_and_step_can_be_asked(book: str) -> None:
    for level in load_shipped_clocks(book).level_names:
        for step in STEPS:
            result = asked(book, level, step.value, "2026-12-31T23:59:59+08:00")
            assert result.exit_code == 0
            assert all(one["steps"] for one in json.loads(result.stdout))


@pytest.mark.parametrize(
    "start",
    ["2026-11-20T10:00", "2026-11-20T02:00Z", "2026-11-20 10:00:00+08:00", "20261120T100000+08"],
)
def test_a_moment_may_be_written_in_any_iso_form_and_without_zone_is_beijings(start: str) -> None:
    found = json.loads(asked("city3", "一级", "签收", start).stdout)
    assert found[0]["due"] == "2026-11-20T10:15:00+08:00"


@pytest.mark.parametrize(
    ("book", "level", "step", "start", "said"),
    [
        ("city4", "一级", "签收", "2026-11-20T10:00", "dept3 hospital3 listed2 school3 score5"),
        ("city3", "四级", "签收", "2026-11-20T10:00", "可选: 一级 二级 三级"),
        ("city3", "一级", "签受", "2026-11-20T10:00", "可选: 签收 首报 上报 回应 续报 办结"),
        ("city3", "一级", "发布会", "2026-11-20T10:00", "可选: 签收 首报 上报 回应 续报 办结"),
        ("city3", "一级", "签收", "今天", "应如 2026-11-20T10:00:00+08:00"),
        ("city3", "一级", "签收", "2026-11-20", "缺少时刻"),
        ("city3", "一级", "签收", "20261120", "缺少时刻"),
        ("city3", "一级", "签收", "2026-11-31T10:00", "应如 2026-11-20T10:00:00+08:00"),
        ("city3", "一级", "签收", "0001-01-01T00:00+14:00", "应如"),
        ("city3", "一级", "签收", "", "应如"),
        ("city3", "三级", "办结", "9999-12-30T10:00", "太晚"),
    ],
)
def test_a_wrong_option_names_the_choices_on_stderr_only(
    book: str, level: str, step: str, start: str, *, said: str
) -> None:
    result = asked(book, level, step, start)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr


def test_a_missing_option_is_refused_without_a_word_on_stdout() -> None:
    result = run("--rulebook", "city3", "--level", "一级", "--step", "签收")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--from" in result.stderr


def test_a_stated_kind_of_demand_has_its_own_time() -> None:
    result = asked("city3", "三级", "办结", "2026-11-20T10:00", "--kind", "投诉")
    assert json.loads(result.stdout)[0]["due"] == "2026-12-01T17:30:00+08:00"


@pytest.mark.parametrize(("level", "said"), [("三级", "可选: 咨询 投诉"), ("一级", "不分类别")])
def test_a_kind_that_has_no_time_of_its_own_is_refused(level: str, said: str) -> None:
    result = asked("city3", level, "办结", "2026-11-20T10:00", "--kind", "表扬")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_the_operators_holidays_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text('[holidays.2026]\noff = ["2026-11-23"]\n', encoding="utf-8")
    result = asked("city3", "三级", "首报", "2026-11-20T10:00", "--holidays", str(path))
    assert json.loads(result.stdout)[0]["due"] == "2026-11-24T17:30:00+08:00"


def test_a_holidays_file_that_cannot_be_used_is_a_wrong_option() -> None:
    result = run(
        *("--rulebook", "city3", "--level", "三级", "--step", "首报"),
        *("--from", "2026-11-20T10:00", "--holidays", "x.toml"),
        loaders=Loaders(shipped_clock_names, load_shipped_clocks, refuse),
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert "x.toml 不能用" in result.stderr


def test_the_program_itself_answers(tmp_path: Path) -> None:
    options = ["--rulebook", "city3", "--level", "一级", "--step", "签收"]
    command = [sys.executable, str(ROOT / "main.py"), "deadline", *options]
    good = subprocess.run(
        [*command, "--from", "2026-11-20T10:00:00+08:00"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert good.returncode == 0
    assert json.loads(good.stdout)[0]["due"] == "2026-11-20T10:15:00+08:00"
