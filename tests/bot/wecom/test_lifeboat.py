"""What the lifeboat takes it gives back, in order, whatever happened to the file's end."""

import random
import resource
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.wecom.lifeboat import Lifeboat, LifeboatError
from storage.inbox import InboxRecord
from storage.states import Channel

NOW = datetime(2026, 11, 20, 2, 0, 0, 123456, tzinfo=UTC)


def record(number: int, sender: str = "wang") -> InboxRecord:
    return InboxRecord(
        key=f"app:1:{number}",
        channel=Channel.APP,
        agent_id="1",
        sender=sender,
        created_at=NOW - timedelta(seconds=1),
        received_at=NOW + timedelta(microseconds=number),
        envelope=b"\x00cipher" * 3,
        timestamp="1409659813",
        nonce="n",
        signature="0" * 40,
    )


class Inbox:
    """Remembers what came home."""

    def __init__(self) -> None:
        self.records: list[InboxRecord] = []
        self.refusals = 0

    def keep(self, records: Sequence[InboxRecord]) -> None:
        self.records += records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "boats" / "lifeboat"


def reopened(boat: Lifeboat, path: Path) -> Lifeboat:
    boat.close()
    return Lifeboat(path)


def test_records_come_back_whole_and_in_order(path: Path) -> None:
    boat, inbox = Lifeboat(path), Inbox()
    taken = [record(number) for number in range(7)]
    boat.take(taken[:3])
    boat.take(taken[3:])
    assert boat.replay(inbox.keep, batch=2) == 7
    assert inbox.records == taken
    assert path.stat().st_size == 0
    assert boat.replay(inbox.keep) == 0


def test_records_survive_the_process(path: Path) -> None:
    boat, inbox = Lifeboat(path), Inbox()
    boat.take([record(1), record(2, "li")])
    boat = reopened(boat, path)
    assert (boat.holds("wang"), boat.holds("li"), boat.holds("zhao")) == (True, True, False)
    boat.replay(inbox.keep)
    assert [kept.key for kept in inbox.records] == ["app:1:1", "app:1:2"]
    assert not boat.holds("wang")


def test_the_file_is_ours_alone(path: Path) -> None:
    boat = Lifeboat(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(LifeboatError, match="另一个进程"):
        Lifeboat(path)
    boat.close()
    Lifeboat(path).close()


def test_a_replay_that_fails_begins_again_where_it_failed(path: Path) -> None:
    boat, inbox = Lifeboat(path), Inbox()
    boat.take([record(number) for number in range(4)])

    def keep(records: Sequence[InboxRecord]) -> None:
        if records[0].key == "app:1:2" and not inbox.refusals:
            inbox.refusals = 1
            raise ConnectionError
        inbox.records += records

    with pytest.raises(ConnectionError):
        boat.replay(keep, batch=2)
    assert boat.holds("wang")
    assert boat.replay(keep, batch=2) == 2
    assert [kept.key for kept in inbox.records] == [f"app:1:{number}" for number in range(4)]


def test_what_is_taken_during_a_replay_comes_after_it(path: Path) -> None:
    boat, inbox = Lifeboat(path), Inbox()
    boat.take([record(1)])

    def keep(records: Sequence[InboxRecord]) -> None:
        if not inbox.records:
            boat.take([record(2)])
        inbox.keep(records)

    assert boat.replay(keep) == 2
    assert [kept.key for kept in inbox.records] == ["app:1:1", "app:1:2"]
    assert (path.stat().st_size, boat.holds("wang")) == (0, False)


def test_x38_a_tail_torn_at_any_byte_costs_only_the_torn_record(path: Path) -> None:
    boat = Lifeboat(path)
    boat.take([record(1)])
    first = path.stat().st_size
    boat.take([record(2)])
    boat.close()
    whole = path.read_bytes()
    for size in random.Random(7).sample(range(first, len(whole)), 40):  # noqa: S311
        path.write_bytes(whole[:size])
        boat = Lifeboat(path)
        inbox = Inbox()
        assert boat.replay(inbox.keep) == 1
        assert boat.state().damaged == ()
        boat.close()


@pytest.mark.parametrize("tail", [b"\x00" * 4096, b"\x00" * 5, b"\x00\x00\x01\x00"])
def test_x38_a_tail_of_zeros_is_torn(path: Path, tail: bytes) -> None:
    boat = Lifeboat(path)
    boat.take([record(1)])
    boat.close()
    path.write_bytes(path.read_bytes() + tail)
    boat, inbox = Lifeboat(path), Inbox()
    boat.take([record(2)])
    assert boat.replay(inbox.keep) == 2
    assert boat.state().damaged == ()
    boat.close()


def test_x38_a_last_record_that_does_not_add_up_is_torn(path: Path) -> None:
    boat = Lifeboat(path)
    boat.take([record(1), record(2)])
    boat.close()
    whole = bytearray(path.read_bytes())
    whole[-5] ^= 1
    path.write_bytes(whole)
    boat, inbox = Lifeboat(path), Inbox()
    assert boat.replay(inbox.keep) == 1
    boat.close()


def test_x38_damage_in_the_middle_is_set_aside_and_told(path: Path) -> None:
    boat = Lifeboat(path)
    boat.take([record(1)])
    first = path.stat().st_size
    boat.take([record(2), record(3)])
    boat.close()
    whole = bytearray(path.read_bytes())
    whole[first + 30] ^= 1
    path.write_bytes(whole)
    boat, inbox = Lifeboat(path), Inbox()
    assert boat.replay(inbox.keep) == 1
    (aside,) = boat.state().damaged
    assert Path(aside).read_bytes() == bytes(whole[first:])
    boat.close()


def test_x38_a_foreign_file_is_set_aside_whole(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff" * 5000)
    boat = Lifeboat(path)
    (aside,) = boat.state().damaged
    assert Path(aside).read_bytes() == b"\xff" * 5000
    assert boat.state().records == 0
    boat.close()


def test_a_full_boat_takes_nothing_more_and_loses_nothing(path: Path) -> None:
    boat, inbox = Lifeboat(path, max_size=1000), Inbox()
    boat.take([record(1)])
    with pytest.raises(LifeboatError, match="已满"):
        boat.take([record(number) for number in range(2, 9)])
    boat.take([record(9)])
    assert boat.replay(inbox.keep) == 2
    assert [kept.key for kept in inbox.records] == ["app:1:1", "app:1:9"]


def test_half_a_boat_is_said_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    boat = Lifeboat(path, max_size=1000)
    taken = 0
    while boat.state().size * 2 <= 1000:
        assert "half full" not in caplog.text
        boat.take([record(taken)])
        taken += 1
    boat.take([record(99)])
    assert caplog.text.count("half full") == 1


def test_a_disk_that_fails_leaves_no_half_record(path: Path) -> None:
    boat, inbox = Lifeboat(path), Inbox()
    boat.take([record(1)])
    size = path.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, before[1]))
    try:
        with pytest.raises(LifeboatError, match="写不进去"):
            boat.take([record(2)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.stat().st_size == size
    boat.take([record(3)])
    boat.replay(inbox.keep)
    assert [kept.key for kept in inbox.records] == ["app:1:1", "app:1:3"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LifeboatError, match="不能使用"):
        Lifeboat(tmp_path / "file" / "lifeboat")
