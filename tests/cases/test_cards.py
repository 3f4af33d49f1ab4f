"""Cards: every field within its limit, cut on a character; number, level and deadline are kept."""

import json
import re
from dataclasses import replace

import pytest

from bot.sandbox.cards import check_card
from cases.cards import (
    BODY_BYTES,
    BUTTON_BYTES,
    DESC_BYTES,
    TITLE_BYTES,
    VALUE_BYTES,
    Button,
    Card,
    Row,
    app_card,
    card_update,
    face,
    robot_card,
    settled,
    task_id_of,
    task_of,
    template_card,
)
from cases.encoding import wecom_field
from tests.support.hostile import HOSTILE, LIVE

PAGE = "https://duban.example/case/YQ-20261120-007"
SIGN = (Button("签收", "1"), Button("退回", "2"))
TEXT = (
    "【交办】007《青禾路积水》二级\n主办: 市城管局\nhttps://weibo.com/1/R8\n时限: 签收 10:30 前\n"
    "回复「收到」即签收。"
)


def size(value: object) -> int:
    return len(str(value).encode())


def fields(built: dict[str, object]) -> list[tuple[str, str]]:
    """All texts of a card, by name."""
    found: list[tuple[str, str]] = []
    for name, value in built.items():
        if isinstance(value, str):
            found.append((name, value))
        elif isinstance(value, dict):
            found += fields(value)
        elif isinstance(value, list):
            found += [pair for one in value if isinstance(one, dict) for pair in fields(one)]
    return found


def title_of(built: dict[str, object]) -> dict[str, str]:
    head = built["main_title"]
    assert isinstance(head, dict)
    return head


def test_the_face_of_a_message_has_its_head_its_words_and_its_address() -> None:
    card, is_whole = face(TEXT, desc="请在 10:30 前签收", hint="回复数字也可: 1 = 签收")
    assert is_whole
    assert card.title == "【交办】007《青禾路积水》二级"
    assert card.rows == (Row("原文", "打开原文链接", "https://weibo.com/1/R8"),)
    assert "https" not in card.body
    built = template_card(replace(card, page=PAGE), "m-1")
    assert str(built["sub_title_text"]).endswith("\n回复数字也可: 1 = 签收")


@pytest.mark.parametrize(("more", "fits"), [(-1, True), (0, True), (1, False)])
def test_words_are_whole_up_to_the_last_byte_of_the_body(more: int, fits: bool) -> None:
    body = "a" * (BODY_BYTES - len("\n1 = x") + more)
    card, is_whole = face(f"t\n{body}", hint="1 = x")
    assert is_whole is fits
    shown = str(template_card(Card("t", body=body, hint="1 = x", page=PAGE))["sub_title_text"])
    assert size(shown) <= BODY_BYTES
    assert shown.endswith("\n1 = x")
    assert card.title == "t"


def test_what_has_no_room_is_cut_between_lines_and_said_to_stand_above() -> None:
    lines = "\n".join(f"第{nth}行" + "长" * 30 for nth in range(9))
    shown = str(template_card(Card("t", body=lines, hint="1 = x", page=PAGE))["sub_title_text"])
    *kept, above, hint = shown.splitlines()
    assert (above, hint) == ("…全文见上一条", "1 = x")
    assert kept == lines.splitlines()[: len(kept)]
    assert len(kept) > 2
    one_line = template_card(Card("t", body="长" * 500, page=PAGE))["sub_title_text"]
    assert str(one_line).endswith("长…")


def test_a_long_title_is_cut_inside_and_stands_whole_in_the_body() -> None:
    title = f"【交办】007《{'长' * 40}》二级"
    card, is_whole = face(f"{title}\n要求: 核实")
    assert is_whole
    assert card.body.startswith(title)
    shown = title_of(template_card(Card(card.title, page=PAGE)))["title"]
    assert size(shown) <= TITLE_BYTES
    assert shown.startswith("【交办】007《长")
    assert shown.endswith("…》二级")


def test_a_title_without_marks_is_cut_at_its_end() -> None:
    assert title_of(template_card(Card("a" * 200, page=PAGE)))["title"].endswith("a…")


