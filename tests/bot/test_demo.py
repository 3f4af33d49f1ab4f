"""`demo`: one command, a chat page that answers, and both processes gone afterwards."""

import signal
import subprocess
import sys
from pathlib import Path

from bot.demo.processes import ask, is_answering, pause
from bot.serving import free_port

HOME = Path(__file__).parents[2]
LATER = '{"seq": 45, "hash": "%s", "at": "2026-11-27T02:19:23.132287+00:00"}\n' % ("5" * 64)


def test_the_demo_answers_a_forwarded_link_and_ends_with_its_command(tmp_path: Path) -> None:
    port = free_port()
    # The demonstration before this one went further than this one will.
    anchors = tmp_path / "var" / "audit-anchors.jsonl"
    anchors.parent.mkdir()
    anchors.write_text(LATER, encoding="utf-8")
    command = [sys.executable, "main.py", "demo", "--folder", str(tmp_path), "--port", str(port)]
    with subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            said = ""
            while "Ctrl+C" not in said:
                line = running.stdout.readline()
                assert line, said
                said += line
            assert f"http://127.0.0.1:{port}/" in said
            card = {
                "userid": "wangxiaoyu",
                "agentid": 1000002,
                "title": "青禾路积水",
                "description": "",
                "url": "https://www.toutiao.com/article/7249559687354974759/",
            }
            assert ask(port, "POST", "/sandbox/forward", card)["delivered"] is True
            assert "已登记 001" in _answer(port)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=30)
    assert running.returncode == 0
    assert not is_answering(port, "/")


def _answer(port: int) -> str:
    for _look in range(200):
        lines = ask(port, "GET", "/sandbox/log?after=0")["lines"]
        assert isinstance(lines, list)
        for line in lines:
            if line.get("api") == "message/send" and "已登记" in str(line.get("text")):
                return str(line["text"])
        pause(0.05)
    return ""
