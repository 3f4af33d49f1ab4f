"""The list of open cases by urgency, for one person; and what a search finds.

Nothing is listed or found by who posted it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.case_clocks import OFFICE
from cases.chat.references import full_number
from cases.lamp import Countdown, countdown
from cases.links import find_links
from cases.model import Case
from cases.people import Person, Role
from cases.permissions import OFFICE as OFFICE_ROLES
from cases.permissions import SEES_ALL, UNIT_PEOPLE, may_know
from cases.wording.moments import clock_time
from handlers.desk import Desk
from storage.board import Wanted
from storage.clocks import Clock
from storage.states import ApprovalKind
from storage.work import Work

PAGE = 50
_FURTHEST = 200  # pages
_BEIJING = ZoneInfo("Asia/Shanghai")
_LONGEST_SEARCH = 500
_SHORTEST_TITLE = 2
_PERSON = "person:"
_ASKED = {
    ApprovalKind.GRADE: "定级",
    ApprovalKind.SIGNOFF: "签批",
    ApprovalKind.DRAFT: "审稿",
    ApprovalKind.EXTENSION: "批延期",
    ApprovalKind.CLOSE: "审核办结",
    ApprovalKind.UPWARD: "阅示",
}


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
    waits: tuple[str, ...] = ()  # all that is waited for: 城管局首报 10:56, 分管领导签批


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of a list is shown, and whether people are named in it."""

    page: int = 1  # from 1
    rows: int = PAGE
    names_people: bool = True


def todo(work: Work, person: Person, now: datetime, *, page: int = 1, own: bool = True) -> Listing:
    """Return the open cases this person may see, the most urgent first.

    Args:
        work: the transaction.
        person: who asks.
        now: the moment.
        page: from 1.
        own: only where this person, their unit or their role is waited for.
    """
    return listed(work, person, wanted_by(person, own=own), now, Cut(page))


def listed(work: Work, person: Person, wanted: Wanted, now: datetime, cut: Cut) -> Listing:
    """Return one page of the wanted open cases; a page beyond the last one is the last one."""
    total = work.board.count(wanted)
    pages = max(1, min(_FURTHEST, -(-total // cut.rows)))
    page = min(max(1, cut.page), pages)
    urgent = work.board.urgent(wanted, cut.rows, (page - 1) * cut.rows)
    cases = work.cases.open_among([one.case_id for one in urgent])
    mine = [
        case
        for one in urgent
        if (case := cases.get(one.case_id)) is not None and may_know(person, case)
    ]
    rows = _rows(work, mine, now, wanted.holders or (), names_people=cut.names_people)
    return Listing(rows, total, page, pages)


def wanted_by(person: Person, *, own: bool) -> Wanted:
    """Return which open cases this person may see, or those that wait for them."""
    holders = None
    if own:
        holders = [f"person:{person.userid}"]
        holders += [person.unit_id] if person.unit_id else []
        holders += [OFFICE] if person.is_any(*OFFICE_ROLES) else []
    return Wanted(
        sees_all=person.is_any(*SEES_ALL),
        unit=person.unit_id if person.is_any(*UNIT_PEOPLE) else None,
        section=(person.unit_id, person.userid) if person.unit_id else None,
        reporter=person.userid,
        with_text=person.unit_id is None and person.is_any(Role.SPOKESPERSON),
        holders=holders,
        roles=[role.value for role in person.roles] if own else (),
    )


@dataclass(frozen=True, slots=True)
class _Called:
    """How units and people are called in the rows of one page."""

    units: Mapping[str, str]
    people: Mapping[str, str]

    def holder(self, holder: str) -> str:
        if holder == OFFICE:
            return "舆情办"
        if holder.startswith(_PERSON):
            return self.people.get(holder.removeprefix(_PERSON), "经办人")
        return self.units.get(holder, holder)


def _rows(
    work: Work,
    cases: Sequence[Case],
    now: datetime,
    holders: Collection[str] = (),
    *,
    names_people: bool = True,
) -> tuple[Row, ...]:
    """Make the rows with a number of queries that does not depend on how many there are."""
    ids = [case.id for case in cases if case.is_open]
    clocks = work.clocks.running_among(ids)
    asked: dict[int, list[str]] = {}
    for one in work.approvals.pending_among(ids):
        asked.setdefault(one.case_id, []).append(f"{one.asked_role}{_ASKED[one.kind]}")
    has_people = any(one.holder.startswith(_PERSON) for own in clocks.values() for one in own)
    people = work.people.people() if has_people and names_people else ()
    called = _Called(
        {unit.id: unit.name for unit in work.people.units()},
        {person.userid: person.name for person in people},
    )
    rows = []
    for case in cases:
        running = sorted(clocks.get(case.id, []), key=lambda clock: clock.holder not in holders)
        row = _row(case, running, called, now)
        rows.append(replace(row, waits=(*row.waits, *dict.fromkeys(asked.get(case.id, ())))))
    return tuple(rows)


def _row(case: Case, running: Sequence[Clock], called: _Called, now: datetime) -> Row:
    first = next(iter(running), None)
    due_at = first.due_at if first else None
    return Row(
        number=case.number,
        title=case.title,
        state=case.state.label,
        level=case.level or f"建议{case.proposal.level}",
        platform=case.platform,
        units="、".join(
            called.units.get(a.unit_id, a.unit_id) for a in case.assignments if a.is_live
        ),
        waits_for=f"{called.holder(first.holder)}{first.step}" if first else "",
        due_at=due_at,
        due_words=clock_time(due_at, now) if due_at else "",
        seen=countdown(due_at, now),
        waits=tuple(
            f"{called.holder(one.holder)}{one.step} {clock_time(one.due_at, now)}"
            for one in running
        ),
    )


def search(work: Work, desk: Desk, person: Person, words: str, now: datetime) -> tuple[Row, ...]:
    """Return the cases this person may see with this number, link, or words in the title."""
    asked = words.strip()[:_LONGEST_SEARCH]
    if not asked:
        return ()
    found = _by_number(work, asked, now) or _by_link(work, desk, asked) or _by_title(work, asked)
    visible = [case for case in found if may_know(person, case)]
    return _rows(work, visible[:PAGE], now)


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
    return [work.cases.load(one) for one in work.titles.having(asked, PAGE * 4)]
