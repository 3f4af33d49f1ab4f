"""Previews for the bot: off by default, asked after the commit, each URL once."""

import json
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.fetcher.page import Preview

PER_MESSAGE = 3  # links of one message that are looked at (D11)
_AT_ONCE = 2  # fetcher processes
_KEPT = 500
_FRESH = timedelta(minutes=10)
_PATIENCE = 8.0  # seconds for start, 3 s of fetching and the answer
_ROOT = Path(__file__).parents[2]
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONUTF8": "1"}  # and no secret

Ask = Callable[[str], str]


def ask_process(request: str) -> str:
    """Run one fetcher process on `request` and return its answer, null if it failed.

    It inherits no environment and no open file.
    """
    return _ask(request, ())


def asking_inside(prefix: Sequence[str]) -> Ask:
    """Return how to ask a fetcher process that `prefix` starts in a place of its own.

    For example `ip netns exec outside`: a network namespace that has a route to the internet and
    none to the database or the platform's secrets.
    """
    inside = tuple(prefix)
    return lambda request: _ask(request, inside)


def _ask(request: str, prefix: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own program, behind the operator's own words
            [*prefix, sys.executable, "-m", "bot.fetcher"],
            cwd=_ROOT,
            env=_ENVIRONMENT,
            input=request,
            capture_output=True,
            check=True,
            encoding="utf-8",
            timeout=_PATIENCE,
            start_new_session=True,
        )
    except (subprocess.SubprocessError, OSError, UnicodeError):
        return "null"
    return done.stdout


@dataclass(slots=True)
class Previewer:
    """The switch, the cache and the limits in front of the fetcher process.

    `enabled` is False by default: on an intranet nothing leaves and nothing breaks.
    """

    enabled: bool = False
    short_hosts: frozenset[str] = frozenset()
    ask: Ask = ask_process
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))
    _known: OrderedDict[str, tuple[datetime, Future[str]]] = field(default_factory=OrderedDict)

    def previews(self, urls: Sequence[str], now: datetime) -> dict[str, Preview]:
        """Return the previews of the first few `urls`; one that cannot be had is absent."""
        found = {}
        for url in urls[:PER_MESSAGE] if self.enabled else ():
            fields = json.loads(self._answer(url, now, expand=False))
            if fields is not None:
                found[url] = Preview(**fields)
        return found

    def expanded(self, url: str, now: datetime) -> str | None:
        """Return where a short link leads, None if that cannot be had."""
        if not self.enabled:
            return None
        leads: str | None = json.loads(self._answer(url, now, expand=True))
        return leads

    def _answer(self, url: str, now: datetime, *, expand: bool) -> str:
        """Ask once for each request however many want it; the others wait for that answer."""
        request = json.dumps(
            {"url": url, "expand": expand, "short_hosts": sorted(self.short_hosts)}
        )
        with self._lock:
            asked_at, waiting = self._known.get(request, (now, None))
            is_new = waiting is None or now - asked_at > _FRESH
            if waiting is None or is_new:
                waiting = Future()
                self._known[request] = (now, waiting)
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        if is_new:
            try:
                with self._slots:
                    waiting.set_result(self.ask(request))
            finally:
                if not waiting.done():  # whoever waits must not wait for ever
                    waiting.set_result("null")
        return waiting.result()
