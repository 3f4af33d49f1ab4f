"""The list behind one number of the statistics: the cases or the steps that it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cases.case_clocks import OFFICE
from cases.statistics.behind import Number, What, cases_behind, steps_behind
from cases.statistics.facts import CaseFact, Counts, How, StepFact
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
    total = sum(count for _, count, _ in entries)
    of_cases = len({case_id for case_id, _, _ in entries})
    return Behind(total, of_cases, rows_of(work, shown, now), page, pages, number.what.unit)


Entry = tuple[int, int, StepFact | None]  # a case, what it adds, and the step that is meant


def all_behind(work: Work, mine: Bounds, number: Number, now: datetime) -> list[Entry]:
    """Return all that a number counts, the latest case first."""
    if number.what is What.STEPS:
        found = work.statistics.steps(mine, number.step, number.holder)
        steps = steps_behind(number, found, int(now.timestamp()))
        return [(one.case_id, 1, one) for one in sorted(steps, key=lambda one: -one.case_id)]
    counted = cases_behind(number, *_cases(work, mine, number))
    return [(one, counted[one], None) for one in sorted(counted, reverse=True)]


def _cases(work: Work, mine: Bounds, number: Number) -> tuple[list[CaseFact], Counts]:
    """Read only what this kind of number counts."""
    store, repeats, reminders = work.statistics, dict[int, int](), dict[int, int]()
    if number.what is What.CLOSED:
        return store.closed(mine), Counts(repeats, reminders)
    if number.what is What.REPEATS:
        repeats = store.repeats(mine)
    if number.what is What.REMINDERS:
        reminders = store.reminders(mine)
    return store.registered(mine), Counts(repeats, reminders)


def rows_of(work: Work, entries: list[Entry], now: datetime) -> tuple[NumberRow, ...]:
    """Return the rows of some entries."""
    listed = {one.id: one for one in work.board.listed([entry[0] for entry in entries])}
    names = {unit.id: unit.name for unit in work.people.units()}
    return tuple(
        NumberRow(
            listed[case_id],
            names.get(listed[case_id].lead_unit or "", ""),
            count,
            _in_words(step, names, now) if step else "",
        )
        for case_id, count, step in entries
        if case_id in listed
    )


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
