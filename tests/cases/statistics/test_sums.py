"""Sums of days: added up they say what all the facts together say, whatever the parts are."""

import json
import random
from itertools import chain

import pytest

from cases.statistics.behind import Facts
from cases.statistics.facts import STEPS, CaseFact, Counts, How, StepFact
from cases.statistics.figures import Moment, all_steps, came_in, day_of, percentile
from cases.statistics.sums import Slice, Sums, by_day, percentile_of, sliced, total, unpack

NOON = 1_763_611_200  # 2025-11-20 12:00 in Beijing, a Thursday
DAY = 86_400
NOTHING = Counts({}, {})


def case(identity: int, at: int = NOON, **has: object) -> CaseFact:
    fact = CaseFact(identity, "二级", "微博", "cgj", "assigned", at, None)
    return fact._replace(**has)  # type: ignore[arg-type]


def step(identity: int, took: int | None, *, due: int = NOON, **has: object) -> StepFact:
    ended = None if took is None else NOON - 600 + took
    fact = StepFact(
        identity, "签收", "cgj", NOON - 600, due, ended, ended is not None and ended > due
    )
    return fact._replace(**has)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(4))
def test_any_facts_cut_into_days_and_kept_add_up_to_what_they_are_together(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a history, not a secret
    cases = [case(nth, NOON + chance.randrange(5 * DAY)) for nth in range(40)]
    steps = [
        step(
            nth % 40,
            chance.choice([None, chance.randrange(2000)]),
            due=NOON + chance.randrange(5 * DAY),
            step=chance.choice(STEPS),
            holder=chance.choice(["cgj", "zjj"]),
        )
        for nth in range(120)
    ]
    found = Facts(cases, cases[:9], steps, Counts({1: 2, 77: 9}, {2: 3}))
    now = NOON + 2 * DAY
    days = {
        day: unpack(json.loads(json.dumps(one.pack()))) for day, one in by_day(found, now).items()
    }
    whole = total(days.values())
    assert len(days) > 3
    assert [whole.timeliness(one) for one in STEPS] == all_steps(steps, now)
    assert (whole.cases, whole.closed, whole.repeats, whole.reminders) == (40, 0, 2, 3)
    assert whole.levels == {"二级": 40}
    assert whole.heat().total() == 40
    assert all(whole.heat()[came_in(one.reported)] for one in cases)


@pytest.mark.parametrize("seed", range(5))
def test_a_percentile_of_many_lists_is_that_of_all_in_one(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a history, not a secret
    lists = [
        sorted(chance.randrange(50 * 10**seed) for _ in range(chance.randrange(9)))
        for _ in range(seed * 7)
    ]
    together = sorted(chain(*lists))
    for share in (0.0, 0.5, 0.9, 1.0):
        assert percentile_of(lists, share) == percentile(together, share)


@pytest.mark.parametrize(("at", "day"), [(-1, 20_411), (0, 20_412), (DAY - 1, 20_412)])
def test_a_day_begins_at_midnight_in_beijing(at: int, day: int) -> None:
    midnight = NOON - 12 * 3600
    assert day_of(midnight + at) == day
    assert came_in(midnight) == Moment(3, 0)


def test_a_closing_counts_on_its_day_and_how_a_step_stands_on_the_day_it_was_due() -> None:
    closed = case(1, closed=NOON + DAY)
    steps = [step(1, 700), step(1, None, due=NOON + 1), step(1, None, due=NOON + DAY)]
    days = by_day(Facts([closed], [closed, case(2)], steps, NOTHING), NOON + 9)
    today, tomorrow = (days[day_of(NOON + nth * DAY)] for nth in range(2))
    assert (today.cases, today.closed, tomorrow.closed) == (1, 0, 1)
    assert today.kept_by("cgj", "签收").counts == {
        How.IN_TIME: 0,
        How.LATE: 1,
        How.OVERDUE: 1,
        How.RUNNING: 0,
    }
    assert (today.share("签收"), tomorrow.share("签收"), today.share("首报")) == (0.0, None, None)
    assert today.kept_by("zjj", "签收").judged == 0


def test_a_unit_has_the_cases_it_has_a_part_in_and_only_its_own_steps() -> None:
    one, other = case(1), case(2, level="三级", platform="抖音")
    steps = [step(1, 60), step(1, 60, holder="zjj"), step(2, 60, holder="zjj")]
    found = sliced(Facts([one], [other], steps, NOTHING), {1: one, 2: other}, {1: ["cgj"]})
    assert set(found) == {
        Slice("", "二级", "微博"),
        Slice("cgj", "二级", "微博"),
        Slice("", "三级", "抖音"),
    }
    own, whole = found[Slice("cgj", "二级", "微博")], found[Slice("", "二级", "微博")]
    assert (own.cases, own.kept.total(), whole.kept.total()) == (1, 1, 2)
    assert (found[Slice("", "三级", "抖音")].closed, whole.closed) == (1, 0)


def test_nothing_adds_up_to_nothing() -> None:
    assert total([]) == Sums()
    assert percentile_of([[]], 0.5) is None
