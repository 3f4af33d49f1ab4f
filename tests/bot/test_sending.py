"""What waits is said once, in order of urgency, within the limits, and settled behind a fence."""

import threading
from dataclasses import replace

import pytest

from bot.budgets import Budgets
from bot.gateway import Outcome, Sent
from bot.sending import TRUST_SECONDS
from tests.storage.builders import new_clock
from tests.support.outgoing import NOON, Desk, post, text
from tests.support.platform import errcode, page, silence


def test_a_message_is_said_once_and_marked(desk: Desk) -> None:
    desk.put(text("a"))
    sender = desk.sender()
    assert sender.send_waiting() == 1
    assert sender.send_waiting() == 0
    assert desk.said() == ["a"]
    assert desk.rows("SELECT state, msgid, attempts FROM outbox") == [("sent", "msg2", 1)]
    assert desk.rows("SELECT outcome FROM attempt") == [("ok",)]


def test_the_most_urgent_leaves_first(desk: Desk) -> None:
    desk.put(text("digest", priority=6), text("answer", priority=1), text("click", priority=0))
    desk.sender().send_waiting()
    assert desk.said() == ["click", "answer", "digest"]


@pytest.mark.parametrize("fault", [page(500), page(200, b"<html>"), silence], ids=range(3))
def test_x19_an_unknown_outcome_is_repeated_byte_for_byte(desk: Desk, fault: object) -> None:
    desk.put(text("a"))
    desk.wecom.answers["message/send"] = [fault]  # type: ignore[list-item]
    sender = desk.sender()
    sender.send_waiting()
    assert desk.states() == {"a": "retry"}
    assert sender.send_waiting() == 0
    desk.clock.advance(seconds=5)
    sender.send_waiting()
    first, second = desk.wecom.bodies()
    assert first == second
    assert desk.rows("SELECT outcome FROM attempt") == [("unknown",), ("ok",)]


def test_a_fault_in_our_own_code_stops_nobody_else(desk: Desk) -> None:
    class Broken:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            if "poison" in payload:
                raise ZeroDivisionError
            return desk.client.send(channel, recipient, payload)

    desk.put(text("poison"), text("b"))
    desk.sender(gateway=Broken()).send_waiting()
    assert desk.states() == {"poison": "retry", "b": "sent"}


def test_x29_a_mark_that_comes_after_the_lease_is_fenced(desk: Desk) -> None:
    """The first sender sleeps on the wire; the second takes over; the first wakes and marks."""
    desk.put(text("a"))
    other = desk.sender("two")

    class Sleeping:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            desk.clock.advance(seconds=31)
            assert other.send_waiting() == 1
            desk.client.send(channel, recipient, payload)
            return Sent("of the one who slept")

    desk.sender("one", gateway=Sleeping()).send_waiting()
    assert desk.rows("SELECT state, msgid, owner, epoch FROM outbox") == [
        ("sent", "msg2", "two", 2)
    ]
    assert desk.rows("SELECT epoch, outcome FROM attempt ORDER BY epoch") == [
        (1, None),
        (2, "ok"),
    ]


def test_r8_nothing_is_said_when_the_lease_is_near_its_end(desk: Desk) -> None:
    moments = iter([0.0, TRUST_SECONDS + 0.1, 0.0, TRUST_SECONDS])
    desk.monotonic = lambda: next(moments, 0.0)
    desk.put(text("a"))
    sender = desk.sender()
    sender.send_waiting()
    assert desk.said() == ["a"]  # given back unsaid the first time, said in the second lease
    assert desk.rows("SELECT epoch, attempts FROM outbox") == [(2, 1)]
    assert desk.rows("SELECT epoch FROM attempt") == [(2,)]


def test_x31_nothing_is_said_while_the_clock_has_gone_back_before_its_moment(desk: Desk) -> None:
    desk.put(replace(text("a"), next_at=NOON))
    asked = iter(range(9))

    def back_then_tell() -> float:
        if next(asked) == 1:  # after the claim
            desk.clock.advance(minutes=-20)
        return 0.0

    desk.monotonic = back_then_tell
    sender = desk.sender()
    sender.send_waiting()
    assert desk.said() == []
    assert desk.rows("SELECT state, attempts FROM outbox") == [("new", 0)]
    desk.clock.advance(minutes=20)
    sender.send_waiting()
    assert desk.said() == ["a"], desk.rows("SELECT * FROM outbox")


def test_h08_i3_a_reminder_whose_clock_settles_after_the_claim_is_not_said(desk: Desk) -> None:
    with desk.database.work() as work:
        clock = work.clocks.start(new_clock())
    reminder = replace(text("a"), clock_id=clock.id, generation=clock.generation)
    desk.put(reminder)
    asked = iter(range(9))

    def settle_then_tell() -> float:
        if next(asked) == 1:  # after the claim, before the guard
            with desk.database.work() as work:
                work.clocks.settle(clock.id, "li", NOON)
        return 0.0

    desk.monotonic = settle_then_tell
    desk.sender().send_waiting()
    assert desk.said() == []
    assert desk.states() == {"a": "cancelled"}


