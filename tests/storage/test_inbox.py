from datetime import UTC, datetime

from storage.database import Database
from storage.inbox import InboxRecord
from storage.states import Channel

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def heard(key: str, sender: str = "wang", envelope: bytes = b"sealed") -> InboxRecord:
    return InboxRecord(
        key=key,
        channel=Channel.APP,
        agent_id="1000002",
        sender=sender,
        created_at=NOW,
        received_at=NOW,
        envelope=envelope,
        timestamp="1763600400",
        nonce="n",
        signature="s",
    )


def keep(database: Database, *records: InboxRecord) -> None:
    with database.work() as work:
        work.inbox.keep(records)


def take(database: Database) -> str | None:
    with database.work() as work:
        item = work.inbox.next_waiting()
        if item is None:
            return None
        work.inbox.done(item.id, "ok", NOW)
        return item.key


def test_messages_come_out_in_the_order_in_which_they_were_kept(database: Database) -> None:
    keep(database, heard("a"), heard("b", "li"), heard("c"))
    assert [take(database) for _ in range(4)] == ["a", "b", "c", None]
