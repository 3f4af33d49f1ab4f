"""A callback answered 200 is durable, and a slow database neither loses nor reorders any."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.wecom.keeper import Keeper, NotKeptError
from bot.wecom.lifeboat import Lifeboat
from storage.database import Database
from storage.inbox import InboxRecord
from tests.bot.wecom.test_lifeboat import record
from tests.support.edge import Edge


@contextmanager
def locked(tmp_path: Path) -> Iterator[None]:
    """Another process holds the database's write lock."""
    other = sqlite3.connect(tmp_path / "duban.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def kept_keys(database: Database) -> list[str]:
    keys: list[str] = []
    with database.work() as work:
        while (item := work.inbox.next_waiting()) is not None:
            keys.append(item.key)
            work.inbox.done(item.id, "seen", item.received_at)
    return keys


def bring_home(edge: Edge) -> None:
    def keep(records: Sequence[InboxRecord]) -> None:
        with edge.database.work() as work:
            work.inbox.keep(records)

    edge.lifeboat.replay(keep)


def test_r3_a_locked_database_sends_callbacks_to_the_lifeboat_in_time(
    edge: Edge, tmp_path: Path
) -> None:
    with locked(tmp_path):
        start = time.perf_counter()
        assert edge.say("first", message_id=1).status == 200
        assert time.perf_counter() - start < 3
    assert edge.lifeboat.state().records == 1
    assert kept_keys(edge.database) == []
    bring_home(edge)
    assert kept_keys(edge.database) == ["app:218:1"]


def test_r3_later_callbacks_of_a_sender_go_behind_his_earlier_ones(
    edge: Edge, tmp_path: Path
) -> None:
    with locked(tmp_path):
        assert edge.say("first", message_id=1).status == 200
    assert edge.say("second", message_id=2).status == 200  # the database answers again
    assert edge.say("of another", sender="li", message_id=3).status == 200
    assert kept_keys(edge.database) == ["app:218:3"]
    bring_home(edge)
    assert kept_keys(edge.database) == ["app:218:1", "app:218:2"]
    assert edge.say("third", message_id=4).status == 200
    assert kept_keys(edge.database) == ["app:218:4"]


def test_x06_under_load_nothing_is_lost_and_no_sender_is_out_of_order(
    edge: Edge, tmp_path: Path
) -> None:
    def speak(sender: str) -> list[int]:
        numbers = range(int(sender[1:]) * 100, int(sender[1:]) * 100 + 6)
        return [edge.say("x", sender=sender, message_id=number).status for number in numbers]

    with ThreadPoolExecutor(8) as pool:
        spoken = pool.map(speak, [f"u{number}" for number in range(1, 9)])
        with locked(tmp_path):
            threading.Event().wait(0.6)
        assert {status for statuses in spoken for status in statuses} == {200}
    bring_home(edge)
    numbers = [int(key.rpartition(":")[2]) for key in kept_keys(edge.database)]
    assert sorted(numbers) == [u * 100 + n for u in range(1, 9) for n in range(6)]
    for sender in range(1, 9):
        own = [number for number in numbers if number // 100 == sender]
        assert own == sorted(own)


def test_r3_a_replay_meets_the_row_of_a_commit_that_came_too_late(
    edge: Edge, tmp_path: Path
) -> None:
    with locked(tmp_path):
        assert edge.say("first", message_id=1).status == 200
    with edge.database.work() as work:
        work.inbox.keep([record(0)])
    bring_home(edge)
    with locked(tmp_path):
        assert edge.say("first", message_id=1).status == 200
    bring_home(edge)
    assert kept_keys(edge.database) == ["app:1:0", "app:218:1"]


def test_r3_503_only_when_neither_takes_it(sqlite_database: Database, tmp_path: Path) -> None:
    boat = Lifeboat(tmp_path / "full", max_size=10)
    keeper = Keeper(sqlite_database, boat)
    keeper.start()

    async def keep_one() -> None:
        await keeper.keep(record(1))

    with locked(tmp_path), pytest.raises(NotKeptError):
        asyncio.run(keep_one())
    asyncio.run(keep_one())
    assert kept_keys(sqlite_database) == ["app:1:1"]
    keeper.stop()


def test_r3_503_is_what_the_caller_sees(edge: Edge, tmp_path: Path) -> None:
    edge.lifeboat._max_size = 10  # noqa: SLF001  a boat that was filled meanwhile
    with locked(tmp_path):
        assert edge.say("first").status == 503
    assert [turned.reason for turned in edge.tally.take()] == ["not kept"]
    assert edge.say("first").status == 200


class SlowDatabase:
    """Stands before a database whose commit takes as long as a test wants."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.goes_on = threading.Event()
        self.batches: list[int] = []

    @contextmanager
    def callback_work(self) -> Iterator["SlowDatabase"]:
        self.goes_on.wait(10)
        yield self

    @property
    def inbox(self) -> "SlowDatabase":
        return self

    def keep(self, records: Sequence[InboxRecord]) -> None:
        self.batches.append(len(records))
        with self.database.work() as work:
            work.inbox.keep(records)


class FailingDatabase(SlowDatabase):
    """One whose commit fails in the end."""

    def keep(self, records: Sequence[InboxRecord]) -> None:
        del records
        raise OSError


def test_many_waiting_callbacks_are_one_commit(sqlite_database: Database, tmp_path: Path) -> None:
    slow = SlowDatabase(sqlite_database)
    keeper = Keeper(slow, Lifeboat(tmp_path / "boat"))  # type: ignore[arg-type]
    keeper.start()

    async def keep_many() -> None:
        asyncio.get_running_loop().call_later(0.2, slow.goes_on.set)
        await asyncio.gather(*(keeper.keep(record(n, f"u{n}")) for n in range(50)))

    asyncio.run(keep_many())
    keeper.stop()
    assert sum(slow.batches) == 50
    assert len(slow.batches) <= 3
    assert len(kept_keys(sqlite_database)) == 50


def test_a_database_that_hangs_is_left_after_the_limit(
    sqlite_database: Database, tmp_path: Path
) -> None:
    slow, boat = SlowDatabase(sqlite_database), Lifeboat(tmp_path / "boat")
    keeper = Keeper(slow, boat, limit_seconds=0.2)  # type: ignore[arg-type]
    keeper.start()

    async def keep_two() -> None:
        await keeper.keep(record(1))
        await keeper.keep(record(2))

    asyncio.run(keep_two())
    assert boat.state().records == 2
    slow.goes_on.set()
    keeper.stop()
    assert kept_keys(sqlite_database) == ["app:1:1"]  # it was being written; the replay meets it


def test_x04_a_keeper_that_stops_keeps_what_waits(
    sqlite_database: Database, tmp_path: Path
) -> None:
    slow, boat = SlowDatabase(sqlite_database), Lifeboat(tmp_path / "boat")
    keeper = Keeper(slow, boat)  # type: ignore[arg-type]
    keeper.start()

    async def keep_two_while_stopping() -> None:
        loop = asyncio.get_running_loop()
        kept = [asyncio.ensure_future(keeper.keep(record(n, f"u{n}"))) for n in (1, 2)]
        await asyncio.to_thread(lambda: None)  # both are in the queue
        stopped = loop.run_in_executor(None, keeper.stop)
        slow.goes_on.set()
        await asyncio.gather(stopped, *kept)

    asyncio.run(keep_two_while_stopping())
    assert sorted(kept_keys(sqlite_database)) == ["app:1:1", "app:1:2"]


def test_a_failed_commit_takes_those_behind_it_along(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Whoever queues behind his own failed record must not overtake it."""
    slow, boat = FailingDatabase(sqlite_database), Lifeboat(tmp_path / "boat")
    keeper = Keeper(slow, boat)  # type: ignore[arg-type]
    keeper.start()

    async def keep_many() -> None:
        first = asyncio.ensure_future(keeper.keep(record(1)))
        await asyncio.to_thread(lambda: None)
        rest = [asyncio.ensure_future(keeper.keep(record(n))) for n in range(2, 6)]
        asyncio.get_running_loop().call_later(0.05, slow.goes_on.set)
        await asyncio.gather(first, *rest)

    asyncio.run(keep_many())
    keeper.stop()
    records: list[str] = []
    boat.replay(lambda found: records.extend(one.key for one in found))
    assert records == [f"app:1:{n}" for n in range(1, 6)]