def test_r12_a_member_hears_25_messages_a_minute_and_no_more(desk: Desk) -> None:
    desk.put(*(text(f"{n:02}") for n in range(27)), text("other", to="wang"))
    sender = desk.sender()
    sender.send_waiting()
    assert len(desk.said()) == 26
    assert "other" in desk.said()
    assert sender.send_waiting() == 0
    desk.clock.advance(seconds=70)
    sender.send_waiting()
    assert len(desk.said()) == 28
    assert desk.rows("SELECT DISTINCT attempts FROM outbox") == [(1,)]


def test_r12_a_budget_that_is_empty_takes_nothing_from_the_others(desk: Desk) -> None:
    desk.put(text("a"), text("b"), text("c", to="wang"))
    desk.sender(budgets=Budgets(member_minute=1, app_minute=2)).send_waiting()
    assert sorted(desk.said()) == ["a", "c"]


def test_r12_a_robot_posts_18_times_a_minute(desk: Desk) -> None:
    desk.put(*(post(f"{n:02}") for n in range(20)), post("other", "住建群"))
    desk.sender().send_waiting()
    assert desk.wecom.count("webhook/send") == 19


def test_x25_a_configuration_fault_holds_the_channel_and_ends_by_itself(desk: Desk) -> None:
    desk.put(*(text(f"{n}", to=f"u{n}") for n in range(5)), post("robot"))
    desk.wecom.answers["message/send"] = [errcode(60020), errcode(60020)]
    sender = desk.sender()
    sender.send_waiting()
    assert desk.wecom.count("message/send") == 1
    assert desk.wecom.count("webhook/send") == 1  # another way out stays open
    assert desk.alarms() == ["outbox.held.app"]
    desk.clock.advance(seconds=60)
    sender.send_waiting()
    assert desk.wecom.count("message/send") == 2  # one probe
    desk.clock.advance(seconds=119)
    sender.send_waiting()
    assert desk.wecom.count("message/send") == 2  # the pause has doubled
    desk.clock.advance(seconds=1)
    sender.send_waiting()
    desk.clock.advance(seconds=120)
    sender.send_waiting()
    assert set(desk.states().values()) == {"sent"}
    assert desk.alarms() == []


def test_x22_a_limit_of_the_api_quiets_it_for_a_minute(desk: Desk) -> None:
    desk.put(*(text(f"{n}", to=f"u{n}") for n in range(5)))
    desk.wecom.answers["message/send"] = [errcode(45009)]
    sender = desk.sender()
    sender.send_waiting()
    assert shut(desk) == [("app", "limit")]
    desk.clock.advance(seconds=59)
    sender.send_waiting()
    assert desk.wecom.count("message/send") == 1
    for _ in range(3):
        desk.clock.advance(seconds=61)
        sender.send_waiting()
    assert set(desk.states().values()) == {"sent"}
    assert shut(desk) == []


def shut(desk: Desk) -> list[tuple[str, str]]:
    """The ways out that the pages call shut, and why."""
    with desk.database.read() as work:
        return [(one.lane, one.cause) for one in work.settings.shut_lanes()]


def test_faults_in_a_row_are_told_to_the_pages_until_something_leaves(desk: Desk) -> None:
    desk.put(*(post(f"{n}") for n in range(6)))
    desk.wecom.answers["webhook/send"] = [page(502)] * 5
    sender = desk.sender()
    sender.send_waiting()
    assert shut(desk) == [("robot:城管群", "faults")]
    desk.clock.advance(seconds=300)
    sender.send_waiting()
    assert shut(desk) == []


def test_x17_ten_minutes_of_http_500_end_with_each_message_once(desk: Desk) -> None:
    desk.put(*(text(f"{n:02}", to=f"u{n:02}") for n in range(30)))
    broken = [page(500)] * 10_000
    desk.wecom.answers["message/send"] = list(broken)
    sender = desk.sender()
    for _ in range(600):
        sender.send_waiting()
        desk.clock.advance(seconds=1)
    tried = desk.wecom.count("message/send")
    assert tried <= 5 + 600 / 10
    desk.wecom.answers["message/send"] = []
    for _ in range(120):
        sender.send_waiting()
        desk.clock.advance(seconds=10)
    assert set(desk.states().values()) == {"sent"}
    assert len(desk.said()) - tried == 30


def test_x20_a_busy_platform_is_asked_again_soon_and_then_ever_later(desk: Desk) -> None:
    desk.put(text("a"))
    desk.wecom.answers["message/send"] = [errcode(-1)] * 6
    sender, waits, waited = desk.sender(), [], 0
    while desk.states() != {"a": "sent"}:
        before = desk.wecom.count("message/send")
        sender.send_waiting()
        if desk.wecom.count("message/send") > before:
            waits.append(waited)
            waited = 0
        desk.clock.advance(seconds=1)
        waited += 1
    assert [round(wait / 5) * 5 for wait in waits[4:]] == [5, 15, 55]
    assert waits[:4] == sorted(waits[:4])
    assert max(waits[:4]) <= 10


