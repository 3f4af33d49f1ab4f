"""`grade` line by line, and the choices on stderr where the rulebook does not exist."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.command_line.grade import Loaders, add_commands
from config.rulebook_grading import load_shipped, shipped_names

ROOT = Path(__file__).parents[3]


def run(*options: str, lines: str | bytes = "") -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    add_commands(app, Loaders(shipped_names, load_shipped))
    return CliRunner().invoke(app, ["grade", *options], input=lines)


def answers(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_line_gives_level_reasons_and_questions() -> None:
    line = {"id": "a1", "title": "停水", "metrics": {"media_tier": "central"}}
    result = run("--rulebook", "city3", "--jsonl", lines=json.dumps(line))
    assert result.exit_code == 0
    assert answers(result) == [
        {
            "id": "a1",
            "level": "一级",
            "reasons": [
                {
                    "rule": "l1_central",
                    "clause": "如中央级媒体关注或报道",
                    "source": "《仙桃市网络舆情处置工作细则》",
                    "fact": "中央级媒体（勾选）",
                }
            ],
            "ask": [],
        }
    ]


def test_a_question_has_its_fact_and_its_words() -> None:
    (answer,) = answers(run("--rulebook", "listed2", "--jsonl", lines='{"id": 7, "title": "投诉"}'))
    assert answer["id"] == 7
    assert isinstance(answer["ask"], list)
    assert {"fact": "loss", "question": "公司是否可能或已经遭受损失？"} in answer["ask"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "空行"),
        ("{", "不是有效的 JSON"),
        ("[]", "应为一个 JSON 对象"),
        ("{}", "缺少 title"),
        ('{"id": 1, "title": ""}', "缺少 title"),
        ('{"title": 5}', "title 应为文本"),
        ('{"title": "x", "metrics": []}', "metrics 应为一个 JSON 对象"),
        ('{"title": "x", "metrics": {"reads": [1]}}', "metrics 里的 reads 应为"),
        ('{"title": "x", "metrics": {"reeds": 1}}', "没有名为 reeds 的指标"),
        ('{"title": "x", "metrics": {"reads": NaN}}', "reads 应为不小于 0 的数"),
        ('{"title": "x", "metrics": {"media_tier": "市"}}', "media_tier 应为 central"),
    ],
)
def test_a_bad_line_is_answered_and_the_run_goes_on(line: str, words: str) -> None:
    good = '{"id": 2, "title": "停水", "metrics": {"reads": null}}'
    result = run("--rulebook", "county4", "--jsonl", lines=f"{good}\n{line}\n{good}\n")
    first, second, third = answers(result)
    assert result.exit_code == 1
    assert str(second["error"]).startswith("第 2 行: ")
    assert words in str(second["error"])
    assert first == third
    assert first["level"] == "一般"


def test_a_wrong_rulebook_lists_the_choices_on_stderr_only() -> None:
    result = run("--rulebook", "city4", "--jsonl", lines='{"title": "x"}')
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "agency2 city3 county4 dept3 hospital3 listed2 school3 score5" in result.stderr


@pytest.mark.parametrize("options", [(), ("--jsonl",), ("--rulebook", "city3"), ("--x",)])
def test_wrong_options_say_so_on_stderr_only(options: tuple[str, ...]) -> None:
    result = run(*options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_the_program_itself_answers_whatever_the_locale() -> None:
    line = '{"id": 1, "title": "停水", "platform": "领导留言板", "source_media": "人民网"}\n'
    done = subprocess.run(
        [sys.executable, "main.py", "grade", "--rulebook", "city3", "--jsonl"],
        input=line.encode(),
        capture_output=True,
        cwd=ROOT,
        env={"LC_ALL": "C", "PATH": ""},
        check=True,
    )
    assert json.loads(done.stdout)["level"] == "三级"
