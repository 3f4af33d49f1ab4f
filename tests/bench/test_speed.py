"""The report of speed tells misses as misses."""

import pytest

from bench.speed.duty import Duty, multiply
from bench.speed.figures import Figure, Goal, page
from storage.database import Database

AT_LEAST = Goal(2.0, 3.0, wants_more=True)
AT_MOST = Goal(1.2, 1.05)


@pytest.mark.parametrize(
    ("goal", "value", "verdict"),
    [
        (AT_LEAST, 1.99, "**missed**"),
        (AT_LEAST, 2.0, "kept"),
        (AT_LEAST, 3.0, "stretch"),
        (AT_MOST, 1.21, "**missed**"),
        (AT_MOST, 1.2, "kept"),
        (AT_MOST, 1.05, "stretch"),
        (None, 7.0, ""),
    ],
)
def test_a_figure_knows_its_verdict(goal: Goal | None, value: float, verdict: str) -> None:
    assert Figure("B1", "accept", value, "×", goal).verdict == verdict


def test_the_page_counts_misses_and_shows_where_the_time_goes() -> None:
    missed = Figure("B6", "cases", 7.0, "/s", Goal(60, 150, wants_more=True), "", "0.9 s commit")
    kept = Figure("B8", "beat", 1.0, "×", AT_MOST)
    told = page([missed, kept], 5, ["on a loaded machine"])
    assert "1 of 2 goals kept, 1 missed." in told
    assert "## B6 missed: where the time goes" in told
    assert "0.9 s commit" in told
    assert "on a loaded machine" in told


def test_copied_cases_stand_as_the_first_one_does(sqlite_database: Database) -> None:
    duty = Duty(sqlite_database)
    duty.says("wangxiaoyu", "https://weibo.com/1234567890/R8vcX9C87 青禾路路灯不亮")
    duty.says("sunlei", "001 定三级,交城管局")
    multiply(sqlite_database, 3, 1)
    with sqlite_database.read() as work:
        first, copy = work.cases.load(1), work.cases.load(3001)
        clocks = [[one.step for one in work.clocks.running(case.id)] for case in (first, copy)]
        due = work.timers.next_at()
        assert due is not None
        ringing = {timer.case_id for timer in work.timers.due(due, 10)}
    assert copy.assignments[0].unit_id == first.assignments[0].unit_id
    assert clocks[0] == clocks[1]
    assert ringing == {1, 1001, 2001, 3001}
