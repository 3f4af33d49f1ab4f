"""How long and how much the server listens to a request that does not come to an end (A14, B04).

uvicorn itself waits for ever for the head of a request, and keeps a head of any length in memory:
one stranger could fill the machine with a single line, or hold every connection by saying nothing.
"""

import asyncio
from dataclasses import dataclass
from enum import Enum, auto

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """The bounds of one request; a callback's body has its own, shorter one (5 s, 64 kB)."""

    head_seconds: float = 10
    head_bytes: int = 64 * 1024  # what arrives with the last of it may go beyond by one packet
    body_seconds: float = 120  # ten megabytes over a slow telephone


class _Part(Enum):
    """What of a request is awaited."""

    NOTHING = auto()
    HEAD = auto()
    BODY = auto()


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which hangs up on whoever does not come to an end."""

    patience = Patience()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected: their first head is awaited."""
        super().connection_made(transport)
        self._deadline: asyncio.TimerHandle | None = None
        self._read = 0
        self._ended_one = False
        self._await(_Part.HEAD, self.patience.head_seconds)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is too long ends the connection."""
        self._ended_one = False
        super().data_received(data)
        if self._part is _Part.NOTHING and self._is_idle():
            self._await(_Part.HEAD, self.patience.head_seconds)  # line ends before any head
        if self._part is not _Part.HEAD or self.transport.is_closing():
            return
        if self._ended_one:
            return  # what came was the end of a body, of a request that was answered before it
        self._read += len(data)
        if self._read > self.patience.head_bytes:
            self.transport.write(_TOO_LONG)
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._await(_Part.NOTHING, None)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._await(_Part.HEAD, self.patience.head_seconds)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._read = 0
        self._await(_Part.BODY, self.patience.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: how long the answer takes is our own affair."""
        self._await(_Part.NOTHING, None)
        self._ended_one = True
        super().on_message_complete()

    def _is_idle(self) -> bool:
        return self.cycle.response_complete and self.timeout_keep_alive_task is None

    def _await(self, part: _Part, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._part = part
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._hang_up)

    def _hang_up(self) -> None:
        self.transport.abort()


def protocol(patience: Patience) -> type[PatientProtocol]:
    """Return the protocol with these bounds."""
    return type("PatientProtocol", (PatientProtocol,), {"patience": patience})
