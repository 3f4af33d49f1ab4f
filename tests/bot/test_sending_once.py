"""A repeat is recognised by the platform, or it is not made: the rules of R9."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.tenant import record_answer
from tests.support.outgoing import Desk, card, text
from tests.support.platform import errcode, page


@pytest.mark.parametrize(
    "payload",
    [
        "not json",
        "[]",
        '{"msgtype":"text","text":{}}',
        '{"msgtype":"markdown","enable_duplicate_check":1}',
        '{"msgtype":"template_card","template_card":{}}',
        '{"msgtype":"template_card"}',
    ],
)
def test_r9_what_could_not_be_repeated_safely_is_not_said_at_all(desk: Desk, payload: str) -> None:
    desk.put(replace(text("a"), payload=payload))
    desk.sender().send_waiting()
    assert desk.states() == {"a": "failed"}
    assert desk.wecom.asked == []


def test_r9_42014_after_a_kill_on_the_wire_is_the_receipt(desk: Desk) -> None:
    desk.put(card("a"))
    with desk.database.work() as work:
        assert work.outbox.claim(desk.clock(), "one that died")
    desk.clock.advance(seconds=31)
    desk.wecom.answers["message/send"] = [errcode(42014)]
    desk.sender().send_waiting()
    assert desk.states() == {"a": "sent"}
    assert desk.wecom.count("message/send") == 1


def test_r9_42014_after_a_timeout_is_the_receipt(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [page(500), errcode(42014)]
    sender = desk.sender()
    sender.send_waiting()
    desk.clock.advance(seconds=5)
    sender.send_waiting()
    assert desk.states() == {"a": "sent"}


def task_ids(desk: Desk) -> list[str]:
    return [json.loads(body)["template_card"]["task_id"] for body in desk.wecom.bodies()]


def test_r9_42014_out_of_the_blue_is_a_wrong_key_and_leaves_under_another(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [errcode(42014)]
    desk.sender().send_waiting()
    assert desk.states() == {"a": "failed", "a/重发": "sent"}
    first, second = task_ids(desk)
    assert first == "m-1"
    assert second.startswith("m-")
    assert first != second
    assert desk.alarms() == ["outbox.task_id"]


def test_r9_42014_after_an_explicit_refusal_is_a_wrong_key(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [errcode(-1), errcode(42014)]
    sender = desk.sender()
    sender.send_waiting()
    desk.clock.advance(seconds=5)
    sender.send_waiting()
    assert desk.states() == {"a": "failed", "a/重发": "sent"}


def test_r9_three_refused_keys_are_enough(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [errcode(42014)] * 9
    desk.sender().send_waiting()
    assert list(desk.states().values()) == ["failed"] * 3
    assert len(set(task_ids(desk))) == 3
    assert "outbox.dead" in desk.alarms()


def test_v3_an_operator_may_not_trust_42014_and_then_sends_again(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [page(500), errcode(42014)]
    sender = desk.sender(trusts_task_ids=False)
    sender.send_waiting()
    desk.clock.advance(seconds=5)
    sender.send_waiting()
    assert desk.states() == {"a": "failed", "a/重发": "sent"}


@pytest.mark.parametrize(
    ("answer", "states"),
    [
        ("", {"a": "failed", "a/重发": "sent"}),
        ("no", {"a": "failed", "a/重发": "sent"}),
        ("yes", {"a": "sent"}),
    ],
)
def test_v3_until_the_tenant_has_answered_42014_is_no_receipt(
    desk: Desk, answer: str, states: dict[str, str]
) -> None:
    if answer:
        with desk.database.work() as work:
            record_answer(work, "V3", answer, desk.clock())
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [page(500), errcode(42014)]
    sender = desk.sender(trusts_task_ids=None)
    sender.send_waiting()
    desk.clock.advance(seconds=5)
    sender.send_waiting()
    assert desk.states() == states


def test_an_answer_to_no_question_is_refused(desk: Desk) -> None:
    with (
        desk.database.work() as work,
        pytest.raises(KeyError, match="没有问题 V99, 可记: V1、V2"),
    ):
        record_answer(work, "V99", "yes", desk.clock())


def test_r9_repeats_in_doubt_end_before_the_platform_forgets(desk: Desk) -> None:
    desk.put(text("a", interval=600))
    desk.wecom.answers["message/send"] = [page(500)] * 100
    started, last = desk.clock(), desk.clock()
    sender = desk.sender()
    for _ in range(400):
        before = desk.wecom.count("message/send")
        sender.send_waiting()
        if desk.wecom.count("message/send") > before:
            last = desk.clock()
        desk.clock.advance(seconds=5)
    assert desk.states() == {"a": "failed"}
    assert last - started < timedelta(seconds=600)
    assert desk.alarms() == ["outbox.dead"]
