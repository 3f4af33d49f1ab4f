"""统计: the page of figures, and the list behind each number of it."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from bot.board.answers import PageRoute, StopError, notice, page
from bot.board.asking import address, asked_in, number_in, page_in, presets, query
from bot.board.cases import Parts
from bot.board.charts import charts
from bot.board.gate import Gate
from cases.errors import NotPermittedError
from cases.people import Person
from cases.permissions import counted_for
from cases.statistics.behind import Number
from cases.statistics.figures import percent
from cases.statistics.periods import Grain
from cases.wording.moments import span
from handlers.pages.numbers import behind
from handlers.pages.statistics import UNIT_STEPS, bounds, statistics


class _Pages:
    """Answers everything under /statistics."""

    def __init__(self, parts: Parts, gate: Gate) -> None:
        self._parts = parts
        self._gate = gate

    def counted(self, request: Request) -> Response:
        """Show the figures of a period."""
        guest, now = self._gate.enter(request), self._parts.clock()
        person, asked = guest.visitor.person, asked_in(request.query_params)
        must_count(person)
        with self._parts.database.read() as work:
            shown = statistics(work, self._parts.desk, person, asked, now)

        def leads(number: Number) -> str:
            return address(asked, number)

        return page(
            "statistics.html",
            visitor=guest,
            now=now,
            asked=asked,
            shown=shown,
            charts=charts(shown, leads),
            leads=leads,
            percent=percent,
            lasted=lasted,
            presets=presets(asked, now),
            grains=Grain,
            unit_steps=UNIT_STEPS,
            here=query(asked),
        )

    def listed(self, request: Request) -> Response:
        """Show the list behind one number."""
        guest, now = self._gate.enter(request), self._parts.clock()
        person, given = guest.visitor.person, request.query_params
        must_count(person)
        asked, number = asked_in(given), number_in(given)
        with self._parts.database.read() as work:
            found = behind(work, bounds(person, asked, now), number, now, page_in(given))
        return page(
            "numbers.html",
            visitor=guest,
            now=now,
            number=number,
            period=asked.period(now),
            found=found,
            back=query(asked),
            turn=lambda nth: query(asked, number, nth),
        )


def build_statistics(parts: Parts, gate: Gate) -> APIRouter:
    """Return the page of statistics and its lists."""
    router = APIRouter(prefix="/statistics", route_class=PageRoute, include_in_schema=False)
    pages = _Pages(parts, gate)

    @router.get("")
    def counted(request: Request) -> Response:
        return pages.counted(request)

    @router.get("/list")
    def listed(request: Request) -> Response:
        return pages.listed(request)

    return router


def must_count(person: Person) -> None:
    """Turn away who counts for nothing.

    Raises:
        StopError: with a page that says who may.
    """
    try:
        counted_for(person)
    except NotPermittedError as refused:
        raise StopError(notice("不能查看", str(refused), 403)) from None


def lasted(seconds: int | None) -> str:
    """Return a length of time in words; — for none."""
    return "—" if seconds is None else span(timedelta(seconds=seconds))
