"""The facts of statistics: the same on both engines, to the second, and nobody counted twice."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cases.model import State
from cases.statistics.facts import StepFact
from storage.cases import NewReport
from storage.database import Database
from storage.states import ReportKind
from storage.statistics import Bounds
from storage.work import Work
from tests.storage.builders import NOW, new_clock, open_case, reminder

SECOND = timedelta(seconds=1)
AT = int(NOW.timestamp())


def within(start: datetime = NOW, end: datetime = NOW + SECOND, **narrowed: str) -> Bounds:
    return Bounds(start, end, **narrowed)


def ids(work: Work, bounds: Bounds) -> list[int]:
    return [case.id for case in work.statistics.registered(bounds)]


@pytest.mark.parametrize(
    ("start", "end", "is_in"),
    [
        (NOW - SECOND, NOW, False),
        (NOW, NOW + SECOND, True),
        (NOW + SECOND, NOW + 2 * SECOND, False),
    ],
)
def test_a_case_is_counted_in_the_time_in_which_it_came(
    database: Database, start: datetime, end: datetime, *, is_in: bool
) -> None:
    with database.work() as work:
        case = open_case(work)
        assert ids(work, within(start, end)) == ([case.id] if is_in else [])


@pytest.mark.parametrize("state", [State.MERGED, State.WITHDRAWN])
def test_what_went_elsewhere_is_not_counted(database: Database, state: State) -> None:
    with database.work() as work:
        gone, refused = open_case(work), open_case(work)
        for case, to in ((gone, state), (refused, State.REFUSED)):
            work.cases.save(replace(case, state=to), [], by="t", now=NOW)
        assert ids(work, within()) == [refused.id]
        assert [one.id for one in work.records.registered(NOW, NOW + SECOND)] == [refused.id]


def by_name(fact: StepFact) -> int:
    return ("签收", "首报").index(fact.step)


def test_steps_are_those_that_were_due_then_and_are_done_or_awaited(database: Database) -> None:
    due = NOW + timedelta(minutes=15)
    with database.work() as work:
        case = open_case(work)
        done, awaited, moved, other = (
            work.clocks.start(replace(new_clock(case.id, step), subject_id=nth))
            for nth, step in enumerate(("签收", "首报", "办结", "发布"))
        )
        late = due + timedelta(milliseconds=400)
        work.clocks.settle(done.id, "li", late)
        work.clocks.hand_over(moved.id, "li", NOW)
        found = sorted(work.statistics.steps(within(due, due + SECOND)), key=by_name)
        assert found == [
            StepFact(case.id, "签收", "zjj", AT, AT + 900, AT + 900, is_late=True),
            StepFact(case.id, "首报", "zjj", AT, AT + 900, None, is_late=False),
        ]
        assert other.step not in {one.step for one in found}
        assert work.statistics.steps(within(due - SECOND, due)) == []
        assert work.statistics.steps(within(due, due + SECOND, unit="other")) == []
        assert awaited.due_at == due


def test_repeats_and_sent_reminders_are_counted_by_case(database: Database) -> None:
    with database.work() as work:
        case, quiet = open_case(work), open_case(work)
        clock = work.clocks.start(new_clock(case.id))
        for nth, kind in enumerate((ReportKind.NEW, ReportKind.REPEAT, ReportKind.REPEAT)):
            report = NewReport(case.id, kind, "wang", NOW, f"{nth}", None)
            work.cases.add_report(report)
        for nth in range(3):
            work.outbox.put(replace(reminder(f"r{nth}", clock), kind="remind-D-1"))
        work.outbox.put(replace(reminder("n", clock), kind="notice"))
    with database.work() as work:
        for claim in work.outbox.claim(NOW, "me", 2):
            work.outbox.sent(claim, "m", NOW)
        assert work.statistics.repeats(within()) == {case.id: 2}
        assert work.statistics.reminders(within()) == {case.id: 2}
        assert ids(work, within()) == [case.id, quiet.id]


def test_what_is_chosen_narrows_everything(database: Database) -> None:
    with database.work() as work:
        case, other = open_case(work), open_case(work)
        work.cases.save(replace(case, level="一级", platform="微博"), [], by="t", now=NOW)
        assert ids(work, within(level="一级")) == [case.id]
        assert ids(work, within(platform="微博")) == [case.id]
        assert ids(work, within(level=other.proposal.level)) == [other.id]
        assert ids(work, within(unit="zjj")) == []


def test_listed_cases_come_in_the_order_they_are_asked_for(database: Database) -> None:
    with database.work() as work:
        first, second = open_case(work, "一"), open_case(work, "二")
        found = work.board.listed([second.id, first.id, 99])
        assert [one.title for one in found] == ["二", "一"]
        assert not found[0].is_graded
