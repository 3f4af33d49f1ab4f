"""The living parts of the duty board: what an address chooses, drawn for one person."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import Request

from bot.board.answers import part
from cases.lamp import countdown
from cases.people import Person
from handlers.pages.duty_board import Chosen, duty_board
from handlers.pages.health_strip import health_strip
from handlers.pages.listing import Listing, Row
from storage.work import Work

_WHOLE = re.compile(r"[0-9]{1,5}")
_LONGEST = 60  # characters of what is chosen
_NO_TIME = countdown(None, datetime.min.replace(tzinfo=UTC))
_SIGN = 16  # hexadecimal digits that tell two states of a row apart


def chosen_in(request: Request) -> Chosen:
    """Return what an address chooses; whatever is not understood chooses nothing."""
    return chosen_among(request.query_params)


def chosen_among(asked: Mapping[str, str]) -> Chosen:
    """Return what the words of an address choose."""
    nth = asked.get("nth", "1")
    return Chosen(
        level=asked.get("level", "")[:_LONGEST],
        unit=asked.get("unit", "")[:_LONGEST],
        platform=asked.get("platform", "")[:_LONGEST],
        is_mine=asked.get("mine") == "1",
        is_overdue=asked.get("overdue") == "1",
        is_wall=asked.get("wall") == "1",
        page=int(nth) if _WHOLE.fullmatch(nth) else 1,
    )


def query(chosen: Chosen, page: int | None = None) -> str:
    """Return what is chosen as the query of an address, as short as it can be."""
    said = {
        "level": chosen.level,
        "unit": chosen.unit,
        "platform": chosen.platform,
        "mine": "1" if chosen.is_mine else "",
        "overdue": "1" if chosen.is_overdue else "",
        "wall": "1" if chosen.is_wall else "",
        "nth": str(page) if page is not None and page > 1 else "",
    }
    return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Drawn:
    """The living parts of the board as they are drawn, each with what tells its states apart."""

    rows: tuple[tuple[str, str, str], ...]  # number, sign, HTML
    head: str
    foot: str
    strip: str
    turn: str  # what the wall shows next, as a query

    @property
    def sign(self) -> str:
        """What tells two states of the whole apart."""
        signs = ",".join(f"{number}.{sign}" for number, sign, _ in self.rows)
        return _sign_of((signs, self.head, self.foot, self.strip))


def _sign_of(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:_SIGN]


def _row_sign(row: Row) -> str:
    # Without what only time changes: the countdown goes on by itself in the browser.
    return _sign_of(replace(row, seen=_NO_TIME))


def draw(work: Work, person: Person, chosen: Chosen, now: datetime) -> Drawn:
    """Draw what lives on the board, for this person and this moment."""
    found = duty_board(work, person, chosen, now)
    kind, turns = ("wall_row", "wall_pages") if chosen.is_wall else ("board_row", "pages")
    rows = []
    for row in found.rows:
        sign = _row_sign(row)
        rows.append((row.number, sign, part("living.html", kind, row, sign)))
    return Drawn(
        tuple(rows),
        head=f"{found.total} 件",
        foot=part("living.html", turns, found, *_turns(chosen, found)),
        strip=part("living.html", "strip", health_strip(work, now)),
        turn=query(chosen, found.page + 1 if found.page < found.pages else 1),
    )


def _turns(chosen: Chosen, found: Listing) -> tuple[str, str]:
    """Return the addresses of the page before and of the one after; "" where there is none."""
    before = f"/board?{query(chosen, found.page - 1)}" if found.page > 1 else ""
    after = f"/board?{query(chosen, found.page + 1)}" if found.page < found.pages else ""
    return before.removesuffix("?"), after
