"""`main.py understand` and `main.py read`: the contract, line by line."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NOW = ["--now", "2026-11-20T10:00:00+08:00", "--jsonl"]


def ran(*arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        input=lines,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_each_line_is_answered_in_order_bad_ones_too() -> None:
    lines = [
        '{"text": "收到,正在核实", "role": "责任单位联络员"}',
        "",
        '{"role": "值班员"}',
        "{",
        "[]",
        '{"text": "同意定三级,交城管局办理", "role": "舆情办主任"}',
        '{"text": "收到", "role": "路人"}',
    ]
    done = ran("understand", *NOW, lines="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in io.StringIO(done.stdout)]
    assert done.returncode == 1
    assert answers[0] == {
        "intent": "unit.sign",
        "slots": {"action": ["核实"], "needs_context": True},
        "more": [],
    }
    assert [a.get("error") for a in answers[1:5]] == [
        "第 2 行: 空行",
        "第 3 行: 缺少 text",
        "第 4 行: 不是有效的 JSON",
        "第 5 行: 应为一个 JSON 对象",
    ]
    assert answers[5]["more"] == [
        {"intent": "assign", "slots": {"units": ["城管局"], "needs_context": True}}
    ]
    assert answers[6]["intent"] == "ambiguous"


def test_read_answers_reports_with_slots_and_the_rest_with_nothing() -> None:
    lines = '{"text": "#003 数据更新:阅读5.6万 转发320 评论1100"}\n{"text": "同意", "role": null}\n'
    done = ran("read", *NOW, lines=lines)
    first, second = [json.loads(line) for line in io.StringIO(done.stdout)]
    assert done.returncode == 0
    assert (first["case"], first["metrics"]) == (
        "003",
        {"reads": 56000, "reposts": 320, "comments": 1100},
    )
    assert second == {}


@pytest.mark.parametrize(
    "options",
    [
        ["understand"],
        ["understand", "--jsonl", "--now", "昨天"],
        ["read", "--jsonl"],
        ["read", "--now", NOW[1]],
    ],
)
def test_wrong_options_end_with_status_two_and_no_output(options: list[str]) -> None:
    done = ran(*options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr


def test_a_time_without_zone_is_beijing_time() -> None:
    line = '{"text": "#007交城管局办理,2小时内首报", "role": "舆情办主任"}\n'
    done = ran("understand", "--jsonl", "--now", "2026-11-20T10:00:00", lines=line)
    assert json.loads(done.stdout)["slots"]["deadline"] == "2026-11-20T12:00:00+08:00"
