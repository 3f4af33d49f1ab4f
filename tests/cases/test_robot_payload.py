"""What a robot says is written once and read back whole; each way out says the same words."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.messages import RobotChat, RobotFile, media_id_of, robot_file_of
from cases.robot_payload import (
    ANSWER_BYTES,
    BadRobotMessageError,
    Spoken,
    answer,
    file,
    read,
    way_of_press,
    welcome,
    with_card,
)

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
GROUP = RobotChat("wrC", is_group=True, asker="woAbc", response_url="https://x.example/r")
ALONE = RobotChat("woAbc", is_group=False, asker="woAbc", req_id="r1")


def said(chat: RobotChat, text: str = "好") -> str:
    return answer(chat, text, key="k", heard_at=AT, otherwise='{"touser": "li"}')


@pytest.mark.parametrize("chat", [GROUP, ALONE])
def test_a_message_is_read_as_it_was_written(chat: RobotChat) -> None:
    message = read(said(chat))
    assert message.chat == chat
    assert read(message.render()) == message


def test_in_a_group_the_asker_is_called_and_alone_nobody_is() -> None:
    assert read(said(GROUP)).text == "<@woAbc> 好"
    assert read(said(ALONE)).text == "好"


def test_an_address_lives_an_hour_and_a_frame_a_day() -> None:
    assert read(said(GROUP)).ends_at == AT + timedelta(minutes=59, seconds=30)
    assert read(said(ALONE)).ends_at == AT + timedelta(hours=23, minutes=59)


@pytest.mark.parametrize(("length", "is_cut"), [(6825, False), (6826, False), (6827, True)])
def test_an_answer_fits_the_robots_limit(length: int, is_cut: bool) -> None:
    text = read(said(ALONE, "字" * length)).text
    assert len(text.encode()) <= ANSWER_BYTES
    assert text.endswith("查看）") == is_cut


def test_every_way_out_says_the_same_words() -> None:
    message = read(said(GROUP))
    assert json.loads(message.as_response()) == {
        "msgtype": "markdown",
        "markdown": {"content": "<@woAbc> 好"},
    }
    stream = {"id": message.number, "finish": True, "content": "<@woAbc> 好"}
    assert message.as_reply() == {"msgtype": "stream", "stream": stream}
    assert message.as_push() == {
        "chatid": "wrC",
        "chat_type": 2,
        "msgtype": "markdown",
        "markdown": {"content": "<@woAbc> 好"},
    }


def test_a_repeat_carries_the_same_number_and_another_message_another() -> None:
    again = answer(GROUP, "好", key="k", heard_at=AT, otherwise="")
    other = answer(GROUP, "好", key="k2", heard_at=AT, otherwise="")
    assert read(again).number == read(said(GROUP)).number
    assert read(other).number != read(again).number


def test_a_welcome_is_plain_text_within_five_seconds() -> None:
    message = read(welcome(ALONE, "您好", key="k", heard_at=AT))
    assert (message.spoken, message.ends_at) == (Spoken.WELCOME, AT + timedelta(seconds=5))
    assert message.as_reply() == {"msgtype": "text", "text": {"content": "您好"}}


def test_a_file_is_pushed_into_a_single_chat() -> None:
    message = read(file("li", "简报.docx", "a/b.docx", key="k", otherwise=""))
    assert (message.text, message.path) == ("简报.docx", "a/b.docx")
    pushed = {"chatid": "li", "chat_type": 1, "msgtype": "file", "file": {"media_id": "m"}}
    assert message.as_push("m") == pushed


@pytest.mark.parametrize("chat", [GROUP, ALONE])
def test_a_card_takes_the_place_of_the_words_on_every_way_out(chat: RobotChat) -> None:
    message = read(with_card(said(chat), {"task_id": "t"}))
    shown = {"msgtype": "template_card", "template_card": {"task_id": "t"}}
    assert json.loads(message.as_response()) == shown
    assert message.as_reply() == shown
    assert message.as_push() == shown | {
        "chatid": chat.chat_id,
        "chat_type": 2 if chat.is_group else 1,
    }
    assert message.otherwise == '{"touser": "li"}'


def test_a_press_lets_its_card_be_changed_for_five_seconds() -> None:
    message = read(with_card(way_of_press(ALONE, AT), {"task_id": "t"}))
    assert message.ends_at == AT + timedelta(seconds=5)
    assert message.otherwise == ""  # nothing is lost when it comes too late
    changed = {"response_type": "update_template_card", "template_card": {"task_id": "t"}}
    assert message.as_reply() == changed


@pytest.mark.parametrize(
    "payload", ["", "[]", "{}", said(GROUP).replace('"answer"', '"song"'), "null"]
)
def test_another_payload_is_refused(payload: str) -> None:
    with pytest.raises(BadRobotMessageError):
        read(payload)


@pytest.mark.parametrize("wrong", [{"text": 1}, {"card": 1}])
def test_a_field_of_another_type_is_refused(wrong: dict[str, int]) -> None:
    fields = json.loads(replace(read(said(GROUP))).render()) | wrong
    with pytest.raises(BadRobotMessageError):
        read(json.dumps(fields))


def test_what_was_written_before_there_were_cards_is_read() -> None:
    fields = json.loads(said(ALONE))
    del fields["card"]
    assert read(json.dumps(fields)) == read(said(ALONE))


def test_a_robots_file_is_told_from_the_apps_by_its_name() -> None:
    for file_ in (RobotFile("https://x.example/1:2", "k" * 43), RobotFile("https://x.example/")):
        assert robot_file_of(media_id_of(file_)) == file_
    assert robot_file_of("3a8f:robot") is None
