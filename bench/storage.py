"""How fast storage keeps, claims and looks: `python -m bench.storage [PostgreSQL URL]`."""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from storage.database import Database
from storage.failpoints import Step
from storage.inbox import InboxRecord
from storage.outbox import NewMessage
from storage.states import Channel, SubjectType
from storage.timers import NewTimer
from storage.work import Work

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: `per` units of work done in each call."""

    name: str
    per: int
    act: Callable[[int], None]


def record(key: str, sender: str) -> InboxRecord:
    return InboxRecord(
        key=key,
        channel=Channel.APP,
        agent_id="1000002",
        sender=sender,
        created_at=NOW,
        received_at=NOW,
        envelope=b"x" * 600,
        timestamp="1763600400",
        nonce="n0nce",
        signature="5" * 40,
    )


def message(key: str) -> NewMessage:
    return NewMessage(
        key=key,
        kind="notice",
        channel=Channel.APP,
        recipient="li",
        payload='{"content":"' + "路" * 100 + '"}',
        reason="交办通知",
        priority=4,
        next_at=NOW,
    )


def timer(n: int, leaves_at: datetime) -> NewTimer:
    return NewTimer(
        subject_type=SubjectType.CASE,
        subject_id=n,
        kind="签收",
        slot="D-1",
        addressee="holder",
        generation=1,
        due_at=leaves_at,
        leaves_at=leaves_at,
    )


class Bench:
    """The measures, on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.mark = ""

    def keep(self, count: int) -> Callable[[int], None]:
        def act(n: int) -> None:
            records = [record(f"{self.mark}{count}.{n}.{i}", f"p{i}") for i in range(count)]
            with self.database.callback_work() as work:
                work.inbox.keep(records)

        return act

    def carry_out(self, _n: int) -> None:
        with self.database.work(Step.ACT) as work:
            item = work.inbox.next_waiting()
            assert item is not None
            work.inbox.done(item.id, "ok", NOW)

    def put(self, n: int) -> None:
        with self.database.work() as work:
            for i in range(20):
                work.outbox.put(message(f"{self.mark}{n}.{i}"))

    def claim_and_mark(self, _n: int) -> None:
        with self.database.work(Step.CLAIM) as work:
            claims = work.outbox.claim(NOW, "bench")
        assert len(claims) == 20
        for claim in claims:
            with self.database.work(Step.MARK) as work:
                work.outbox.sent(claim, "m", NOW)

    def claim_nothing(self, _n: int) -> None:
        with self.database.work(Step.CLAIM) as work:
            assert work.outbox.claim(NOW, "bench") == []

    def claim_one(self, n: int) -> None:
        with self.database.work() as work:
            work.outbox.put(message(f"{self.mark}one.{n}"))
            (claim,) = work.outbox.claim(NOW, "bench", 1)
            work.outbox.sent(claim, "m", NOW)

    def look_idle(self, _n: int) -> None:
        with self.database.read() as work:
            assert work.timers.due(NOW - timedelta(days=1), 100) == []

    def audit(self, n: int) -> None:
        with self.database.work() as work:
            work.audit.append(
                actor="zhao",
                role="值班员",
                action="close",
                object_type="case",
                object_id=str(n),
                result="done",
                details={"version": n},
                now=NOW,
            )

    def verify(self, _n: int) -> None:
        with self.database.read() as work:
            assert work.audit.verify() is None

    def measures(self) -> list[tuple[Measure, int]]:
        return [
            (Measure("keep 1", 1, self.keep(1)), 100),
            (Measure("keep 100", 100, self.keep(100)), 20),
            (Measure("next_waiting + done", 1, self.carry_out), 200),
            (Measure("put 20", 20, self.put), 10),
            (Measure("claim 20 + 20 marks", 20, self.claim_and_mark), 10),
            (Measure("claim, nothing due", 1, self.claim_nothing), 200),
            (Measure("put + claim + mark of 1", 1, self.claim_one), 100),
            (Measure("due, nothing due", 1, self.look_idle), 200),
            (Measure("audit row", 1, self.audit), 100),
        ]


def micros(measure: Measure, times: int, first: int) -> float:
    started = time.perf_counter()
    for n in range(first, first + times):
        measure.act(n)
    return (time.perf_counter() - started) / times / measure.per * 1e6


def pending(database: Database, count: int) -> None:
    """Add timers of the far future: what waits must not slow what is due."""

    def add(work: Work, first: int) -> None:
        work.timers.set_all(
            [timer(n, NOW + timedelta(days=30)) for n in range(first, first + 1000)]
        )

    for first in range(0, count, 1000):
        with database.work() as work:
            add(work, first)


def run(name: str, database: Database) -> None:
    database.upgrade()
    bench = Bench(database)
    pending(database, 10_000)
    stamp = time.monotonic_ns()
    figures: dict[str, list[float]] = {}
    for nth in range(ROUNDS):
        bench.mark = f"{stamp}.{nth}."
        for measure, times in bench.measures():
            figures.setdefault(measure.name, []).append(micros(measure, times, nth * times))
    for what, values in figures.items():
        middle = median(values)
        print(f"{name:10} {what:26} {middle:9.1f} µs each {1e6 / middle:10.0f}/s")
    started = time.perf_counter()
    bench.verify(0)
    rows = ROUNDS * 100
    print(
        f"{name:10} {'audit verify':26} {(time.perf_counter() - started) / rows * 1e6:9.1f} µs each"
    )
    database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run("sqlite", Database(f"sqlite:///{folder}/bench.db", audit_key=b"bench"))
    if len(sys.argv) > 1:
        run("postgres", Database(sys.argv[1], audit_key=b"bench"))
