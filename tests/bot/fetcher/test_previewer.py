"""The switch, the cache and the process: D11 and D14."""

import json
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.fetcher import previewer
from bot.fetcher.page import Preview
from bot.fetcher.previewer import Previewer, ask_process, asking_inside

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIELDS = {"host": "a.example", "title": "积水", "site": "", "author": "", "published": ""}
URL = "https://a.example/"


class Counting:
    """A fetcher that counts who asks, and answers when it is let."""

    def __init__(self, answer: object = FIELDS) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, request: str) -> str:
        self.asked.append(json.loads(request)["url"])
        self.gate.wait(5)
        return json.dumps(self.answer)


def test_nothing_is_asked_unless_it_is_switched_on() -> None:
    ask = Counting()
    assert Previewer(ask=ask).previews([URL], NOON) == {}
    assert Previewer(ask=ask).expanded(URL, NOON) is None
    assert ask.asked == []


def test_a_preview_that_cannot_be_had_is_absent() -> None:
    assert Previewer(enabled=True, ask=Counting(None)).previews([URL], NOON) == {}
    assert Previewer(enabled=True, ask=Counting()).previews([URL], NOON) == {URL: Preview(**FIELDS)}


def test_d11_three_links_of_a_message_are_looked_at() -> None:
    ask = Counting()
    Previewer(enabled=True, ask=ask).previews([f"{URL}{n}" for n in range(200)], NOON)
    assert len(ask.asked) == 3


def test_d11_fifty_people_with_one_url_cost_one_fetch() -> None:
    ask = Counting()
    ask.gate.clear()
    one = Previewer(enabled=True, ask=ask)
    with ThreadPoolExecutor(50) as people:
        waiting = [people.submit(one.previews, [URL], NOON) for _ in range(50)]
        ask.gate.set()
        assert all(answer.result() == {URL: Preview(**FIELDS)} for answer in waiting)
    assert ask.asked == [URL]


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        (timedelta(minutes=10) - timedelta(seconds=1), 1),
        (timedelta(minutes=10), 1),
        (timedelta(minutes=10) + timedelta(seconds=1), 2),
    ],
)
def test_an_answer_is_kept_for_ten_minutes(later: timedelta, asked: int) -> None:
    ask = Counting()
    one = Previewer(enabled=True, ask=ask)
    one.previews([URL], NOON)
    one.previews([URL], NOON + later)
    assert len(ask.asked) == asked


def test_the_cache_forgets_the_oldest() -> None:
    ask = Counting()
    one = Previewer(enabled=True, ask=ask)
    for n in range(501):
        one.previews([f"{URL}{n}"], NOON)
    one.previews([f"{URL}500"], NOON)
    assert len(ask.asked) == 501
    one.previews([f"{URL}0"], NOON)
    assert len(ask.asked) == 502


def test_a_fetcher_that_breaks_leaves_nobody_waiting() -> None:
    def broken(_request: str) -> str:
        raise OSError

    one = Previewer(enabled=True, ask=broken)
    with pytest.raises(OSError):  # noqa: PT011 - the error itself is the fact
        one.previews([URL], NOON)
    assert one.previews([URL], NOON) == {}


def test_where_a_short_link_leads_is_kept_apart_from_its_preview() -> None:
    one = Previewer(enabled=True, ask=Counting("https://b.example/"))
    assert one.expanded(URL, NOON) == "https://b.example/"


def test_the_process_answers_and_refuses_what_is_inside() -> None:
    for expand in (False, True):
        request: dict[str, object] = {
            "url": "http://127.0.0.1/",
            "expand": expand,
            "short_hosts": [],
        }
        assert ask_process(json.dumps(request)) == "null"


def test_a_process_that_fails_is_no_preview() -> None:
    assert ask_process("not json") == "null"


def test_d14_the_process_sees_no_secret_and_knows_no_other_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WECOM_SECRET", "canary")
    look = (
        "import os, sys, bot.fetcher.__main__;"
        "print(sorted(os.environ), [m for m in sys.modules"
        " if m.split('.')[0] in ('storage', 'handlers', 'config', 'sqlalchemy')"
        " or m.startswith('bot.wecom')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", look],
        cwd=ROOT,
        env=previewer._ENVIRONMENT,  # noqa: SLF001 - exactly what the process is given
        capture_output=True,
        check=True,
        text=True,
    )
    assert "WECOM_SECRET" not in done.stdout
    assert done.stdout.strip().endswith("[]")


_REACH = """
import socket, sys
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=2).close()
    print("reached")
except OSError:
    print("no route")
"""


def _has_namespaces() -> bool:
    done = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    return done.returncode == 0


def test_d14_a_process_in_a_network_of_its_own_has_no_way_to_what_listens_inside() -> None:
    if not _has_namespaces():
        assert asking_inside(["false"])(json.dumps({"url": URL})) == "null"
        return
    with socket.create_server(("127.0.0.1", 0)) as inner:
        port = str(inner.getsockname()[1])
        outside = [sys.executable, "-c", _REACH, port]
        said = [
            subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
            for command in (outside, ["unshare", "-rn", *outside])
        ]
    assert said == ["reached", "no route"]


def test_d14_the_reader_is_started_behind_the_operators_words(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    wrapper = tmp_path / "inside"
    wrapper.write_text(f'#!/bin/sh\necho inside > {seen}\nexec "$@"\n', encoding="utf-8")
    wrapper.chmod(0o700)
    request = {"url": "http://127.0.0.1/", "expand": False, "short_hosts": []}
    assert asking_inside([str(wrapper)])(json.dumps(request)) == "null"
    assert seen.read_text(encoding="utf-8") == "inside\n"
    assert asking_inside(["/nowhere/at/all"])(json.dumps(request)) == "null"
