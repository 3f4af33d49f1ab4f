"""Figures from facts: what counts, on both sides of every border."""

from datetime import datetime

import pytest

from cases.statistics.behind import Number, What, steps_behind
from cases.statistics.facts import CaseFact, Counts, How, StepFact
from cases.statistics.figures import (
    Moment,
    all_steps,
    came_in,
    most_first,
    percent,
    percentile,
    timeliness,
)

NOW = 1_000_000
NOTHING = Counts({}, {})


def step(ended: int | None, *, due: int = NOW, name: str = "签收", case: int = 1) -> StepFact:
    is_late = ended is not None and ended > due
    return StepFact(case, name, "chengguan", NOW - 600, due, ended, is_late)


def case(identity: int, **has: object) -> CaseFact:
    given: dict[str, object] = {
        "level": "二级",
        "platform": "微博",
        "lead": "chengguan",
        "state": "assigned",
        "reported": NOW,
        "closed": None,
    }
    return CaseFact._make([identity, *(given | has).values()])


@pytest.mark.parametrize(
    ("ended", "now", "how"),
    [
        (NOW - 1, NOW + 99, How.IN_TIME),
        (NOW, NOW + 99, How.IN_TIME),
        (NOW + 1, NOW + 99, How.LATE),
        (None, NOW - 1, How.RUNNING),
        (None, NOW, How.RUNNING),
        (None, NOW + 1, How.OVERDUE),
    ],
)
def test_a_step_is_in_time_to_the_very_second(ended: int | None, now: int, how: How) -> None:
    assert step(ended).how(now) is how


def test_the_share_in_time_leaves_out_what_is_not_due_yet() -> None:
    facts = [step(NOW), step(NOW), step(NOW), step(NOW + 5), step(None, due=NOW - 9), step(None)]
    kept = timeliness("签收", [*facts, step(NOW, name="首报")], NOW)
    assert kept.counts == {How.IN_TIME: 3, How.LATE: 1, How.OVERDUE: 1, How.RUNNING: 1}
    assert kept.judged == 5
    assert kept.share == 0.6
    assert (kept.median, kept.ninety) == (600, 605)


def test_where_nothing_was_due_there_is_no_share() -> None:
    kept = timeliness("签收", [step(None)], NOW)
    assert (kept.share, kept.median, kept.ninety) == (None, None, None)
    assert [one.step for one in all_steps([], NOW)] == ["定级交办", "签收", "首报", "回应", "办结"]


@pytest.mark.parametrize(
    ("values", "median", "ninety"),
    [
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 12)), 6, 10),
    ],
)
def test_percentiles_are_times_that_occurred(values: list[int], median: int, ninety: int) -> None:
    assert percentile(values, 0.5) == median
    assert percentile(values, 0.9) == ninety


@pytest.mark.parametrize(
    ("share", "said"),
    [(None, "—"), (0.0, "0%"), (1 / 3, "33.3%"), (0.9999, "99.9%"), (1.0, "100%"), (0.29, "29%")],
)
def test_a_share_is_never_rounded_up_to_all(share: float | None, said: str) -> None:
    assert percent(share) == said


def test_hours_are_those_of_beijing() -> None:
    before = int(datetime.fromisoformat("2026-11-20T23:59:59+08:00").timestamp())
    assert came_in(before) == Moment(4, 23)
    assert came_in(before + 1) == Moment(5, 0)


def test_kinds_are_named_most_first() -> None:
    assert most_first({"微博": 1, "抖音": 2, "": 1}) == [("抖音", 2), ("", 1), ("微博", 1)]


def test_a_number_of_steps_asks_for_its_steps() -> None:
    late, soon = step(NOW + 5), step(None)
    other = step(NOW, name="首报")
    facts = [late, soon, other, step(NOW)._replace(holder="zhujian")]

    def found(**asked: object) -> list[StepFact]:
        number = Number(**{"what": What.STEPS, "step": "签收", **asked})  # type: ignore[arg-type]
        return steps_behind(number, facts, NOW)

    assert len(found()) == 3
    assert found(how=How.LATE) == [late]
    assert found(holder="chengguan") == [late, soon]
    assert found(holder="chengguan", is_judged=True) == [late]
    assert found(step="首报") == [other]


def test_every_number_has_a_word_and_a_unit() -> None:
    assert [(one.label, one.unit) for one in What] == [
        ("登记", "件"),
        ("办结", "件"),
        ("重复上报", "次"),
        ("发出的提醒", "条"),
        ("时限", "项"),
    ]
    assert [one.label for one in How] == ["按时完成", "超时完成", "超时未完成", "未到期"]
