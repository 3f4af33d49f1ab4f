"""Access tokens: one per app secret, the same while it is valid (page 91039)."""

import secrets
from dataclasses import dataclass

from bot.sandbox.answers import RefusalError
from bot.sandbox.corp import App, Corp
from bot.sandbox.windows import Limit, Windows

_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when it ends, seconds since 1970."""

    value: str
    agentid: int
    expires_at: float


class Tokens:
    """Every token given out, so that an old one is told from one that never was."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._current: dict[int, Token] = {}
        self._given: dict[str, Token] = {}
        self._revoked: set[str] = set()
        self._wrong = Windows()

    def give(self, corpid: str, secret: str, *, peer: str, now: float) -> tuple[str, int]:
        """Return (token, seconds left) for a corp and an app's secret.

        Raises:
            RefusalError: 41002, 41004, 40013, 40001; 45009 after many wrong secrets.
        """
        if not corpid:
            raise RefusalError(41002)
        if not secret:
            raise RefusalError(41004)
        limit = Limit(self._corp.limits.wrong_secrets_per_hour, _HOUR)
        if self._wrong.used(peer, _HOUR, now) >= limit.count:
            raise RefusalError(45009)
        app = self._app(corpid, secret)
        if app is None:
            self._wrong.take(peer, (limit,), now)
            raise RefusalError(40001 if corpid == self._corp.corpid else 40013)
        token = self._current.get(app.agentid)
        if token is None or token.expires_at <= now or token.value in self._revoked:
            token = self._fresh(app.agentid, now)
        return token.value, max(1, int(token.expires_at - now))

    def _app(self, corpid: str, secret: str) -> App | None:
        if corpid != self._corp.corpid:
            return None
        return next((app for app in self._corp.speakers() if app.secret == secret), None)

    def _fresh(self, agentid: int, now: float) -> Token:
        value = secrets.token_urlsafe(48)
        token = Token(value, agentid, now + self._corp.limits.token_seconds)
        self._current[agentid] = token
        self._given[value] = token
        return token

    def app_of(self, value: str, *, now: float) -> App:
        """Return the app a token speaks for.

        Raises:
            RefusalError: 41001 missing, 40014 unknown or revoked, 42001 expired.
        """
        if not value:
            raise RefusalError(41001)
        token = self._given.get(value)
        speakers = self._corp.speakers()
        wanted = -1 if token is None else token.agentid
        app = next((one for one in speakers if one.agentid == wanted), None)
        if token is None or app is None or value in self._revoked:
            raise RefusalError(40014)
        if token.expires_at <= now:
            raise RefusalError(42001)
        return app

    def revoke(self, *, expired: bool, now: float) -> int:
        """End every current token, as invalid (40014) or expired (42001); return how many."""
        ended = list(self._current.values())
        for token in ended:
            if expired:
                self._given[token.value] = Token(token.value, token.agentid, now)
            else:
                self._revoked.add(token.value)
        self._current.clear()
        return len(ended)
