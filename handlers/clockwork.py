"""Clocks and their next timer, kept as rows: what the pure rules of `cases` say, written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.case_clocks import CLOSE, CancelAll, Effect, Recount, Settle, Start, Subject
from cases.clocks import Due, Step
from cases.deadlines import due, leaders_deadline
from cases.ladder import Departure, departures, rungs
from cases.model import Case
from handlers.desk import Desk
from storage.clocks import Clock, NewClock, NewDue
from storage.states import SubjectType
from storage.timers import NewTimer
from storage.work import Work


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
                case Settle(subject=subject, step=step):
                    self._end(case, subject, step, by)
                case CancelAll(subject=subject):
                    self._end(case, subject, None, by)
                case Recount():
                    self._recount(case)
        return dues

    def set_next_timer(self, case: Case, clock: Clock, *, after: str | None = None) -> None:
        """Set the timer of the clock's first rung, or of the one after the slot `after`."""
        ahead = self.departures(case, clock)
        if after is not None:
            slots = [departure.rung.slot for departure in ahead]
            ahead = ahead[slots.index(after) + 1 :] if after in slots else ()
        following = next((one for one in ahead if one.leaves_at is not None), None)
        if following is None or following.leaves_at is None:
            return
        self.work.timers.set(
            NewTimer(
                subject_type=clock.subject_type,
                subject_id=clock.subject_id,
                kind=clock.step,
                slot=following.rung.slot,
                addressee=following.rung.audience.value,
                generation=clock.generation,
                clock_id=clock.id,
                case_id=case.id,
                due_at=following.rung.at,
                leaves_at=following.leaves_at,
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
        whole = rungs(ladder, clock.counted_at, due_at, calendar)
        return departures(whole, rules.row(case.working_level), rules.quiet)

    def _start(self, case: Case, start: Start, dues: dict[str, datetime]) -> None:
        until = self._due(case, start.step, self.now, start.deadline)
        if until is None:
            return
        clock = self.work.clocks.start(
            NewClock(
                case_id=case.id,
                subject_type=SubjectType(start.subject.kind),
                subject_id=start.subject.id,
                step=start.step.value,
                holder=start.holder,
                started_at=self.now,
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

    def _due(
        self, case: Case, step: Step, start: datetime, deadline: datetime | None
    ) -> Due | None:
        if deadline is not None:
            return leaders_deadline(step, deadline, "交办人")
        rules = self.desk.rulebook(case.rulebook_id).clocks
        rule = rules.rule(case.working_level, step)
        return due(rule, start, rules.calendar(self.desk.days_off))

    def _end(self, case: Case, subject: Subject | None, step: Step | None, by: str) -> None:
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

    def _recount(self, case: Case) -> None:
        for clock in self.work.clocks.running(case.id):
            ordered = _deadline_of(case, clock)
            if ordered is not None:
                continue  # a leader's own deadline stands, whatever the grade
            until = self._due(case, Step(clock.step), clock.started_at, None)
            if until is None:
                self.work.clocks.settle(clock.id, "regrade", self.now)
                continue
            if until.at == clock.due_at:
                continue
            new = NewDue(until.at, until.basis, until.provisional, until.projected, until.steps)
            moved = self.work.clocks.move(clock.id, new, self.now)
            if moved is not None:
                self.set_next_timer(case, moved)


def _deadline_of(case: Case, clock: Clock) -> datetime | None:
    if clock.step != CLOSE.value:
        return None
    held = next((part for part in case.assignments if part.id == clock.subject_id), None)
    return held.deadline if held is not None else None
