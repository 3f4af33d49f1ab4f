"""What an address asks of the statistics: a page, a number of it, the list behind a number."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from cases.statistics.behind import Number, What
from cases.statistics.facts import STEPS, How
from cases.statistics.periods import Grain, Span
from handlers.pages.statistics import Asked

_LONGEST = 60  # characters of what is chosen
_WHOLE = re.compile(r"[0-9]{1,12}")
_EARLIEST = date(2000, 1, 1)
_LATEST = date(2200, 1, 1)
_HOURS, _DAYS = 24, 7
_NARROWING = ("level", "platform", "lead", "state")

Word = TypeVar("Word", bound=StrEnum)


def asked_in(given: Mapping[str, str]) -> Asked:
    """Return what an address wants counted; what is not understood asks nothing."""
    first, last = _day(given.get("from", "")), _day(given.get("to", ""))
    own = (first, last) if first is not None and last is not None else None
    return Asked(
        span=_word(Span, given.get("period", "")) or (Span.OWN if own else Span.MONTH),
        own=own,
        unit=given.get("unit", "")[:_LONGEST],
        level=given.get("level", "")[:_LONGEST],
        platform=given.get("platform", "")[:_LONGEST],
        grain=_word(Grain, given.get("grain", "")),
    )


def query(asked: Asked, number: Number | None = None, page: int = 1) -> str:
    """Return the query of the page of statistics, or of the list behind one of its numbers."""
    said = {"period": asked.span.value}
    if asked.own is not None:
        said |= {"from": asked.own[0].isoformat(), "to": asked.own[1].isoformat()}
    said |= {
        "unit": asked.unit,
        "level": asked.level,
        "platform": asked.platform,
        "grain": asked.grain.value if asked.grain else "",
    }
    said = {name: value for name, value in said.items() if value}
    if number is not None:
        said |= _of_number(number)
    if page > 1:
        said["nth"] = str(page)
    return urlencode(said)


def address(asked: Asked, number: Number) -> str:
    """Return where the list behind a number is."""
    return f"/statistics/list?{query(asked, number)}"


def number_in(given: Mapping[str, str]) -> Number:
    """Return which number an address asks for; what is not understood asks nothing."""
    narrowed = {name: given[f"n-{name}"][:_LONGEST] for name in _NARROWING if f"n-{name}" in given}
    step = given.get("step", "")
    return Number(
        what=_word(What, given.get("what", "")) or What.CASES,
        level=narrowed.get("level"),
        platform=narrowed.get("platform"),
        lead=narrowed.get("lead"),
        state=narrowed.get("state"),
        since=_whole(given.get("since", "")),
        until=_whole(given.get("until", "")),
        weekday=_below(given.get("weekday", ""), _DAYS),
        hour=_below(given.get("hour", ""), _HOURS),
        step=step if step in STEPS else "",
        how=_word(How, given.get("how", "")),
        holder=given.get("holder", "")[:_LONGEST],
        is_judged=given.get("judged") == "1",
    )


def page_in(given: Mapping[str, str]) -> int:
    """Return which page of a list an address asks for, from 1."""
    return _whole(given.get("nth", "")[:5]) or 1


def presets(asked: Asked, now: datetime) -> list[tuple[str, str, bool]]:
    """Return the spans that can be chosen at once: the word, the query, whether it is chosen."""
    shown = asked.period(now)
    found = []
    for span in (one for one in Span if one is not Span.OWN):
        other = replace(asked, span=span, own=None)
        found.append((span.label, query(other), other.period(now) == shown))
    return found


def _of_number(number: Number) -> dict[str, str]:
    """Return the words of a number's question; "" is an answer of its own for what narrows."""
    narrowed = {f"n-{name}": getattr(number, name) for name in _NARROWING}
    others = {
        "since": number.since,
        "until": number.until,
        "weekday": number.weekday,
        "hour": number.hour,
        "step": number.step or None,
        "how": number.how.value if number.how else None,
        "holder": number.holder or None,
        "judged": 1 if number.is_judged else None,
    }
    said = {name: str(value) for name, value in (narrowed | others).items() if value is not None}
    return {"what": number.what.value, **said}


def _word(kind: type[Word], said: str) -> Word | None:
    return next((one for one in kind if one.value == said), None)


def _whole(said: str) -> int | None:
    return int(said) if _WHOLE.fullmatch(said) else None


def _below(said: str, end: int) -> int | None:
    found = _whole(said)
    return found if found is not None and found < end else None


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if _EARLIEST <= day <= _LATEST else None
