"""The fuzz of the doors: a short run finds nothing, and its judge sees every planted sin."""

from collections import Counter
from pathlib import Path

import pytest

from bench.fuzz.__main__ import SIGNS, faults_of
from bench.fuzz.firing import Record
from bench.fuzz.judge import GROWTH, Held, judge
from bench.fuzz.messages import Fate
from bench.fuzz.service import Sin
from bench.fuzz.shots import Maker


def test_hostile_callbacks_get_no_5xx_change_nothing_and_valid_ones_are_carried_out_once(
    sqlite_template: Path,
) -> None:
    assert faults_of(Sin.NONE, seed=11, callbacks=250, empty=sqlite_template) == []


@pytest.mark.parametrize("sin", [Sin.TWICE, Sin.BELIEVES])  # the others: before each long run
def test_a_service_that_sins_is_caught(sin: Sin, sqlite_template: Path) -> None:
    faults = faults_of(sin, seed=12, callbacks=60, empty=sqlite_template)
    assert any(fault.startswith(SIGNS[sin]) for fault in faults)


@pytest.mark.parametrize(
    ("inbox", "marks", "sign"),
    [
        ({}, {}, "lost"),
        ({"a": "done"}, {"a": 2}, "twice"),
        ({"a": "done"}, {}, "not carried out"),
        ({"a": "waiting"}, {}, "waiting"),
        ({"a": "aside"}, {}, "aside"),
        ({"a": "done", "b": "quarantined"}, {"a": 1}, "invalid kept"),
        ({"a": "done"}, {"a": 1, "c": 1}, "from nowhere"),
    ],
)
def test_each_way_to_go_wrong_has_its_name(
    inbox: dict[str, str], marks: dict[str, int], sign: str
) -> None:
    record = Record(believed={"a": Fate.DONE})
    faults = judge(record, Held(inbox, Counter(marks), frozenset()))
    assert [fault.split(":")[0] for fault in faults] == [sign]


@pytest.mark.parametrize(("gained", "count"), [(GROWTH - 1, 0), (GROWTH, 0), (GROWTH + 1, 1)])
def test_memory_is_bounded(gained: int, count: int) -> None:
    faults = judge(Record(memory=[1000, 1000 + gained]), Held({}, Counter(), frozenset()))
    assert [fault.split(":")[0] for fault in faults] == ["memory"] * count


def test_a_seed_plans_the_same_shots() -> None:
    first, second, other = (list(Maker(seed).mixed(200)) for seed in (3, 3, 4))
    assert [(one.kind, one.key) for one in first] == [(one.kind, one.key) for one in second]
    assert [one.key for one in first] != [one.key for one in other]
