"""值班看板: the page of the duty board, for a desk, a telephone and a wall."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from bot.board.answers import PageRoute, page
from bot.board.cases import Parts
from bot.board.drawing import chosen_in, draw, query
from bot.board.events import Events
from bot.board.gate import Gate
from handlers.pages.duty_board import Chosen, options

_LONGEST = 60  # characters of what a browser says it has


def build_duty_board(parts: Parts, gate: Gate) -> APIRouter:
    """Return the page of the duty board, and what tells it that something has changed."""
    router = APIRouter(prefix="/board", route_class=PageRoute, include_in_schema=False)
    events = Events(parts, gate)

    @router.get("/events")
    async def living(request: Request, have: str = "") -> Response:
        return await events.follow(request, have[:_LONGEST])

    @router.get("")
    def board(request: Request) -> Response:
        guest = gate.enter(request)
        chosen, now = chosen_in(request), parts.clock()
        person = guest.visitor.person
        with parts.database.read() as work:
            drawn = draw(work, person, chosen, now)
            offered = options(work, parts.desk.at(work), person, chosen)
        return page(
            "wall.html" if chosen.is_wall else "board.html",
            visitor=guest,
            now=now,
            chosen=chosen,
            options=offered,
            drawn=drawn,
            here=query(chosen, chosen.page),
            wall=query(_for_wall(chosen)),
        )

    return router


def _for_wall(chosen: Chosen) -> Chosen:
    return replace(chosen, is_mine=False, is_wall=True, page=1)
