"""Every kind a self-built app and a robot can receive is understood, what is unknown is kept."""

import json
import time
from datetime import UTC, datetime

import pytest

from bot.wecom import inbound
from bot.wecom.envelope import Form
from bot.wecom.fields import MalformedError
from bot.wecom.inbound import Arrival, identify, understand
from cases.messages import EventInfo, Heard, HeardKind, LinkCard, RobotChat, RobotFile
from tests.support.sealing import CORP_ID

MOMENT = 1348831860
SENT_AT = datetime.fromtimestamp(MOMENT, UTC)


def message(inner: str, *, sender: str = "ZhangSan", number: str = "<MsgId>5</MsgId>") -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName>"
        f"<FromUserName><![CDATA[{sender}]]></FromUserName><CreateTime>{MOMENT}</CreateTime>"
        f"{inner}{number}<AgentID>1000002</AgentID></xml>"
    ).encode()


def app(plaintext: bytes) -> Heard:
    return understand(Arrival(plaintext, Form.XML, "app", "1348831860"))


def of_kind(kind: str, inner: str) -> Heard:
    return app(message(f"<MsgType><![CDATA[{kind}]]></MsgType>{inner}"))


def test_a_text_is_what_the_sender_typed() -> None:
    assert of_kind("text", "<Content><![CDATA[定二级]]></Content>") == Heard(
        key="app:1000002:5",
        channel="app",
        agent_id="1000002",
        sender="zhangsan",
        kind=HeardKind.TEXT,
        sent_at=SENT_AT,
        text="定二级",
    )


def test_a_forwarded_card_is_content_and_not_text() -> None:
    heard = of_kind(
        "link",
        "<Title><![CDATA[关闭 007]]></Title><Description><![CDATA[摘要]]></Description>"
        "<Url><![CDATA[https://mp.weixin.qq.com/s/x?a=1&b=2]]></Url><PicUrl>p</PicUrl>",
    )
    assert (heard.kind, heard.text) == (HeardKind.LINK, "")
    assert heard.link == LinkCard("关闭 007", "摘要", "https://mp.weixin.qq.com/s/x?a=1&b=2")


@pytest.mark.parametrize("kind", ["image", "voice", "video"])
def test_pictures_and_recordings_come_as_a_media_id(kind: str) -> None:
    heard = of_kind(kind, "<MediaId><![CDATA[m-1]]></MediaId><Format>amr</Format>")
    assert (heard.kind, heard.media_id, heard.text) == (HeardKind(kind), "m-1", "")


def test_a_place_is_content_and_not_text() -> None:
    heard = of_kind(
        "location",
        "<Location_X>23.134</Location_X><Location_Y>113.358</Location_Y>"
        "<Scale>20</Scale><Label><![CDATA[青禾路]]></Label>",
    )
    assert (heard.kind, heard.quoted, heard.text) == (
        HeardKind.LOCATION,
        "青禾路 (23.134, 113.358)",
        "",
    )


@pytest.mark.parametrize(
    "name", ["subscribe", "unsubscribe", "enter_agent", "click", "view", "LOCATION", "ein_neues"]
)
def test_every_event_is_kept_under_its_name(name: str) -> None:
    inner = f"<MsgType>event</MsgType><Event>{name}</Event><EventKey>k</EventKey>"
    heard = app(message(inner, number=""))
    assert (heard.kind, heard.event) == (HeardKind.EVENT, EventInfo(name, "k"))


@pytest.mark.parametrize("name", ["template_card_event", "template_card_menu_event"])
@pytest.mark.parametrize("options", ["", "<OptionId>a</OptionId>", "<OptionId>a</OptionId>" * 3])
def test_a_pressed_button_names_its_card(name: str, options: str) -> None:
    inner = (
        f"<MsgType>event</MsgType><Event>{name}</Event><EventKey>sign</EventKey>"
        "<TaskId>m-1</TaskId><CardType>button_interaction</CardType>"
        "<ResponseCode>code</ResponseCode><SelectedItems><SelectedItem>"
        f"<QuestionKey>q</QuestionKey><OptionIds>{options}</OptionIds>"
        "</SelectedItem></SelectedItems>"
    )
    heard = app(message(inner, number=""))
    assert heard.event == EventInfo(name, "sign", "m-1", "code")


def test_a_kind_nobody_knows_is_kept_as_such() -> None:
    heard = of_kind("hologram", "<Beam>1</Beam>")
    assert (heard.kind, heard.text, heard.quoted) == (HeardKind.UNKNOWN, "", "hologram")


