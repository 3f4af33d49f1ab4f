"""The lease of the robot's line and the people behind encrypted ids, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.database import Database
from storage.inbox import InboxRecord
from storage.outbox import OVERDUE
from storage.states import Channel
from tests.storage.builders import NOW, heard, message

LENGTH = timedelta(seconds=25)
TICK = timedelta(milliseconds=1)


def hold(database: Database, owner: str, after: timedelta) -> int | None:
    with database.work() as work:
        return work.leases.hold("line", owner, NOW + after, LENGTH)


@pytest.mark.parametrize(
    ("after", "epoch"),
    [(LENGTH - TICK, None), (LENGTH, None), (LENGTH + TICK, 2)],
    ids=["before", "exactly", "after"],
)
def test_a_lease_passes_on_once_it_has_ended(
    database: Database, after: timedelta, epoch: int | None
) -> None:
    assert hold(database, "one", timedelta()) == 1
    assert hold(database, "two", after) == epoch


def test_its_holder_keeps_it_and_its_epoch(database: Database) -> None:
    for seconds in (0, 10, 40):
        assert hold(database, "one", timedelta(seconds=seconds)) == 1
    assert hold(database, "two", timedelta(seconds=50)) is None


def test_what_is_given_up_is_free_at_once(database: Database) -> None:
    hold(database, "one", timedelta())
    with database.work() as work:
        work.leases.release("line", "two", NOW)  # not its own
    assert hold(database, "two", TICK) is None
    with database.work() as work:
        work.leases.release("line", "one", NOW)
    assert hold(database, "two", TICK) == 2


def test_an_id_is_wanted_once_and_known_once_answered(database: Database) -> None:
    with database.work() as work:
        assert work.robot_users.who("woA") is None
        work.robot_users.want("woA", NOW)
        work.robot_users.want("woA", NOW + LENGTH)
        assert work.wakes
    with database.work() as work:
        (wanted,) = work.robot_users.wanted(NOW)
        assert (wanted.open_id, wanted.userid, wanted.tries) == ("woA", None, 0)
        work.robot_users.later(["woA"], NOW + LENGTH)
    with database.work() as work:
        assert work.robot_users.wanted(NOW + LENGTH - TICK) == []
        (wanted,) = work.robot_users.wanted(NOW + LENGTH)
        assert wanted.tries == 1
        work.robot_users.answered("woA", "li", NOW)
    with database.read() as work:
        assert work.robot_users.wanted(NOW + LENGTH) == []
        found = work.robot_users.who("woA")
        assert found is not None
        assert (found.userid, found.asked_at) == ("li", NOW)
        assert work.robot_users.who("woa") is None  # case counts


def test_what_was_put_aside_for_a_question_waits_again_in_order(database: Database) -> None:
    records = [record(n, "woA") for n in range(2)] + [record(2, "woB")]
    with database.work() as work:
        work.inbox.keep(records)
        for _ in records:
            item = work.inbox.next_waiting()
            assert item is not None
            work.inbox.put_aside(item.id, "asked" if item.key != "k1" else "broken", NOW)
    with database.work() as work:
        work.inbox.requeue_asked("woA", "asked")
        assert work.wakes
        item = work.inbox.next_waiting()
        assert item is not None
        assert (item.key, item.envelope) == ("k0", b"sealed")
        assert work.inbox.waiting_count() == 1


def record(number: int, sender: str) -> InboxRecord:
    return replace(heard(f"k{number}", sender), channel=Channel.AIBOT, envelope=b"sealed")


@pytest.mark.parametrize(("late", "count"), [(-TICK, 1), (timedelta(), 2), (TICK, 2)])
def test_what_another_replica_should_say_is_left_to_it_for_a_while(
    database: Database, late: timedelta, count: int
) -> None:
    mine = message("mine")
    with database.work() as work:
        work.outbox.put(mine)
        work.outbox.put(replace(mine, key="theirs", channel=Channel.AIBOT))
        at = mine.next_at + OVERDUE + late
        assert len(work.outbox.claim(at, "me", theirs=Channel.AIBOT)) == count


def test_a_message_said_another_way_is_no_dead_letter(database: Database) -> None:
    with database.work() as work:
        work.outbox.put(replace(message("a"), channel=Channel.AIBOT))
    with database.work() as work:
        (claim,) = work.outbox.claim(NOW, "me")
        assert work.outbox.replaced(claim, 60140, "改由应用私聊", NOW)
        assert not work.outbox.replaced(claim, 60140, "改由应用私聊", NOW)
        assert work.outbox.dead_letters() == []
