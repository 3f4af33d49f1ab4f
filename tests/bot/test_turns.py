"""Who has had many turns lately comes behind the others, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.turns import Turns

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize(("turns", "behind"), [(29, []), (30, ["loud"]), (31, ["loud"])])
def test_b12_thirty_turns_in_ten_seconds_are_many(turns: int, behind: list[str]) -> None:
    had = Turns()
    had.had("quiet", NOON)
    for _ in range(turns):
        had.had("loud", NOON)
    assert had.behind(NOON) == behind


@pytest.mark.parametrize(("later", "behind"), [(9.9, ["loud"]), (10, []), (11, []), (-1, [])])
def test_b12_after_ten_seconds_it_is_forgotten(later: float, behind: list[str]) -> None:
    had = Turns()
    assert had.behind(NOON) == []
    for _ in range(30):
        had.had("loud", NOON)
    assert had.behind(NOON + timedelta(seconds=later)) == behind
    had.had("loud", NOON + timedelta(seconds=20))
    assert had.behind(NOON + timedelta(seconds=20)) == []
