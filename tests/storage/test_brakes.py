"""A brake holds what it names and nothing else, on both databases; released, it leaves once."""

from datetime import timedelta

import pytest

from cases.people import Person, Unit
from storage.brakes import Held
from storage.database import Database
from storage.outbox import NewMessage
from storage.states import BrakeScope, Channel, OutboxState
from tests.storage.builders import NOW, message

LATER = NOW + timedelta(minutes=5)
PLACES = {0: "click", 1: "answer", 2: "top", 3: "escalation", 4: "reminder", 5: "notice"}


@pytest.fixture
def waiting(database: Database) -> Database:
    """One message of each place for somebody of unit a, a post in its group, one for unit b."""
    with database.work() as work:
        for name in ("a", "b"):
            work.people.upsert_unit(Unit(name, f"{name}局", robot=f"{name}群"))
            work.people.upsert_person(Person(f"u{name}", name, frozenset(), unit_id=name))
        for place, name in PLACES.items():
            work.outbox.put(put(name, "ua", place))
        work.outbox.put(put("post", "a群", 5, channel=Channel.ROBOT))
        work.outbox.put(put("other", "ub", 4))
    return database


def put(key: str, to: str, place: int, channel: Channel = Channel.APP) -> NewMessage:
    made = message(key)
    return NewMessage(key, made.kind, channel, to, made.payload, made.reason, place, NOW)


def pull(database: Database, scope: BrakeScope, what: str = "") -> bool:
    with database.work() as work:
        return work.brakes.pull(scope, what, by="sun", reason="试", now=NOW)


def leaving(database: Database) -> set[str]:
    with database.work() as work:
        return {claim.key for claim in work.outbox.claim(LATER, "me")}


ALL = {*PLACES.values(), "post", "other"}
NOT_BY_CLOCK = ALL - {"escalation", "reminder", "other"}


@pytest.mark.parametrize(
    ("scope", "what", "leaves"),
    [
        (BrakeScope.ALL, "", {"click", "answer"}),
        (BrakeScope.VOLUME, "", {"click", "answer", "top"}),
        (BrakeScope.KIND, "4", ALL - {"reminder", "other"}),
        (BrakeScope.UNIT, "a", {"click", "answer", "other"}),
        (BrakeScope.UNIT, "b", ALL - {"other"}),
        (BrakeScope.RESTORED, (NOW - timedelta(seconds=1)).isoformat(), NOT_BY_CLOCK),
        (BrakeScope.RESTORED, NOW.isoformat(), set()),
    ],
)
def test_a_brake_holds_what_it_names(
    waiting: Database, scope: BrakeScope, what: str, leaves: set[str]
) -> None:
    assert pull(waiting, scope, what)
    assert not pull(waiting, scope, what)
    assert leaving(waiting) == leaves
    with waiting.work() as work:
        assert sum(held.count for held in work.brakes.held(LATER)) == len(ALL - leaves)


def test_what_is_held_does_not_count_as_waiting(waiting: Database) -> None:
    pull(waiting, BrakeScope.KIND, "4")
    leaving(waiting)
    with waiting.work() as work:
        for claim in work.outbox.claim(LATER + timedelta(minutes=1), "me", clock=LATER):
            raise AssertionError(claim)
        assert work.brakes.held(LATER) == [Held(4, 2, NOW)]


def test_what_was_claimed_before_is_held_before_it_is_said(waiting: Database) -> None:
    with waiting.work() as work:
        claims = {claim.key: claim for claim in work.outbox.claim(LATER, "me")}
    pull(waiting, BrakeScope.ALL)
    with waiting.read() as work:
        assert work.brakes.holds(claims["reminder"].id)
        assert not work.brakes.holds(claims["answer"].id)


def test_released_it_leaves_once_and_the_brake_is_gone(waiting: Database) -> None:
    pull(waiting, BrakeScope.ALL)
    leaving(waiting)
    with waiting.work() as work:
        (brake,) = work.brakes.release("sun", LATER)
        assert (brake.scope, brake.by) == (BrakeScope.ALL, "sun")
        assert work.wakes
    assert leaving(waiting) == ALL - {"click", "answer"}
    assert leaving(waiting) == set()
    assert pull(waiting, BrakeScope.ALL)


def test_without_a_brake_nothing_is_held_or_dropped(waiting: Database) -> None:
    with waiting.work() as work:
        assert work.brakes.held(LATER) == []
        assert work.brakes.drop("x", LATER) == 0
        assert work.brakes.release("sun", LATER) == ()
        assert not work.brakes.holds(1)


def test_the_newest_of_each_matter_may_be_spared(waiting: Database) -> None:
    with waiting.work() as work:
        for number in range(3):
            work.outbox.put(put(f"again {number}", "ub", 4))
    pull(waiting, BrakeScope.KIND, "4")
    with waiting.work() as work:
        assert work.brakes.drop("已有更新的一条", LATER, keep_latest=True) == 3
        work.brakes.release("sun", LATER)
    assert leaving(waiting) - {"reminder"} == ALL - {"reminder", "other"} | {"again 2"}


def test_what_is_dropped_says_why(waiting: Database) -> None:
    pull(waiting, BrakeScope.ALL)
    with waiting.work() as work:
        assert work.brakes.drop("作废", LATER) == len(ALL) - 2
        assert work.outbox.counts(NOW)[OutboxState.CANCELLED] == len(ALL) - 2
        assert work.outbox.oldest_waiting(LATER) == NOW  # the answers
    assert leaving(waiting) == {"click", "answer"}
