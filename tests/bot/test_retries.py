"""Waits, windows, breakers and budgets at their borders."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.breakers import Breakers, Cause
from bot.budgets import Budgets
from bot.retries import fault_of, tries_in_doubt, wait_after, with_new_task_id
from storage.states import Channel

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 5), (2, 15), (3, 60), (4, 180), (5, 600), (6, 1800), (99, 1800)]
)
def test_waits_grow_from_five_seconds_to_half_an_hour(attempt: int, seconds: int) -> None:
    waits = {wait_after(attempt, f"key {n}").total_seconds() for n in range(200)}
    assert min(waits) >= seconds * 0.8
    assert max(waits) <= seconds
    assert len(waits) > 100  # rows of one outage do not come back together


def test_the_same_try_of_the_same_message_always_waits_the_same() -> None:
    assert wait_after(3, "a") == wait_after(3, "a")
    assert wait_after(3, "a") != wait_after(3, "b")


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 2), (2, 5), (3, 10), (4, 5), (5, 15)])
def test_a_busy_platform_is_tried_three_times_quickly(attempt: int, seconds: int) -> None:
    assert wait_after(attempt, "a", is_quick=True).total_seconds() == pytest.approx(
        seconds, rel=0.2
    )


@pytest.mark.parametrize("window", [260, 600, 861, 14_400])
def test_tries_in_doubt_are_over_before_the_window_closes(window: int) -> None:
    tries = tries_in_doubt(json.dumps({"msgtype": "text", "duplicate_check_interval": window}))
    longest = (5, 15, 60, 180, 600, *[1800] * 20)
    assert sum(longest[: tries - 1]) < window
    assert sum(longest[:tries]) >= window


def test_a_card_may_be_tried_for_long_and_a_webhook_for_four_hours() -> None:
    assert tries_in_doubt('{"msgtype":"template_card"}') > 20
    assert tries_in_doubt('{"msgtype":"text"}') == tries_in_doubt(
        '{"msgtype":"text","duplicate_check_interval":14400}'
    )


def test_webhooks_chats_updates_and_recalls_need_no_key_for_repeats() -> None:
    assert fault_of(Channel.ROBOT, '{"msgtype":"text"}') is None
    assert fault_of(Channel.APPCHAT, '{"msgtype":"text"}') is None
    assert fault_of(Channel.APP, '{"response_code":"c"}') is None
    assert fault_of(Channel.APP, '{"msgid":"m"}') is None


def test_a_new_task_id_is_derived_and_fits_the_platform() -> None:
    payload = json.dumps({"template_card": {"task_id": "m-1", "x": "督办"}})
    ids = [
        json.loads(with_new_task_id(payload, revision))["template_card"]["task_id"]
        for revision in (1, 1, 2)
    ]
    assert ids[0] == ids[1] != ids[2]
    assert len(ids[0]) == 42
    assert "督办" in with_new_task_id(payload, 1)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_four_faults_in_a_row_are_bad_luck_and_five_shut_the_lane() -> None:
    breakers = Breakers()
    for _ in range(4):
        breakers.fault("app", NOW)
    assert breakers.wait_until("app", NOW) is None
    breakers.fault("app", NOW)
    assert breakers.wait_until("app", NOW) == after(10)
    assert breakers.wait_until("robot:a", NOW) is None


def test_a_success_forgets_the_faults_before_it() -> None:
    breakers = Breakers()
    for _ in range(4):
        breakers.fault("app", NOW)
    breakers.succeeded("app")
    breakers.fault("app", NOW)
    assert not breakers.is_shut("app")


def test_after_a_pause_one_probe_goes_and_the_others_wait_for_it() -> None:
    breakers = Breakers()
    breakers.pause("app", NOW, Cause.LIMIT)
    assert breakers.wait_until("app", after(59.9)) == after(60)
    assert breakers.wait_until("app", after(60)) is None
    assert breakers.wait_until("app", after(60)) == after(120)
    breakers.not_tried("app", after(60))
    assert breakers.wait_until("app", after(60)) is None
    assert breakers.succeeded("app")
    assert breakers.wait_until("app", after(60)) is None


@pytest.mark.parametrize(
    ("cause", "pauses"),
    [
        (Cause.FAULTS, [10, 20, 40, 60, 60]),
        (Cause.LIMIT, [60, 120, 240, 480, 600]),
        (Cause.CONFIGURATION, [60, 120, 240, 480, 600]),
    ],
)
def test_pauses_double_up_to_a_limit(cause: Cause, pauses: list[int]) -> None:
    breakers = Breakers()
    assert [(breakers.pause("app", NOW, cause) - NOW).seconds for _ in pauses] == pauses


def test_a_longer_pause_that_the_platform_asks_for_is_kept() -> None:
    assert Breakers().pause("app", NOW, Cause.LIMIT, 3600) == after(3600)


def test_the_first_success_is_news_and_the_second_is_not() -> None:
    breakers = Breakers()
    assert [breakers.succeeded("app"), breakers.succeeded("app")] == [True, False]


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_has_budgets_in_the_order_of_their_keys(channel: Channel) -> None:
    budgets = Budgets().of(channel, "li")
    keys = [budget.key for budget in budgets]
    assert keys == sorted(keys)
    assert all(budget.limit > 0 for budget in budgets)
