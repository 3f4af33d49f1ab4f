"""A year of clocks: what left is exactly what the oracle says, and every planted sin is caught."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config.rulebook_clocks import load_shipped_clocks, shipped_clock_names
from tests.support.year_of_clocks import Outage, Sent, faults, outages, play, wrong_looks, year

BOOKS = [load_shipped_clocks(name) for name in shipped_clock_names()]
CLOCKS = year(BOOKS, cases=60, seed=20260101)
STOPS = outages(seed=20260101)
LOG = play(CLOCKS, STOPS)
ONE_MINUTE = timedelta(minutes=1)


def test_a_year_with_outages_and_quiet_hours_leaves_exactly_what_it_should() -> None:
    assert faults(CLOCKS, LOG, STOPS) == []


def test_the_year_is_busy_enough_to_prove_something() -> None:
    rows = {clock.row for clock in CLOCKS}
    assert rows == {0, 1, 2, 3, 4}
    assert len(LOG) > 1000
    assert any(sent.slot == "up-leader" for sent in LOG)


def test_the_looks_after_publication_are_those_typed_by_hand() -> None:
    published = datetime.fromisoformat("2026-09-30T16:40:00+08:00")  # before a week of holidays
    assert wrong_looks(BOOKS, published) == []
    city = next(book for book in BOOKS if book.name == "city3")
    shifted = replace(city, levels=(replace(city.levels[0], row=0),))
    assert wrong_looks([shifted], published) == ["city3 一级: (24.0, 72.0, 168.0)"]


def test_after_an_outage_one_reminder_stands_for_those_missed() -> None:
    skipping = 0
    for clock in CLOCKS:
        stop = (Outage(clock.due_at - ONE_MINUTE, clock.due_at + timedelta(minutes=45)),)
        log = play([clock], stop)
        skipping += any(sent.skipped for sent in log)
        assert faults([clock], log, stop) == []
    assert skipping > 100


def _lost(log: list[Sent]) -> list[Sent]:
    return log[:500] + log[501:]


def _doubled(log: list[Sent]) -> list[Sent]:
    return [*log[:500], replace(log[499], at=log[499].at + ONE_MINUTE), *log[500:]]


def _early(log: list[Sent]) -> list[Sent]:
    return [*log[:500], replace(log[500], at=log[500].at - ONE_MINUTE), *log[501:]]


def _late(log: list[Sent]) -> list[Sent]:
    return [*log[:500], replace(log[500], at=log[500].at + ONE_MINUTE), *log[501:]]


def _after_closure(log: list[Sent]) -> list[Sent]:
    ends = {clock.id: clock.settled_at for clock in CLOCKS}
    return [*log[:500], replace(log[500], at=ends[log[500].clock]), *log[501:]]


def _disordered(log: list[Sent]) -> list[Sent]:
    first = next(n for n in range(500, len(log)) if log[n].clock == log[n + 1].clock)
    return [*log[:first], log[first + 1], log[first], *log[first + 2 :]]


def _invented(log: list[Sent]) -> list[Sent]:
    return [*log, replace(log[500], slot="late-9")]


SINS: dict[str, Callable[[list[Sent]], list[Sent]]] = {
    "lost": _lost,
    "twice": _doubled,
    "early": _early,
    "late": _late,
    "after closure": _after_closure,
    "out of order": _disordered,
    "not asked for": _invented,
}


@pytest.mark.parametrize("sin", sorted(SINS))
def test_a_planted_sin_is_caught(sin: str) -> None:
    found = faults(CLOCKS, SINS[sin](list(LOG)), STOPS)
    assert any(f": {sin}" in fault for fault in found)
