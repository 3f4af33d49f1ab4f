"""Clocks and their next timer, kept as rows: what the pure rules of `cases` say, written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.amounts import Basis, Unit
from cases.case_clocks import (
    CLOSE,
    FOLLOW_UP,
    OFFICE,
    TRACK,
    CancelAll,
    Effect,
    Ensure,
    HandOver,
    Postpone,
    Recount,
    Settle,
    Start,
    Subject,
)
from cases.case_clocks.effects import whole
from cases.clocks import Due, Step
from cases.deadlines import daily, due, for_look, for_round, is_leaders, leaders_deadline, next_day
from cases.drills.story_time import StoryTime, real, real_due
from cases.ladder import Departure, departures, rungs
from cases.model import Case
from cases.special_periods import nights, spacing_at, tightened
from handlers.desk import Desk
from storage.clocks import Clock, NewClock, NewDue
from storage.states import SubjectType
from storage.timers import NewTimer
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Counted:
    """A deadline, and the moment from which it counts."""

    since: datetime
    until: Due


@dataclass(frozen=True, slots=True)
class Clockwork:
    """Starts, settles and moves the clocks of one transaction."""

    work: Work
    desk: Desk
    now: datetime

    def run(self, case: Case, effects: Iterable[Effect], *, by: str) -> dict[str, datetime]:
        """Carry the effects out; return what is due when, by the Chinese name of the step."""
        dues: dict[str, datetime] = {}
        for effect in effects:
            match effect:
                case Start():
                    self._start(case, effect, dues)
                case Ensure():
                    self._ensure(case, effect, dues)
                case HandOver():
                    self._hand_over(case, effect, by)
                case Postpone():
                    self._postpone(case, effect, dues)
                case Settle() | CancelAll():
                    self._end(case, effect, by)
                case Recount():
                    self._recount(case, dues)
        return dues

    def set_next_timer(self, case: Case, clock: Clock) -> None:
        """Set the timer of the clock's first rung."""
        self.set_first(case, clock, self.departures(case, clock))

    def set_first(self, case: Case, clock: Clock, ahead: Iterable[Departure]) -> None:
        """Set the timer of the first of these rungs that leaves at all."""
        following = next((one for one in ahead if one.leaves_at is not None), None)
        if following is not None:
            self.set_timer(case, clock, following)

    def set_timer(self, case: Case, clock: Clock, leaving: Departure) -> None:
        """Set the timer of one rung; none where the rung never leaves, or was set before."""
        if leaving.leaves_at is None:
            return
        self.work.timers.set(
            NewTimer(
                subject_type=clock.subject_type,
                subject_id=clock.subject_id,
                kind=clock.step,
                slot=leaving.rung.slot,
                addressee=leaving.rung.audience.value,
                generation=clock.generation,
                clock_id=clock.id,
                case_id=case.id,
                due_at=leaving.rung.at,
                leaves_at=leaving.leaves_at,
            )
        )

    def departures(self, case: Case, clock: Clock) -> tuple[Departure, ...]:
        """Return the clock's whole ladder with the moments its messages may leave."""
        rules = self.desk.rulebook(case.rulebook_id).clocks
        # Every clock that runs has a ladder, also where only a leader's deadline made it run.
        ladder = rules.ladder_for_deadline(case.working_level, Step(clock.step))
        if ladder is None:
            return ()
        # A clock that a regrade made already past starts its ladder now, without a backlog.
        due_at = max(clock.due_at, clock.counted_at)
        calendar = rules.calendar(self.desk.days_off)
        time = self._time(case)
        # Special periods change the spacing of clocks counted in them, and the nights they cover.
        special = self.work.periods.all()
        ladder = tightened(ladder, spacing_at(special, clock.counted_at))
        start, end = time.to_story(clock.counted_at), time.to_story(due_at)
        whole = rungs(ladder, start, end, calendar)
        quiet = nights(rules.quiet, special)
        leaving = departures(whole, rules.row(case.working_level), quiet)
        return tuple(real(one, time) for one in leaving)

    def reset_timers(self, case: Case) -> None:
        """Let the reminders of a case leave when its ladders now say so, none of them twice."""
        for clock in self.work.clocks.running(case.id):
            self.reset(case, clock)

    def reset(self, case: Case, clock: Clock) -> None:
        """Let the reminders of one clock leave when its ladder now says so."""
        ahead = self.departures(case, clock)
        leaving = {one.rung.slot: one.leaves_at for one in ahead}
        pending = self.work.timers.pending_of_clock(clock.id)
        for timer in pending:
            leaves_at = leaving.get(timer.slot)  # a reminder become void says so when it rings
            if leaves_at is not None and leaves_at != timer.leaves_at:
                self.work.timers.hold(timer.id, max(leaves_at, self.now), "")
        # Another rung may be the next one now; what has rung already is not set again.
        subject = (clock.subject_type, clock.subject_id)
        ended = self.work.timers.ended_slots(subject, clock.step, clock.generation)
        for one in ahead:
            is_ahead = one.leaves_at is not None and one.leaves_at >= self.now
            if is_ahead and one.rung.slot not in ended:
                if one.rung.slot not in {timer.slot for timer in pending}:
                    self.set_timer(case, clock, one)
                return

    def _start(self, case: Case, start: Start, dues: dict[str, datetime]) -> None:
        since = start.since or self.now
        until = self._due(case, start.step, since, start.deadline, start.nth)
        nth = start.nth
        # A closed case is asked only what is still ahead; a watched one owes every look.
        while start.step is TRACK and not case.is_open and until and until.at <= self.now:
            nth += 1
            until = self._due(case, TRACK, since, None, nth)
        if until is not None:
            self._run(case, start, Counted(since, until), dues)

    def _ensure(self, case: Case, wanted: Ensure, dues: dict[str, datetime]) -> None:
        rules = self.desk.rulebook(case.rulebook_id).clocks
        rule = rules.rule(case.working_level, wanted.step)
        # What is due by the week is in the weekly report, which has all cases in one.
        if rule.amount.unit is Unit.WEEKLY or self._running(case, wanted.subject, wanted.step):
            return
        since = wanted.since
        until = self._due(case, wanted.step, since, None)
        if until is not None and until.at <= self.now and since < case.reported_at:
            # Nobody is late for what he could not know of: then it counts from 登记.
            since = case.reported_at
            until = self._due(case, wanted.step, since, None)
        if until is not None:
            start = Start(wanted.subject, wanted.step, wanted.holder)
            self._run(case, start, Counted(since, until), dues)

    def _hand_over(self, case: Case, duty: HandOver, by: str) -> None:
        for clock in self._running(case, duty.subject, duty.step):
            if clock.holder == duty.holder:
                continue
            self.work.clocks.hand_over(clock.id, by, self.now)
            start = Start(duty.subject, duty.step, duty.holder)
            self._run(case, start, Counted(clock.started_at, _until(clock)), {})

    def pass_on(self, case: Case, clock: Clock) -> None:
        """Let the clock that has ended for one case of a list go on with the next one."""
        start = Start(whole(case), Step(clock.step), clock.holder)
        self._run(case, start, Counted(clock.started_at, _until(clock)), {})

    def _run(self, case: Case, start: Start, counted: Counted, dues: dict[str, datetime]) -> None:
        until = counted.until
        clock = self.work.clocks.start(
            NewClock(
                case_id=case.id,
                subject_type=SubjectType(start.subject.kind),
                subject_id=start.subject.id,
                step=start.step.value,
                holder=start.holder,
                started_at=counted.since,
                counted_at=self.now,
                due_at=until.at,
                basis=until.basis,
                provisional=until.provisional,
                projected=until.projected,
                computation=until.steps,
            )
        )
        dues[start.step.value] = until.at
        self.set_next_timer(case, clock)

    def _running(self, case: Case, subject: Subject, step: Step) -> list[Clock]:
        return [
            clock
            for clock in self.work.clocks.running(case.id)
            if clock.step == step.value
            and (clock.subject_type.value, clock.subject_id) == (subject.kind, subject.id)
        ]

    def _due(
        self, case: Case, step: Step, start: datetime, deadline: datetime | None, nth: int = 1
    ) -> Due | None:
        if deadline is not None:
            return leaders_deadline(step, deadline, "交办人")
        rules = self.desk.rulebook(case.rulebook_id).clocks
        whole_rule = rules.rule(case.working_level, step)
        calendar = rules.calendar(self.desk.days_off)
        time = self._time(case)
        start = time.to_story(start)
        if step is TRACK:
            look = for_look(whole_rule, nth)
            return real_due(due(look, start, calendar), time) if look is not None else None
        rule = for_round(whole_rule, nth)
        if case.supervised and step is FOLLOW_UP:
            rule, start = daily(rule), next_day(start, calendar)
        return real_due(due(rule, start, calendar), time)

    def _time(self, case: Case) -> StoryTime:
        """Return by what time the case is counted: the real one, or that of its drill."""
        if case.drill is None:
            return StoryTime(self.now, self.now)
        drill = self.work.drills.drill(case.drill)
        return StoryTime(drill.began_at, drill.story_at, drill.speed)

    def look_of(self, case: Case, clock: Clock) -> int:
        """Return which look after publication a clock waits for, counted from 1."""
        since, nth = case.response.published_at or clock.started_at, case.response.looks + 1
        until = self._due(case, TRACK, since, None, nth)
        while until is not None and until.at < clock.due_at:
            nth += 1
            until = self._due(case, TRACK, since, None, nth)
        return nth

    def _postpone(self, case: Case, later: Postpone, dues: dict[str, datetime]) -> None:
        for clock in self._running(case, later.subject, later.step):
            until = leaders_deadline(later.step, later.until, "批准延期的领导")
            new = NewDue(until.at, until.basis, computation=until.steps)
            moved = self.work.clocks.move(clock.id, new, self.now)
            if moved is not None:
                dues[moved.step] = moved.due_at
                self.set_next_timer(case, moved)

    def _end(self, case: Case, what: Settle | CancelAll, by: str) -> None:
        subject, step = what.subject, what.step if isinstance(what, Settle) else None
        for clock in self.work.clocks.running(case.id):
            of_subject = subject is None or (
                clock.subject_type.value == subject.kind and clock.subject_id == subject.id
            )
            if not of_subject:
                continue
            if step is None:  # closed, withdrawn or moved: nobody waits for it any more
                self.work.clocks.cancel(clock.id, by, self.now)
            elif clock.step == step.value:
                self.work.clocks.settle(clock.id, by, self.now)

    def counted_anew(self, case: Case, clock: Clock) -> Due | None:
        """Return until when the step is awaited by the case's level and rules, None: no more."""
        if _deadline_of(case, clock) is not None or is_leaders(clock.computation):
            return _until(clock)  # a leader's own deadline stands, whatever the rules
        step = Step(clock.step)
        rules = self.desk.rulebook(case.rulebook_id).clocks
        if rules.rule(case.working_level, step).amount.unit is Unit.WEEKLY:
            return None  # it is in the weekly report, as where the grade was so from the beginning
        nth = self.look_of(case, clock) if step is TRACK else _nth(case, clock)
        return self._due(case, step, clock.started_at, None, nth)

    def _recount(self, case: Case, dues: dict[str, datetime]) -> None:
        for clock in self.work.clocks.running(case.id):
            until = self.counted_anew(case, clock)
            if until is None:
                self.work.clocks.settle(clock.id, "regrade", self.now)
                continue
            if until.at == clock.due_at:
                self.reset(case, clock)  # its ladder may be another
                continue
            new = NewDue(until.at, until.basis, until.provisional, until.projected, until.steps)
            moved = self.work.clocks.move(clock.id, new, self.now)
            if moved is None:
                continue
            if not _is_helpers(case, moved):  # 协办 may have another moment: 主办's is told
                dues[moved.step] = moved.due_at
            self.set_next_timer(case, moved)


def _is_helpers(case: Case, clock: Clock) -> bool:
    lead = case.lead
    return clock.holder != OFFICE and lead is not None and clock.holder != lead.unit_id


def _nth(case: Case, clock: Clock) -> int:
    return max(case.reports, 1) if clock.step == FOLLOW_UP.value else 1


def _until(clock: Clock) -> Due:
    return Due(
        clock.due_at,
        Basis(clock.basis),
        provisional=clock.provisional,
        projected=clock.projected,
        steps=clock.computation,
    )


def _deadline_of(case: Case, clock: Clock) -> datetime | None:
    if clock.step != CLOSE.value:
        return None
    held = next((part for part in case.assignments if part.id == clock.subject_id), None)
    return held.deadline if held is not None else None
