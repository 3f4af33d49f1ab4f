"""Speaks to WeCom's API; for that the only file that knows httpx.

WeCom wants secrets in addresses, so nothing here may log, raise or return an address: faults of
the network become outcomes that name their kind and nothing else.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from bot.gateway import GiveUp, Outcome, Scope, Sent, TryLater, Unknown
from bot.wecom.access_token import AccessToken, Fetched
from bot.wecom.answers import QUIET_SECONDS, Answer, code_of, judge, parse
from bot.wecom.error_codes import say
from bot.wecom.token_seal import TokenSeal
from storage.database import Database
from storage.failpoints import hit
from storage.states import Channel

TIMEOUT_SECONDS = 10.0  # for one message in all, token included; the lease allows it (R8)
_CONNECT_SECONDS = 3.0
_MEDIA_SECONDS = 60.0
_MAX_ANSWER = 1024 * 1024
_MAX_MEDIA = 21 * 1024 * 1024  # WeCom's largest file is 20 MB
_STALE: Final = (40014, 42001, 40001)  # worth one new token
_UNAUTHORISED = 429
_CHAT_EXISTS = 86215
_CONNECTIONS = httpx.Limits(max_connections=20, max_keepalive_connections=10)
_CONNECT_FAULTS = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_FAILPOINTS = {
    "connection.connect_tcp.complete": "send.connected",  # S07
    "http11.send_request_headers.complete": "send.half_written",  # S08
    "http11.send_request_body.complete": "send.written",  # S09
    "http11.receive_response_headers.complete": "send.headers_read",  # S10
}

Answered = Answer | TryLater | GiveUp | Unknown
Body = Mapping[str, object] | None  # None: asked by GET
Query = Mapping[str, str] | None


class MediaError(Exception):
    """A file could not be fetched or uploaded; the text says why, in Chinese."""


class PlatformError(Exception):
    """The platform refused a question or did not answer it."""

    def __init__(self, outcome: TryLater | GiveUp | Unknown) -> None:
        super().__init__(outcome.text)
        self.errcode = None if isinstance(outcome, Unknown) else outcome.errcode


@dataclass(frozen=True, slots=True)
class Account:
    """Whose app speaks, and to which platform: `base_url` ends in /cgi-bin."""

    corp_id: str
    secret: str = field(repr=False)
    agent_id: str
    base_url: str = "https://qyapi.weixin.qq.com/cgi-bin"
    proxy: str | None = field(default=None, repr=False)


class WeComClient:
    """Sends rendered payloads and moves files. Safe to use from several threads."""

    def __init__(
        self,
        account: Account,
        *,
        database: Database,
        clock: Callable[[], datetime],
        robots: Mapping[str, str],
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """`robots` gives the webhook key of each group robot by its name."""
        for name in ("httpx", "httpcore"):  # at INFO they write whole addresses, secrets included
            logging.getLogger(name).setLevel(logging.WARNING)
        self._account = account
        self._robots = dict(robots)
        self._timeout = timeout_seconds
        self._http = httpx.Client(
            limits=_CONNECTIONS,
            trust_env=False,
            proxy=account.proxy,
            headers={"user-agent": "duban"},
        )
        self._token = AccessToken(
            f"app:{account.agent_id}",
            database=database,
            clock=clock,
            fetch=self._fetch_token,
            seal=TokenSeal(account.secret),
        )

    @property
    def origin(self) -> str:
        """How addresses of the configured platform begin: https://host/."""
        return f"{self._account.base_url.removesuffix('/cgi-bin').rstrip('/')}/"

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        """Deliver `payload` byte for byte; never raises for what the platform does.

        On the app's channel the payload says what it is: a message has a `msgtype`, an update of a
        card a `response_code`, a recall only a `msgid`; on that of its group chats a new chat has a
        `userlist`, a change of its members neither.
        """
        deadline = time.monotonic() + self._timeout
        if channel == Channel.ROBOT:
            return self._send_to_robot(recipient, payload, deadline)
        path = _chat_path(payload) if channel == Channel.APPCHAT else _path(payload)
        if path is None or channel not in (Channel.APP, Channel.APPCHAT):
            return GiveUp(47001, say(47001, "unknown channel or payload"), Scope.MESSAGE)
        answer = self._authorised(path, payload.encode(), deadline)
        outcome = judge(answer) if isinstance(answer, dict) else answer
        return _made(outcome) if path == "appchat/create" else outcome

    def upload(self, kind: str, filename: str, content: bytes, robot: str = "") -> str:
        """Upload a file (image, voice, video, file); return its media_id, good for three days.

        What a group robot hands out is uploaded by that very robot (page 99110). Raises MediaError.
        """
        deadline = time.monotonic() + _MEDIA_SECONDS
        path, secrets = "webhook/upload_media", {"key": self._robots.get(robot, "")}
        if not robot:
            token = self._token.current(deadline)
            if not isinstance(token, str):
                raise MediaError(token.text)
            path, secrets = "media/upload", {"access_token": token}
        request = self._http.build_request(
            "POST",
            self._address(path),
            params={**secrets, "type": kind},
            files={"media": (filename, content)},
        )
        answer = self._json(request, deadline)
        if not isinstance(answer, dict):
            raise MediaError(answer.text)
        media_id = answer.get("media_id")
        if code_of(answer) != 0 or not isinstance(media_id, str):
            raise MediaError(say(code_of(answer), str(answer.get("errmsg", ""))))
        return media_id

    def download(self, media_id: str) -> bytes:
        """Return the content of a picture, recording or file somebody sent. Raises MediaError."""
        deadline = time.monotonic() + _MEDIA_SECONDS
        token = self._token.current(deadline)
        if not isinstance(token, str):
            raise MediaError(token.text)
        request = self._http.build_request(
            "GET",
            self._address("media/get"),
            params={"access_token": token, "media_id": media_id},
        )
        content = self._exchange(request, _MAX_MEDIA, deadline)
        if not isinstance(content, bytes):
            raise MediaError(content.text)
        fault = parse(content) if content.startswith(b'{"errcode"') else None
        if isinstance(fault, dict):
            raise MediaError(say(code_of(fault), str(fault.get("errmsg", ""))))
        return content

    def call(self, path: str, body: Body, query: Query = None) -> Answered:
        """Ask an API with the app's token: POST where there is a body, else GET.

        What it refuses comes back as an outcome.
        """
        deadline = time.monotonic() + self._timeout
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer = self._authorised(path, content, deadline, query)
        if not isinstance(answer, dict):
            return answer
        judged = judge(answer)
        return answer if isinstance(judged, Sent) else judged

    def respond(self, url: str, payload: str) -> Outcome:
        """Post the one answer a response_url takes (page 101138); the address is the permission."""
        request = self._http.build_request(
            "POST",
            url,
            content=payload.encode(),
            headers={"content-type": "application/json; charset=utf-8"},
            extensions={"trace": _trace},
        )
        answer = self._json(request, time.monotonic() + self._timeout)
        return judge(answer) if isinstance(answer, dict) else answer

    def fetch(self, url: str) -> bytes:
        """Return what lies at an address the platform gave. Raises MediaError."""
        try:
            request = self._http.build_request("GET", url)
            content = self._exchange(request, _MAX_MEDIA, time.monotonic() + _MEDIA_SECONDS)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise MediaError("文件地址不对") from None
        if not isinstance(content, bytes):
            raise MediaError(content.text)
        return content

    def platform_time(self) -> datetime:
        """Return the platform's clock, from the Date of an answer; no token is needed.

        Raises:
            PlatformError: no answer, or one without a date.
        """
        try:
            answer = self._http.get(self._address("gettoken"), timeout=self._timeout)
            return parsedate_to_datetime(answer.headers["date"])
        except httpx.HTTPError as error:
            raise PlatformError(Unknown(f"没有得到回答（{type(error).__name__}）")) from None
        except (KeyError, ValueError):
            raise PlatformError(Unknown("回答没有写时间")) from None

    def ask(
        self, path: str, query: Mapping[str, str] | None = None, body: Answer | None = None
    ) -> Answer:
        """Ask as `call` does.

        Raises:
            PlatformError: it was refused or not answered; the text says why, in Chinese.
        """
        found = self.call(path, body, query)
        if isinstance(found, dict):
            return found
        raise PlatformError(found)

    def _send_to_robot(self, name: str, payload: str, deadline: float) -> Outcome:
        key = self._robots.get(name)
        if key is None:
            return GiveUp(93000, f"没有配置名为“{name}”的群机器人，请管理员补上", Scope.RECIPIENT)
        answer = self._post("webhook/send", {"key": key}, payload.encode(), deadline)
        return judge(answer) if isinstance(answer, dict) else answer

    def _authorised(
        self, path: str, content: bytes | None, deadline: float, query: Query = None
    ) -> Answered:
        """Post with the token in force; once more with a new one if it is not taken."""
        answer: Answered = {}
        for _ in range(2):
            token = self._token.current(deadline)
            if not isinstance(token, str):
                return token
            asked = {**(query or {}), "access_token": token}
            answer = self._post(path, asked, content, deadline)
            if not isinstance(answer, dict) or code_of(answer) not in _STALE:
                return answer
            self._token.discard(token)
        return answer

    def _fetch_token(self, deadline: float) -> Fetched | TryLater | GiveUp | Unknown:
        request = self._http.build_request(
            "GET",
            self._address("gettoken"),
            params={"corpid": self._account.corp_id, "corpsecret": self._account.secret},
        )
        answer = self._json(request, deadline)
        if not isinstance(answer, dict):
            return answer
        value, seconds = answer.get("access_token"), answer.get("expires_in")
        if code_of(answer) == 0 and isinstance(value, str) and isinstance(seconds, int):
            return Fetched(value, timedelta(seconds=min(max(seconds, 60), 86_400)))
        outcome = judge(answer)
        return Unknown("没有凭证的回答") if isinstance(outcome, Sent) else outcome

    def _post(
        self, path: str, secrets: dict[str, str], content: bytes | None, deadline: float
    ) -> Answer | TryLater | Unknown:
        request = self._http.build_request(
            "GET" if content is None else "POST",
            self._address(path),
            params=secrets,
            content=content,
            headers={"content-type": "application/json; charset=utf-8"},
            extensions={"trace": _trace},
        )
        answer = self._json(request, deadline)
        hit("send.body_parsed")  # S11
        return answer

    def _address(self, path: str) -> str:
        return f"{self._account.base_url.rstrip('/')}/{path}"

    def _json(self, request: httpx.Request, deadline: float) -> Answer | TryLater | Unknown:
        body = self._exchange(request, _MAX_ANSWER, deadline)
        return parse(body) if isinstance(body, bytes) else body

    def _exchange(
        self, request: httpx.Request, limit: int, deadline: float
    ) -> bytes | TryLater | Unknown:
        """Send and read the whole answer before the deadline and within the size limit."""
        left = deadline - time.monotonic()
        if left <= 0:
            return TryLater(None, "没有来得及发出", 0)
        timeout = httpx.Timeout(left, connect=min(left, _CONNECT_SECONDS))
        request.extensions["timeout"] = timeout.as_dict()
        try:
            response = self._http.send(request, stream=True)
            try:
                body = _read(response, limit, deadline)
            finally:
                response.close()
        except _CONNECT_FAULTS as error:  # nothing has left
            return TryLater(None, f"连不上企业微信（{type(error).__name__}）", 0)
        except httpx.HTTPError as error:
            return Unknown(f"没有得到回答（{type(error).__name__}）")
        if response.status_code == _UNAUTHORISED:
            return TryLater(
                None, "企业微信要求放慢（HTTP 429）", QUIET_SECONDS, pauses_channel=True
            )
        if response.status_code != httpx.codes.OK:
            return Unknown(f"HTTP {response.status_code}")
        return Unknown("回答过长或过慢") if body is None else body


