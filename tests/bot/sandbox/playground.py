"""A sandbox and a receiving service, each a real HTTP server on a free port of this machine."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import httpx
import xmltodict  # type: ignore[import-untyped]
from fastapi import FastAPI, Request, Response
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException, WeChatException

from bot.sandbox.callbacks import tls
from bot.sandbox.corp import read_corp
from bot.sandbox.server import create_app
from tests.support.host import Host

CORPID = "wx5823bf96d3bd56c7"
TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SECRET = "s" * 43
ROBOT = "robot-key-of-housing"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
GROUP = "市住建局督办群"

Json = dict[str, Any]


def corp_config(callback_url: str = "", **more: object) -> Json:
    """A small city: an officer, a director, and two from the housing bureau."""
    return {
        "corpid": CORPID,
        "name": "云溪市",
        "apps": [
            {
                "agentid": 1000002,
                "secret": SECRET,
                "token": TOKEN,
                "aes_key": AES_KEY,
                "callback_url": callback_url,
            },
            {"agentid": 1000003, "secret": "t" * 43, "name": "公文", "visible": ["ZhangSan"]},
        ],
        "members": [
            {"userid": "ZhangSan", "name": "张三", "position": "值班员", "group": "市网信办"},
            {"userid": "lisi", "name": "李四", "position": "联络员", "group": "市住建局"},
            {"userid": "wangwu", "name": "王五", "position": "副局长", "group": "市住建局"},
            {"userid": "zhaoliu", "name": "赵六", "group": "市水务局", "licensed": False},
        ],
        "robots": [{"key": ROBOT, "name": GROUP, "members": ["lisi", "WangWu"]}],
        "limits": {"callback_pause": 0.0, "callback_seconds": 4.0, "hang_seconds": 5.0},
        **more,
    }


HOSTS: dict[str, Host] = {}


def host(name: str) -> Host:
    """The server of this name, started when it is first asked for."""
    return HOSTS.get(name) or HOSTS.setdefault(name, Host())


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@dataclass
class Inbox:
    """A service that opens callbacks with wechatpy's crypto and answers as it is told."""

    heard: list[str] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)  # to be answered, then 200
    reply: bytes = b""
    hold: float = 0.0
    next_at: float | None = None
    crypto: WeChatCrypto = field(default_factory=lambda: WeChatCrypto(TOKEN, AES_KEY, CORPID))

    rung: threading.Event = field(default_factory=threading.Event)  # something was heard

    def last(self) -> Json:
        """The elements of the last message, as wechatpy's own reader of XML sees them.

        What the page shows may be a moment ahead of the callback: the first one is waited for.
        """
        assert self.rung.wait(10), "nothing was heard"
        return dict(xmltodict.parse(self.heard[-1])["xml"])

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_api_route("/callback", self.receive, methods=["POST"])
        app.add_api_route("/callback", self.verify, methods=["GET"])
        app.add_api_route("/next", self.next_moment, methods=["GET"])
        return app

    def next_moment(self) -> Json:
        at = self.next_at
        return {"at": None if at is None else datetime.fromtimestamp(at, UTC).isoformat()}

    def verify(self, msg_signature: str, timestamp: str, nonce: str, echostr: str) -> Response:
        echo = self.crypto.check_signature(msg_signature, timestamp, nonce, echostr)
        return Response(echo)

    def _opened(self, query: dict[str, str], body: str) -> str | bytes:
        self.queries.append(query)
        self.bodies.append(body)
        plain: str | bytes = self.crypto.decrypt_message(
            body, query["msg_signature"], query["timestamp"], query["nonce"]
        )
        return plain

    async def receive(self, request: Request) -> Response:
        query = dict(request.query_params)
        body = await request.body()
        try:
            # An error that is raised would close the connection, perhaps under the next request.
            plain = self._opened(query, body.decode())
        except (InvalidSignatureException, WeChatException, ExpatError, ValueError):
            return Response(status_code=500)
        self.heard.append(plain if isinstance(plain, str) else plain.decode())
        self.rung.set()
        if self.hold:
            await asyncio.sleep(self.hold)
        status = self.statuses.pop(0) if self.statuses else 200
        return Response(self.reply, status)


@dataclass
class Playground:
    """A running sandbox as its clients see it."""

    url: str
    log_path: Path
    client: httpx.Client
    inbox: Inbox

    def token(self, secret: str = SECRET) -> str:
        query = {"corpid": CORPID, "corpsecret": secret}
        return str(self.get("gettoken", **query)["access_token"])

    def get(self, api: str, **query: str) -> Json:
        return dict(self.client.get(f"/cgi-bin/{api}", params=query).json())

    def post(self, api: str, body: object, **query: str) -> Json:
        query = query or {"access_token": self.token()}
        return dict(self.client.post(f"/cgi-bin/{api}", params=query, json=body).json())

    def send(self, touser: str = "lisi", **more: object) -> Json:
        """Send an app message: a text unless `more` says otherwise."""
        plain = {"touser": touser, "msgtype": "text", "agentid": 1000002, "text": {"content": "好"}}
        return self.post("message/send", {**plain, **more})

    def robot(self, body: object, key: str = ROBOT) -> Json:
        return self.post("webhook/send", body, key=key)

    def control(self, path: str, **body: object) -> Json:
        answer = self.client.post(f"/sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def refused(self, path: str, **body: object) -> tuple[int, str]:
        answer = self.client.post(f"/sandbox/{path}", json=body)
        return answer.status_code, str(answer.json()["detail"])

    def seen_by(self, viewer: str) -> list[Json]:
        answer = self.client.get("/sandbox/messages", params={"viewer": viewer}).json()
        return list(answer["messages"])

    def log(self, api: str = "", kind: str = "") -> list[Json]:
        """The log as it stands in the file."""
        lines = [json.loads(line) for line in self.log_path.read_text("utf-8").splitlines()]
        return [
            one for one in lines if api in {"", one.get("api")} and kind in {"", one.get("kind")}
        ]

    def advance(self, seconds: float) -> None:
        self.control("clock", advance_seconds=seconds)

    def fault(self, fault: str, match: str = "", **more: int) -> None:
        self.control("faults", fault=fault, match=match, **more)


@contextmanager
def playground(
    folder: Path, *, callback: bool = True, name: str = "sandbox", **more: object
) -> Iterator[Playground]:
    """Run a sandbox and a service that hears it."""
    inbox = Inbox()
    with host("service").serving(inbox.app()) as service:
        url = f"{service}/callback" if callback else ""
        config = corp_config(url, **{"next_moment_url": f"{service}/next", **more})
        log_path = folder / "sandbox.jsonl"
        with (
            host(name).serving(create_app(read_corp(config), log_path)) as address,
            httpx.Client(base_url=address, timeout=10, verify=tls()) as client,
        ):
            yield Playground(address, log_path, client, inbox)
