"""Monitoring rounds of the office and of schools: 零报告, and who has said nothing."""

from dataclasses import dataclass
from datetime import datetime, time

from cases.beijing import at_beijing, in_beijing
from cases.broadcasts import (
    Broadcast,
    BroadcastKind,
    Timetable,
    round_meant,
    slot_name,
    slots_around,
)
from cases.people import Person, Role, Unit
from cases.permissions import Action
from handlers import said
from handlers.desk import Desk
from handlers.said import Slots
from handlers.talk import Talk
from storage.work import Work

_SCHOOL = "校园 "  # before the name of a slot: a school's round is not the office's


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit that is asked in a round, and who of it is."""

    unit: Unit
    people: tuple[Person, ...]


def timetable(work: Work, desk: Desk) -> Timetable:
    """Return what the slots of broadcasts follow now."""
    calendar = desk.rulebook(desk.rulebook_in_force).clocks.calendar(desk.days_off)
    return Timetable(calendar, work.periods.all())


def round_of(desk: Desk, kind: BroadcastKind) -> Broadcast | None:
    """Return the rounds of a kind, None where they are not set up."""
    return next((one for one in desk.broadcasts if one.kind is kind), None)


def zero_report(talk: Talk, slots: Slots) -> str:
    """零报告: the speaker has looked in this round and found nothing."""
    talk.permit(Action.REPORT)
    school = round_of(talk.desk, BroadcastKind.SCHOOL_ROUND)
    unit = talk.work.people.unit(talk.person.unit_id) if talk.person.unit_id else None
    is_school = school is not None and unit is not None and school.asks(unit)
    rounds = school if is_school else round_of(talk.desk, BroadcastKind.ROUND)
    known = slots_around(rounds, talk.now, timetable(talk.work, talk.desk)) if rounds else ()
    slot = round_meant(known, talk.now, said.text(slots, "round"))
    if slot is None:
        day = f"{in_beijing(talk.now):%Y-%m-%d}"
        name = f"{day} {said.text(slots, 'round')}".strip()
        what = "今天"
    else:
        name = slot_name(slot)
        what = f"{in_beijing(slot):%H:%M} 轮"
    name = f"{_SCHOOL}{name}" if is_school else name
    kept = talk.work.roster.zero_report(name, talk.person.userid, talk.words, talk.now)
    return f"已记{what}零报告。" if kept else f"{what}零报告已经记过, 不用再报。"


def missing(work: Work, desk: Desk, slot: datetime, now: datetime) -> tuple[Person, ...]:
    """Return the informants who said nothing in the round of `slot`: no report, no zero report.

    Those of schools have their own rounds.
    """
    done = _heard(work, desk, BroadcastKind.ROUND, slot, now=now)
    return tuple(person for person in office_watchers(work, desk) if person.userid not in done)


def office_watchers(work: Work, desk: Desk) -> tuple[Person, ...]:
    """Return the informants who look in the office's rounds."""
    asked = {p.userid for one in schools(work, desk) for p in one.people}
    return tuple(p for p in work.people.with_role(Role.INFORMANT) if p.userid not in asked)


def schools(work: Work, desk: Desk) -> tuple[Asked, ...]:
    """Return the units asked in the schools' rounds: their informants, else their liaisons."""
    rounds = round_of(desk, BroadcastKind.SCHOOL_ROUND)
    if rounds is None:
        return ()
    return tuple(
        Asked(unit, _watchers(work.people.of_unit(unit.id)))
        for unit in work.people.units()
        if rounds.asks(unit)
    )


def _watchers(inside: tuple[Person, ...]) -> tuple[Person, ...]:
    informants = tuple(person for person in inside if person.is_any(Role.INFORMANT))
    liaisons = tuple(p for p in inside if p.is_any(Role.LIAISON) and not p.is_deputy)
    return informants or liaisons or tuple(p for p in inside if p.is_any(Role.LIAISON))


def silent_schools(work: Work, desk: Desk, slot: datetime, now: datetime) -> tuple[Asked, ...]:
    """Return the units of which nobody has said anything in the schools' round of `slot`."""
    done = _heard(work, desk, BroadcastKind.SCHOOL_ROUND, slot, now=now)
    return tuple(
        one
        for one in schools(work, desk)
        if not any(p.userid in done for p in work.people.of_unit(one.unit.id))
    )


def _heard(
    work: Work, desk: Desk, kind: BroadcastKind, slot: datetime, *, now: datetime
) -> frozenset[str]:
    """Who has reported something, or that there is nothing, in the round of `slot`."""
    name = slot_name(slot)
    if kind is BroadcastKind.SCHOOL_ROUND:
        name = f"{_SCHOOL}{name}"
    since = _round_before(work, desk, kind, slot)
    return work.roster.zero_reporters(name) | work.roster.reporters_since(since, now)


def _round_before(work: Work, desk: Desk, kind: BroadcastKind, slot: datetime) -> datetime:
    """What was reported since the round before, or since midnight, counts for this one."""
    midnight = at_beijing(in_beijing(slot).date(), time(0))
    rounds = round_of(desk, kind)
    known = slots_around(rounds, slot, timetable(work, desk)) if rounds else ()
    return max((one for one in known if midnight <= one < slot), default=midnight)