@pytest.mark.parametrize("code", [81013, 40003, 60111])
def test_x24_a_recipient_who_cannot_be_reached_is_final_and_told_on(desk: Desk, code: int) -> None:
    desk.put(text("a"), text("b", to="wang"))
    desk.wecom.answers["message/send"] = [errcode(code)]
    sender = desk.sender()
    sender.send_waiting()
    desk.clock.advance(hours=5)
    sender.send_waiting()
    assert desk.states() == {"a": "failed", "b": "sent"}
    assert [userid for userid, _ in desk.undeliverable] == ["li"]
    assert desk.alarms() == ["outbox.dead"]


def test_x24_partial_failure_is_not_taken_for_success(desk: Desk) -> None:
    desk.put(text("a", to="WangLei"), text("b", to="li"))
    desk.wecom.answers["message/send"] = [
        {"errcode": 0, "invaliduser": "wanglei", "msgid": "m"},
        {"errcode": 0, "unlicenseduser": "li|zhao", "msgid": "n"},
    ]
    desk.sender().send_waiting()
    assert [userid for userid, _ in desk.undeliverable] == ["WangLei", "li"]
    assert desk.states() == {"a": "failed", "b": "failed"}  # nobody has it: not 已提交


def test_x25_a_malformed_message_is_a_dead_letter_and_the_others_leave(desk: Desk) -> None:
    desk.put(text("a"), text("b"))
    desk.wecom.answers["message/send"] = [errcode(40058)]
    desk.sender().send_waiting()
    assert desk.states() == {"a": "failed", "b": "sent"}
    assert desk.alarms() == ["outbox.dead"]
    with desk.database.read() as work:
        (letter,) = work.outbox.dead_letters()
    assert "40058" in (letter.error or "")


def test_r13_what_left_while_its_cause_ended_is_called_back(desk: Desk) -> None:
    with desk.database.work() as work:
        clock = work.clocks.start(new_clock())
    desk.put(replace(text("a"), clock_id=clock.id, generation=clock.generation))
    sender = desk.sender()
    sender.send_waiting()
    with desk.database.work() as work:
        work.clocks.settle(clock.id, "li", NOON)
    desk.wecom.answers["message/recall"] = [page(500)]
    sender.send_waiting()
    sender.send_waiting()
    sender.send_waiting()
    assert desk.wecom.bodies("message/recall") == [b'{"msgid": "msg2"}'] * 2


def test_the_most_urgent_recipient_is_served_first(desk: Desk) -> None:
    desk.put(text("later", to="a", priority=4), text("first", to="z", priority=1))
    desk.sender().send_waiting()
    assert desk.said() == ["first", "later"]


def test_one_slow_answer_holds_up_nobody_else_and_its_recipients_next_waits_behind_it(
    desk: Desk,
) -> None:
    on_the_wire, others_served, goes_on = (threading.Event() for _ in range(3))
    said: list[str] = []

    class Slow:
        def send(self, _channel: str, recipient: str, payload: str) -> Outcome:
            said.append(payload)
            if recipient == "slow":
                on_the_wire.set()
                goes_on.wait(5)
            else:
                others_served.set()
            return Sent("m")

    sender = desk.sender(gateway=Slow(), threads=4)
    sender.start()
    desk.put(text("one", to="slow"))
    assert on_the_wire.wait(5)
    desk.put(text("two", to="slow"), text("three", to="other"))
    assert others_served.wait(5)
    assert not any("two" in payload for payload in said)
    goes_on.set()
    desk.clock.advance(seconds=1)
    sender.stop()
    sender = desk.sender("two")
    sender.send_waiting()
    assert set(desk.states().values()) == {"sent"}


def test_answers_leave_when_the_bell_rings(desk: Desk) -> None:
    arrived = threading.Event()

    class Noticing:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            outcome = desk.client.send(channel, recipient, payload)
            arrived.set()
            return outcome

    sender = desk.sender(gateway=Noticing(), threads=4)
    sender.start()
    desk.put(text("a"))
    assert arrived.wait(5)
    sender.stop()
    assert desk.states() == {"a": "sent"}


def test_x04_a_sender_that_stops_gives_back_what_it_has_not_said(desk: Desk) -> None:
    class Stopping:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            outcome = desk.client.send(channel, recipient, payload)
            sender._loop._stopping.set()  # noqa: SLF001  the signal that arrives just now
            return outcome

    sender = desk.sender(gateway=Stopping())
    desk.put(text("a"), text("b"))
    sender.send_waiting()
    assert desk.states() == {"a": "sent", "b": "new"}
    assert desk.rows("SELECT count(*) FROM attempt") == [(1,)]
