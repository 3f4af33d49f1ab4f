"""复盘 of a case as it stands in the record: events, clocks, lesson, and what is to be better."""

from datetime import datetime, timedelta

from cases import events
from cases.case_clocks import OFFICE
from cases.clocks import Step
from cases.drills.sheet import outcome_of
from cases.encoding import wecom_field
from cases.library.lessons import Lesson
from cases.model import Case
from cases.review import Demand, Moment, Review, Task
from cases.wording.history import in_words
from cases.wording.numbers import number_said
from storage.cases import Entry
from storage.clocks import Clock
from storage.states import ClockState
from storage.work import Work

_TITLE_BYTES = 120


def review(work: Work, case: Case, now: datetime) -> Review:
    """Return the review of a case."""
    history = work.cases.history(case.id)
    names = {unit.id: unit.name for unit in work.people.units()}
    kept = work.library.lesson(case.id)
    clocks = [
        clock
        for clock in work.clocks.of_case(case.id)
        if clock.state is not ClockState.MOVED and clock.step != Step.IMPROVE.value
    ]
    return Review(
        number=number_said(case.number, now),
        title=wecom_field(case.title, _TITLE_BYTES),
        level=case.working_level,
        unit=names.get(case.lead.unit_id, case.lead.unit_id) if case.lead else "",
        began_at=case.reported_at,
        ended_at=case.closed_at,
        moments=tuple(_moments(work, history, names)),
        demands=tuple(_demand(clock, names, now) for clock in clocks),
        lesson=kept.lesson if kept else Lesson(),
        tasks=tuple(_tasks(history, names)),
        counted_at=now,
    )


def _moments(work: Work, history: tuple[Entry, ...], names: dict[str, str]) -> list[Moment]:
    found: list[Moment] = []
    for entry in history:
        what = in_words(entry.event, names)
        if not what:
            continue
        waited = entry.at - found[-1].at if found else timedelta()
        who = work.people.name_of(entry.by)
        found.append(Moment(entry.at, what, who, waited, entry.seq))
    return found


def _demand(clock: Clock, names: dict[str, str], now: datetime) -> Demand:
    is_done = clock.state is ClockState.SETTLED
    done_at = clock.ended_at if is_done else None
    ended = clock.ended_at or now
    who = "舆情办" if clock.holder == OFFICE else names.get(clock.holder, clock.holder)
    dropped = clock.state is ClockState.CANCELLED
    outcome = outcome_of(clock.due_at, done_at, was_dropped=dropped, now=ended if dropped else now)
    basis = clock.computation[1] if len(clock.computation) > 1 else ""
    ends = (done_at, clock.ended_at)
    return Demand(clock.step, who, clock.started_at, clock.due_at, *ends, outcome, basis)


def tasks_of(history: tuple[Entry, ...]) -> list[events.ImprovementSet]:
    """Return what has been asked for, in order, done or not."""
    return [e.event for e in history if isinstance(e.event, events.ImprovementSet)]


def done_of(history: tuple[Entry, ...]) -> dict[int, Entry]:
    """Return what has been done, by its number."""
    return {
        entry.event.task: entry
        for entry in history
        if isinstance(entry.event, events.ImprovementDone)
    }


def _tasks(history: tuple[Entry, ...], names: dict[str, str]) -> list[Task]:
    done = done_of(history)
    found = []
    for one in tasks_of(history):
        entry = done.get(one.task)
        said = entry.event.text if entry and isinstance(entry.event, events.ImprovementDone) else ""
        unit = names.get(one.unit, one.unit)
        done_at = entry.at if entry else None
        found.append(Task(one.task, unit, one.text, one.deadline, done_at, said))
    return found
