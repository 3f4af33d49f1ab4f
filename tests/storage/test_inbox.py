from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from storage.database import Database
from storage.inbox import InboxItem, InboxRecord
from storage.work import Work
from tests.storage.builders import NOW, SECOND, all_at_once, heard


class WontDoError(Exception):
    pass


def keep(database: Database, *records: InboxRecord) -> None:
    with database.callback_work() as work:
        work.inbox.keep(records)


def look(database: Database) -> InboxItem | None:
    with database.work() as work:
        return work.inbox.next_waiting()


def take(work: Work) -> tuple[str, str] | None:
    item = work.inbox.next_waiting()
    if item is None:
        return None
    work.inbox.done(item.id, "已处理", NOW)
    return item.sender, item.key


def test_messages_come_out_in_the_order_in_which_they_were_kept(database: Database) -> None:
    keep(database, heard("a"), heard("b", "li"))
    keep(database, heard("c"))
    assert [database.run(take) for _ in range(4)] == [
        ("wang", "a"),
        ("li", "b"),
        ("wang", "c"),
        None,
    ]


def test_a_message_is_kept_with_all_that_opens_it(database: Database) -> None:
    keep(database, heard("a"))
    item = look(database)
    assert item is not None
    assert item.envelope == b"sealed a"
    assert item.query == {"timestamp": "1763600400", "nonce": "n0nce", "signature": "5" * 40}
    assert (item.created_at, item.received_at) == (NOW, NOW)


def test_keeping_nothing_is_nothing(database: Database) -> None:
    keep(database)
    assert look(database) is None
    assert not database.wake.wait(0)


def test_the_same_callback_is_kept_once(database: Database) -> None:
    keep(database, heard("a"), heard("a", "somebody else"), heard("b"))
    keep(database, heard("a"), heard("b"))
    assert [database.run(take) for _ in range(3)] == [("wang", "a"), ("wang", "b"), None]


def test_a_callback_that_was_carried_out_does_not_come_back(database: Database) -> None:
    keep(database, heard("a"))
    database.run(take)
    keep(database, heard("a"))
    assert database.run(take) is None


def test_a_rollback_leaves_the_message_waiting(database: Database) -> None:
    keep(database, heard("a"))

    def take_and_fail(work: Work) -> None:
        assert take(work) == ("wang", "a")
        raise WontDoError

    with pytest.raises(WontDoError):
        database.run(take_and_fail)
    assert database.run(take) == ("wang", "a")


def test_what_was_carried_out_keeps_its_key_and_loses_its_envelope(database: Database) -> None:
    keep(database, heard("a"))
    database.run(take)
    with database.read() as work:
        assert work.inbox.has("a")
        assert not work.inbox.has("b")
        assert work.inbox.waiting_count() == 0
    with database.work() as work:
        assert not work.inbox.requeue(1)


@pytest.mark.parametrize("how", ["quarantine", "put_aside"])
def test_a_message_laid_by_blocks_nobody_and_can_be_let_in_again(
    database: Database, how: str
) -> None:
    keep(database, heard("a"), heard("b"))
    with database.work() as work:
        item = work.inbox.next_waiting()
        assert item is not None
        getattr(work.inbox, how)(item.id, "发送时间太早", NOW)
    assert database.run(take) == ("wang", "b")
    with database.work() as work:
        assert work.inbox.requeue(item.id)
    again = look(database)
    assert again is not None
    assert again.envelope == b"sealed a"


def test_failures_are_counted_although_the_work_is_rolled_back(database: Database) -> None:
    keep(database, heard("a"))
    item = look(database)
    assert item is not None
    assert [database.run(lambda work: work.inbox.failed_once(item.id)) for _ in range(3)] == [
        1,
        2,
        3,
    ]


def test_many_workers_take_each_message_once_and_each_senders_in_order(database: Database) -> None:
    keep(database, *(heard(f"{n:02}", sender=f"person {n % 5}") for n in range(60)))
    taken = all_at_once(database, 60, take)
    while (rest := database.run(take)) is not None:  # a worker may find all senders taken
        taken.append(rest)
    keys = [pair[1] for pair in taken if pair is not None]
    assert sorted(keys) == [f"{n:02}" for n in range(60)]


@pytest.mark.postgres
def test_while_one_message_is_carried_out_its_sender_waits_and_others_do_not(
    postgres_database: Database,
) -> None:
    keep(postgres_database, heard("a"), heard("b"), heard("c", "li"))
    with postgres_database.work() as first, postgres_database.work() as second:
        assert take(first) == ("wang", "a")
        assert take(second) == ("li", "c")
        assert second.inbox.next_waiting() is None


def test_only_what_was_done_before_the_moment_is_forgotten(database: Database) -> None:
    keep(database, heard("a"), heard("b", "li"))
    database.run(take)
    with database.work() as work:
        assert work.inbox.forget_before(NOW) == 0
        assert work.inbox.forget_before(NOW + SECOND) == 1
        assert not work.inbox.has("a")
        assert work.inbox.has("b")
        assert work.inbox.oldest_waiting() == NOW


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="timezone"), database.work() as work:
        work.inbox.forget_before(NOW.replace(tzinfo=None) - timedelta(days=30))


def test_b12_whoever_is_behind_comes_after_all_others(database: Database) -> None:
    keep(database, *(heard(f"m{nth}", "mo") for nth in range(5)), *(heard(n, n) for n in "azn"))

    def next_of(work: Work) -> str:
        item = work.inbox.next_waiting(["mo", "nn"])
        assert item is not None
        work.inbox.done(item.id, "已处理", NOW)
        return item.key

    assert sorted(database.run(next_of) for _ in range(3)) == ["a", "n", "z"]
    assert [database.run(next_of) for _ in range(5)] == ["m0", "m1", "m2", "m3", "m4"]
    assert database.run(take) is None
