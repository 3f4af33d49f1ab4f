from dataclasses import replace
from datetime import timedelta

import pytest

from storage.clocks import Clock, NewDue
from storage.database import Database
from storage.outbox import LEASE, Claimed, NewMessage
from storage.states import Channel, OutboxState
from storage.work import Work
from tests.storage.builders import (
    NOW,
    SECOND,
    all_at_once,
    message,
    new_clock,
    open_case,
    reminder,
)

LATER = NOW + timedelta(minutes=5)


def put(database: Database, *messages: NewMessage) -> None:
    with database.work() as work:
        for each in messages:
            assert work.outbox.put(each)


def claim(database: Database, now: object = NOW, owner: str = "one") -> list[Claimed]:
    assert isinstance(now, type(NOW))
    with database.work() as work:
        return work.outbox.claim(now, owner)


def keys(claims: list[Claimed]) -> list[str]:
    return [each.key for each in claims]


def running(database: Database) -> Clock:
    with database.work() as work:
        return work.clocks.start(new_clock(open_case(work).id))


def test_the_same_cause_speaks_once(database: Database) -> None:
    put(database, message("a"))
    with database.work() as work:
        assert not work.outbox.put(message("a"))
    assert keys(claim(database)) == ["a"]


def test_a_claim_carries_what_was_put_byte_for_byte(database: Database) -> None:
    put(database, message("路灯"))
    (claimed,) = claim(database)
    assert claimed.payload == '{"content":"路灯"}'
    assert (claimed.mentions, claimed.attempt, claimed.epoch) == (("li",), 1, 1)
    assert (claimed.channel, claimed.recipient) == (Channel.APP, "li")


def test_the_urgent_leave_first_then_those_due_longest(database: Database) -> None:
    earlier = NOW - SECOND
    put(
        database,
        message("digest", priority=6, next_at=earlier),
        message("answer", priority=1),
        message("older answer", priority=1, next_at=earlier),
        message("click", priority=0),
    )
    assert keys(claim(database)) == ["click", "older answer", "answer", "digest"]


@pytest.mark.parametrize(
    ("ahead", "found"), [(SECOND, []), (timedelta(0), ["a"]), (-SECOND, ["a"])]
)
def test_nothing_leaves_before_its_moment(
    database: Database, ahead: timedelta, found: list[str]
) -> None:
    put(database, message("a", next_at=NOW + ahead))
    assert keys(claim(database)) == found


@pytest.mark.parametrize(("seconds", "found"), [(29, []), (30, []), (31, ["a"])])
def test_a_lost_claim_comes_back_after_its_lease(
    database: Database, seconds: int, found: list[str]
) -> None:
    put(database, message("a"))
    claim(database)
    again = claim(database, NOW + seconds * SECOND, owner="two")
    assert keys(again) == found
    assert [each.epoch for each in again] == [2 for _ in found]


def test_a_lease_is_measured_by_the_unshifted_clock(database: Database) -> None:
    put(database, message("a"))
    with database.work() as work:
        work.outbox.claim(NOW + timedelta(days=2), "one", clock=NOW)
    with database.work() as work:
        assert work.outbox.claim(NOW + timedelta(days=3), "two", clock=NOW + LEASE) == []
        assert keys(work.outbox.claim(NOW, "two", clock=NOW + LEASE + SECOND)) == ["a"]


def test_twenty_claimers_at_once_share_twenty_messages(database: Database) -> None:
    put(database, *(message(f"{n:02}") for n in range(20)))
    claims = all_at_once(database, 20, lambda work: work.outbox.claim(NOW, "me", limit=1))
    assert sorted(one.key for each in claims for one in each) == [f"{n:02}" for n in range(20)]
    assert all(len(each) == 1 for each in claims)


def test_whoever_was_overtaken_changes_nothing(database: Database) -> None:
    put(database, message("a"))
    (stale,) = claim(database, NOW, "one")
    (current,) = claim(database, NOW + LEASE + SECOND, "two")
    with database.work() as work:
        assert not work.outbox.sent(stale, "m-1", NOW)
        assert not work.outbox.refused(stale, 40003, "no such user", NOW, None)
        assert not work.outbox.unknown(stale, NOW, LATER)
        assert not work.outbox.release(stale)
        assert not work.outbox.drop(stale, "不再需要", NOW)
        assert work.outbox.still_wanted(current.id)
        assert work.outbox.sent(current, "m-2", NOW)
        assert not work.outbox.sent(current, "m-3", NOW)
        assert work.outbox.counts(NOW)[OutboxState.SENT] == 1


