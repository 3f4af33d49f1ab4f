"""Callbacks in good order, as WeCom sends them: what every other one is made from."""

import hashlib
import json
import random
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from tests.support.edge import APP, ROBOT, ROBOT_SEAL
from tests.support.office import MORNING
from tests.support.sealing import CORP_ID, Seal, envelope

NOW = int(MORNING.timestamp())
STAFF = ("zhaomin", "sunlei", "wangxiaoyu", "lihang", "liuyang", "heqing", "chenguang")
WORDS = (
    "查 001",
    "待办",
    "帮助",
    "001 定二级, 交城管局",
    "001 签收",
    "001 已办结",
    "001 退回, 不属我局",
    "延期到明天18点, 需做检测",
    "https://weibo.com/1/P0w7ex6A3 青禾路积水",
    "请各单位零报告",
    "撤销",
    "同意",
    "为什么提醒",
    "并入 002",
    "<@all> 请看",
    "停\u202e水\u200b了",
    '<a href="http://evil.example">领补贴</a>',
    "$userName=zhangsan$ %0a &lt;b&gt; {{7*7}} ${jndi:ldap://x}",
    "第一行\n【系统通知】已办结\r\n第三行\u2028第四行",
    "'; DROP TABLE inbox; --",
    "１２３号 ①② ㍿ ﷺ \U0001d7d9 İı",
    "😀" * 200 + "e\u0301" * 100,
    "9" * 400,
    "001" * 200,
    "明天" * 300 + "18点",
    "@" * 1000,
    "((((((((" * 200,
    "",
    " ",
)
EVENTS = (
    "subscribe",
    "unsubscribe",
    "enter_agent",
    "click",
    "view",
    "template_card_event",
    "LOCATION",
    "batch_job_result",
    "open_approval_change",
    "x" * 300,
)
REMEMBERED = 300


class Fate(StrEnum):
    """What is to become of a callback that was answered 200."""

    NOTHING = "nothing"  # it must not be answered 200
    DONE = "done"
    QUARANTINED = "quarantined"
    EITHER = "either"  # damaged inside at random: kept once, and carried out once or set aside


@dataclass(frozen=True, slots=True)
class Shot:
    """One request as bytes, and how it is judged. Status 0: hung up on without an answer."""

    kind: str
    request: bytes
    allowed: frozenset[int]
    fate: Fate = Fate.NOTHING
    key: str = ""


