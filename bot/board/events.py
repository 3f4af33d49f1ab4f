"""What has changed on the duty board, told to the browsers that show it, as server-sent events."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from bot.board.answers import HEADERS
from bot.board.cases import Parts
from bot.board.drawing import Drawn, chosen_in, draw
from bot.board.gate import Gate
from bot.serving import stopping
from cases.people import Person
from cases.permissions import SEES_ALL
from handlers.pages.duty_board import Chosen
from storage.errors import Unavailable
from storage.work import Work

BEAT = 0.4  # seconds between two looks; one query for all streams together
MOST, MOST_OF_ONE = 60, 6  # streams in this process, and of one person
_BEATS_OF_GUARD = 2  # who left is out after so many beats at the latest
_BEATS_OF_STRIP = 25  # and so often it is drawn anyway: time passes, the service may fall ill
_SHARED_SECONDS = 5  # so long a drawing serves others, unless something happens
_LONGEST = 1500  # beats, then the browser comes again by itself
_GONE = Response(status_code=204, headers=HEADERS)  # tells a browser not to come again

Stamp = tuple[int, int, int]


@dataclass(slots=True)
class _Stream:
    """One browser that looks on."""

    request: Request
    token: str
    chosen: Chosen
    sign: str  # of the state the browser has
    rows: dict[str, str] = field(default_factory=dict)  # and the signs of its rows, if known


class Events:
    """Tells browsers what changed. Nothing is told without asking anew whether it may be."""

    def __init__(self, parts: Parts, gate: Gate) -> None:
        self._parts = parts
        self._gate = gate
        self._open: Counter[str] = Counter()
        self._looking = asyncio.Lock()
        self._stamp: Stamp = (0, 0, 0)
        self._looked_at = float("-inf")
        self._drawing = threading.Lock()
        self._drawn: tuple[object, dict[Chosen, Drawn]] = (None, {})

    async def follow(self, request: Request, have: str) -> Response:
        """Answer with a stream; 204 for who is not signed in, 503 where there are too many."""
        token = self._gate.token(request)
        userid = await run_in_threadpool(self._userid, token)
        if userid is None:
            return _GONE
        if self._open.total() >= MOST or self._open[userid] >= MOST_OF_ONE:
            return Response(status_code=503, headers=HEADERS | {"Retry-After": "15"})
        last = request.headers.get("last-event-id", have)
        stream = _Stream(request, token, chosen_in(request), last)
        headers = HEADERS | {"X-Accel-Buffering": "no"}
        return StreamingResponse(
            self._told(stream, userid), media_type="text/event-stream", headers=headers
        )

    def _userid(self, token: str) -> str | None:
        with self._parts.database.read() as work:
            visitor = self._gate.still(work, token) if token else None
        return visitor.person.userid if visitor else None

    async def _told(self, stream: _Stream, userid: str) -> AsyncGenerator[str]:
        self._open[userid] += 1
        try:
            yield "retry: 2000\n\n"
            async for told in self._beats(stream):
                yield told
        finally:
            self._open[userid] -= 1

    async def _beats(self, stream: _Stream) -> AsyncGenerator[str]:
        seen: Stamp | None = None
        ends = stopping(stream.request.scope)
        for beat in range(_LONGEST):
            if beat and await _came(ends):
                return
            try:
                stamp = await self._look()
                changed = stamp != seen or beat % _BEATS_OF_STRIP == 0
                told = ""
                if changed or beat % _BEATS_OF_GUARD == 0:
                    answer = await run_in_threadpool(self._answer, stream, draws=changed)
                    if answer is None:
                        yield "event: gone\ndata: 1\n\n"
                        return
                    told = answer
                seen = stamp
            except Unavailable:
                told = ""  # the next beat asks again
            if told:
                yield told
            elif beat % _BEATS_OF_STRIP == 0:
                yield ": on\n\n"

    async def _look(self) -> Stamp:
        """Ask what tells whether anything has happened: once a beat, however many streams."""
        now = asyncio.get_running_loop().time
        async with self._looking:
            if now() - self._looked_at >= BEAT / 2:
                self._stamp = await run_in_threadpool(self._read_stamp)
                self._looked_at = now()
            return self._stamp

    def _read_stamp(self) -> Stamp:
        with self._parts.database.read() as work:
            return work.board.stamp()

    def _answer(self, stream: _Stream, *, draws: bool) -> str | None:
        """Return what to tell, "" for nothing; None once the person may not see it any more."""
        now = self._parts.clock()
        with self._parts.database.read() as work:
            visitor = self._gate.still(work, stream.token)
            if visitor is None:
                return None
            if not draws:
                return ""
            drawn = self._draw(work, visitor.person, stream.chosen, now)
        return _news(stream, drawn)

    def _draw(self, work: Work, person: Person, chosen: Chosen, now: datetime) -> Drawn:
        """Draw once for all who see the same: a wall, the office and the leaders look together."""
        if chosen.is_mine or not person.is_any(*SEES_ALL):
            return draw(work, person, chosen, now)
        with self._drawing:
            state = (work.board.stamp(), int(now.timestamp()) // _SHARED_SECONDS)
            if self._drawn[0] != state:
                self._drawn = (state, {})
            shared = self._drawn[1]
            if chosen not in shared:
                shared[chosen] = draw(work, person, chosen, now)
            return shared[chosen]


async def _came(ends: asyncio.Event) -> bool:
    """Wait for the end of the server, a beat at most."""
    try:
        async with asyncio.timeout(BEAT):
            return await ends.wait()
    except TimeoutError:
        return False


def _news(stream: _Stream, drawn: Drawn) -> str:
    """Return the difference between what the browser has and what there is, as one event."""
    signs = {number: sign for number, sign, _ in drawn.rows}
    is_new = drawn.sign != stream.sign
    changed = {number: html for number, sign, html in drawn.rows if stream.rows.get(number) != sign}
    stream.sign, stream.rows = drawn.sign, signs
    if not is_new:
        return ""
    said = {
        "order": list(signs),
        "rows": changed,
        "head": drawn.head,
        "foot": drawn.foot,
        "strip": drawn.strip,
        "turn": drawn.turn,
    }
    return f"id: {drawn.sign}\ndata: {json.dumps(said, ensure_ascii=False)}\n\n"
