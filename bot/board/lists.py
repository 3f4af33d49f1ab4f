"""The list of open cases, and the search."""

import re

from fastapi import APIRouter, Request, Response

from bot.board.answers import PageRoute, page
from bot.board.cases import Parts
from bot.board.gate import Gate
from handlers.pages.listing import search, todo

_WHOLE = re.compile(r"[0-9]{1,5}")


def build_lists(parts: Parts, gate: Gate) -> APIRouter:
    """Return the list and the search."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)

    @router.get("/")
    def listed(request: Request, nth: str = "1", show: str = "") -> Response:
        guest = gate.enter(request)
        number = int(nth) if _WHOLE.fullmatch(nth) else 1
        own = show != "all"
        now = parts.clock()
        with parts.database.read() as work:
            found = todo(work, guest.visitor.person, now, page=number, own=own)
        return page("list.html", visitor=guest, found=found, own=own, now=now)

    @router.get("/search")
    def searched(request: Request, q: str = "") -> Response:
        guest = gate.enter(request)
        now = parts.clock()
        with parts.database.read() as work:
            rows = search(work, parts.desk.at(work), guest.visitor.person, q, now)
        return page("search.html", visitor=guest, rows=rows, asked=q[:200], now=now)

    return router
