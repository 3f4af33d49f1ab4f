"""Callbacks: what the service hears, how often, and what happens when it does not answer."""

import base64
import re
from pathlib import Path

import pytest
from wechatpy.enterprise import parse_message

from tests.bot.sandbox.playground import CORPID, Json, Playground, playground

APP = 1000002


def _say(corp: Playground, text: str = "你好", **more: object) -> Json:
    return corp.control("say", userid="zhangsan", agentid=APP, text=text, **more)


def test_a_text_is_heard_as_it_was_typed(corp: Playground) -> None:
    words = "  <a>&amp; ]]> \n👍 <![CDATA["
    done = _say(corp, words)
    assert (done["delivered"], done["status"]) == (True, 200)
    heard = corp.inbox.heard[-1]
    assert parse_message(heard).content in (words, words.strip())
    assert corp.inbox.last()["FromUserName"] == "ZhangSan"
    assert corp.inbox.last()["MsgId"] == done["msgid"] == done["key"]
    (line,) = corp.log(kind="callback")
    assert (line["key"], line["http"], line["try"]) == (done["msgid"], 200, 1)


@pytest.mark.parametrize(
    ("msgtype", "wanted"),
    [
        ("image", {"MediaId", "PicUrl"}),
        ("voice", {"MediaId", "Format"}),
        ("video", {"MediaId", "ThumbMediaId"}),
        ("location", {"Location_X", "Location_Y", "Scale", "Label", "AppType"}),
    ],
)
def test_each_kind_of_message_has_its_elements(
    corp: Playground, msgtype: str, wanted: set[str]
) -> None:
    _say(corp, msgtype=msgtype)
    assert wanted <= set(corp.inbox.last())
    assert parse_message(corp.inbox.heard[-1]).type == msgtype


def test_a_picture_can_be_fetched(corp: Playground) -> None:
    _say(corp, msgtype="image")
    query = {"access_token": corp.token(), "media_id": corp.inbox.last()["MediaId"]}
    answer = corp.client.get("/cgi-bin/media/get", params=query)
    assert answer.content.startswith(b"\x89PNG")


def test_a_forwarded_card_is_heard_as_a_link(corp: Playground) -> None:
    url = "https://example.com/?a=1&b=2"
    corp.control("forward", userid="zhangsan", agentid=APP, title="题", description="述", url=url)
    heard = parse_message(corp.inbox.heard[-1])
    assert (heard.type, heard.title, heard.description, heard.url) == ("link", "题", "述", url)


def test_a_message_is_written_in_many_ways(corp: Playground) -> None:
    for _ in range(24):
        _say(corp)
    orders = {tuple(re.findall(r"<([A-Z]\w+)>", heard)) for heard in corp.inbox.heard}
    looks = {("\n" in heard, "<![CDATA[你好" in heard) for heard in corp.inbox.heard}
    outsides = {body.index("Encrypt") < body.index("AgentID") for body in corp.inbox.bodies}
    assert min(len(orders), len(looks), len(outsides)) > 1


def test_what_is_not_answered_with_200_is_repeated_three_times(corp: Playground) -> None:
    corp.inbox.statuses = [500, 204, 403, 503, 200]
    done = _say(corp)
    assert (done["delivered"], done["status"], len(done["tries"])) == (False, 503, 4)
    assert len(set(corp.inbox.heard)) == 1  # MsgId, CreateTime and all stay
    assert len(set(corp.inbox.bodies)) == 4  # the envelope is new
    assert [one["try"] for one in corp.log(kind="callback")] == [1, 2, 3, 4]


def test_the_third_repeat_may_still_be_heard(corp: Playground) -> None:
    corp.inbox.statuses = [500, 500, 500]
    done = _say(corp)
    assert (done["delivered"], len(done["tries"])) == (True, 4)


def test_a_slow_answer_counts_as_none(tmp_path: Path) -> None:
    limits = {"callback_seconds": 0.05, "callback_tries": 2, "callback_pause": 0}
    with playground(tmp_path, limits=limits) as corp:
        corp.inbox.hold = 0.2
        done = _say(corp)
    assert (done["delivered"], done["status"], len(done["tries"])) == (False, None, 2)


def test_a_service_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with playground(tmp_path, callback=False) as corp:
        done = _say(corp)
    assert done["delivered"] is None
    assert "接收消息的地址" in done["note"]


