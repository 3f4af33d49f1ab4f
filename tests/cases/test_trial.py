"""During a trial all that leaves says so, within the platform's limits."""

import json
from datetime import UTC, datetime

import pytest

from cases.cards import Button, Card, app_card, card_update
from cases.messages import RobotChat
from cases.payload import TEXT_BYTES, app_file, app_text, chat_text, robot_markdown, robot_text
from cases.robot_payload import answer, file, welcome
from cases.trial import MARK, marked

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CHAT = RobotChat("wang", is_group=False, asker="wang")
CARD = Card("【交办】007", buttons=(Button("收到", "k"),))


@pytest.mark.parametrize(
    "payload",
    [
        app_text(1, "wang", "登记为 007", key="k"),
        robot_text("登记为 007", ("wang",)),
        robot_markdown("登记为 007"),
        chat_text("c", "登记为 007"),
        answer(CHAT, "登记为 007", key="k", heard_at=NOW, otherwise=""),
        welcome(CHAT, "登记为 007", key="k", heard_at=NOW),
    ],
)
def test_the_mark_stands_in_front_of_the_words_once(payload: str) -> None:
    once = marked(payload)
    assert f"{MARK}登记为 007" in once
    assert marked(once) == once


@pytest.mark.parametrize(
    "payload", [app_card(1, "w", CARD, key="k"), card_update(1, [], "c", CARD)]
)
def test_a_card_says_it_where_it_says_who_speaks(payload: str) -> None:
    assert "督办 · 试运行" in marked(payload)


@pytest.mark.parametrize(
    "payload",
    [
        app_file(1, "wang", ("a.docx", "专报.docx"), key="k"),
        file("wang", "专报.docx", "a.docx", key="k", otherwise=""),
        '{"msgid": "m1"}',
        '{"text": "just text"}',
        '{"text": {"content": 1}}',
        '{"template_card": {"main_title": {}}}',
        "[1]",
        "no json",
    ],
)
def test_what_has_no_words_leaves_as_it_is(payload: str) -> None:
    assert marked(payload) == payload


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_the_longest_message_still_fits(over: int) -> None:
    room = TEXT_BYTES - len(MARK.encode()) + over
    body = json.loads(marked(app_text(1, "wang", "a" * room, key="k")))
    content = body["text"]["content"]
    assert len(content.encode()) <= TEXT_BYTES
    assert content.endswith("…") is (over > 0)
