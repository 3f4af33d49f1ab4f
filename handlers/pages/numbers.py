"""The list behind one number of the statistics: the cases or the steps that it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from cases.case_clocks import OFFICE
from cases.statistics.behind import Number, What, steps_behind
from cases.statistics.facts import How, StepFact
from cases.wording.moments import clock_time, span
from storage.board import Listed
from storage.statistics import Bounds
from storage.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A case behind a number, with what it adds to it, or the step that is counted."""

    case: Listed
    unit: str  # that leads
    count: int
    said: str  # of a step: who, how it stands, how long it took


@dataclass(frozen=True, slots=True)
class Behind:
    """One page of the list behind a number."""

    total: int  # the number itself
    of_cases: int
    rows: tuple[NumberRow, ...]
    page: int
    pages: int
    unit: str  # what is counted: 件, 项, 次, 条


def behind(work: Work, mine: Bounds, number: Number, now: datetime, page: int = 1) -> Behind:
    """Return one page of what a number counts, the latest case first."""
    entries = all_behind(work, mine, number, now)
    pages = max(1, -(-len(entries) // PAGE))
    page = min(max(1, page), pages)
    shown = entries[(page - 1) * PAGE : page * PAGE]
    total = sum(map(itemgetter(1), entries))
    of_cases = len(set(map(itemgetter(0), entries)))
    return Behind(total, of_cases, rows_of(work, shown, now), page, pages, number.what.unit)


class Entry(NamedTuple):
    """A case behind a number and what it adds; of a step its clock, or the step itself."""

    case_id: int
    adds: int = 1
    clock: int = 0
    step: StepFact | None = None


def all_behind(work: Work, mine: Bounds, number: Number, now: datetime) -> list[Entry]:
    """Return all that a number counts, the latest case first."""
    if number.what is What.STEPS:
        running = work.statistics.running(mine)
        awaited = steps_behind(number, running, int(now.timestamp()))
        found = [Entry(one.case_id, step=one) for one in awaited]
        found += [Entry(case, clock=clock) for case, clock in work.behind.done(mine, number)]
        return sorted(found, key=itemgetter(0), reverse=True)
    cases = work.behind.cases(mine, number)
    if number.what is What.REPEATS:
        counts = work.statistics.repeats(mine)
    elif number.what is What.REMINDERS:
        counts = work.statistics.reminders(mine)
    else:
        return [Entry(one) for one in cases]
    return [Entry(one, counts[one]) for one in cases if one in counts]


def rows_of(work: Work, entries: list[Entry], now: datetime) -> tuple[NumberRow, ...]:
    """Return the rows of some entries."""
    listed = {one.id: one for one in work.board.listed([entry.case_id for entry in entries])}
    steps = work.behind.steps([entry.clock for entry in entries if entry.clock])
    names = {unit.id: unit.name for unit in work.people.units()}
    rows = []
    for entry in entries:
        case, step = listed.get(entry.case_id), entry.step or steps.get(entry.clock)
        if case is not None:
            said = _in_words(step, names, now) if step else ""
            rows.append(NumberRow(case, names.get(case.lead_unit or "", ""), entry.adds, said))
    return tuple(rows)


def _in_words(step: StepFact, names: Mapping[str, str], now: datetime) -> str:
    holder = "舆情办" if step.holder == OFFICE else names.get(step.holder, "经办人")
    how = step.how(int(now.timestamp()))
    due = clock_time(_moment(step.due), now)
    said = f"{holder}{step.step} {how.label}, 时限 {due}"
    if step.ended is not None:
        return f"{said}, 用时 {span(timedelta(seconds=max(0, step.ended - step.started)))}"
    return f"{said}, 已超 {span(now - _moment(step.due))}" if how is How.OVERDUE else said


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
