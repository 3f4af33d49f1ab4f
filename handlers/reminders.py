"""A timer has rung: remind whoever the ladder names, or find that nothing is awaited any more."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases import commands
from cases.approvals import asks_for, next_decider
from cases.case_clocks import GRADE_AND_ASSIGN, ISSUE, OFFICE, REVIEW, SIGN, SIGNOFF, TRACK
from cases.encoding import wecom_field
from cases.ladder import Audience, Departure
from cases.model import Case, State
from cases.notices import Choice, Notice, Priority, Recipient, ToPerson, ToRole, ToUnit
from cases.people import Person, Role
from cases.wording import reminders as words
from cases.wording.moments import clock_time
from cases.wording.records import rung_in_words
from handlers import calls
from handlers.carry_out import approver_of, carry_out
from handlers.case_lists import reminder
from handlers.clockwork import Clockwork
from handlers.desk import Act, Desk
from handlers.post import Fence, Origin, Post, people_of
from storage.clocks import Clock
from storage.states import ApprovalKind, ClockState
from storage.timers import DueTimer
from storage.work import Work

CLOCK = Person("duban", "督办", frozenset())  # who acts when a timer rings
_TITLE_BYTES = 120
_MOST_CALLEES = 3
_CLIMBS = ("up-office", "up-leader", "up-chief")  # what a telephone call holds back
TOP_ROWS = (1, 2)
_OF_OFFICE = {
    Audience.DUTY: Role.DUTY_OFFICER,
    Audience.OFFICE: Role.OFFICE_DIRECTOR,
    Audience.LEADER: Role.DEPUTY_LEADER,
    Audience.CHIEF: Role.CHIEF_LEADER,
}
_HIGHER = frozenset({Audience.LEADER, Audience.CHIEF})


@dataclass(frozen=True, slots=True)
class _Ring:
    """One rung being sent, with what it is about."""

    case: Case
    clock: Clock
    departure: Departure
    skipped: int
    last: bool  # only the last rung sent says what was skipped
    approver: Role  # who signs off and closes at this level
    awaits: tuple[Role, ...]  # the leaders who are asked and silent; () where it is not a leader


def ring(work: Work, timer: DueTimer, now: datetime, desk: Desk) -> None:
    """Send what is due of the clock the timer belongs to, and set its next timer.

    After an outage only the latest rung leaves; the earlier ones are recorded as skipped (R7).
    """
    clock = work.clocks.get(timer.clock_id) if timer.clock_id is not None else None
    if clock is None or clock.case_id is None or clock.state is not ClockState.RUNNING:
        work.timers.skipped(timer.id, now, "时限已经了结, 不再提醒")
        return
    if clock.generation != timer.generation:
        work.timers.skipped(timer.id, now, "时限已经改动, 原提醒作废")
        return
    case = work.cases.load(clock.case_id)
    clockwork = Clockwork(work, desk, now)
    call = work.hushes.phoned(case.id, clock.id, now)
    if call is not None and timer.slot.startswith(_CLIMBS):
        until = clock_time(call.until, now)
        work.timers.hold(timer.id, call.until, f"已电话通知{call.words}, {until} 前不升级")
        return
    ahead = _from_slot(clockwork.departures(case, clock), timer.slot)
    missed = [one for one in ahead if one.leaves_at is not None and one.leaves_at <= now]
    if not missed:  # the ladder is another meanwhile: the timer is only a hint
        _look_again(clockwork, case, clock, (timer, ahead[0] if ahead else None))
        return
    latest = missed[-1].leaves_at
    sending = [one for one in missed if one.leaves_at == latest]
    # What a telephone call held was not lost in an outage.
    was_held = timer.leaves_at > missed[0].leaves_at if missed[0].leaves_at else False
    unsent = [] if was_held else missed[: -len(sending)]
    approver, notes = approver_of(desk, case), [_unsent(unsent, now)]
    for one in sending:
        is_last = one is sending[-1]
        awaits = _leaders_awaited(work, case, clock, approver)
        rung = _Ring(case, clock, one, len(unsent), is_last, approver, awaits)
        case, note = _remind(work, desk, rung, now)
        notes.append(note)
    said = "; ".join(note for note in notes if note)
    work.timers.fired(timer.id, now, f"{clock.step} {timer.slot}{f': {said}' if said else ''}")
    clockwork.set_first(case, clock, _from_slot(ahead, sending[-1].rung.slot)[1:])


def _unsent(rungs: list[Departure], now: datetime) -> str:
    """Say for the record which rungs an outage swallowed (R7); nothing where there is none."""
    said = [
        f"{clock_time(one.leaves_at, now)} {rung_in_words(one.rung.slot)}"
        for one in rungs
        if one.leaves_at is not None
    ]
    return f"停机未发: {'、'.join(said)}" if said else ""


def _look_again(
    clockwork: Clockwork, case: Case, clock: Clock, rang: tuple[DueTimer, Departure | None]
) -> None:
    """Let the timer wait for its rung's new moment; go on with the next where it has none."""
    timer, own = rang
    timers = clockwork.work.timers
    if own is not None and own.leaves_at is not None:
        timers.hold(timer.id, own.leaves_at, own.reason or "提醒时间已改动")
        return
    timers.skipped(timer.id, clockwork.now, own.reason if own else "提醒规则已改动, 按新规则提醒")
    clockwork.reset(case, clock)


