"""The list of open cases by urgency, for one person; and what a search finds.

Nothing is listed or found by who posted it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.case_clocks import OFFICE
from cases.chat.references import full_number
from cases.lamp import Countdown, countdown
from cases.links import find_links
from cases.model import Case
from cases.people import Person, Role
from cases.permissions import OFFICE as OFFICE_ROLES
from cases.permissions import SEES_ALL, may_know
from cases.wording.moments import clock_time
from handlers.desk import Desk
from storage.board import Urgent, Wanted
from storage.work import Work

PAGE = 50
_FURTHEST = 200  # pages
_BEIJING = ZoneInfo("Asia/Shanghai")
_LONGEST_SEARCH = 500
_SHORTEST_TITLE = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list."""

    number: str
    title: str
    state: str
    level: str
    platform: str
    units: str
    waits_for: str  # 市城管局签收
    due_at: datetime | None
    due_words: str
    seen: Countdown


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int


def todo(work: Work, person: Person, now: datetime, *, page: int = 1, own: bool = True) -> Listing:
    """Return the open cases this person may see, the most urgent first.

    Args:
        work: the transaction.
        person: who asks.
        now: the moment.
        page: from 1.
        own: only where this person, their unit or their role is waited for.
    """
    wanted = _wanted(person, own=own)
    total = work.board.count(wanted)
    pages = max(1, min(_FURTHEST, -(-total // PAGE)))
    page = min(max(1, page), pages)
    urgent = work.board.urgent(wanted, PAGE, (page - 1) * PAGE)
    rows = _rows(work, person, urgent, now, wanted.holders or ())
    return Listing(rows, total, page, pages)


def _wanted(person: Person, *, own: bool) -> Wanted:
    holders = None
    if own:
        holders = [f"person:{person.userid}"]
        holders += [person.unit_id] if person.unit_id else []
        holders += [OFFICE] if person.is_any(*OFFICE_ROLES) else []
    return Wanted(
        sees_all=person.is_any(*SEES_ALL),
        unit=person.unit_id,
        reporter=person.userid,
        with_text=person.unit_id is None and person.is_any(Role.SPOKESPERSON),
        holders=holders,
        roles=[role.value for role in person.roles] if own else (),
    )


def _rows(
    work: Work, person: Person, urgent: list[Urgent], now: datetime, holders: Collection[str]
) -> tuple[Row, ...]:
    cases = work.cases.open_among([one.case_id for one in urgent])
    units = {unit.id: unit.name for unit in work.people.units()}
    return tuple(
        _row(work, case, units, now, holders)
        for one in urgent
        if (case := cases.get(one.case_id)) is not None and may_know(person, case)
    )


def _row(
    work: Work,
    case: Case,
    units: dict[str, str],
    now: datetime,
    holders: Collection[str] = (),
) -> Row:
    running = work.clocks.running(case.id) if case.is_open else []
    mine = [clock for clock in running if clock.holder in holders]
    first = next(iter(mine or running), None)
    holder = ""
    if first is not None:
        holder = "舆情办" if first.holder == OFFICE else units.get(first.holder, "")
    due_at = first.due_at if first else None
    return Row(
        number=case.number,
        title=case.title,
        state=case.state.label,
        level=case.level or f"建议{case.proposal.level}",
        platform=case.platform,
        units="、".join(units.get(a.unit_id, a.unit_id) for a in case.assignments if a.is_live),
        waits_for=f"{holder}{first.step}" if first else "",
        due_at=due_at,
        due_words=clock_time(due_at, now) if due_at else "",
        seen=countdown(due_at, now),
    )


def search(work: Work, desk: Desk, person: Person, words: str, now: datetime) -> tuple[Row, ...]:
    """Return the cases this person may see with this number, link, or words in the title."""
    asked = words.strip()[:_LONGEST_SEARCH]
    if not asked:
        return ()
    units = {unit.id: unit.name for unit in work.people.units()}
    found = _by_number(work, asked, now) or _by_link(work, desk, asked) or _by_title(work, asked)
    visible = [case for case in found if may_know(person, case)]
    return tuple(_row(work, case, units, now) for case in visible[:PAGE])


def _by_number(work: Work, asked: str, now: datetime) -> list[Case]:
    number = full_number(asked, now.astimezone(_BEIJING).date())
    case = work.cases.by_number(number) if number is not None else None
    return [case] if case is not None else []


def _by_link(work: Work, desk: Desk, asked: str) -> list[Case]:
    keys = [link.key for link in find_links(asked, desk.link_rules)]
    ids = dict.fromkeys(one for key in keys[:3] for one in work.board.linked(key, PAGE))
    return [work.cases.load(one) for one in ids]


def _by_title(work: Work, asked: str) -> list[Case]:
    if len(asked) < _SHORTEST_TITLE:
        return []
    return [work.cases.load(one) for one in work.board.titled(asked, PAGE * 4)]
