"""The access token: stored for all replicas, fetched by one at a time (R11)."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.gateway import GiveUp, TryLater, Unknown
from bot.wecom.token_seal import TokenSeal
from storage.database import Database
from storage.failpoints import hit

_MARGIN = timedelta(minutes=2)  # a token that ends during the request helps nobody
_LOOK_SECONDS = 0.1
_OTHERS_SECONDS = 3.0  # how long we look whether another replica has stored the new one
_FAILURE_SECONDS = 1.0  # how long a failure is the answer to everybody


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fresh token and how long it lives."""

    value: str = field(repr=False)
    lifetime: timedelta


Fetch = Callable[[float], Fetched | TryLater | GiveUp | Unknown]


class AccessToken:
    """Gives the token in force, and a new one after `discard`."""

    def __init__(
        self,
        name: str,
        *,
        database: Database,
        clock: Callable[[], datetime],
        fetch: Fetch,
        seal: TokenSeal,
    ) -> None:
        """`fetch` asks the platform, until the monotonic moment it is given."""
        self._name = name
        self._seal = seal
        self._database = database
        self._clock = clock
        self._fetch = fetch
        self._lock = threading.Lock()
        self._pause = threading.Event()
        self._value = ""
        self._expires_at: datetime | None = None
        self._bad = ""
        self._failure: tuple[float, TryLater | GiveUp] | None = None

    def current(self, deadline: float) -> str | TryLater | GiveUp:
        """Return the token, or why there is none before the monotonic moment `deadline`."""
        if not self._lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            return TryLater(None, "等待凭证超时", 5)
        try:
            now = self._clock()
            if self._is_good(self._value, self._expires_at, now):
                return self._value
            if self._failure is not None and time.monotonic() < self._failure[0]:
                return self._failure[1]  # whoever queued behind a failure need not repeat it
            found = self._stored(now) or self._renewed(now, deadline)
            if not isinstance(found, str):
                self._failure = (time.monotonic() + _FAILURE_SECONDS, found)
            return found
        finally:
            self._lock.release()

    def discard(self, value: str) -> None:
        """The platform does not take `value` any more: the next call brings another."""
        with self._lock:
            self._bad = value

    def _is_good(self, value: str, expires_at: datetime | None, now: datetime) -> bool:
        is_usable = bool(value) and value != self._bad
        return is_usable and expires_at is not None and expires_at > now + _MARGIN

    def _stored(self, now: datetime) -> str:
        """Return the token another process has stored, empty if it is none for us."""
        with self._database.read() as work:
            stored = work.tokens.read(self._name)
        value = self._seal.open(stored.value) if stored else ""
        if stored is None or not self._is_good(value, stored.expires_at, now):
            return ""
        self._value, self._expires_at = value, stored.expires_at
        return value

    def _renewed(self, now: datetime, deadline: float) -> str | TryLater | GiveUp:
        hit("send.token_missing")  # S05
        with self._database.work() as work:
            stored = work.tokens.read(self._name)
            is_ours = work.tokens.begin_refresh(self._name, now)
        if not is_ours:
            return self._from_another(now, deadline)
        fetched = self._fetch(deadline)
        if isinstance(fetched, Unknown):  # the message itself has not left: nothing is in doubt
            return TryLater(None, f"换取凭证没有结果: {fetched.text}", 5)
        if not isinstance(fetched, Fetched):
            return fetched
        expires_at = now + fetched.lifetime
        with self._database.work() as work:
            version = stored.version if stored else 0
            work.tokens.store(self._name, self._seal.seal(fetched.value), expires_at, version)
        hit("send.token_stored")  # S06
        self._value, self._expires_at, self._bad = fetched.value, expires_at, ""
        return fetched.value

    def _from_another(self, now: datetime, deadline: float) -> str | TryLater:
        """Another replica is fetching: wait for its result a little, then come back later."""
        until = min(deadline, time.monotonic() + _OTHERS_SECONDS)
        while time.monotonic() < until:
            self._pause.wait(_LOOK_SECONDS)
            if value := self._stored(now):
                return value
        return TryLater(None, "另一个副本正在换取凭证", 5)
