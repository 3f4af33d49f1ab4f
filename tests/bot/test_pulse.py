"""Timers ring when they are due, each in a transaction of its own; one that raises stops nobody."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from bot.health import build_health
from bot.pulse import Pulse, Shore
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from storage.database import Database
from storage.errors import ConcurrentChange, Unavailable
from storage.outbox import NewMessage
from storage.settings import LAST_BEAT
from storage.states import Channel
from storage.timers import DueTimer
from storage.work import Work
from tests.bot.wecom.test_lifeboat import record
from tests.storage.builders import NOW, timer
from tests.support.edge import Edge, Server, StandingClock


@dataclass(slots=True)
class Tower:
    """A pulse with what it looks after; its bell notes what rang."""

    database: Database
    shore: Shore
    clock: StandingClock
    rang: list[str] = field(default_factory=list)
    fault: Callable[[DueTimer], None] = lambda _: None

    def ring(self, work: Work, due: DueTimer, now: datetime) -> None:
        work.outbox.put(
            NewMessage(
                key=f"remind|{due.slot}",
                kind="remind",
                channel=Channel.APP,
                recipient="li",
                payload="{}",
                reason="提醒",
                priority=4,
                next_at=now,
            )
        )
        self.fault(due)
        self.rang.append(due.slot)
        work.timers.fired(due.id, now, "已提醒")

    def pulse(self, seconds: float = 1.0) -> Pulse:
        return Pulse(
            self.database, ring=self.ring, shore=self.shore, clock=self.clock, seconds=seconds
        )

    def set(self, *slots: str, leaves_at: datetime = NOW) -> None:
        with self.database.work() as work:
            for slot in slots:
                assert work.timers.set(timer(slot, leaves_at=leaves_at))

    def alarms(self) -> list[str]:
        with self.database.read() as work:
            return [alarm.kind for alarm in work.alarms.sounding()]


@pytest.fixture
def tower(sqlite_database: Database, tmp_path: Path) -> Iterator[Tower]:
    boat = Lifeboat(tmp_path / "boat")
    yield Tower(sqlite_database, Shore(boat, Tally()), StandingClock(NOW))
    boat.close()


@pytest.mark.parametrize(("seconds", "rings"), [(-1, 0), (0, 1), (1, 1)])
def test_a_timer_rings_at_its_moment_and_never_before(
    tower: Tower, seconds: int, rings: int
) -> None:
    tower.set("D-1")
    tower.clock.advance(seconds=seconds)
    assert tower.pulse().beat() == rings
    assert tower.rang == ["D-1"] * rings


def test_a_timer_rings_once(tower: Tower) -> None:
    tower.set("D-1")
    pulse = tower.pulse()
    assert [pulse.beat(), pulse.beat()] == [1, 0]


def test_all_that_is_due_rings_in_one_beat_the_longest_due_first(tower: Tower) -> None:
    tower.set(*(f"b{n:03}" for n in range(250)), leaves_at=NOW)
    tower.set("a", leaves_at=NOW - timedelta(hours=1))
    assert tower.pulse().beat() == 251
    assert tower.rang[0] == "a"
    assert len(set(tower.rang)) == 251


def test_x34_a_timer_that_raises_is_postponed_and_then_put_aside(tower: Tower) -> None:
    def poisoned(due: DueTimer) -> None:
        if due.slot == "poison":
            raise ZeroDivisionError

    tower.fault = poisoned
    tower.set("poison", "good")
    pulse = tower.pulse()
    pulse.beat()
    assert tower.rang == ["good"]
    for minutes in (1, 10):
        tower.clock.advance(minutes=minutes, seconds=-1)
        assert pulse.beat() == 0
        tower.clock.advance(seconds=1)
        assert pulse.beat() == 1
    assert tower.alarms() == ["timer.aside"]
    tower.clock.advance(days=1)
    assert pulse.beat() == 0
    with tower.database.read() as work:
        assert work.timers.pending_count() == 0
        assert sum(work.outbox.counts(NOW).values()) == 1  # nothing of the poisoned one remains


def test_one_that_raises_among_many_takes_none_of_them_with_it(tower: Tower) -> None:
    def poisoned(due: DueTimer) -> None:
        if due.slot == "07":
            raise ZeroDivisionError

    tower.fault = poisoned
    tower.set(*(f"{n:02}" for n in range(20)))
    tower.pulse().beat()
    with tower.database.read() as work:
        assert sum(work.outbox.counts(NOW).values()) == 19
        assert [due.slot for due in work.timers.due(NOW + timedelta(hours=1), 99)] == ["07"]


def test_a_lost_race_is_run_again_and_then_left_to_the_next_beat(tower: Tower) -> None:
    races = iter(range(4))

    def lose(_: DueTimer) -> None:
        if next(races, None) is not None:
            raise ConcurrentChange

    tower.fault = lose
    tower.set("D-1")
    pulse = tower.pulse()
    pulse.beat()
    assert tower.rang == []
    pulse.beat()
    assert tower.rang == ["D-1"]


def test_a_ring_that_settles_nothing_does_not_hang_the_beat(tower: Tower) -> None:
    tower.set("D-1")
    rang: list[int] = []

    def ring(_work: Work, due: DueTimer, _now: datetime) -> None:
        rang.append(due.id)

    pulse = Pulse(tower.database, ring=ring, shore=tower.shore, clock=tower.clock)
    assert pulse.beat() == 1
    assert len(rang) == 1


def test_a_timer_that_was_cancelled_meanwhile_does_not_ring(tower: Tower) -> None:
    tower.set("first", "second")

    def ring(work: Work, due: DueTimer, now: datetime) -> None:
        tower.rang.append(due.slot)
        work.timers.fired(due.id, now, "已提醒")
        for other in work.timers.due(now, 9):
            work.timers.skipped(other.id, now, "不再需要")

    Pulse(tower.database, ring=ring, shore=tower.shore, clock=tower.clock).beat()
    assert tower.rang == ["first"]


def test_r3_the_beat_brings_the_lifeboat_home_and_says_so(tower: Tower) -> None:
    tower.shore.lifeboat.take([record(1), record(2)])
    tower.pulse().beat()
    with tower.database.read() as work:
        assert work.inbox.waiting_count() == 2
    assert tower.alarms() == ["lifeboat.used"]
    assert tower.shore.lifeboat.state().size == 0


def test_x38_a_damaged_lifeboat_is_told(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "boat").write_bytes(b"\xff" * 5000)
    boat = Lifeboat(tmp_path / "boat")
    tower = Tower(sqlite_database, Shore(boat, Tally()), StandingClock(NOW))
    tower.pulse().beat()
    assert tower.alarms() == ["lifeboat.damaged"]
    boat.close()


def test_a01_refusals_are_audited_once_a_minute_and_reason(tower: Tower) -> None:
    pulse = tower.pulse()
    for _ in range(50):
        tower.shore.tally.refused("signature", "203.0.113.9")
    pulse.beat()
    for _ in range(50):
        tower.shore.tally.refused("signature", "203.0.113.9")
    tower.clock.advance(seconds=59)
    pulse.beat()
    assert audit_rows(tower) == 1
    tower.clock.advance(seconds=1)
    pulse.beat()
    assert audit_rows(tower) == 2


def audit_rows(tower: Tower) -> int:
    with tower.database.read() as work:
        assert work.audit.verify() is None
        head = work.audit.head()
    return head.seq if head else 0


def test_the_last_beat_is_noted_for_those_who_watch_from_elsewhere(tower: Tower) -> None:
    pulse = tower.pulse()
    pulse.beat()
    tower.clock.advance(seconds=9)
    pulse.beat()
    with tower.database.read() as work:
        assert work.settings.get(LAST_BEAT) == NOW.isoformat()
    tower.clock.advance(seconds=1)
    pulse.beat()
    with tower.database.read() as work:
        assert work.settings.get(LAST_BEAT) == tower.clock.now.isoformat()


def test_the_heart_beats_by_itself_and_stops_when_told(tower: Tower) -> None:
    rang = threading.Event()
    tower.fault = lambda _: rang.set()
    tower.set("D-1")
    pulse = tower.pulse(seconds=0.02)
    assert pulse.seconds_since_beat() is None
    pulse.start()
    assert rang.wait(5)
    pulse.stop()
    assert pulse.seconds_since_beat() is not None


class Absent:
    """A database that does not answer."""

    def read(self) -> None:
        raise Unavailable


def test_a_beat_without_database_is_no_beat(tower: Tower, caplog: pytest.LogCaptureFixture) -> None:
    pulse = Pulse(
        Absent(),  # type: ignore[arg-type]
        ring=tower.ring,
        shore=tower.shore,
        clock=tower.clock,
    )
    pulse._tick()  # noqa: SLF001  what the scheduler calls
    assert "does not answer" in caplog.text
    assert pulse.seconds_since_beat() is None


def pages(edge: Edge, server: Server, pulse: Pulse, database: Database) -> None:
    app = FastAPI()
    app.include_router(build_health(database, pulse=pulse, lifeboat=edge.lifeboat, within=0.3))
    server.app = app


def test_the_health_pages_say_how_it_is(edge: Edge, server: Server, tower: Tower) -> None:
    pulse = tower.pulse()
    pages(edge, server, pulse, edge.database)
    assert edge.request("GET", "/healthz").status == 200
    assert edge.request("GET", "/healthz/engine").status == 503
    pulse.beat()
    assert edge.request("GET", "/healthz/engine").status == 200
    threading.Event().wait(0.35)
    stopped = edge.request("GET", "/healthz/engine")
    assert (stopped.status, "计时已停" in stopped.body.decode()) == (503, True)
    ready = edge.request("GET", "/readyz")
    assert (ready.status, "待处理 0 条" in ready.body.decode()) == (200, True)


def test_r24_ready_means_the_database_or_the_lifeboat(
    edge: Edge, server: Server, tower: Tower
) -> None:
    pages(edge, server, tower.pulse(), Absent())  # type: ignore[arg-type]
    assert edge.request("GET", "/readyz").status == 200
    edge.lifeboat.take([record(1)])
    edge.lifeboat._max_size = edge.lifeboat.state().size  # noqa: SLF001  as good as full
    full = edge.request("GET", "/readyz")
    assert (full.status, "请立即处理" in full.body.decode()) == (503, True)


@pytest.mark.parametrize(("seconds", "told"), [(119, 0), (120, 0), (121, 1)])
def test_after_two_minutes_without_a_beat_the_outage_is_told_once(
    tower: Tower, seconds: int, told: int
) -> None:
    outages: list[tuple[datetime, datetime]] = []
    with tower.database.work() as work:
        work.settings.put(LAST_BEAT, NOW.isoformat())
    tower.clock.advance(seconds=seconds)
    pulse = Pulse(
        tower.database,
        ring=tower.ring,
        shore=tower.shore,
        clock=tower.clock,
        caught_up=lambda _work, since, now: outages.append((since, now)),
    )
    pulse.beat()
    tower.clock.advance(seconds=1)
    pulse.beat()
    assert outages == [(NOW, NOW + timedelta(seconds=seconds))] * told


def test_the_first_start_ever_is_no_outage(tower: Tower) -> None:
    outages: list[datetime] = []
    Pulse(
        tower.database,
        ring=tower.ring,
        shore=tower.shore,
        clock=tower.clock,
        caught_up=lambda _work, since, _now: outages.append(since),
    ).beat()
    assert outages == []


def test_a_verified_callback_is_noted_for_whoever_waits_for_it(tower: Tower) -> None:
    pulse = tower.pulse()
    pulse.beat()
    with tower.database.read() as work:
        assert work.settings.last_verified() is None
    tower.shore.tally.verified(NOW)
    pulse.beat()
    with tower.database.read() as work:
        assert work.settings.last_verified() == NOW