def test_a_refusal_waits_for_its_moment_and_then_is_tried_again(database: Database) -> None:
    put(database, message("a"))
    (first,) = claim(database)
    with database.work() as work:
        assert work.outbox.refused(first, 45009, "太快", NOW, LATER)
    assert claim(database, LATER - SECOND) == []
    (second,) = claim(database, LATER)
    assert (second.attempt, second.epoch, second.payload) == (2, 2, first.payload)


def test_a_final_refusal_is_a_dead_letter_until_somebody_revives_it(database: Database) -> None:
    put(database, message("a"), message("b"))
    first, second = claim(database)
    with database.work() as work:
        assert work.outbox.refused(first, 81013, "无此用户", NOW, None)
        assert work.outbox.unknown(second, NOW, None)
        dead = work.outbox.dead_letters()
        assert [(one.key, one.error, one.errcode) for one in dead] == [
            ("b", "没有明确答复", None),
            ("a", "无此用户", 81013),
        ]
    assert claim(database, LATER) == []
    with database.work() as work:
        assert work.outbox.revive(first.id, LATER)
        assert not work.outbox.revive(first.id, LATER)
    assert keys(claim(database, LATER)) == ["a"]


def test_only_an_attempt_in_doubt_makes_a_known_key_a_receipt(database: Database) -> None:
    put(database, *(message(key) for key in ("died", "in doubt", "refused", "given back")))
    by_key = {one.key: one for one in claim(database)}
    with database.work() as work:
        work.outbox.unknown(by_key["in doubt"], NOW, NOW)
        work.outbox.refused(by_key["refused"], 45009, "太快", NOW, NOW)
        work.outbox.release(by_key["given back"])
    again = claim(database, NOW + LEASE + SECOND)
    with database.work() as work:
        doubtful = {one.key for one in again if work.outbox.earlier_unknown(one.id, one.epoch)}
    assert doubtful == {"died", "in doubt"}


def test_a_first_attempt_has_none_before_it(database: Database) -> None:
    put(database, message("a"))
    (first,) = claim(database)
    with database.work() as work:
        assert not work.outbox.earlier_unknown(first.id, first.epoch)


def test_what_is_given_back_counts_as_no_attempt(database: Database) -> None:
    put(database, message("a"))
    (first,) = claim(database)
    with database.work() as work:
        assert work.outbox.release(first, LATER)
    assert claim(database, LATER - SECOND) == []
    (second,) = claim(database, LATER)
    assert (second.attempt, second.epoch) == (1, 2)


def test_a_message_of_no_clock_is_wanted_as_long_as_it_is_claimed(database: Database) -> None:
    put(database, message("a"))
    (claimed,) = claim(database)
    with database.work() as work:
        assert work.outbox.still_wanted(claimed.id)
        work.outbox.sent(claimed, "m-1", NOW)
        assert not work.outbox.still_wanted(claimed.id)


def settle(work: Work, clock: Clock) -> None:
    work.clocks.settle(clock.id, "li", NOW)


def move(work: Work, clock: Clock) -> None:
    work.clocks.move(clock.id, NewDue(LATER, "natural"), NOW)


@pytest.mark.parametrize("act", [settle, move])
def test_a_reminder_is_unwanted_once_its_clock_has_settled_or_moved(
    database: Database, act: object
) -> None:
    clock = running(database)
    put(database, reminder("on the wire", clock))
    (claimed,) = claim(database)
    with database.work() as work:
        assert work.outbox.still_wanted(claimed.id)
        assert callable(act)
        act(work, clock)
        assert not work.outbox.still_wanted(claimed.id)


def test_a_cancelled_message_is_never_claimed_again(database: Database) -> None:
    clock = running(database)
    put(database, reminder("waiting", clock))
    with database.work() as work:
        assert work.outbox.cancel_for_clock(clock.id, "已签收", NOW) == 1
        assert work.outbox.cancel_for_clock(clock.id, "已签收", NOW) == 0
    assert claim(database, NOW + timedelta(days=1)) == []


def test_a_sender_that_died_with_a_cancelled_message_leaves_nothing_behind(
    database: Database,
) -> None:
    clock = running(database)
    put(database, reminder("a", clock))
    claim(database)
    database.run(lambda work: settle(work, clock))
    assert claim(database, NOW + LEASE + SECOND) == []
    with database.read() as work:
        assert work.outbox.counts(NOW)[OutboxState.CANCELLED] == 1
        assert work.outbox.recalls() == []


