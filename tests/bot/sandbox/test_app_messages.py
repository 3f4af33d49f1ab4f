"""message/send, recall and card updates over HTTP: what is answered, and what people see."""

from pathlib import Path

import pytest

from tests.bot.sandbox.playground import Json, Playground, playground

CARD: Json = {
    "card_type": "button_interaction",
    "main_title": {"title": "007 停水"},
    "task_id": "m-1",
    "button_list": [{"text": "签收", "style": 1, "key": "sign"}, {"text": "退回", "key": "back"}],
}


def _card(corp: Playground, touser: str = "lisi", **more: object) -> Json:
    return corp.send(touser, msgtype="template_card", template_card={**CARD, **more})


def test_a_text_reaches_its_reader_and_the_log_says_so(corp: Playground) -> None:
    answer = corp.send("LiSi", text={"content": "请看 https://example.com/a"})
    (message,) = corp.seen_by("lisi")
    assert (message["text"], message["msgid"]) == ("请看 https://example.com/a", answer["msgid"])
    (line,) = corp.log("message/send")
    assert line["visible"] is True
    assert line["touser"] == line["shown_to"] == ["lisi"]
    assert line["links"] == ["https://example.com/a"]
    assert line["key"] == line["body_sha"]
    assert (line["http"], line["errcode"], line["fault"], line["drop"]) == (200, 0, None, None)
    assert corp.seen_by("wangwu") == []


def test_numbers_may_be_strings_and_unknown_keys_are_ignored(corp: Playground) -> None:
    """Alertmanager's shape: agentid and safe as strings, an empty text beside markdown."""
    answer = corp.post(
        "message/send",
        {
            "touser": "lisi",
            "toparty": "",
            "totag": "",
            "agentid": "1000002",
            "safe": "0",
            "msgtype": "markdown",
            "text": {"content": ""},
            "markdown": {"content": "**警报**"},
        },
    )
    assert answer["errcode"] == 0


def test_members_that_cannot_be_reached_are_listed_lower_case(corp: Playground) -> None:
    answer = corp.send("NoBody|LISI|ZhaoLiu")
    assert answer["invaliduser"] == "nobody"
    assert answer["unlicenseduser"] == "zhaoliu"
    assert corp.log("message/send")[0]["shown_to"] == ["lisi"]


def test_everybody_is_everybody_with_a_licence(corp: Playground) -> None:
    answer = corp.send("@all")
    assert answer["unlicenseduser"] == "zhaoliu"
    assert corp.log("message/send")[0]["shown_to"] == ["lisi", "wangwu", "zhangsan"]


def test_a_department_is_its_members(corp: Playground) -> None:
    answer = corp.send("", toparty="3|99", totag="5")
    assert (answer["invalidparty"], answer["invalidtag"]) == ("99", "5")
    assert corp.log("message/send")[0]["shown_to"] == ["lisi", "wangwu"]


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"touser": ""}, 82001),
        ({"touser": "nobody|noone"}, 81013),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40032),
        ({"toparty": "|".join(str(n) for n in range(101))}, 82002),
        ({"totag": "|".join(str(n) for n in range(101))}, 82003),
        ({"agentid": None}, 41011),
        ({"agentid": 9}, 40056),
        ({"agentid": 1000003}, 301002),
        ({"msgtype": "fax"}, 40008),
        ({"msgtype": "markdown_v2", "markdown_v2": {"content": "x"}}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"text": "no object"}, 44004),
        ({"msgtype": "textcard", "textcard": {"description": "d", "url": "http://a"}}, 41016),
        ({"msgtype": "textcard", "textcard": {"title": "t", "url": "http://a"}}, 41033),
        ({"msgtype": "textcard", "textcard": {"title": "t", "description": "d"}}, 41010),
        (
            {"msgtype": "textcard", "textcard": {"title": "t", "description": "d", "url": "a.b"}},
            45034,
        ),
        ({"msgtype": "news", "news": {"articles": []}}, 45008),
        ({"msgtype": "news", "news": {"articles": [{"title": "t", "url": "http://a"}] * 9}}, 45008),
        ({"msgtype": "news", "news": {"articles": [{"url": "http://a"}]}}, 41016),
        ({"msgtype": "mpnews", "mpnews": {"articles": []}}, 45008),
        ({"msgtype": "mpnews", "mpnews": {"articles": [{"content": "c"}]}}, 41016),
        ({"msgtype": "mpnews", "mpnews": {"articles": [{"title": "c"}]}}, 44004),
        ({"msgtype": "mpnews", "mpnews": {"articles": [{"title": "c", "content": "c"}]}}, 40007),
        ({"msgtype": "file", "file": {"media_id": "none"}}, 40007),
    ],
)
def test_a_message_the_platform_refuses(city: Playground, change: Json, errcode: int) -> None:
    answer = city.send("lisi", **change) if "touser" not in change else city.send(**change)
    assert answer["errcode"] == errcode
    assert city.log("message/send")[-1]["visible"] is False


