"""The long connection of an intelligent robot: frames by hand, and the platform's published SDK."""

import asyncio
import base64
import hashlib
import importlib
import json
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.bot.sandbox.playground import GROUP, Json, Playground, playground
from tests.bot.sandbox.test_app_messages import CARD

BOT = "aib-2"
SECRET = "socket-secret"
PLACE = f"bot:{BOT}"


@pytest.fixture
def corp(tmp_path: Path) -> Iterator[Playground]:
    robots = [{"botid": BOT, "secret": SECRET, "name": "督办助手", "groups": [GROUP]}]
    with playground(tmp_path, smart_robots=robots) as running:
        yield running


class Wire:
    """A connection by hand."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._count = 0

    def ask(self, cmd: str, body: object = None, req_id: str = "") -> Json:
        self._count += 1
        req_id = req_id or f"r{self._count}"
        self._socket.send(json.dumps({"cmd": cmd, "headers": {"req_id": req_id}, "body": body}))
        answer = self.next()
        assert answer["headers"] == {"req_id": req_id}
        return answer

    def code(self, cmd: str, body: object = None, req_id: str = "") -> int:
        return int(self.ask(cmd, body, req_id)["errcode"])

    def next(self) -> Json:
        return dict(json.loads(self._socket.recv(5)))

    def subscribe(self) -> None:
        assert self.code("aibot_subscribe", {"bot_id": BOT, "secret": SECRET}) == 0

    def raw(self, text: str) -> Json:
        self._socket.send(text)
        return self.next()


@contextmanager
def _wire(corp: Playground) -> Iterator[Wire]:
    with connect(corp.url.replace("http", "ws") + "/openws", proxy=None) as socket:
        yield Wire(socket)


def _say(corp: Playground, wire: Wire, text: str = "你好", place: str = PLACE) -> Json:
    assert corp.control("say", userid="lisi", place=place, text=text)["delivered"] is True
    return wire.next()


def _stream(content: str, *, finish: bool, stream_id: str = "s") -> Json:
    stream = {"id": stream_id, "finish": finish, "content": content}
    return {"msgtype": "stream", "stream": stream}


def _texts(corp: Playground, viewer: str = "lisi") -> list[str]:
    return [one["text"] for one in corp.seen_by(viewer)]


def test_a_message_comes_down_the_line_and_is_answered_on_its_id(corp: Playground) -> None:
    with _wire(corp) as wire:
        wire.subscribe()
        frame = _say(corp, wire)
        req_id = frame["headers"]["req_id"]
        assert frame["cmd"] == "aibot_msg_callback"
        assert (frame["body"]["text"], "response_url" in frame["body"]) == (
            {"content": "你好"},
            False,
        )
        for content, finish in (("在查", False), ("查到了", True)):
            assert wire.code("aibot_respond_msg", _stream(content, finish=finish), req_id) == 0
        assert wire.code("aibot_respond_msg", _stream("再说", finish=True), req_id) == 846606
        assert _texts(corp) == ["你好", "查到了"]


def test_who_does_not_subscribe_rightly_gets_nothing(corp: Playground) -> None:
    with _wire(corp) as wire:
        assert wire.code("ping") == 0
        assert wire.code("aibot_send_msg", {}) == 846609
        assert wire.code("aibot_subscribe", {"bot_id": BOT, "secret": "x"}) == 853000
        assert wire.code("aibot_subscribe", {"bot_id": "none", "secret": SECRET}) == 853000
        wire.subscribe()
        assert wire.code("aibot_nonsense") == 40066
        assert wire.raw("no json")["errcode"] == 40066
    done = corp.control("say", userid="lisi", place=PLACE, text="还在吗")
    assert done["tries"][0]["error"] in {"没有长连接", ""}


def test_a_robot_in_callback_mode_has_no_line(tmp_path: Path) -> None:
    keys = {"token": "t", "aes_key": "a" * 42 + "A", "callback_url": "http://127.0.0.1:1/"}
    with playground(tmp_path, smart_robots=[{"botid": BOT, **keys}]) as corp, _wire(corp) as wire:
        assert wire.code("aibot_subscribe", {"bot_id": BOT, "secret": ""}) == 846601


def test_a_new_line_ends_the_old_one(corp: Playground) -> None:
    with _wire(corp) as old, _wire(corp) as new:
        old.subscribe()
        new.subscribe()
        assert old.next()["body"]["event"] == {"eventtype": "disconnected_event"}
        with pytest.raises(ConnectionClosed):
            old.next()
        assert _say(corp, new)["body"]["msgtype"] == "text"


def test_a_robot_may_speak_first_to_whom_it_knows(corp: Playground) -> None:
    body = {"chatid": "lisi", "chat_type": 1, "msgtype": "markdown", "markdown": {"content": "早"}}
    with _wire(corp) as wire:
        wire.subscribe()
        assert wire.code("aibot_send_msg", body) == 93006
        _say(corp, wire)
        assert [wire.code("aibot_send_msg", body) for _ in range(31)] == [0] * 30 + [846607]
        chat = _say(corp, wire, "@督办助手 在吗", f"group:{GROUP}")["body"]["chatid"]
        assert wire.code("aibot_send_msg", {**body, "chatid": chat, "chat_type": 2}) == 0
        assert wire.code("aibot_send_msg", {**body, "chatid": chat, "msgtype": "text"}) == 40008
    assert _texts(corp, "wangwu") == ["@督办助手 在吗", "早"]
    assert corp.log(kind="shown")[-1]["shown_to"] == ["lisi", "wangwu"]


def test_answers_have_their_time(corp: Playground) -> None:
    with _wire(corp) as wire:
        wire.subscribe()
        corp.control("event", userid="lisi", botid=BOT, event="enter_chat")
        req_id = wire.next()["headers"]["req_id"]
        welcome = {"msgtype": "text", "text": {"content": "欢迎"}}
        assert wire.code("aibot_respond_welcome_msg", welcome, req_id) == 0
        assert wire.code("aibot_respond_welcome_msg", welcome, req_id) == 846606
        corp.advance(5)
        assert wire.code("aibot_respond_welcome_msg", welcome, req_id) == 846604
        assert wire.code("aibot_respond_msg", welcome, "made-up") == 846605
        message = _say(corp, wire)["headers"]["req_id"]
        assert wire.code("aibot_respond_msg", _stream("…", finish=False), message) == 0
        late = _stream("完", finish=True)
        assert wire.code("aibot_respond_msg", _stream("", finish=True, stream_id="z"), message) == (
            40058
        )
        corp.advance(360)
        assert wire.code("aibot_respond_msg", late, message) == 846608
        corp.advance(86400)
        assert wire.code("aibot_respond_msg", late, message) == 846604


def test_a_card_is_updated_after_a_press(corp: Playground) -> None:
    with _wire(corp) as wire:
        wire.subscribe()
        req_id = _say(corp, wire)["headers"]["req_id"]
        body = {"msgtype": "template_card", "template_card": CARD}
        assert wire.code("aibot_respond_msg", body, req_id) == 0
        corp.control("press", userid="lisi", task_id="m-1", key="sign")
        frame = wire.next()
        assert frame["cmd"] == "aibot_event_callback"
        update: Json = {"response_type": "update_template_card", "template_card": {**CARD}}
        update["template_card"]["replace_text"] = "已签收"
        pressed = frame["headers"]["req_id"]
        wrong = {**update, "template_card": {**CARD, "task_id": "other"}}
        assert wire.code("aibot_respond_update_msg", wrong, pressed) == 42016
        assert wire.code("aibot_respond_update_msg", {"msgtype": "x"}, pressed) == 93050
        assert wire.code("aibot_respond_update_msg", update, pressed) == 0
    assert corp.seen_by("lisi")[-1]["part"]["replace_text"] == "已签收"


def test_a_file_is_sent_in_pieces(corp: Playground) -> None:
    data = b"report " * 1000
    pieces = [data[:4000], data[4000:]]
    begin = {"type": "file", "filename": "日报.docx", "total_chunks": 2}
    begin["md5"] = hashlib.md5(data, usedforsecurity=False).hexdigest()
    with _wire(corp) as wire:
        wire.subscribe()
        _say(corp, wire)
        upload = wire.ask("aibot_upload_media_init", begin)["body"]
        for index in (1, 0):
            chunk = {**upload, "chunk_index": index}
            assert wire.code("aibot_upload_media_finish", upload) == 846614
            chunk["base64_data"] = base64.b64encode(pieces[index]).decode()
            assert wire.code("aibot_upload_media_chunk", chunk) == 0
        media = wire.ask("aibot_upload_media_finish", upload)["body"]["media_id"]
        file = {"chatid": "lisi", "msgtype": "file", "file": {"media_id": media}}
        assert wire.code("aibot_send_msg", file) == 0
        assert wire.code("aibot_send_msg", {**file, "file": {"media_id": "none"}}) == 40007
    assert corp.seen_by("lisi")[-1]["part"]["name"] == "日报.docx"
    assert corp.client.get(f"/sandbox/media/{media}").content == data


def test_pieces_that_do_not_fit_are_refused(corp: Playground) -> None:
    with _wire(corp) as wire:
        wire.subscribe()
        assert wire.code("aibot_upload_media_init", {"total_chunks": 101}) == 846610
        assert wire.code("aibot_upload_media_chunk", {"upload_id": "none"}) == 846611
        begin = {"type": "file", "filename": "a", "total_chunks": 1, "md5": "0" * 32}
        upload = wire.ask("aibot_upload_media_init", begin)["body"]
        piece = {**upload, "chunk_index": 0, "base64_data": "***"}
        assert wire.code("aibot_upload_media_chunk", piece) == 846612
        piece["base64_data"] = base64.b64encode(b"123456").decode()
        assert wire.code("aibot_upload_media_chunk", {**piece, "chunk_index": 1}) == 846613
        assert wire.code("aibot_upload_media_chunk", piece) == 0
        assert wire.code("aibot_upload_media_finish", upload) == 301019


def test_a_file_of_a_person_comes_with_its_key(corp: Playground) -> None:
    with _wire(corp) as wire:
        wire.subscribe()
        corp.control("say", userid="lisi", place=PLACE, msgtype="file")
        file = wire.next()["body"]["file"]
    assert len(file["aeskey"]) == 43
    assert httpx.get(file["url"], trust_env=False).status_code == 200


def _sdk() -> ModuleType:
    try:
        return importlib.import_module("aibot")
    except ImportError:
        if os.environ.get("DUBAN_REQUIRE_CLIENTS"):
            raise
        pytest.skip("wecom-aibot-python-sdk is not installed")


class Published:
    """The published SDK, running in a thread of its own; what it receives is answered."""

    def __init__(self, sdk: Any, url: str) -> None:  # noqa: ANN401 - the SDK has no types
        self._loop = asyncio.new_event_loop()
        options = sdk.WSClientOptions(bot_id=BOT, secret=SECRET, ws_url=url)
        self._client = sdk.WSClient(options)
        self.ready = threading.Event()
        self.acks: queue.Queue[Json] = queue.Queue()
        self._client.on("authenticated", self.ready.set)
        self._client.on("message.text", self._answer)
        self._client.on("event.enter_chat", self._welcome)

    async def _answer(self, frame: Json) -> None:
        for content, finish in (("在查", False), ("查到了", True)):
            self.acks.put(await self._client.reply_stream(frame, "s1", content, finish))
        body = {"msgtype": "markdown", "markdown": {"content": "另外"}}
        self.acks.put(await self._client.send_message("lisi", body))

    async def _welcome(self, frame: Json) -> None:
        body = {"msgtype": "text", "text": {"content": "欢迎"}}
        self.acks.put(await self._client.reply_welcome(frame, body))

    @contextmanager
    def running(self) -> Iterator["Published"]:
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(self._client.connect(), self._loop).result(10)
        yield self
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        self._client.disconnect()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.wait(others or [asyncio.ensure_future(asyncio.sleep(0))], timeout=3)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_published_sdk_holds_a_conversation(
    corp: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk = _sdk()
    # It always passes a TLS context, with which a plain ws:// address cannot be opened.
    monkeypatch.setattr(importlib.import_module("aibot.ws"), "_SSL_CONTEXT", None)
    monkeypatch.setenv("no_proxy", "*")
    with Published(sdk, corp.url.replace("http", "ws") + "/openws").running() as robot:
        assert robot.ready.wait(5)
        corp.control("event", userid="lisi", botid=BOT, event="enter_chat")
        assert robot.acks.get(timeout=5)["errcode"] == 0
        corp.control("say", userid="lisi", place=PLACE, text="007 怎么样了")
        assert [robot.acks.get(timeout=5)["errcode"] for _ in range(3)] == [0, 0, 0]
    assert _texts(corp) == ["欢迎", "007 怎么样了", "查到了", "另外"]