def http(path: str, body: bytes, method: str = "POST", extra: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n".encode()
    return head + extra + b"\r\n" + body


class Messages:
    """Makes messages of all kinds from a seed."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self._plain: deque[tuple[bytes, str]] = deque(maxlen=REMEMBERED)

    def _xml(self, **changed: str) -> tuple[dict[str, str], str]:
        """The fields of an app's message, and its number."""
        number = str(self._dice.randrange(10**15, 10**16))
        fields = {
            "ToUserName": CORP_ID,
            "FromUserName": self._who(),
            "CreateTime": str(NOW - self._dice.randrange(500)),
            "MsgType": "text",
            "MsgId": number,
            "AgentID": "218",
        }
        return fields | changed, number

    def _who(self) -> str:
        if self._dice.random() < 0.7:
            return self._dice.choice(STAFF)
        return f"stranger{self._dice.randrange(300)}"

    def _text(self) -> str:
        words = self._dice.choice(WORDS)
        if self._dice.random() < 0.03:
            words = (words or "长") * (12_000 // max(1, len(words.encode())))
        return words

    def _content(self) -> dict[str, str]:
        kind = self._dice.choice(("text", "text", "link", "image", "location", "event", "odd"))
        if kind == "text":
            return {"MsgType": kind, "Content": self._text()}
        if kind == "link":
            url = f"https://weibo.com/1/P0w{self._dice.randrange(60)}"
            return {"MsgType": kind, "Title": self._text()[:900], "Description": "d", "Url": url}
        if kind == "image":
            kind = self._dice.choice(("image", "voice", "video"))
            return {"MsgType": kind, "MediaId": self._text()[:2000] or "m", "PicUrl": "x"}
        if kind == "location":
            return {"MsgType": kind, "Location_X": "NaN", "Location_Y": "1e999", "Label": "路"}
        if kind == "event":
            key = self._text()[:2000]
            task = self._dice.choice(("", "m-1", key))
            name = self._dice.choice(EVENTS)
            return {"MsgType": kind, "Event": name, "EventKey": key, "TaskId": task}
        return {"MsgType": self._dice.choice(("sticker", "Text", "文本", "x" * 900)), "Extra": "1"}

    def _app(self) -> Shot:
        fields, number = self._xml(**self._content())
        names = list(fields)
        self._dice.shuffle(names)
        plain = xml_of({name: fields[name] for name in names})
        key = f"app:218:{number}"
        if len(self._plain) < REMEMBERED or self._dice.random() < 0.1:
            self._plain.append((plain, key))
        return self._sealed(f"valid app {fields['MsgType'][:12]}", plain, Fate.DONE, key)

    def _robot_message(self) -> tuple[dict[str, object], str]:
        number = f"{self._dice.getrandbits(80):x}"
        message: dict[str, object] = {
            "msgid": number,
            "aibotid": "AIBOT1",
            "chattype": self._dice.choice(("single", "group", "？")),
            "chatid": "wr1",
            "from": {"userid": self._who()},
            "create_time": NOW,
            "msgtype": "text",
            "text": {"content": self._text()},
        }
        kind = self._dice.choice(("text", "text", "voice", "mixed", "event", "odd"))
        parts: dict[str, dict[str, object]] = {
            "voice": {"voice": {"content": self._text()}},
            "mixed": {"mixed": {"msg_item": [{"msgtype": "text", "text": {"content": "a"}}, 7]}},
            "event": {"event": {"eventtype": "enter_chat", "x": [1e308] * 9}},
            "odd": {"odd": {}, "quote": {"msgtype": "text", "text": {"content": "q" * 12_000}}},
        }
        return message | {"msgtype": kind} | parts.get(kind, {}), number

    def _robot(self) -> Shot:
        message, number = self._robot_message()
        plain = json.dumps(message, ensure_ascii=self._dice.random() < 0.5).encode()
        if len(plain) > 40_000:  # escaped it would be longer than a callback may be
            plain = json.dumps(message, ensure_ascii=False).encode()
        key = f"aibot:AIBOT1:{number}"
        return self._sealed_robot(f"valid robot {message['msgtype']}", plain, Fate.DONE, key)

    def _sealed(
        self, kind: str, plain: bytes, fate: Fate, key: str = "", allowed: int = 200
    ) -> Shot:
        seal = Seal()
        sealed = seal.encrypt(plain)
        query = seal.query(sealed, str(NOW), self._nonce())
        statuses = frozenset((200, 403) if fate is Fate.EITHER else (allowed,))
        return Shot(kind, http(f"{APP}?{query}", envelope(sealed)), statuses, fate, key)

    def _sealed_robot(self, kind: str, plain: bytes, fate: Fate, key: str = "") -> Shot:
        sealed = ROBOT_SEAL.encrypt(plain)
        query = ROBOT_SEAL.query(sealed, str(NOW), self._nonce())
        body = json.dumps({"encrypt": sealed}).encode()
        return Shot(kind, http(f"{ROBOT}?{query}", body), frozenset((200,)), fate, key)

    def _nonce(self) -> str:
        return f"{self._dice.getrandbits(64):x}"


def xml_of(fields: dict[str, str]) -> bytes:
    parts = (f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return f"<xml>{''.join(parts)}</xml>".encode()


def hashed(plain: bytes) -> str:
    return f"app::{hashlib.sha256(plain).hexdigest()}"