def test_no_json_and_no_object_are_refused(city: Playground) -> None:
    query = {"access_token": city.token()}
    for body in (b"{", b"[]", b"\xff"):
        answer = city.client.post("/cgi-bin/message/send", params=query, content=body)
        assert answer.json()["errcode"] == 47001


@pytest.mark.parametrize(("length", "shown"), [(2047, 2047), (2048, 2048), (2049, 2048)])
def test_a_text_is_cut_at_2048_bytes(city: Playground, length: int, shown: int) -> None:
    assert city.send(text={"content": "x" * length})["errcode"] == 0
    assert len(city.seen_by("lisi")[-1]["text"]) == shown


def test_a_text_is_cut_on_a_characters_border(city: Playground) -> None:
    assert city.send(text={"content": "好" * 683})["errcode"] == 0
    assert city.seen_by("lisi")[-1]["text"] == "好" * 682


@pytest.mark.parametrize(("length", "errcode"), [(2047, 0), (2048, 0), (2049, 40058)])
def test_markdown_too_long_is_refused(city: Playground, length: int, errcode: int) -> None:
    answer = city.send(msgtype="markdown", markdown={"content": "x" * length})
    assert answer["errcode"] == errcode


@pytest.mark.parametrize(("length", "errcode"), [(2047, 0), (2048, 0), (2049, 40039)])
def test_an_address_too_long_is_refused(city: Playground, length: int, errcode: int) -> None:
    url = "http://a/".ljust(length, "x")
    card = {"title": "题", "description": "<br>述", "url": url, "btntxt": "一二三四五"}
    assert city.send(msgtype="textcard", textcard=card)["errcode"] == errcode


def test_the_thirty_first_message_in_a_minute_is_dropped_without_a_word(corp: Playground) -> None:
    for number in range(29):
        corp.send("lisi", text={"content": f"第 {number} 条"})
    answers = [corp.send("lisi|wangwu", text={"content": words}) for words in "甲乙丙"]
    assert [one["errcode"] for one in answers] == [0, 0, 0]
    assert len(corp.seen_by("lisi")) == 30
    assert len(corp.seen_by("wangwu")) == 3
    lines = corp.log("message/send")[-3:]
    assert [one["drop"] for one in lines] == [None, "member_rate", "member_rate"]
    corp.advance(60)
    assert corp.send("lisi")["errcode"] == 0
    assert len(corp.seen_by("lisi")) == 31


def test_the_hour_has_its_own_limit(tmp_path: Path) -> None:
    with playground(tmp_path, limits={"member_per_hour": 2}) as corp:
        for _ in range(3):
            corp.send("lisi")
            corp.advance(61)
        assert [one["visible"] for one in corp.log("message/send")] == [True, True, False]
        corp.advance(3600)
        corp.send("lisi")
        assert corp.log("message/send")[-1]["visible"] is True


@pytest.mark.parametrize(("seconds", "seen"), [(1795, 1), (1801, 2)])
def test_the_same_json_is_shown_once_in_its_interval(
    corp: Playground, seconds: float, seen: int
) -> None:
    corp.send(enable_duplicate_check=1)
    corp.send(enable_duplicate_check=1)
    corp.advance(seconds)
    answer = corp.send(enable_duplicate_check=1)
    assert answer["errcode"] == 0
    assert len(corp.seen_by("lisi")) == seen
    first, second = corp.log("message/send")[:2]
    assert (first["visible"], second["visible"], second["drop"]) == (True, False, "duplicate")
    assert first["body_sha"] == second["body_sha"]


def test_without_the_check_or_with_another_text_both_are_shown(corp: Playground) -> None:
    corp.send()
    corp.send()
    corp.send(enable_duplicate_check=1)
    corp.send(enable_duplicate_check=1, text={"content": "别的"})
    assert len(corp.seen_by("lisi")) == 4


def test_the_interval_is_four_hours_at_most(corp: Playground) -> None:
    for step in (0, 14395, 10):
        corp.advance(step)
        corp.send(enable_duplicate_check=1, duplicate_check_interval=99999)
    assert [one["visible"] for one in corp.log("message/send")] == [True, False, True]


