"""Forecasts from a unit's own history, and none from too little of it."""

from datetime import timedelta

import pytest

from cases.late_tonight import ENOUGH, forecast, quantile

HOUR = timedelta(hours=1)
TEN = [n * HOUR for n in range(1, 11)]


@pytest.mark.parametrize(
    ("count", "known"), [(ENOUGH - 1, False), (ENOUGH, True), (ENOUGH + 1, True)]
)
def test_too_few_say_nothing(count: int, known: bool) -> None:
    assert (forecast([HOUR] * count, timedelta(), HOUR) is not None) is known


@pytest.mark.parametrize(
    ("elapsed", "allowed", "share"),
    [(0 * HOUR, 10 * HOUR, 0.0), (0 * HOUR, 5 * HOUR, 0.5), (5 * HOUR, 6 * HOUR, 0.8)],
)
def test_only_those_still_running_by_then_are_compared(
    elapsed: timedelta, allowed: timedelta, share: float
) -> None:
    found = forecast(TEN, elapsed, allowed)
    assert found is not None
    assert found.share == share
    assert found.is_likely == (share >= 0.5)


def test_longer_than_ever_before_is_no_forecast() -> None:
    assert forecast(TEN, 11 * HOUR, 12 * HOUR) is None


def test_quantiles_are_lengths_that_happened() -> None:
    found = forecast(TEN, timedelta(), HOUR)
    assert found is not None
    assert (found.median, found.slow, found.sample) == (6 * HOUR, 10 * HOUR, 10)
    assert quantile([HOUR], 0.9) == HOUR