def test_a_card_with_buttons_has_at_most_two_and_the_rest_opens_the_page() -> None:
    three = (*SIGN, Button("转办", "3"))
    built = template_card(Card("t", buttons=three, page=PAGE), "m-1")
    assert built["card_type"] == "button_interaction"
    assert built["button_list"] == [
        {"text": "签收", "key": "1", "style": 1},
        {"text": "退回", "key": "2", "style": 2},
    ]
    assert built["card_action"] == {"type": 1, "url": PAGE}
    check_card(built)


def test_without_a_page_nothing_is_opened() -> None:
    built = template_card(Card("t", buttons=SIGN), "m-1")
    assert "card_action" not in built
    assert "jump_list" not in built
    check_card(built)


def test_a_notice_opens_the_page_and_without_one_there_is_no_card() -> None:
    built = template_card(Card("t", page=PAGE, menu=(Button("查进度", "status"),)), "m-1")
    assert built["card_type"] == "text_notice"
    assert built["jump_list"] == [{"type": 1, "url": PAGE, "title": "打开案件页"}]
    check_card(built)
    with pytest.raises(ValueError, match="page"):
        template_card(Card("t"))


def test_a_settled_card_says_by_whom_and_has_nothing_to_press() -> None:
    body = "要求: 核实\n回复「收到」即签收。"
    card = Card("t", "请在 10:30 前签收", body, hint="1", buttons=SIGN)
    done = settled(card, "已签收", "由刘洋")
    assert done.body == "要求: 核实"
    built = json.loads(card_update(1000002, ["liuyang"], "code", done))
    card = built.pop("template_card")
    assert built == {"userids": ["liuyang"], "agentid": 1000002, "response_code": "code"}
    assert card["replace_text"] == "已签收"
    assert card["main_title"]["desc"] == "由刘洋"
    check_card(card, update=True)


def test_a_robots_card_is_a_notice_without_buttons() -> None:
    built = json.loads(robot_card(Card("t", buttons=SIGN, page=PAGE, done="已签收")))
    assert built["template_card"]["card_type"] == "text_notice"
    assert "replace_text" not in built["template_card"]


def test_a_task_id_is_of_the_platforms_letters_and_always_the_same() -> None:
    made = task_id_of("case|7|assign|1.0|liuyang|0")
    assert re.fullmatch(r"[0-9A-Za-z_@-]{1,128}", made)
    assert made == task_id_of("case|7|assign|1.0|liuyang|0")
    assert made != task_id_of("case|7|assign|1.1|liuyang|0")
    sent = json.loads(app_card(1000002, "liuyang", Card("t", buttons=SIGN), key="k"))
    assert sent["template_card"]["task_id"] == task_id_of("k")
    assert sent["touser"] == "liuyang"
    assert task_of(json.dumps(sent)) == task_id_of("k")
    assert task_of('{"msgtype":"text","text":{"content":"x"}}') == ""


def test_an_address_that_is_none_is_not_opened() -> None:
    for url in ("javascript:alert(1)", "https://x/ y", "https://x/" + "长" * 1000, ""):
        built = template_card(Card("t", rows=(Row("原文", "打开", url),), page=PAGE))
        assert built["horizontal_content_list"] == [{"keyname": "原文", "value": "打开"}]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_inert_and_fit_in_each_field_of_a_card(hostile: str) -> None:
    words = wecom_field(hostile)
    card = Card(
        f"【交办】007《{words}》二级",
        f"请在 10:30 前签收 {words}",
        f"要求: {words}",
        f"1 = {words}",
        (Row(words or "名", words, ""), *[Row("来源", words)] * 8),
        (Button(words or "签收", "1"), Button("退回", "2")),
        (Button(words or "查进度", "status"),),
        PAGE,
        words or "已签收",
    )
    built = template_card(card, "m-1")
    check_card(built)
    assert title_of(built)["title"].startswith("【交办】007《")
    assert title_of(built)["desc"].startswith("请在 10:30 前签收")
    limits = {"title": TITLE_BYTES, "sub_title_text": BODY_BYTES, "value": VALUE_BYTES}
    limits |= {"text": BUTTON_BYTES, "replace_text": BUTTON_BYTES}
    for name, value in fields(built):
        if name in ("url", "card_type", "task_id"):
            continue
        limit = DESC_BYTES if name == "desc" else limits.get(name, 1024)
        assert size(value) <= limit, name
        assert not LIVE & set(value), (name, value)
        assert "://" not in value
    assert len(built["horizontal_content_list"]) == 6  # type: ignore[arg-type]
    json.dumps(built, ensure_ascii=False).encode()
