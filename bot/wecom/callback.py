"""The address WeCom calls: GET to verify it, POST to be heard. A raw handler, for its speed.

A callback is answered 200 once it is durable and not before; everything else happens later, in the
worker. What is not WeCom's, not for us or not in order gets a bare 4xx.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.asgi import Application, Receive, Scope, Send, respond
from bot.wecom.crypto import Keyring, RefusedError, Sealed
from bot.wecom.envelope import MAX_BODY, Form, Outside, read_message, read_verification
from bot.wecom.inbound import Arrival, Identity, identify
from bot.wecom.keeper import Keeper, NotKeptError
from bot.wecom.smart_greeting import greet, is_entering
from bot.wecom.tally import Tally
from storage.failpoints import hit
from storage.inbox import InboxRecord
from storage.states import Channel

BODY_SECONDS = 5.0  # how long a body may take to arrive (A14)
FRESHNESS = timedelta(minutes=10)
PROBE = "doctor"  # how the nonce of our own questions through the public address begins
_MAX_ECHOES = 1000
# What WeCom wants to hear back is a number. A captured message sent here as echostr would carry a
# valid signature too, and must not be read out to whoever sends it (A11).
_ECHO = re.compile(rb"[0-9A-Za-z]{1,64}")

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Address:
    """One callback address: an app's (XML) or an intelligent robot's (JSON)."""

    channel: Channel
    form: Form
    keyring: Keyring
    greeting: str = ""  # of a robot, to who opens its chat: only the HTTP answer can say it


class Door:
    """Answers one callback address."""

    def __init__(self, address: Address, *, keeper: Keeper, clock: Clock, tally: Tally) -> None:
        self._address = address
        self._keeper = keeper
        self._clock = clock
        self._tally = tally
        self._echoes: dict[str, None] = {}  # verification strings that were answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            echo = await self._answer(scope, receive)
        except RefusedError as refusal:
            self._tally.refused(refusal.reason, _source(scope))
            await respond(send, refusal.status, closes=True)
        except NotKeptError:
            self._tally.refused("not kept", _source(scope))
            await respond(send, 503)
        else:
            self._tally.kept()
            await respond(send, 200, echo)
            hit("callback.answered")  # I18

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        hit("callback.accepted")  # I01
        if scope["method"] == "GET":
            return self._verify(scope["query_string"])
        if scope["method"] != "POST":
            raise RefusedError(405, "method")
        body = await _body(scope, receive)
        hit("callback.body_read")  # I02
        outside = read_message(scope["query_string"], body, self._address.form)
        hit("callback.envelope_read")  # I03
        plaintext = self._address.keyring.open(outside.sealed)
        hit("callback.decrypted")  # I05
        await self._keeper.keep(self._record(outside, plaintext))
        if self._address.greeting and is_entering(plaintext):
            return greet(self._address.keyring, outside.sealed, self._address.greeting)
        return b""

    def _verify(self, query: bytes) -> bytes:
        sealed = read_verification(query)
        age = self._clock() - datetime.fromtimestamp(int(sealed.timestamp), UTC)
        if abs(age) > FRESHNESS or sealed.encrypted in self._echoes:
            raise RefusedError(403, "echostr replayed")
        try:
            echo = self._address.keyring.open(sealed)
        except RefusedError as refusal:
            raise RefusedError(403, refusal.reason) from None
        if not _ECHO.fullmatch(echo):
            raise RefusedError(403, "echostr")
        if not sealed.nonce.startswith(PROBE):
            self._tally.verified(self._clock())
        self._echoes[sealed.encrypted] = None
        if len(self._echoes) > _MAX_ECHOES:
            del self._echoes[next(iter(self._echoes))]
        return echo

    def _record(self, outside: Outside, plaintext: bytes) -> InboxRecord:
        sealed = outside.sealed
        arrival = Arrival(plaintext, self._address.form, self._address.channel, sealed.timestamp)
        identity = identify(arrival)
        _check_outside(outside, identity)
        received_at = self._clock()
        return record_of(sealed, identity, self._address.channel, received_at)


def record_of(
    sealed: Sealed, identity: Identity, channel: Channel, received_at: datetime
) -> InboxRecord:
    """Return what the inbox keeps of a message: sealed, but for what orders and tells it apart."""
    return InboxRecord(
        key=identity.key,
        channel=channel,
        agent_id=identity.agent_id,
        sender=identity.sender,
        created_at=identity.created_at or received_at,
        received_at=received_at,
        envelope=sealed.encrypted.encode(),
        timestamp=sealed.timestamp,
        nonce=sealed.nonce,
        signature=sealed.signature,
    )


def build_app(doors: Mapping[str, Door], rest: Application) -> Application:
    """Return the application: callback paths go to their door, all else to `rest` (FastAPI)."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        door = doors.get(scope["path"]) if scope["type"] == "http" else None
        await (door or rest)(scope, receive, send)

    return app


def _check_outside(outside: Outside, identity: Identity) -> None:
    """The outer fields are not signed: they are only ever compared, never used (A08)."""
    if identity.created_at is None:
        return  # unreadable inside: the worker will set it aside
    is_same_user = outside.to_user in ("", identity.to_user)
    if not is_same_user or outside.agent_id not in ("", identity.agent_id):
        raise RefusedError(403, "address")


async def _body(scope: Scope, receive: Receive) -> bytes:
    """Read at most 64 kB within 5 s. Raises RefusedError 413 or 408."""
    for name, value in scope["headers"]:
        if name == b"content-length" and not (value.isdigit() and int(value) <= MAX_BODY):
            raise RefusedError(413, "size")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _chunks(receive)
    except TimeoutError:
        raise RefusedError(408, "slow body") from None


async def _chunks(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusedError(400, "disconnected")
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise RefusedError(413, "size")
        if not message.get("more_body", False):
            return bytes(body)


def _source(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""
