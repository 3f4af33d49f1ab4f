"""`rules check`, `explain` and `replay` as people type them."""

import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.command_line.rules import Loaders, UnreadableRulesError, add_commands
from cases.grading import GradingRules
from config.checking import SettingsError
from config.rulebook_grading import SHIPPED, load_grading, shipped_names


def load(folder: Path) -> GradingRules:
    try:
        return load_grading(folder)
    except SettingsError as error:
        raise UnreadableRulesError(str(error)) from error


def run(*words: str) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    add_commands(app, Loaders(load))
    return CliRunner().invoke(app, ["rules", *words])


def shipped(name: str) -> str:
    return str(SHIPPED / name)


@pytest.mark.parametrize("name", shipped_names())
def test_what_ships_passes_the_check(name: str) -> None:
    result = run("check", shipped(name))
    assert result.exit_code == 0
    assert "0 处须改" in result.stdout


def test_the_county_is_warned_of_its_numbers() -> None:
    out = run("check", shipped("county4")).stdout
    assert "注意: 数字门槛" in out
    assert "51–99 之间没有条款" in out


def test_a_rulebook_with_a_serious_doubt_does_not_pass(tmp_path: Path) -> None:
    place = tmp_path / "trial"
    shutil.copytree(shipped("county4"), place)
    text = (place / "grading.toml").read_text(encoding="utf-8")
    text = text[: text.index("[[doubts]]")]
    (place / "grading.toml").write_text(text, encoding="utf-8")
    result = run("check", str(place))
    assert result.exit_code == 1
    assert "1 处须改" in result.stdout


def test_a_rulebook_that_cannot_be_read_names_every_fault(tmp_path: Path) -> None:
    (tmp_path / "grading.toml").write_text('title = 3\nx = "y"\n', encoding="utf-8")
    result = run("check", str(tmp_path))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert all(words in result.stderr for words in ("title", "document", "不认识 x", "levels"))


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "cases.jsonl"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_case_is_explained_rule_by_rule(tmp_path: Path) -> None:
    case = written(
        tmp_path,
        '{"title": "央视报道积水",\n "abstract": "网友热议",\n'
        ' "metrics": {"media_tier": "city_site"}}',
    )
    result = run("explain", shipped("city3"), "--case", case)
    assert result.exit_code == 0
    lines = result.stdout
    assert "建议: 二级" in lines
    assert "一级 [l1_central] 不成立" in lines
    assert "二级 [l2_sites] 成立" in lines
    assert "一级 [l1_sprout] 未定" in lines
    assert "三级 [l3_rest] 其余" in lines
    assert "文字显示 媒体层级 “央视报道”, 以勾选为准" in lines
    assert "待问 [信息员] media_tier" in lines
    assert "会变: 如登上全国热榜即为一级" in lines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "不是有效的 JSON"),
        ("[]", "应为一个 JSON 对象"),
        ("{}", "缺少 title"),
        ('{"title": "x", "metrics": {"reeds": 1}}', "reeds"),
    ],
)
def test_a_case_that_cannot_be_used_says_why(tmp_path: Path, text: str, words: str) -> None:
    result = run("explain", shipped("city3"), "--case", written(tmp_path, text))
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    result = run("replay", shipped("city3"), str(tmp_path / "none"))
    assert result.exit_code == 2
    assert "读不了" in result.stderr


def test_past_cases_say_what_would_have_moved(tmp_path: Path) -> None:
    cases = written(
        tmp_path,
        '{"id": "007", "title": "阅读120", "level": "一般"}\n\n'
        '{"title": "阅读20", "level": "一般"}\n',
    )
    result = run("replay", shipped("county4"), cases)
    assert result.exit_code == 0
    assert "共 2 件: 特别重大 0、重大 0、较大 1、一般 1" in result.stdout
    assert "007: 一般 → 较大（阅读、跟帖或总量达到 100）" in result.stdout
    assert "告知分管领导: +1 件" in result.stdout
    assert "签批: +1 件" in result.stdout
    assert "[hundreds] 1" in result.stdout


def test_nothing_moves_where_the_rules_say_the_same(tmp_path: Path) -> None:
    cases = written(tmp_path, '{"title": "阅读20", "level": "一般"}')
    out = run("replay", shipped("county4"), cases).stdout
    assert "等级会变的 0 件" in out
    assert "签批" not in out