def _read(response: httpx.Response, limit: int, deadline: float) -> bytes | None:
    """Read the body; None if it is too long or drips in too slowly."""
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size > limit or time.monotonic() > deadline:
            return None
    return b"".join(chunks)


def _trace(event: str, _details: object) -> None:
    if event in _FAILPOINTS:
        hit(_FAILPOINTS[event])


def _path(payload: str) -> str | None:
    fields = parse(payload.encode())
    if isinstance(fields, Unknown):
        return None
    if "msgtype" in fields:
        return "message/send"
    if "response_code" in fields:
        return "message/update_template_card"
    return "message/recall" if "msgid" in fields else None


def _chat_path(payload: str) -> str | None:
    fields = parse(payload.encode())
    if isinstance(fields, Unknown) or "chatid" not in fields:
        return None
    if "msgtype" in fields:
        return "appchat/send"
    return "appchat/create" if "userlist" in fields else "appchat/update"


def _made(outcome: Outcome) -> Outcome:
    """Judge a new group chat: its id is ours, so one that is there already is the same one."""
    if isinstance(outcome, GiveUp) and outcome.errcode == _CHAT_EXISTS:
        return Sent("")
    if isinstance(outcome, GiveUp):  # no reason to hold back what goes to other chats
        return GiveUp(outcome.errcode, outcome.text, Scope.MESSAGE)
    return outcome
