"""Everything the sandbox knows while it runs, and one request as its handlers see it."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from bot.sandbox.answers import RefusalError
from bot.sandbox.bell import Bell
from bot.sandbox.clock import SandboxClock
from bot.sandbox.corp import App, Corp
from bot.sandbox.faults import Fault, FaultKind, FaultScript
from bot.sandbox.fields import Json
from bot.sandbox.log import Facts, SandboxLog
from bot.sandbox.media import MediaStore
from bot.sandbox.messages import Messages, Place
from bot.sandbox.tokens import Tokens
from bot.sandbox.windows import Windows

CODE_SECONDS = 72 * 3600.0  # life of a response_code
OAUTH_SECONDS = 300.0


@dataclass(slots=True)
class ResponseCode:
    """A code that updates a card once, within 72 hours (page 94888)."""

    agentid: int
    msgid: str
    ends_at: float
    used: bool = False


@dataclass(slots=True)
class Chat:
    """A group chat made by an app (appchat)."""

    chatid: str
    name: str
    owner: str
    members: list[str]
    agentid: int
    spoken: bool = False  # invisible until the first message


@dataclass(slots=True)
class LoginCode:
    """An OAuth code: one use, five minutes."""

    agentid: int
    userid: str
    private: bool
    ends_at: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the platform."""

    api: str
    method: str
    query: Mapping[str, str]
    body: bytes
    content_type: str
    peer: str
    now: float
    facts: Facts
    fault: Fault | None = None

    def json(self) -> Json:
        """Return the body as a JSON object.

        Raises:
            RefusalError: 47001 when it is none.
        """
        try:
            raw = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise RefusalError(47001) from error
        if not isinstance(raw, dict):
            raise RefusalError(47001)
        return raw

    def suffers(self, kind: FaultKind) -> bool:
        """Say whether the fault script spoils this request in this way."""
        return self.fault is not None and self.fault.kind is kind


@dataclass(slots=True)
class World:
    """The state of the platform. Only the event loop's thread touches it."""

    corp: Corp
    clock: SandboxClock
    log: SandboxLog
    faults: FaultScript
    tokens: Tokens
    messages: Messages
    bell: Bell
    media: MediaStore = field(default_factory=MediaStore)
    windows: Windows = field(default_factory=Windows)
    codes: dict[str, ResponseCode] = field(default_factory=dict)
    logins: dict[str, LoginCode] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)  # user_ticket → userid
    chats: dict[str, Chat] = field(default_factory=dict)
    menus: dict[int, Json] = field(default_factory=dict)
    tasks: set[tuple[str, str]] = field(default_factory=set)  # (app or robot, task_id) ever used
    duplicates: dict[tuple[int, str], float] = field(default_factory=dict)  # (app, sha) → when
    minutes: dict[str, tuple[int, int]] = field(default_factory=dict)  # api → (minute, calls)
    run: str = field(default_factory=lambda: secrets.token_hex(8))  # tells a restart
    left: set[str] = field(default_factory=set)  # userids that were disabled while it runs
    random: Random = field(default_factory=lambda: Random(secrets.randbits(64)))  # noqa: S311 - shapes XML, no secret

    def app_of(self, call: Call) -> App:
        """Return the app whose token a request carries, if it may call from where it does.

        Raises:
            RefusalError: 41001, 40014, 42001 for the token; 60020 for an address not trusted.
        """
        app = self.tokens.app_of(call.query.get("access_token", ""), now=call.now)
        if self.corp.trusted_ips and call.peer not in self.corp.trusted_ips:
            raise RefusalError(60020)
        call.facts.agentid = app.agentid
        return app

    def may_see(self, app: App, userid: str) -> bool:
        """Say whether a casefolded userid is in the app's visible range and still in the corp."""
        member = self.corp.member(userid)
        if member is None or userid in self.left:
            return False
        return not app.visible or userid in app.visible

    def readers(self, place: Place) -> frozenset[str]:
        """Return who is in a group; empty for one that does not exist and for a single chat."""
        if place.kind == "chat":
            chat = self.chats.get(place.name)
            return frozenset(() if chat is None else chat.members)
        return self.corp.group_members(place.name) if place.kind == "group" else frozenset()

    def new_code(self, agentid: int, msgid: str) -> str:
        """Return a fresh response_code for a card."""
        code = secrets.token_urlsafe(30)
        self.codes[code] = ResponseCode(agentid, msgid, self.clock.now() + CODE_SECONDS)
        return code

    def api_is_busy(self, call: Call) -> bool:
        """Count a call and say whether its API is over the base frequency (page 90312)."""
        minute = int(call.now // 60)
        seen, count = self.minutes.get(call.api, (minute, 0))
        count = count + 1 if seen == minute else 1
        self.minutes[call.api] = (minute, count)
        return count > self.corp.limits.api_per_minute


def new_world(corp: Corp, log: SandboxLog) -> World:
    """Build a fresh platform for a corp.

    Raises:
        BadFaultError: the configured fault script is wrong.
    """
    bell = Bell()
    return World(
        corp=corp,
        clock=SandboxClock(corp.clock_file),
        log=log,
        faults=FaultScript(corp.faults),
        tokens=Tokens(corp),
        messages=Messages(bell),
        bell=bell,
    )
