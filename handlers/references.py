"""Which case a message is about: its number, the one spoken of, or the only one that fits."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from cases import events
from cases.chat.references import full_number
from cases.errors import NotPermittedError, RefusalError
from cases.model import AssignmentState, Case, State
from cases.notices import Choice
from cases.people import Person, Role
from cases.permissions import LEADERS, OFFICE, UNIT_PEOPLE, may_know, not_found
from cases.wording.moments import clock_time
from handlers.talk import Talk
from storage.intake import LEDGER

_BEIJING = ZoneInfo("Asia/Shanghai")
_MOST_CHOICES = 6
_FIRST = re.compile("[,，。;；]")  # an example ends where the first thing said ends
_TITLE_SHOWN = 14  # characters of a title in a numbered choice

Wanted = Callable[[Case], bool]


class AskedBackError(RefusalError):
    """More than one case is possible; the message is the numbered question."""


def case_meant(talk: Talk, slots: Mapping[str, object], wanted: Wanted, *, verb: str) -> Case:
    """Return the case the message is about.

    Args:
        talk: the conversation.
        slots: what was understood; `case` is the reference as written.
        wanted: which of the speaker's cases could be meant where no number is said.
        verb: what is to be done, for the question and the refusal.

    Raises:
        RefusalError: no such case, none that fits, or several: then the message asks which.
    """
    case = _meant(talk, slots, wanted, verb)
    talk.is_about_drill = talk.is_about_drill or case.is_drill
    return case


def _meant(talk: Talk, slots: Mapping[str, object], wanted: Wanted, verb: str) -> Case:
    written = slots.get("case")
    if isinstance(written, str) and written:
        return case_written(talk, written)
    if talk.case is not None:
        return talk.work.cases.load(talk.case.id)
    is_drill = talk.drill is not None  # what is said with the mark means none of the others
    fitting = [c for c in visible_open(talk) if wanted(c) and (c.is_drill or not is_drill)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        example = f"007 {_FIRST.split(talk.words, maxsplit=1)[0][:12]}"
        raise RefusalError(f"您现在没有可以{verb}的件。要说哪一件, 请带上编号, 例如: {example}")
    raise AskedBackError(_which(talk, fitting, verb))


def case_written(talk: Talk, written: str, *, as_merged: bool = False) -> Case:
    """Return the case a reference names; a merged one stands for the one it went into.

    Args:
        talk: the conversation.
        written: the reference as written.
        as_merged: return the merged case itself, to take it out again.

    Raises:
        RefusalError: no such case, or none the speaker may know of.
    """
    case = _named(talk, written)
    return case if as_merged else _where_it_went(talk, case)


def _where_it_went(talk: Talk, case: Case) -> Case:
    # Replies to a merged number reach the case that goes on.
    while case.state is State.MERGED and case.merged_into is not None:
        into = talk.work.cases.by_number(case.merged_into)
        if into is None or not may_know(talk.person, into):
            return case
        case = into
    return case


def _named(talk: Talk, written: str) -> Case:
    today = talk.now.astimezone(_BEIJING).date()
    number = full_number(written, today)
    if number is not None:
        case = talk.work.cases.by_number(number)
        if case is None:  # 007 said after midnight: the one still open with that number
            same = [c for c in visible_open(talk) if c.short_number == number.rsplit("-", 1)[1]]
            case = same[0] if len(same) == 1 else None
    else:
        about = [c for c in visible_open(talk) if written in c.title or written in c.summary]
        case = about[0] if len(about) == 1 else None
    if case is None:
        case = _by_old_number(talk, written)
    if case is None:
        raise not_found()
    if not may_know(talk.person, case):
        raise _moved_on(talk, case) or not_found()
    return case


def _by_old_number(talk: Talk, written: str) -> Case | None:
    """Find the case that came in from the 台账 under this number, closed ones too."""
    known = talk.work.intake.case_of(LEDGER, written)
    return talk.work.cases.load(known) if known is not None else None


def _moved_on(talk: Talk, case: Case) -> RefusalError | None:
    """Tell a unit that handled it where it went and when, and nothing of it since then."""
    unit = talk.person.unit_id
    if not talk.person.is_any(*UNIT_PEOPLE) or unit not in {p.unit_id for p in case.assignments}:
        return None
    ways = [
        (entry.at, entry.event.to)
        for entry in talk.work.cases.history(case.id)
        if isinstance(entry.event, events.Moved) and entry.event.unit == unit
    ]
    if not ways:
        return None
    at, to = ways[-1]
    now_with = talk.work.people.unit(to)
    name = now_with.name if now_with else to
    when = clock_time(at, talk.now)
    text = f"{case.short_number} 已于 {when} 转由{name}办理, 贵单位不用再办。"
    return NotPermittedError(text)


def visible_open(talk: Talk) -> tuple[Case, ...]:
    """Return the open cases the speaker may know of."""
    person = talk.person
    if person.is_any(*OFFICE, *LEADERS, Role.SUPERVISOR, Role.REVIEWER):
        return talk.work.cases.find_open()
    found: dict[int, Case] = {}
    if person.unit_id:
        of_unit = talk.work.cases.find_open(unit=person.unit_id)
        found |= {c.id: c for c in of_unit if may_know(person, c)}
    reported = talk.work.cases.find_open(reporter=person.userid)
    found |= {c.id: c for c in reported if may_know(person, c)}
    return tuple(found.values())


def _which(talk: Talk, fitting: list[Case], verb: str) -> str:
    latest = sorted(fitting, key=lambda case: case.id, reverse=True)[:_MOST_CHOICES]
    choices = tuple(
        Choice(f"{c.short_number} {c.title[:_TITLE_SHOWN]}", (f"{c.number} {talk.words}",))
        for c in latest
    )
    talk.say(f"要{verb}哪一件?", choices)
    return ""


def not_signed(person: Person) -> Wanted:
    """Cases the speaker's unit has been given and not signed."""
    return lambda case: (
        _part_state(case, person) is AssignmentState.ASSIGNED or is_handed(case, person)
    )


def is_handed(case: Case, person: Person) -> bool:
    """Whether the liaison has handed the case to this person, who has not signed yet."""
    part = case.of_unit(person.unit_id) if person.unit_id else None
    return part is not None and part.unsigned_section == person.userid


def in_hand(person: Person) -> Wanted:
    """Cases the speaker's unit is working on."""
    states = (AssignmentState.ASSIGNED, AssignmentState.SIGNED)
    return lambda case: _part_state(case, person) in states


def waits_for_units(case: Case) -> bool:
    """Cases the office has not graded or assigned yet."""
    return case.state in (State.REPORTED, State.TRIAGE, State.GRADED)


def waits_for_leader(case: Case) -> bool:
    """Cases with something to approve: 签批 or 办结."""
    return case.state in (State.APPROVED, State.CLOSE_REQUESTED)


def return_asked(case: Case) -> bool:
    """Cases a unit wants to return."""
    return any(a.state is AssignmentState.DECLINED for a in case.assignments)


def with_units(case: Case) -> bool:
    """Cases that units are working on."""
    return case.lead is not None


def reported_by(person: Person, now: datetime) -> Wanted:
    """Open cases the speaker reported today or yesterday."""
    return lambda case: person.userid in case.reporters and (now - case.reported_at).days < 2  # noqa: PLR2004


def _part_state(case: Case, person: Person) -> AssignmentState | None:
    part = case.of_unit(person.unit_id) if person.unit_id else None
    return part.state if part else None
