"""Delivers callbacks as the platform does: 5 seconds, four tries, not 200 = failed."""

import asyncio
import hashlib
import re
import secrets
import ssl
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self

import httpx

from bot.sandbox.corp import CONTACTS, App
from bot.sandbox.envelope import BrokenEnvelopeError, Keys, open_reply_xml, post_xml, seal
from bot.sandbox.faults import FaultKind
from bot.sandbox.messages import Message, Place
from bot.sandbox.packets import Element, Packet, Raw, write
from bot.sandbox.world import World

_VERIFY_SECONDS = 1.0
_REPLY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Try:
    """One try: the HTTP status, or None with what went wrong."""

    status: int | None
    error: str
    seconds: float
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a callback."""

    msgid: str
    key: str  # MsgId, else the SHA-256 of the plaintext
    delivered: bool
    tries: tuple[Try, ...]
    lost: bool = False

    def described(self) -> dict[str, object]:
        """Return it for the control API."""
        return {
            "msgid": self.msgid,
            "key": self.key,
            "delivered": self.delivered,
            "lost": self.lost,
            "status": self.tries[-1].status if self.tries else None,
            "tries": [
                {"status": one.status, "error": one.error, "seconds": round(one.seconds, 3)}
                for one in self.tries
            ],
        }


@dataclass(frozen=True, slots=True)
class Forged:
    """How a callback is wrong on purpose, for negative tests."""

    signature: str | None = None
    receive_id: str | None = None
    timestamp: int | None = None
    random: bytes | None = None


@cache
def tls() -> ssl.SSLContext:
    """Return the one TLS context of the process: loading the authorities takes 20 ms each time."""
    return ssl.create_default_context()


class Courier:
    """Carries packets to the apps' callback addresses."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._client = httpx.AsyncClient(trust_env=False, verify=tls())
        self._background: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Self:
        """Be ready to carry."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drop what is still on its way."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._client.aclose()

    def packet(
        self, app: App, userid: str, kind: str, fields: Iterable[Element | Raw], *, msgid: str = ""
    ) -> Packet:
        """Write a packet from a member to an app, at the sandbox's time."""
        world = self._world
        common: list[Element | Raw] = [
            ("ToUserName", world.corp.corpid),
            ("FromUserName", userid),
            ("CreateTime", str(int(world.clock.now()))),
            *fields,
        ]
        if app.agentid != CONTACTS:  # what is told of contacts belongs to no app (page 90970)
            common.append(("AgentID", str(app.agentid)))
        if msgid:
            common.append(("MsgId", msgid))
        return Packet(app.agentid, userid, msgid, kind, write(common, world.random))

    def send_later(self, app: App, packet: Packet) -> None:
        """Deliver a packet without making the caller wait."""
        self.keep(self.deliver(app, packet))

    def keep(self, work: Coroutine[None, None, object]) -> None:
        """Carry something out in the background, until the sandbox ends."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def deliver(self, app: App, packet: Packet, forged: Forged | None = None) -> Delivery:
        """Deliver a packet with the platform's patience and the script's faults."""
        world = self._world
        fault = world.faults.for_callback(("callback", packet.userid.casefold(), packet.kind))
        kind = None if fault is None else fault.kind
        if kind is FaultKind.CALLBACK_LOST:
            return Delivery(packet.msgid, _key(packet), delivered=False, tries=(), lost=True)
        if fault is not None and kind is FaultKind.CALLBACK_LATE:
            await asyncio.sleep(fault.value)
        delivery = await self._with_repeats(app, packet, forged)
        if kind is FaultKind.CALLBACK_TWICE:
            await self._with_repeats(app, packet, forged)
        return delivery

    async def _with_repeats(self, app: App, packet: Packet, forged: Forged | None) -> Delivery:
        limits = self._world.corp.limits
        tries: list[Try] = []
        while len(tries) < limits.callback_tries:
            if tries:
                await asyncio.sleep(limits.callback_pause)
            one = await self._try(app, packet, forged or Forged())
            tries.append(one)
            self._write(packet, one, len(tries))
            if one.status == httpx.codes.OK:
                self._take_reply(app, packet, one.body)
                break
        good = bool(tries) and tries[-1].status == httpx.codes.OK
        return Delivery(packet.msgid, _key(packet), delivered=good, tries=tuple(tries))

    async def _try(self, app: App, packet: Packet, forged: Forged) -> Try:
        world = self._world
        receive_id = world.corp.corpid if forged.receive_id is None else forged.receive_id
        keys = Keys(app.token, app.aes_key, receive_id)
        at = int(world.clock.now()) if forged.timestamp is None else forged.timestamp
        # Only the envelope is new on a repeat: MsgId, CreateTime and plaintext stay (page 90238).
        sealed = seal(
            keys, packet.plain, timestamp=at, random=forged.random or secrets.token_bytes(24)
        )
        first = world.random.random() < 0.5  # noqa: PLR2004 - a coin
        body = post_xml(
            sealed, to_user=world.corp.corpid, agentid=app.agentid or None, encrypt_first=first
        )
        query = sealed.query()
        if forged.signature is not None:
            query["msg_signature"] = forged.signature
        return await self.post(app.callback_url, query, body, content_type="text/xml")

    async def post(self, url: str, query: dict[str, str], body: bytes, *, content_type: str) -> Try:
        """POST once and wait 5 seconds at most."""
        clock = self._world.clock
        began = clock.mono()
        try:
            async with asyncio.timeout(self._world.corp.limits.callback_seconds):
                answer = await self._client.post(
                    url,
                    params=query,
                    content=body,
                    headers={"Content-Type": content_type, "User-Agent": "Mozilla/4.0"},
                    timeout=None,
                )
        except TimeoutError:
            return Try(None, "5 秒内没有回答", clock.mono() - began)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Try(None, f"{type(error).__name__}: {error}", clock.mono() - began)
        return Try(answer.status_code, "", clock.mono() - began, answer.content[:_REPLY_BYTES])

    async def ask(self, url: str, seconds: float) -> object:
        """GET a JSON value from the service.

        Raises:
            httpx.HTTPError: no answer. ValueError: the answer is no JSON.
        """
        answer = await self._client.get(url, timeout=seconds)
        read: object = answer.raise_for_status().json()
        return read

    def _write(self, packet: Packet, one: Try, number: int) -> None:
        world = self._world
        world.log.write(
            {
                "kind": "callback",
                "t": round(world.clock.now(), 3),
                "real": round(world.clock.real(), 3),
                "mono": round(world.clock.mono(), 4),
                "api": "callback",
                "key": _key(packet),
                "msgid": packet.msgid,
                "agentid": packet.agentid,
                "userid": packet.userid,
                "type": packet.kind,
                "try": number,
                "http": one.status,
                "error": one.error,
                "seconds": round(one.seconds, 4),
            }
        )
        world.bell.ring()

    def _take_reply(self, app: App, packet: Packet, body: bytes) -> None:
        """Show a passive reply to the sender, or note what is wrong with it."""
        if body.strip() in {b"", b"success"}:
            return
        world = self._world
        try:
            plain = open_reply_xml(Keys(app.token, app.aes_key, world.corp.corpid), body)
            words = _reply_words(plain.decode("utf-8"), packet.userid, world.corp.corpid)
        except (BrokenEnvelopeError, UnicodeDecodeError) as error:
            world.log.write({"kind": "reply", "key": _key(packet), "fault": str(error)})
            return
        reader = packet.userid.casefold()
        world.messages.add(
            Message(
                at=world.clock.now(),
                place=Place("app", str(app.agentid)),
                author="app",
                readers=frozenset({reader}),
                msgtype="text",
                part={"content": words},
                text=words,
                note="被动回复",
            )
        )
        world.log.write({"kind": "reply", "key": _key(packet), "text": words, "fault": None})

    async def verify(self, app: App) -> dict[str, object]:
        """Ask the app's address to prove itself, as saving it in the console does (page 90930)."""
        return await self.ask_echo(
            app.callback_url, Keys(app.token, app.aes_key, self._world.corp.corpid)
        )

    async def ask_echo(self, url: str, keys: Keys) -> dict[str, object]:
        """GET with an encrypted echostr; the answer must be its plaintext, within a second."""
        wanted = str(secrets.randbelow(9 * 10**18) + 10**18)
        at = int(self._world.clock.now())
        sealed = seal(keys, wanted.encode(), timestamp=at, random=secrets.token_bytes(24))
        query = {**sealed.query(), "echostr": sealed.encrypt}
        try:
            async with asyncio.timeout(_VERIFY_SECONDS):
                answer = await self._client.get(url, params=query, timeout=None)
        except TimeoutError:
            return {"ok": False, "why": "1 秒内没有回答"}
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return {"ok": False, "why": f"{type(error).__name__}: {error}"}
        if answer.status_code != httpx.codes.OK:
            return {"ok": False, "why": f"HTTP {answer.status_code}"}
        if answer.content != wanted.encode():
            return {"ok": False, "why": "回答不是明文 echostr (不能有引号、换行或 BOM)"}
        return {"ok": True, "why": ""}


def _key(packet: Packet) -> str:
    return packet.msgid or hashlib.sha256(packet.plain).hexdigest()


def _reply_words(plain: str, userid: str, corpid: str) -> str:
    """Return a passive text reply, cut at 2048 bytes (page 90241).

    Raises:
        BrokenEnvelopeError: To and From are not swapped, or the type is none a reply may have.
    """
    found: dict[str, str] = {
        name: (first or second).strip()
        for name, first, second in re.findall(
            r"<(\w{1,40})>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</\1>", plain, re.DOTALL
        )
    }
    if found.get("ToUserName", "").casefold() != userid.casefold():
        raise BrokenEnvelopeError("被动回复的 ToUserName 应为成员的 userid")
    if found.get("FromUserName") != corpid:
        raise BrokenEnvelopeError("被动回复的 FromUserName 应为 CorpID")
    kind = found.get("MsgType", "")
    if kind not in {"text", "image", "voice", "video", "news"}:  # card updates are ignored here
        raise BrokenEnvelopeError(f"被动回复不支持的 MsgType: {kind or '(无)'}")
    content = found.get("Content", f"[{kind}]")
    return content.encode()[:2048].decode("utf-8", "ignore")
