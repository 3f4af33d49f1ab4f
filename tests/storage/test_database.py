import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.cases import NewReport
from storage.database import Database
from storage.errors import ConcurrentChange, Unavailable
from storage.states import ReportKind
from storage.work import Work
from tests.conftest import AUDIT_KEY
from tests.storage.builders import NOW, heard, message, timer

PATIENCE = 1.5  # seconds: then the lifeboat takes a callback (R3)


def keep(work: Work) -> None:
    work.inbox.keep([heard("a")])


def waiting(database: Database) -> int:
    with database.read() as work:
        return work.inbox.waiting_count()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another process holds the write lock of the file."""
    other = sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


def test_what_is_done_in_a_transaction_is_there_after_it(database: Database) -> None:
    database.run(keep)
    assert waiting(database) == 1


def test_an_exception_undoes_all_of_it(database: Database) -> None:
    def keep_and_fail(work: Work) -> None:
        keep(work)
        work.outbox.put(message("a"))
        raise KeyError

    with pytest.raises(KeyError):
        database.run(keep_and_fail)
    assert waiting(database) == 0
    with database.work() as work:
        assert work.outbox.put(message("a"))


def test_a_reader_changes_nothing(database: Database) -> None:
    with pytest.raises(Unavailable, match=r"read-?only"), database.read() as work:
        keep(work)
    assert waiting(database) == 0


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.work() as writing:
        keep(writing)
        assert waiting(database) == 0
    assert waiting(database) == 1


def test_a_lost_race_is_run_again_up_to_three_times(database: Database) -> None:
    tries = []

    def lose(times: int) -> Callable[[Work], str]:
        def act(work: Work) -> str:
            keep(work)
            tries.append(1)
            if len(tries) <= times:
                raise ConcurrentChange
            return "done"

        return act

    assert database.run(lose(2)) == "done"
    assert len(tries) == 3
    tries.clear()
    with pytest.raises(ConcurrentChange):
        database.run(lose(3))
    assert len(tries) == 3


def test_the_clock_is_that_of_the_world_and_aware(database: Database) -> None:
    now = database.now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_an_address_of_another_kind_is_refused() -> None:
    for url in ("mysql://host/db", "sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="数据库地址"):
            Database(url)


def test_a_bug_is_not_taken_for_an_outage(database: Database) -> None:
    no_such_case = NewReport(7, ReportKind.NEW, "wang", NOW, "路灯不亮")
    with pytest.raises(IntegrityError) as caught, database.work() as work:
        work.cases.add_report(no_such_case)
    assert "路灯" not in str(caught.value)


@pytest.mark.parametrize("kind", ["inbox", "outbox", "timers"])
def test_a_commit_that_leaves_something_to_do_rings_the_bell(database: Database, kind: str) -> None:
    acts: dict[str, Callable[[Work], object]] = {
        "inbox": keep,
        "outbox": lambda work: work.outbox.put(message("a")),
        "timers": lambda work: work.timers.set(timer()),
    }
    heard_it = threading.Event()
    database.wake.subscribe(heard_it.set)
    database.run(acts[kind])
    assert heard_it.is_set()
    assert database.wake.wait(0)
    assert not database.wake.wait(0)


def test_nothing_rings_for_a_look_or_a_rollback(database: Database) -> None:
    def keep_and_fail(work: Work) -> None:
        keep(work)
        raise KeyError

    with pytest.raises(KeyError):
        database.run(keep_and_fail)
    database.run(lambda work: work.inbox.waiting_count())
    assert not database.wake.wait(0)


def test_a_file_locked_by_another_process_is_reported_in_time(sqlite_database: Database) -> None:
    with locked(sqlite_database):
        with (
            within(PATIENCE),
            pytest.raises(Unavailable),
            sqlite_database.callback_work() as work,
        ):
            keep(work)
        with within(PATIENCE), pytest.raises(Unavailable), sqlite_database.work() as work:
            keep(work)
        assert waiting(sqlite_database) == 0
    sqlite_database.run(keep)
    assert waiting(sqlite_database) == 1


def test_a_callback_does_not_wait_long_for_our_own_writer(sqlite_database: Database) -> None:
    def in_another_thread() -> None:
        with within(PATIENCE), pytest.raises(Unavailable), sqlite_database.callback_work() as work:
            keep(work)
        done.append(1)

    done: list[int] = []
    with sqlite_database.work():
        thread = threading.Thread(target=in_another_thread)
        thread.start()
        thread.join()
    assert done == [1]


def test_a_transaction_inside_a_transaction_is_a_mistake(sqlite_database: Database) -> None:
    with (
        sqlite_database.work(),
        pytest.raises(RuntimeError, match="inside a transaction"),
        sqlite_database.work(),
    ):
        pass
    sqlite_database.run(keep)


def test_a_file_that_cannot_be_opened_is_an_outage() -> None:
    nowhere = Database("sqlite:////nonexistent/folder/duban.db")
    with pytest.raises(Unavailable), nowhere.work():
        pass
    nowhere.close()


def test_sqlite_keeps_every_commit_and_checks_references(sqlite_database: Database) -> None:
    with sqlite_database._engine.connect() as connection:  # noqa: SLF001 -- what users cannot see
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 1000,
    }


def test_closing_gives_everything_back(database: Database) -> None:
    before = frozenset(threading.enumerate())
    other = Database(database.url, audit_key=AUDIT_KEY)
    other.listen()
    assert other.now() > NOW - timedelta(days=36500)
    other.close()
    assert frozenset(threading.enumerate()) <= before
