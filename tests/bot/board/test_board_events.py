"""What the duty board is told while it lies open: to whom, how soon, how many, until when."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.requests import Request

from bot.board.events import MOST_OF_ONE
from bot.serving import stopping
from tests.support.edge import served
from tests.support.pages import Browser, Pages

SOON = 1.0  # second


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Each event of a stream: its name, and what it says."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            said = json.loads(line.removeprefix("data: "))
            yield name or "message", said if isinstance(said, dict) else {}
            name = ""


@contextmanager
def open_stream(browser: Browser, query: str = "") -> Iterator[Iterator[str]]:
    with browser.http.stream("GET", f"/board/events?{query}") as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield answer.iter_lines()


def test_what_happens_is_told_within_a_second_and_only_what_changed(pages: Pages) -> None:
    number, other = pages.case(), pages.case()
    with open_stream(pages.as_("sunlei")) as lines:
        told = events(lines)
        _, first = next(told)
        assert set(first["order"]) >= {number, other}  # type: ignore[call-overload]
        pages.office.says("liuyang", f"收到 {number}")
        began = monotonic()
        _, second = next(told)
        assert monotonic() - began < SOON
        assert list(second["rows"]) == [number]  # type: ignore[call-overload]
        assert "处置" in str(second["rows"]) or "已签收" in str(second["rows"])


def test_a_browser_that_has_the_newest_state_is_told_nothing_until_it_changes(
    pages: Pages,
) -> None:
    office = pages.as_("sunlei")
    have = office.get("/board").text.partition('data-have="')[2].partition('"')[0]
    with open_stream(office, f"have={have}") as lines:
        assert next(lines) == "retry: 2000"
        number = pages.reported()
        _, said = next(events(lines))
        assert number in said["rows"]  # type: ignore[operator]


def test_nobody_is_told_of_a_case_that_is_not_his(pages: Pages) -> None:
    with open_stream(pages.as_("chenjing")) as lines:
        told = events(lines)
        next(told)
        not_his = pages.case()
        his = pages.case("锦绣花园停水 省电视台关注", unit="住建局")
        _, said = next(told)
        while his not in said["order"]:  # type: ignore[operator]
            _, said = next(told)
        assert not_his not in json.dumps(said)


@pytest.mark.parametrize("goes", ["leaves", "signs out", "grows too old"])
def test_who_is_out_is_told_nothing_more_from_the_next_beat(pages: Pages, goes: str) -> None:
    office, browser = pages.office, pages.signed_in("wangxiaoyu")
    with office.database.read() as work:
        person = work.people.person("wangxiaoyu")
    assert person is not None
    with open_stream(browser) as lines:
        told = events(lines)
        next(told)
        began = monotonic()
        if goes == "leaves":
            with office.database.work() as work:
                work.people.leave("wangxiaoyu", office.now)
        elif goes == "signs out":
            with office.database.work() as work:
                work.sessions.end_all("wangxiaoyu", "t", pages.clock.now)
        else:
            pages.clock.now += timedelta(hours=24)
        assert next(told)[0] == "gone"
        assert monotonic() - began < 2 * SOON
        assert list(told) == []
    pages.clock.now -= timedelta(hours=24) if goes == "grows too old" else timedelta()
    with office.database.work() as work:
        work.people.upsert_person(replace(person))


def test_one_person_may_look_on_from_so_many_places_and_no_more(pages: Pages) -> None:
    office = pages.as_("sunlei")
    limits = httpx.Limits(max_connections=20)
    with ExitStack() as held:
        http = held.enter_context(
            httpx.Client(base_url=pages.url, cookies=office.http.cookies, limits=limits)
        )
        many = Browser(http, office.origin)
        streams = [held.enter_context(open_stream(many)) for _ in range(MOST_OF_ONE)]
        assert {next(lines) for lines in streams} == {"retry: 2000"}
        refused = many.get("/board/events")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "15")
        assert many.get("/board").status_code == 200


def test_the_server_ends_at_once_though_a_browser_looks_on() -> None:
    app = FastAPI()
    pause = threading.Event()

    @app.get("/")
    def look(request: Request) -> StreamingResponse:
        def told() -> Iterator[str]:
            while not stopping(request.scope).is_set():
                yield "on\n"
                pause.wait(0.01)

        return StreamingResponse(told())

    with ExitStack() as stack, httpx.Client(timeout=10) as http:
        with served(app) as port:
            answer = stack.enter_context(http.stream("GET", f"http://127.0.0.1:{port}/"))
            lines = answer.iter_lines()
            assert next(lines) == "on"
            began = monotonic()
        assert monotonic() - began < 5 * SOON
        assert set(lines) <= {"on"}