def test_what_was_on_the_wire_when_its_clock_settled_is_called_back(database: Database) -> None:
    clock = running(database)
    put(database, reminder("app", clock), reminder("robot", clock, channel=Channel.ROBOT))
    claims = claim(database)
    with database.work() as work:
        settle(work, clock)
        assert work.outbox.recalls() == []
        for one in claims:
            assert work.outbox.sent(one, f"msgid of {one.key}", NOW)
        (recall,) = work.outbox.recalls()
        assert (recall.key, recall.msgid) == ("app", "msgid of app")
        work.outbox.recalled(recall.id, "已撤回")
        assert work.outbox.recalls() == []


@pytest.mark.parametrize("outcome", ["refused", "unknown", "released", "dropped"])
def test_what_was_cancelled_on_the_wire_and_did_not_leave_stays_cancelled(
    database: Database, outcome: str
) -> None:
    clock = running(database)
    put(database, reminder("a", clock))
    (claimed,) = claim(database)
    with database.work() as work:
        settle(work, clock)
        acts = {
            "refused": lambda: work.outbox.refused(claimed, -1, "忙", NOW, LATER),
            "unknown": lambda: work.outbox.unknown(claimed, NOW, LATER),
            "released": lambda: work.outbox.release(claimed),
            "dropped": lambda: work.outbox.drop(claimed, "不再需要", NOW),
        }
        assert not acts[outcome]()
        assert work.outbox.counts(NOW)[OutboxState.CANCELLED] == 1
        assert work.outbox.recalls() == []


@pytest.mark.parametrize(("ago", "recalled"), [(4, 1), (5, 0), (6, 0)])
def test_what_left_within_five_seconds_is_called_back(
    database: Database, ago: int, recalled: int
) -> None:
    clock = running(database)
    put(database, reminder("a", clock))
    (claimed,) = claim(database)
    with database.work() as work:
        assert work.outbox.sent(claimed, "m-1", NOW)
        work.clocks.settle(clock.id, "li", NOW + ago * SECOND)
        assert len(work.outbox.recalls()) == recalled


def test_closing_a_case_silences_its_clocks_and_lets_its_answers_leave(database: Database) -> None:
    clock = running(database)
    with database.work() as work:
        work.outbox.put(reminder("remind", clock))
        work.outbox.put(replace(message("answer"), case_id=clock.case_id))
        assert clock.case_id is not None
        assert work.outbox.cancel_for_case(clock.case_id, "已办结", NOW) == 1
    assert keys(claim(database)) == ["answer"]


def test_the_counts_show_all_that_waits_and_what_ended_lately(database: Database) -> None:
    put(database, message("old", next_at=NOW - timedelta(days=1)), message("new"))
    put(database, message("future", next_at=LATER))
    claims = claim(database)
    with database.work() as work:
        assert work.outbox.oldest_waiting(NOW) == NOW - timedelta(days=1)
        for one in claims:
            work.outbox.sent(one, None, NOW)
        counts = work.outbox.counts(NOW)
        assert (counts[OutboxState.SENT], counts[OutboxState.NEW]) == (1, 1)
        assert work.outbox.oldest_waiting(NOW) is None
        assert work.outbox.oldest_waiting(LATER) == LATER


@pytest.mark.parametrize(("answered", "states"), [(True, ["new"]), (False, ["cancelled"])])
def test_a_digest_that_may_have_been_seen_is_not_said_another_way(
    database: Database, *, answered: bool, states: list[str]
) -> None:
    clock = running(database)
    with database.work() as work:
        another = work.clocks.start(replace(new_clock(clock.case_id), step="首报"))
    both = (("done", clock), ("other", another))
    key = f"digest|li|{NOW.isoformat()}|1|2"
    put(database, *(replace(reminder(name, one), kind="remind-due") for name, one in both))
    with database.work() as work:
        ids = [one.id for one in work.records.reminders_since(NOW)]
        work.gathering.merge(ids, key, "并入汇总")
        work.outbox.put(replace(message(key), kind="digest"))
    (claimed,) = claim(database)
    with database.work() as work:
        if answered:
            assert work.outbox.refused(claimed, -1, "忙", NOW, LATER)
        else:
            assert work.outbox.unknown(claimed, NOW, LATER)
        work.clocks.settle(clock.id, "li", NOW)
        (other,) = [
            m
            for m in work.records.reminders_since(NOW)
            if m.clock_id != clock.id and m.kind != "digest"
        ]
        assert [other.state] == states