def test_c08_one_person_has_one_spelling() -> None:
    spellings = ["ZhangSan", "zhangsan", " zhangsan ", "\uff3ahangsan"]
    plaintexts = [message("<MsgType>text</MsgType>", sender=spelling) for spelling in spellings]
    assert {app(plaintext).sender for plaintext in plaintexts} == {"zhangsan"}


@pytest.mark.parametrize(
    "plaintext",
    [
        message("<MsgType>text</MsgType>", sender=""),
        message("<MsgType>text</MsgType>", sender="a b"),
        message("<MsgType>text</MsgType>", sender="x" * 65),
        message("<MsgType>text</MsgType>", sender="督办"),
        message(""),
        message("<MsgType>event</MsgType>"),
        message("<MsgType>text</MsgType><MsgType>text</MsgType>"),
        message("<MsgType>text</MsgType><Content><b>1</b></Content>"),
        message("<MsgType>text</MsgType>").replace(b"1000002", b"a b"),
        b"1616140317555161061",
        b"",
        b"\xff\xfe",
    ],
    ids=range(12),
)
def test_b06_what_contradicts_itself_is_malformed(plaintext: bytes) -> None:
    with pytest.raises(MalformedError):
        app(plaintext)


@pytest.mark.parametrize(
    "moment", ["-1", "1" + "0" * 15, "9" * 5000, "NaN", "\uff11\uff17", "", "1e9", " 1"]
)
def test_b07_a_senseless_createtime_is_malformed(moment: str) -> None:
    plaintext = message("<MsgType>text</MsgType>").replace(str(MOMENT).encode(), moment.encode())
    with pytest.raises(MalformedError):
        app(plaintext)
    assert identify(Arrival(plaintext, Form.XML, "app", "1")).created_at is None


def test_b07_the_first_and_the_last_moment_are_dates() -> None:
    for moment in ("0", "4102444800"):
        plaintext = message("<MsgType>text</MsgType>").replace(
            str(MOMENT).encode(), moment.encode()
        )
        assert app(plaintext).sent_at.timestamp() == int(moment)


@pytest.mark.parametrize("length", [9_999, 10_000, 10_001])
def test_b08_a_text_over_the_limit_is_cut_and_says_so(length: int) -> None:
    heard = of_kind("text", f"<Content><![CDATA[{'长' * length}]]></Content>")
    kept = "长" * min(length, inbound.MAX_TEXT)
    assert heard.text == kept + (inbound.CUT if length > inbound.MAX_TEXT else "")


@pytest.mark.parametrize("words", ["\n" * 40_000, "a" + "\u0301" * 10_000, "👨‍👩‍👧" * 5_000])
def test_b08_strange_texts_are_read_quickly(words: str) -> None:
    start = time.perf_counter()
    of_kind("text", f"<Content><![CDATA[{words}]]></Content>")
    assert time.perf_counter() - start < 0.5


def test_half_an_address_is_no_address() -> None:
    inner = "<Title>t</Title><Url>https://a.example/" + "x" * 2048 + "</Url>"
    assert of_kind("link", inner).link == LinkCard("t", "", "")


def test_control_characters_do_not_come_in_but_lines_stay() -> None:
    heard = of_kind("text", "<Content><![CDATA[a\x00b\x1b[31m\r\n\tc\x7f]]></Content>")
    assert heard.text == "ab[31m\n\tc"


def test_h02_messages_are_known_by_number_and_events_by_their_plaintext() -> None:
    event = message("<MsgType>event</MsgType><Event>click</Event>", number="")
    other = event.replace(b"click", b"view")
    keys = {identify(Arrival(one, Form.XML, "app", "1")).key for one in (event, other)}
    assert len(keys) == 2  # two presses by one person within one second are two events
    assert identify(Arrival(message(""), Form.XML, "app", "1")).key == "app:1000002:5"


def robot(**parts: object) -> Heard:
    whole = {
        "msgid": "CAIQ=",
        "aibotid": "AIBOT",
        "chattype": "single",
        "from": {"userid": "WangXiaoyu"},
        "msgtype": "text",
    } | parts
    plaintext = json.dumps(whole, ensure_ascii=False).encode()
    return understand(Arrival(plaintext, Form.JSON, "aibot", str(MOMENT)))


def test_the_robot_hears_text_without_its_own_name() -> None:
    heard = robot(chatid="C", chattype="group", text={"content": "@督办 收到 @李强"})
    assert (heard.text, heard.sender, heard.sent_at) == ("收到 @李强", "wangxiaoyu", SENT_AT)
    assert robot(text={"content": "@李强 收到"}).text == "@李强 收到"