def test_nobody_waits_when_told_not_to(corp: Playground) -> None:
    corp.inbox.hold = 0.1
    assert _say(corp, wait=False)["delivered"] is None
    lines = corp.client.get("/sandbox/log", params={"after": 0, "wait": 5}).json()["lines"]
    assert [one["kind"] for one in lines] == ["callback"]


def test_the_address_is_verified_as_the_console_does(corp: Playground) -> None:
    assert corp.control("verify") == {"ok": True, "why": ""}


@pytest.mark.parametrize(
    ("kind", "heard"), [("callback_lost", 0), ("callback_twice", 2), ("callback_late:0.05", 1)]
)
def test_a_callback_can_be_lost_doubled_or_late(corp: Playground, kind: str, heard: int) -> None:
    corp.fault(kind, match="zhangsan")
    assert _say(corp)["lost"] is (heard == 0)
    assert len(corp.inbox.heard) == heard


def test_a_late_callback_is_overtaken(corp: Playground) -> None:
    corp.fault("callback_late:0.2", match="callback")
    _say(corp, "先", wait=False)
    _say(corp, "后")
    while len(corp.inbox.heard) < 2:
        corp.client.get("/sandbox/log", params={"after": 10**9, "wait": 0.1})
    assert [parse_message(one).content for one in corp.inbox.heard] == ["后", "先"]


def test_a_vector_is_delivered_to_the_byte(corp: Playground) -> None:
    xml = "<xml><ToUserName>x</ToUserName></xml>"
    random = bytes(range(16)).hex()
    for _ in range(2):
        corp.control("callback_raw", agentid=APP, xml=xml, random=random, timestamp=1409659813)
    encrypted = {re.findall(r"<Encrypt><!\[CDATA\[(.*?)\]", one)[0] for one in corp.inbox.bodies}
    assert (corp.inbox.heard, len(encrypted)) == ([xml, xml], 1)
    assert corp.inbox.queries[0]["timestamp"] == "1409659813"


def test_forged_callbacks_do_not_pass_wechatpy(corp: Playground) -> None:
    for forged in ({"signature": "0" * 40}, {"receiveid": "wwother"}):
        done = corp.control("callback_raw", agentid=APP, xml="<xml/>", **forged)
        assert (done["delivered"], done["status"]) == (False, 500)
    raw = base64.b64encode(b"\xff\xfe").decode()
    assert corp.control("callback_raw", agentid=APP, base64=raw)["status"] == 500
    assert corp.refused("callback_raw", agentid=APP, random="zz")[0] == 400


def _passive(corp: Playground, plain: str) -> None:
    corp.inbox.reply = corp.inbox.crypto.encrypt_message(plain, "n1", "1409659813").encode()
    _say(corp)


def _reply(to: str = "ZhangSan", sender: str = CORPID, kind: str = "text") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName>{sender}</FromUserName>"
        f"<CreateTime>1</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>"
        f"<Content><![CDATA[收到]]></Content></xml>"
    )


def test_a_passive_reply_is_shown_to_the_sender(corp: Playground) -> None:
    _passive(corp, _reply())
    assert [(one["author"], one["text"]) for one in corp.seen_by("zhangsan")] == [
        ("zhangsan", "你好"),
        ("app", "收到"),
    ]


@pytest.mark.parametrize(
    ("plain", "word"),
    [
        (_reply(to="lisi"), "ToUserName"),
        (_reply(sender="other"), "FromUserName"),
        (_reply(kind="markdown"), "MsgType"),
        (_reply(kind="update_button"), "MsgType"),
    ],
)
def test_a_wrong_passive_reply_is_noted_and_not_shown(
    corp: Playground, plain: str, word: str
) -> None:
    _passive(corp, plain)
    (line,) = corp.log(kind="reply")
    assert word in line["fault"]
    assert len(corp.seen_by("zhangsan")) == 1


@pytest.mark.parametrize(("reply", "noted"), [(b"success", 0), (b"", 0), (b"hello", 1)])
def test_success_and_nothing_are_no_reply(corp: Playground, reply: bytes, noted: int) -> None:
    corp.inbox.reply = reply
    assert _say(corp)["delivered"] is True
    assert len(corp.log(kind="reply")) == noted
