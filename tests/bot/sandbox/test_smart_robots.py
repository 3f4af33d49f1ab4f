"""Intelligent robots in callback mode: heard alone and by @, streams, cards, response_url."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from fastapi import FastAPI, Request, Response

from bot.sandbox.corp import BadConfigError, read_corp
from bot.sandbox.envelope import Keys, key_bytes, open_frame, seal, sign
from tests.bot.sandbox.playground import (
    AES_KEY,
    GROUP,
    TOKEN,
    Json,
    Playground,
    corp_config,
    host,
    playground,
)
from tests.bot.sandbox.test_app_messages import CARD

BOT = "aib-1"
KEYS = Keys(TOKEN, AES_KEY, "")


@dataclass
class Robot:
    """A service behind a robot: keeps what it hears and answers as told, in turn."""

    heard: list[Json] = field(default_factory=list)
    replies: list[Json | bytes] = field(default_factory=list)
    status: int = 200
    never_ends: bool = False  # each answer is a stream of its own, and no refresh finishes it

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_api_route("/robot", self.receive, methods=["POST"])
        app.add_api_route("/robot", self.verify, methods=["GET"])
        return app

    def verify(self, echostr: str) -> Response:
        return Response(open_frame(KEYS, echostr)[1])

    async def receive(self, request: Request) -> Response:
        query = request.query_params
        encrypted = (await request.json())["encrypt"]
        signed = sign(TOKEN, query["timestamp"], query["nonce"], encrypted)
        assert signed == query["msg_signature"]
        heard = json.loads(open_frame(KEYS, encrypted)[1])
        self.heard.append(heard)
        reply = self.replies.pop(0) if self.replies else b""
        if self.never_ends:
            told = heard.get("stream", {}).get("id", heard["msgid"])
            reply = {"msgtype": "stream", "stream": {"id": told, "finish": False, "content": "…"}}
        if isinstance(reply, bytes):
            return Response(reply, self.status)
        sealed = seal(KEYS, json.dumps(reply).encode(), timestamp=1, random=bytes(24))
        nonce = query["nonce"]
        answer: Json = {"encrypt": sealed.encrypt, "timestamp": 1, "nonce": nonce}
        answer["msgsignature"] = sign(TOKEN, "1", nonce, sealed.encrypt)
        return Response(json.dumps(answer), media_type="application/json")


@contextmanager
def _with_robot(folder: Path, **more: Any) -> Iterator[tuple[Playground, Robot]]:  # noqa: ANN401
    robot = Robot()
    with host("robot").serving(robot.app()) as service:
        described = {
            "botid": BOT,
            "name": "督办助手",
            "token": TOKEN,
            "aes_key": AES_KEY,
            "callback_url": f"{service}/robot",
            "groups": [GROUP],
            **more,
        }
        with playground(folder, smart_robots=[described]) as corp:
            yield corp, robot


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Playground, Robot]]:
    with _with_robot(tmp_path) as pair:
        yield pair


def _stream(content: str, *, finish: bool, **more: object) -> Json:
    return {
        "msgtype": "stream",
        "stream": {"id": "s1", "finish": finish, "content": content},
        **more,
    }


def _say(corp: Playground, text: str = "你好", place: str = f"bot:{BOT}", **more: object) -> Json:
    return corp.control("say", userid="lisi", place=place, text=text, **more)


def _texts(corp: Playground, viewer: str = "lisi") -> list[str]:
    return [one["text"] for one in corp.seen_by(viewer)]


def test_a_person_speaks_to_the_robot_alone(both: tuple[Playground, Robot]) -> None:
    corp, robot = both
    robot.replies = [_stream("**收到**", finish=True)]
    done = _say(corp, quote="昨天说的")
    (heard,) = robot.heard
    assert (heard["msgid"], heard["aibotid"], heard["chattype"]) == (done["msgid"], BOT, "single")
    assert (heard["from"], "chatid" in heard) == ({"userid": "lisi"}, False)
    assert heard["text"] == {"content": "你好"}
    assert heard["quote"] == {"msgtype": "text", "text": {"content": "昨天说的"}}
    assert _texts(corp) == ["你好", "**收到**"]
    assert _texts(corp, "wangwu") == []


def test_in_a_group_it_hears_only_what_names_it(both: tuple[Playground, Robot]) -> None:
    corp, robot = both
    robot.replies = [_stream("好", finish=True)]
    place = f"group:{GROUP}"
    assert "听不到" in _say(corp, "大家好", place)["note"]
    assert robot.heard == []
    _say(corp, "@督办助手 收到 007", place)
    (heard,) = robot.heard
    assert (heard["chattype"], heard["chatid"][:2]) == ("group", "wr")
    assert heard["text"]["content"] == "@督办助手 收到 007"
    assert _texts(corp, "wangwu") == ["大家好", "@督办助手 收到 007", "好"]
    words = {"userid": "lisi", "place": place, "text": "@督办助手", "msgtype": "file"}
    assert corp.refused("say", **words)[0] == 400
    assert corp.refused("say", userid="zhangsan", place=place, text="@督办助手")[0] == 403


def test_a_stream_is_asked_for_until_it_is_finished(both: tuple[Playground, Robot]) -> None:
    corp, robot = both
    robot.replies = [_stream("在查", finish=False), _stream("在查…", finish=False)]
    robot.replies.append(_stream("查到了", finish=True))
    _say(corp)
    version = 0
    while _texts(corp)[-1] != "查到了":
        query: dict[str, str | int] = {"viewer": "lisi", "after": version, "wait": 5}
        version = corp.client.get("/sandbox/messages", params=query).json()["version"]
    assert [one["msgtype"] for one in robot.heard] == ["text", "stream", "stream"]
    assert robot.heard[1]["stream"] == {"id": "s1"}
    assert "response_url" not in robot.heard[1]
    assert _texts(corp) == ["你好", "查到了"]


def test_a_card_comes_with_a_stream_and_is_updated_when_pressed(
    both: tuple[Playground, Robot],
) -> None:
    corp, robot = both
    card = {"template_card": CARD}
    robot.replies = [
        {**_stream("请选", finish=True), "msgtype": "stream_with_template_card", **card}
    ]
    _say(corp)
    new = {"card_type": "text_notice", "main_title": {"title": "已签收"}, "task_id": "m-1"}
    robot.replies = [{"response_type": "update_template_card", "template_card": new}]
    selected = {"q": ["1"]}
    corp.control("press", userid="lisi", task_id="m-1", key="sign", selected=selected)
    event = robot.heard[-1]["event"]
    assert event["eventtype"] == "template_card_event"
    assert event["template_card_event"] == {
        "card_type": "button_interaction",
        "event_key": "sign",
        "task_id": "m-1",
        "selected_items": {
            "selected_item": [{"question_key": "q", "option_ids": {"option_id": ["1"]}}]
        },
    }
    part = corp.seen_by("lisi")[-1]["part"]
    assert (part["main_title"]["title"], part["button_list"]) == ("已签收", None)
    assert corp.refused("press", userid="lisi", task_id="m-1", key="sign")[0] == 404
    assert corp.refused("press", userid="wangwu", task_id="m-1", key="sign")[0] == 403


def test_entering_may_be_welcomed_and_judging_only_be_taken(
    both: tuple[Playground, Robot],
) -> None:
    corp, robot = both
    robot.replies = [{"msgtype": "text", "text": {"content": "欢迎"}}, _stream("谢谢", finish=True)]
    corp.control("event", userid="lisi", botid=BOT, event="enter_chat")
    fields = {"id": "f", "type": 2}
    corp.control("event", userid="lisi", botid=BOT, event="feedback_event", fields=fields)
    assert robot.heard[0]["event"] == {"eventtype": "enter_chat"}
    assert robot.heard[1]["event"]["feedback_event"] == fields
    assert _texts(corp) == ["欢迎"]
    assert "empty reply" in corp.log(kind="reply")[-1]["fault"]
    assert corp.refused("event", userid="lisi", botid="none")[0] == 404
    assert corp.refused("event", userid="none", botid=BOT)[0] == 404


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        ({"msgtype": "text", "text": {"content": "x"}}, "msgtype not allowed"),
        ({"msgtype": "markdown", "markdown": {"content": "x"}}, "msgtype not allowed"),
        ({"msgtype": "stream", "stream": {"content": "x"}}, "stream.id missing"),
        (_stream("x" * 20481, finish=True), "exceed max length 20480"),
        ({"msgtype": "template_card", "template_card": {"card_type": "fax"}}, "card_type"),
        (b"no json", "-40002"),
        (b'{"nonce": "1"}', "nonce"),
    ],
)
def test_an_answer_that_is_not_allowed_is_noted_and_not_shown(
    both: tuple[Playground, Robot], reply: Json | bytes, word: str
) -> None:
    corp, robot = both
    robot.replies = [reply]
    _say(corp)
    assert word in corp.log(kind="reply")[-1]["fault"]
    assert _texts(corp) == ["你好"]


def test_a_stream_of_the_greatest_length_is_taken(both: tuple[Playground, Robot]) -> None:
    corp, robot = both
    robot.replies = [_stream("x" * 20480, finish=True)]
    _say(corp)
    assert len(_texts(corp)[-1]) == 20480


@pytest.mark.parametrize(("seconds", "errcode"), [(3590, 0), (3601, 60140)])
def test_a_response_url_is_good_once_within_the_hour(
    both: tuple[Playground, Robot], seconds: float, errcode: int
) -> None:
    corp, robot = both
    _say(corp)
    url = robot.heard[0]["response_url"]
    assert url.startswith(f"{corp.url}/cgi-bin/aibot/response?response_code=")
    corp.advance(seconds)
    body = {"msgtype": "markdown", "markdown": {"content": "办好了"}}
    assert corp.client.post(url, json=body).json()["errcode"] == errcode
    assert corp.client.post(url, json=body).json()["errcode"] == 60140
    assert _texts(corp)[1:] == (["办好了"] if errcode == 0 else [])


def test_a_response_url_takes_only_its_kinds(both: tuple[Playground, Robot]) -> None:
    corp, robot = both
    _say(corp)
    url = robot.heard[0]["response_url"]
    assert corp.client.post(url, json={"msgtype": "text"}).json()["errcode"] == 40008
    assert corp.client.post(url, content=b"{").json()["errcode"] == 47001
    assert corp.client.post(
        url, json={"msgtype": "template_card", "template_card": CARD}
    ).json() == {
        "errcode": 0,
        "errmsg": "ok",
    }


def test_a_file_lies_encrypted_for_five_minutes(both: tuple[Playground, Robot]) -> None:
    corp, robot = both
    _say(corp, msgtype="file")
    url = robot.heard[0]["file"]["url"]
    key = key_bytes(AES_KEY)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(corp.client.get(url).content) + decryptor.finalize()
    assert plain[: -plain[-1]].decode() == "%PDF-1.4\n% 示例文件\n"
    corp.advance(301)
    assert corp.client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("msgtype", "where"), [("image", "url"), ("video", "url"), ("voice", "content"), ("mixed", "")]
)
def test_other_kinds_have_their_body(
    both: tuple[Playground, Robot], msgtype: str, where: str
) -> None:
    corp, robot = both
    _say(corp, msgtype=msgtype)
    (heard,) = robot.heard
    body = heard[msgtype]
    inside = [where] if where else [one["msgtype"] for one in body["msg_item"]]
    assert inside in (["text", "image"], [one for one in body if body[one]])
    assert corp.refused("say", userid="lisi", place=f"bot:{BOT}", msgtype="fax", text="x")[0] == 400


def test_three_unfinished_answers_are_the_most(both: tuple[Playground, Robot]) -> None:
    corp, robot = both
    robot.never_ends = True
    for _ in range(3):
        _say(corp)
    assert corp.refused("say", userid="lisi", place=f"bot:{BOT}", text="x")[0] == 409
    corp.advance(360)
    _say(corp)


def test_encrypted_ids_can_be_turned_back(tmp_path: Path) -> None:
    with _with_robot(tmp_path, encrypted_ids=True) as (corp, robot):
        _say(corp)
        opened = robot.heard[0]["from"]["userid"]
        answer = corp.post("batch/openuserid_to_userid", {"open_userid_list": [opened]})
        assert answer["userid_list"][0]["userid"] == "lisi"


def test_a_message_is_repeated_and_an_event_is_not(both: tuple[Playground, Robot]) -> None:
    corp, robot = both
    robot.status = 500
    assert len(_say(corp)["tries"]) == 4
    assert len({one["msgid"] for one in robot.heard}) == 1
    done = corp.control("event", userid="lisi", botid=BOT, event="enter_chat")
    assert (done["delivered"], len(done["tries"])) == (False, 1)


def test_a_robots_address_is_verified(both: tuple[Playground, Robot]) -> None:
    corp, _ = both
    assert corp.control("verify", botid=BOT) == {"ok": True, "why": ""}


def test_a_robot_needs_one_mode_and_known_groups() -> None:
    robots = [
        {"botid": "", "secret": "s"},
        {"botid": "b", "secret": "s", "callback_url": "http://a", "groups": ["无"]},
        {"botid": "b"},
    ]
    with pytest.raises(BadConfigError) as error:
        read_corp(corp_config(smart_robots=robots))
    for word in ("缺少 botid", "只填一个", "43 位", "1 到 32 位", "没有这个群: 无", "botid 重复"):
        assert word in str(error.value)