def _from_slot(ladder: tuple[Departure, ...], slot: str) -> tuple[Departure, ...]:
    slots = [one.rung.slot for one in ladder]
    return ladder[slots.index(slot) :] if slot in slots else ()


def _remind(work: Work, desk: Desk, ring: _Ring, now: datetime) -> tuple[Case, str]:
    """Send one rung; return the case after it, and what the record says beside (who was passed)."""
    rung, clock = ring.departure.rung, ring.clock
    told = _told(work, ring, now)
    if told.to is None:
        return ring.case, told.note
    notices = _unmuted(work, desk, ring, _notice(work, desk, ring, told.to, now), now)
    if not notices:
        return ring.case, "按要求免打扰, 没有发"
    command = commands.Remind(
        step=clock.step,
        holder=clock.holder,
        slot=rung.slot,
        audience=told.audience.value,
        due_at=clock.due_at,
        skipped=ring.skipped if ring.last else 0,
    )
    act = Act(CLOCK, "", "")
    changed = carry_out(work, desk, ring.case, command, act, now=now)
    origin = Origin(
        "timer",
        f"{clock.subject_type}.{clock.subject_id}",
        f"{clock.step}.{rung.slot}",
        clock.generation,
        changed.case,
        Fence(clock.id, clock.generation),
    )
    Post(work, desk, now).tell(notices, origin)
    if desk.calls and rung.phone:
        calls.place(work, clock, changed.case, _callees(work, ring, now), now=now)
    return changed.case, told.note


def _unmuted(
    work: Work, desk: Desk, ring: _Ring, notice: Notice, now: datetime
) -> tuple[Notice, ...]:
    """Leave out who asked for quiet: before the due time, and never at the top grades."""
    row = desk.rulebook(ring.case.rulebook_id).clocks.row(ring.case.working_level)
    muted = work.hushes.muted(ring.case.id, now)
    if not muted or now >= ring.clock.due_at or row in TOP_ROWS:
        return (notice,)
    people = people_of(work, notice.to, now)
    hearing = [person for person in people if person.userid not in muted]
    if len(hearing) == len(people):
        return (notice,)
    return tuple(replace(notice, to=ToPerson(person.userid)) for person in hearing)


@dataclass(frozen=True, slots=True)
class _Told:
    """Whom a rung tells; None: nobody, and the record says why."""

    to: Recipient | None
    audience: Audience
    note: str = ""


