"""The pages of the administration: what each shows, behind its permission."""

import re
from datetime import date, timedelta

from fastapi import APIRouter, Request, Response

from bot.board.admin import Administration
from bot.board.admin_rules import add_rules
from bot.board.answers import PageRoute, page
from bot.board.cases import Parts
from bot.board.gate import Gate, Guest
from cases.beijing import in_beijing
from cases.permissions import Action
from handlers.admin import days, doors, listing, periods, roster
from handlers.admin.everything import may, pages_for
from handlers.admin.people import platform_note

_WHOLE = re.compile(r"[0-9]{1,9}")
_A_WEEK = timedelta(days=7)
_LONGEST = 60


class AdminPages:
    """Draws the pages of the administration."""

    def __init__(self, administration: Administration) -> None:
        self._administration = administration
        self._parts = administration.parts
        self._configured = administration.gate.place.configured

    def _page(self, guest: Guest, name: str, **values: object) -> Response:
        return page(
            name,
            200,
            visitor=guest,
            pages=pages_for(guest.visitor.person),
            said=self._administration.said(guest),
            **values,
        )

    def changes(self, request: Request, before: str) -> Response:
        """Show where one may go, and what was changed lately."""
        guest = self._administration.enter(request, Action.ARRANGE)
        start = int(before) if _WHOLE.fullmatch(before) else None
        with self._parts.database.read() as work:
            found, older = listing.changes(work, guest.visitor.person, self._parts.clock(), start)
        return self._page(guest, "admin.html", changes=found, older=older)

    def people(self, request: Request, asked: str) -> Response:
        """Show the directory."""
        guest = self._administration.enter(request, Action.ADMINISTER)
        asked = asked[:_LONGEST]
        with self._parts.database.read() as work:
            found = listing.directory(work, asked)
            platform = platform_note(work)
        return self._page(
            guest,
            "admin_people.html",
            groups=found.groups,
            units=found.units,
            gone=found.gone,
            doubts=found.doubts,
            count=found.count,
            asked=asked,
            platform=platform,
        )

    def doors(self, request: Request) -> Response:
        """Show group robots and keys of sources."""
        guest, now = self._administration.enter(request, Action.ADMINISTER), self._parts.clock()
        with self._parts.database.read() as work:
            robots = doors.robots(work, self._configured, now)
            sources = doors.sources(work, self._configured, now)
            answered = doors.smart_robot(work, now)
        return self._page(
            guest,
            "admin_doors.html",
            robots=robots,
            sources=sources,
            smart=self._configured,
            answered=answered,
        )

    def duty(self, request: Request, week: str) -> Response:
        """Show a week of the roster, and the special periods."""
        guest, now = self._administration.enter(request, Action.ARRANGE), self._parts.clock()
        monday = _monday(week, in_beijing(now).date())
        with self._parts.database.read() as work:
            shown = roster.week(work, monday, now)
            ahead = periods.ahead(self._administration.wish(work, guest))
        return self._page(
            guest,
            "admin_duty.html",
            week=shown,
            before=monday - _A_WEEK,
            after=monday + _A_WEEK,
            periods=ahead,
            kinds=periods.kinds(self._parts.desk),
            may_period=may(guest.visitor.person, Action.PERIOD),
        )

    def days(self, request: Request) -> Response:
        """Show the calendar of this year and the next."""
        guest = self._administration.enter(request, Action.ARRANGE)
        today = in_beijing(self._parts.clock()).date()
        with self._parts.database.read() as work:
            years = days.years(work, self._parts.desk.at(work), today)
        return self._page(guest, "admin_days.html", years=years)


def _monday(week: str, today: date) -> date:
    try:
        day = date.fromisoformat(week)
    except ValueError:
        day = today
    if abs((day - today).days) > 400:  # noqa: PLR2004 - no roster reaches farther
        day = today
    return day - timedelta(days=day.weekday())


def build_admin(parts: Parts, gate: Gate) -> APIRouter:
    """Return the pages of the administration."""
    administration = Administration(parts, gate)
    pages = AdminPages(administration)
    router = APIRouter(prefix="/admin", route_class=PageRoute, include_in_schema=False)
    _add_pages(router, pages)
    add_rules(router, administration)

    @router.get("/form/{key}")
    def form(request: Request, key: str, subject: str = "") -> Response:
        return administration.show(request, key, subject[:80])

    @router.post("/do/{key}")
    async def do(request: Request, key: str) -> Response:
        return await administration.act(request, key)

    @router.get("/undo/{change_id}")
    def look(request: Request, change_id: str) -> Response:
        return administration.show_undoing(request, change_id)

    @router.post("/undo/{change_id}")
    async def undo(request: Request, change_id: str) -> Response:
        return await administration.undo(request, change_id)

    return router


def _add_pages(router: APIRouter, pages: AdminPages) -> None:
    @router.get("")
    def changes(request: Request, before: str = "") -> Response:
        return pages.changes(request, before)

    @router.get("/people")
    def people(request: Request, q: str = "") -> Response:
        return pages.people(request, q)

    @router.get("/doors")
    def doors_page(request: Request) -> Response:
        return pages.doors(request)

    @router.get("/duty")
    def duty(request: Request, week: str = "") -> Response:
        return pages.duty(request, week)

    @router.get("/days")
    def days_page(request: Request) -> Response:
        return pages.days(request)