def test_what_the_robot_is_shown_as_a_quote_is_no_text() -> None:
    heard = robot(
        text={"content": "这个谁办"}, quote={"msgtype": "text", "text": {"content": "关闭 007"}}
    )
    assert (heard.text, heard.quoted) == ("这个谁办", "关闭 007")


def test_a_mixed_message_is_its_text_parts() -> None:
    items = [
        {"msgtype": "text", "text": {"content": "第一"}},
        {"msgtype": "image", "image": {"url": "https://x.example/1"}},
        {"msgtype": "text", "text": {"content": "第二"}},
    ]
    heard = robot(msgtype="mixed", mixed={"msg_item": items})
    assert (heard.text, heard.files) == ("第一\n第二", (RobotFile("https://x.example/1"),))


def test_the_robots_other_kinds_are_understood() -> None:
    voice = robot(msgtype="voice", voice={"content": "已经到场"})
    assert (voice.kind, voice.text) == (HeardKind.VOICE, "已经到场")
    image = robot(msgtype="image", image={"url": "https://x.example/1"})
    assert (image.kind, image.files) == (HeardKind.IMAGE, (RobotFile("https://x.example/1"),))
    file = robot(msgtype="file", file={"url": "https://x.example/2", "aeskey": "k"})
    assert (file.kind, file.files) == (HeardKind.FILE, (RobotFile("https://x.example/2", "k"),))
    assert robot(msgtype="stream", stream={"id": "s"}).kind == HeardKind.UNKNOWN


def test_a_robot_knows_where_it_was_spoken_to_and_how_to_answer() -> None:
    url = "https://x.example/respond?response_code=c"
    parts = {"chatid": "wrC", "chattype": "group", "response_url": url}
    heard = robot(text={"content": "好"}, **parts)
    assert heard.chat == RobotChat("wrC", is_group=True, asker="WangXiaoyu", response_url=url)
    alone = robot(text={"content": "好"}, duban_req_id="r1")
    assert alone.chat == RobotChat("WangXiaoyu", is_group=False, asker="WangXiaoyu", req_id="r1")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("@督办助手 收到 007", "收到 007"),
        ("@督办助手\u2005同意", "同意"),
        ("同意 @督办助手", "同意"),
        ("@督办助手", ""),
        ("请 @督办助手 查 007", "请 查 007"),
        ("@李强 收到", "收到"),
        ("收到 @李强", "收到 @李强"),
    ],
)
def test_the_robots_name_is_not_part_of_what_is_said_to_it(said: str, heard: str) -> None:
    message: dict[str, object] = {"msgid": "m", "aibotid": "A", "chattype": "group"}
    message |= {
        "chatid": "C",
        "from": {"userid": "li"},
        "msgtype": "text",
        "text": {"content": said},
    }
    plaintext = json.dumps(message).encode()
    arrival = Arrival(plaintext, Form.JSON, "aibot", str(MOMENT), robot="督办助手")
    assert understand(arrival).text == heard


def test_ids_of_a_robot_that_differ_only_in_case_are_two_people() -> None:
    senders = set()
    for userid in ("woAbc", "woaBC"):
        message = {"msgid": userid, "aibotid": "A", "from": {"userid": userid}, "msgtype": "text"}
        senders.add(identify(Arrival(json.dumps(message).encode(), Form.JSON, "aibot", "1")).sender)
    assert senders == {"woAbc", "woaBC"}


def test_a_judgement_of_an_answer_is_an_event() -> None:
    details = {"eventtype": "feedback_event", "feedback_event": {"type": 2, "content": "不对"}}
    heard = robot(msgtype="event", event=details)
    assert heard.event == EventInfo("feedback_event", "2")


def test_a_button_of_the_robots_card_is_read_in_both_spellings() -> None:
    for key, task in (("event_key", "task_id"), ("eventkey", "taskid")):
        details = {"eventtype": "template_card_event", "template_card_event": {key: "k", task: "t"}}
        heard = robot(msgtype="event", event=details, create_time=MOMENT + 1)
        assert heard.event == EventInfo("template_card_event", "k", "t")
        assert heard.sent_at.timestamp() == MOMENT + 1


@pytest.mark.parametrize(
    "parts",
    [
        {"msgtype": ""},
        {"msgtype": 1},
        {"from": "x"},
        {"text": []},
        {"mixed": {"msg_item": 1}},
        {"msgtype": "event", "event": {}},
        {"create_time": 1.5},
        {"create_time": True},
    ],
    ids=range(8),
)
def test_b13_robot_messages_of_other_types_are_malformed(parts: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        robot(**parts)
