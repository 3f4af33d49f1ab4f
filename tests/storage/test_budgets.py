from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from tests.storage.builders import NOW, SECOND, all_at_once

MINUTE = 60


def take(database: Database, now: datetime = NOW, limit: int = 3) -> datetime | None:
    with database.work() as work:
        return work.budgets.take("member:li:minute", limit, MINUTE, now)


def test_the_budget_grants_its_limit_and_says_when_to_ask_again(database: Database) -> None:
    assert [take(database) for _ in range(3)] == [None, None, None]
    again = take(database)
    assert again is not None
    assert NOW + MINUTE * SECOND <= again <= NOW + (MINUTE + MINUTE // 12) * SECOND


@pytest.mark.parametrize(("offset", "granted"), [(-1, False), (0, True), (1, True)])
def test_it_grants_again_from_the_moment_it_named(
    database: Database, offset: int, granted: bool
) -> None:
    for _ in range(3):
        take(database)
    again = take(database)
    assert again is not None
    assert (take(database, again + timedelta(microseconds=offset)) is None) is granted


def test_a_refusal_costs_nothing(database: Database) -> None:
    for _ in range(10):
        take(database)
    again = take(database)
    assert again is not None
    assert [take(database, again) for _ in range(3)] == [None, None, None]


def test_a_burst_at_the_end_of_a_minute_counts_in_the_next(database: Database) -> None:
    for _ in range(3):
        assert take(database, NOW + 59 * SECOND) is None
    assert take(database, NOW + 61 * SECOND) is not None


def test_a_budget_of_nothing_grants_nothing(database: Database) -> None:
    assert take(database, limit=0) == take(database, limit=0)
    again = take(database, limit=0)
    assert again is not None
    assert again > NOW


def test_keys_do_not_share_a_budget(database: Database) -> None:
    for _ in range(3):
        take(database)
    with database.work() as work:
        assert work.budgets.take("member:sun:minute", 3, MINUTE, NOW) is None


def test_many_at_once_are_granted_no_more_than_the_limit(database: Database) -> None:
    taken = all_at_once(database, 16, lambda work: work.budgets.take("app", 5, MINUTE, NOW))
    assert taken.count(None) == 5


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.integers(0, 20_000), min_size=5, max_size=25), key=st.uuids())
def test_no_window_wherever_it_begins_holds_more_than_the_limit(
    sqlite_database: Database, steps: list[int], key: object
) -> None:
    now, granted = NOW, []
    with sqlite_database.work() as work:
        for step in steps:
            now += timedelta(milliseconds=step)
            if work.budgets.take(str(key), 3, MINUTE, now) is None:
                granted.append(now)
    for begin in granted:
        within = [at for at in granted if begin <= at < begin + MINUTE * SECOND]
        assert len(within) <= 3