def _told(work: Work, ring: _Ring, now: datetime) -> _Told:
    audience, holder, section = ring.departure.rung.audience, ring.clock.holder, _section(ring)
    stands_in = _stands_in(ring)
    if stands_in is not None:
        return _Told(ToRole(stands_in), audience)
    if section is not None and audience is Audience.LIAISON:
        return _Told(ToPerson(section), audience)
    to = recipient_of(audience, holder)
    if holder == OFFICE or audience not in (Audience.DEPUTY, Audience.UNIT_LEADER):
        return _Told(to, audience)
    return _next_in_line(work, ring, _Told(to, audience), now)


def _next_in_line(work: Work, ring: _Ring, told: _Told, now: datetime) -> _Told:
    """Climb past whoever has been asked himself: nobody is told of his own silence as a superior.

    Where the deputy has it, the liaison who handed it on is told; where nobody of this rung is
    left, the next rung follows at its time.
    """
    holder, section = ring.clock.holder, _section(ring)
    asked = people_of(work, ToPerson(section) if section else ToUnit(holder), now)
    names = "、".join(person.name for person in asked)
    of_handing_on = _Told(
        ToUnit(holder), Audience.LIAISON, f"{told.audience}{names}就是经办人, 改提醒联络员"
    )
    for one in (told, of_handing_on) if told.audience is Audience.DEPUTY else (told,):
        people = people_of(work, one.to, now) if one.to is not None else ()
        if not people or any(person not in asked for person in people):
            return one
    return _Told(None, told.audience, f"{told.audience}除经办人{names}外没有别人, 由下一级接着提醒")


def _stands_in(ring: _Ring) -> Role | None:
    """Return who is asked to decide in place of a silent leader; never that leader again."""
    if ring.departure.rung.audience is not Audience.LEADER:
        return None
    decider = next_decider(ring.case, ring.clock.step, ring.approver)
    return None if decider in ring.awaits else decider


def _notice(work: Work, desk: Desk, ring: _Ring, to: Recipient, now: datetime) -> Notice:
    rung, clock, case = ring.departure.rung, ring.clock, ring.case
    stands_in, section = _stands_in(ring), _section(ring)
    heading = words.head(case, wecom_field(case.title, _TITLE_BYTES))
    is_office = clock.holder == OFFICE
    unit = None if is_office else work.people.unit(clock.holder)
    awaited = words.Awaited(
        clock.step,
        _office(work, ring, now)
        if is_office
        else (unit.name if unit else clock.holder) + _named(work, section),
        clock.due_at,
        asks=asks_for(case, clock.step),
    )
    overdue = now >= clock.due_at
    callees: tuple[Person, ...] = ()
    if isinstance(to, ToRole) and (not is_office or rung.phone or rung.audience in _HIGHER):
        callees = _callees(work, ring, now) if rung.phone else ()
        reminded = work.records.times_reminded(clock.id)
        text = words.to_overseer(heading, awaited, now, _contact(callees), reminded=reminded)
    elif rung.audience in (Audience.DEPUTY, Audience.UNIT_LEADER):
        text = words.to_next(heading, case.short_number, awaited, now)
    else:
        text = words.to_holder(heading, case.short_number, awaited, now)
    text += words.INSTEAD if stands_in else ""
    text += reminder(work, case) if clock.step == GRADE_AND_ASSIGN.value else ""
    text += words.skipped(ring.skipped if ring.last else 0)
    climbing = rung.slot.startswith(("up-", "phone-"))
    row = desk.rulebook(case.rulebook_id).clocks.row(case.working_level)
    return Notice(
        to,
        text,
        f"remind-{rung.slot}",
        f"{clock.step}{'超时升级' if climbing else '超时提醒' if overdue else '到期提醒'}",
        _place(climbing=climbing, is_top=row in TOP_ROWS),
        (words.decide_instead(case),) if stands_in else _tap(clock, case, to, callees),
        gathers=not (climbing or case.is_drill or row in TOP_ROWS),
    )


def _place(*, climbing: bool, is_top: bool) -> Priority:
    """The place in the order of leaving; what a brake pulled by itself holds is behind the top."""
    if is_top:
        return Priority.TOP_GRADE
    return Priority.ESCALATION if climbing else Priority.REMINDER