def test_a_card_comes_once_for_each_task(corp: Playground) -> None:
    first = _card(corp)
    assert first["response_code"]
    second = _card(corp)
    assert second["errcode"] == 42014
    assert len(corp.seen_by("lisi")) == 1
    lines = corp.log("message/send")
    assert [one["key"] for one in lines] == ["m-1", "m-1"]
    assert [one["visible"] for one in lines] == [True, False]


def test_a_refused_card_does_not_use_up_its_task(corp: Playground) -> None:
    assert _card(corp, "nobody")["errcode"] == 81013
    assert _card(corp)["errcode"] == 0


def test_a_card_that_cannot_call_back_gets_no_code(corp: Playground) -> None:
    card = {
        "card_type": "text_notice",
        "main_title": {"title": "通知"},
        "card_action": {"type": 1, "url": "https://example.com"},
    }
    answer = corp.send(msgtype="template_card", template_card=card)
    assert (answer["errcode"], "response_code" in answer) == (0, False)


def test_without_a_callback_address_no_card_may_call_back(tmp_path: Path) -> None:
    with playground(tmp_path, callback=False) as corp:
        assert _card(corp)["errcode"] == 43012


def _update(corp: Playground, code: str, **more: object) -> Json:
    plain = {"agentid": 1000002, "response_code": code, "userids": ["LISI"]}
    return corp.post("message/update_template_card", {**plain, **more})


DONE = {"replace_name": "已由李四签收"}


def test_a_code_updates_a_card_once(corp: Playground) -> None:
    code = _card(corp, "lisi|wangwu")["response_code"]
    assert _update(corp, code, button=DONE, userids=["lisi", "Ghost"]) == {
        "errcode": 0,
        "errmsg": "ok",
        "invaliduser": ["ghost"],
    }
    assert corp.seen_by("lisi")[0]["part"]["replace_text"] == "已由李四签收"
    assert "replace_text" not in corp.seen_by("wangwu")[0]["part"]
    assert _update(corp, code, button=DONE)["errcode"] == 60140


@pytest.mark.parametrize(("seconds", "errcode"), [(259190, 0), (259201, 60140)])
def test_a_code_lives_72_hours(corp: Playground, seconds: float, errcode: int) -> None:
    code = _card(corp)["response_code"]
    corp.advance(seconds)
    assert _update(corp, code, button=DONE)["errcode"] == errcode


def test_a_whole_card_can_take_the_place_of_another_for_all(corp: Playground) -> None:
    code = _card(corp, "lisi|wangwu")["response_code"]
    card = {
        "card_type": "text_notice",
        "main_title": {"title": "已签收"},
        "card_action": {"type": 1, "url": "https://example.com"},
    }
    assert _update(corp, code, atall=1, userids=[], template_card=card)["errcode"] == 0
    part = corp.seen_by("wangwu")[0]["part"]
    assert (part["main_title"]["title"], part["button_list"]) == ("已签收", None)
    assert part["task_id"] == "m-1"


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"response_code": "made-up", "button": DONE}, 60140),
        ({"userids": [], "button": DONE}, 82101),
        ({"userids": ["wangwu"], "button": DONE}, 82102),
        ({"partyids": [2], "userids": [], "button": DONE}, 82101),
        ({"agentid": 1000003, "button": DONE}, 301002),
        ({"button": {}}, 42017),
        ({"template_card": {"card_type": "fax"}}, 42031),
    ],
)
def test_an_update_the_platform_refuses(corp: Playground, change: Json, errcode: int) -> None:
    code = _card(corp)["response_code"]
    assert _update(corp, **{"code": code, **change})["errcode"] == errcode


def test_another_apps_code_is_refused(corp: Playground) -> None:
    code = _card(corp)["response_code"]
    token = corp.token("t" * 43)
    body = {"agentid": 1000003, "response_code": code, "userids": ["lisi"], "button": DONE}
    answer = corp.post("message/update_template_card", body, access_token=token)
    assert answer["errcode"] == 42015


@pytest.mark.parametrize(("seconds", "errcode"), [(86395, 0), (86401, 42052)])
def test_a_message_can_be_recalled_for_a_day(
    corp: Playground, seconds: float, errcode: int
) -> None:
    msgid = corp.send()["msgid"]
    corp.advance(seconds)
    assert corp.post("message/recall", {"msgid": msgid})["errcode"] == errcode
    assert corp.seen_by("lisi")[0]["recalled"] is (errcode == 0)


def test_an_unknown_message_cannot_be_recalled(corp: Playground) -> None:
    assert corp.post("message/recall", {"msgid": "made-up"})["errcode"] == 40058
