"""`main.py link`: the contract, through the real program."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
POST = "https://weibo.com/1234567890/R8vcX9C87?from=x"


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "main.py", "link", *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "gbk"},  # the answers are UTF-8 all the same
    )


def test_every_line_is_answered_in_order_and_a_bad_one_does_not_stop_the_rest() -> None:
    lines = [json.dumps({"text": f"看 {POST}"}), "", "[]", '{"x": 1}', '{"text": "无"}', "{"]
    done = run("--jsonl", given="\n".join(lines).encode() + b"\n\xff\n")
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert answers[0] == {
        "links": [
            {
                "url": POST,
                "canonical": "https://weibo.com/1234567890/R8vcX9C87",
                "key": "weibo:5320265912291527",
                "platform": "微博",
                "kind": "item",
                "item_id": "5320265912291527",
                "needs_expansion": False,
            }
        ]
    }
    assert answers[4] == {"links": []}
    assert [number for number, answer in enumerate(answers) if "error" in answer] == [1, 2, 3, 5, 6]
    assert answers[3] == {"error": "第 4 行: 缺少 text"}
    assert done.returncode == 1


def test_good_lines_end_in_success() -> None:
    done = run("--jsonl", given=b'{"text": "http://t.cn/A6xYzAbC"}\n')
    assert (done.returncode, done.stderr) == (0, b"")


def test_wrong_options_say_so_on_stderr_only() -> None:
    for arguments in [(), ("--json",)]:
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"--jsonl" in done.stderr