def _tap(
    clock: Clock, case: Case, to: Recipient, callees: tuple[Person, ...]
) -> tuple[Choice, ...]:
    if callees:
        return tuple(
            Choice(f"已电话通知{one.name}", (f"{case.number} 已电话通知{one.name}",))
            for one in callees[:_MOST_CALLEES]
        )
    if clock.step == "签收" and isinstance(to, ToUnit | ToPerson):
        return (Choice("签收", (f"收到 {case.number}",)),)
    if clock.step == TRACK.value:
        return (
            Choice("无新情况", (f"{case.number} 跟踪无新情况",)),
            Choice("有新情况, 重新处置", (f"{case.number} 跟踪有新情况",)),
        )
    return ()


def _section(ring: _Ring) -> str | None:
    # A unit that has signed waits for the person of its section.
    held = next((one for one in ring.case.assignments if one.id == ring.clock.subject_id), None)
    return held.unsigned_section if held is not None and ring.clock.step == SIGN.value else None


def _named(work: Work, userid: str | None) -> str:
    return f" ({work.people.name_of(userid)})" if userid else ""


def recipient_of(audience: Audience, holder: str) -> Recipient:
    """Return whom a rung speaks to; `holder` is the unit that has to act, or the office."""
    if audience in _OF_OFFICE:
        return ToRole(_OF_OFFICE[audience])
    if holder == OFFICE:  # no unit has it yet: the office is reminded in its place
        is_first = audience is Audience.LIAISON
        return ToRole(Role.DUTY_OFFICER if is_first else Role.OFFICE_DIRECTOR)
    if audience is Audience.DEPUTY:
        return ToUnit(holder, deputy=True)
    role = Role.UNIT_LEADER if audience is Audience.UNIT_LEADER else Role.LIAISON
    return ToUnit(holder, role)


def whom_awaited(work: Work, desk: Desk, case: Case, clock: Clock) -> tuple[Recipient, ...]:
    """Return for whom a clock waits: the unit, the leaders who are asked, or the office."""
    approver = approver_of(desk, case)
    return _awaited_of(clock, _leaders_awaited(work, case, clock, approver))


def _awaited_of(clock: Clock, leaders: tuple[Role, ...]) -> tuple[Recipient, ...]:
    if clock.holder != OFFICE:
        return (ToUnit(clock.holder),)
    return tuple(ToRole(role) for role in leaders) or (ToRole(Role.OFFICE_DIRECTOR),)


_ASKED_BY_STEP = {
    SIGNOFF.value: ApprovalKind.SIGNOFF,
    ISSUE.value: ApprovalKind.DRAFT,
    REVIEW.value: ApprovalKind.CLOSE,
}


def _leaders_awaited(work: Work, case: Case, clock: Clock, approver: Role) -> tuple[Role, ...]:
    """Return the leaders for whose answer the clock waits, the one above after 阅示."""
    kind = _ASKED_BY_STEP.get(clock.step)
    of_office = case.state is State.REPLY_DRAFT or case.response.awaits_answer
    if clock.holder != OFFICE or kind is None or of_office:
        return ()
    if case.extension is not None and clock.subject_id == case.extension.assignment:
        kind = ApprovalKind.EXTENSION
    if case.response.decider:
        return (Role(case.response.decider),)
    rows = work.approvals.pending(case.id)
    asked = dict.fromkeys(Role(row.asked_role) for row in rows if row.kind is kind)
    return tuple(asked) or (approver,)


def _office(work: Work, ring: _Ring, now: datetime) -> str:
    """Name who is late where no unit is: the leaders who are asked, or the office."""
    names = [
        role.value + "、".join(person.name for person in people_of(work, ToRole(role), now))
        for role in ring.awaits
    ]
    return "、".join(names) or "舆情办"


def _callees(work: Work, ring: _Ring, now: datetime) -> tuple[Person, ...]:
    awaited = _awaited_of(ring.clock, ring.awaits)
    return tuple(person for to in awaited for person in people_of(work, to, now))


def _contact(people: tuple[Person, ...]) -> str:
    return "、".join(f"{person.name} {person.phone or '(名录未填电话)'}" for person in people)
