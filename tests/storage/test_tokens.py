import pytest

from storage.database import Database
from storage.tokens import REFRESH
from tests.storage.builders import NOW, SECOND, all_at_once

LATER = NOW + 7200 * SECOND


def begin(database: Database, now: object = NOW) -> bool:
    assert isinstance(now, type(NOW))
    with database.work() as work:
        return work.tokens.begin_refresh("app", now)


def test_a_stored_token_is_read_with_its_version(database: Database) -> None:
    with database.work() as work:
        assert work.tokens.read("app") is None
        assert work.tokens.store("app", "t-1", LATER, 0)
        token = work.tokens.read("app")
        assert token is not None
        assert (token.value, token.expires_at, token.version) == ("t-1", LATER, 1)
        assert "t-1" not in repr(token)


def test_one_of_many_fetches_the_token(database: Database) -> None:
    begun = all_at_once(database, 8, lambda work: work.tokens.begin_refresh("app", NOW))
    assert begun.count(True) == 1


@pytest.mark.parametrize(("seconds", "begins"), [(14, False), (15, False), (16, True)])
def test_a_fetch_that_died_is_taken_over_after_its_time(
    database: Database, seconds: int, begins: bool
) -> None:
    assert begin(database)
    assert REFRESH == 15 * SECOND
    assert begin(database, NOW + seconds * SECOND) is begins


def test_storing_ends_the_fetch(database: Database) -> None:
    assert begin(database)
    with database.work() as work:
        assert work.tokens.store("app", "t-1", LATER, 0)
    assert begin(database, NOW)


def test_a_token_fetched_too_late_does_not_replace_a_newer_one(database: Database) -> None:
    with database.work() as work:
        work.tokens.store("app", "t-1", LATER, 0)
        assert work.tokens.store("app", "t-2", LATER, 1)
        assert not work.tokens.store("app", "late", LATER, 1)
        assert not work.tokens.store("app", "later", LATER, 0)
        token = work.tokens.read("app")
        assert token is not None
        assert (token.value, token.version) == ("t-2", 2)


def test_each_name_has_its_own_token(database: Database) -> None:
    assert begin(database)
    with database.work() as work:
        assert work.tokens.begin_refresh("aibot", NOW)
