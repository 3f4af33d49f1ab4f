"""Fires shots over sockets, several at once, and writes down what was answered."""

import contextlib
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bench.fuzz.messages import Fate, Shot
from bench.fuzz.service import Service

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_SECONDS = 20
_LOOK_EVERY = 500
HANDS = 6  # callers at once


@dataclass(slots=True)
class Record:
    """What was fired and what was answered."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    believed: dict[str, Fate] = field(default_factory=dict)  # keys that were answered 200
    believed_unnamed: int = 0  # answered 200, whose key only the service knows
    wrong: list[str] = field(default_factory=list)  # answers that are not allowed
    memory: list[int] = field(default_factory=list)  # of the service, kB, every 500 shots
    fired: int = 0
    seconds: float = 0.0

    def note(self, shot: Shot, status: int) -> None:
        self.fired += 1
        self.answers[shot.kind, status] += 1
        if status not in shot.allowed:
            self.wrong.append(f"{shot.kind}: answered {status}: {shot.request[:300]!r}")
        if status == 200 and shot.key:
            self.believed[shot.key] = shot.fate
        elif status == 200:
            self.believed_unnamed += 1


class _Wire:
    """One connection, opened again when the other side has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def fire(self, request: bytes) -> int:
        """The status answered; 0 if there was none."""
        for _ in range(2):
            is_fresh = self._socket is None
            status = self._once(request)
            if status or is_fresh:
                return status
        return 0

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _once(self, request: bytes) -> int:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), _SECONDS)
        with contextlib.suppress(OSError):  # it may answer and hang up before it has read all
            self._socket.sendall(request)
        try:
            return self._answer(self._socket)
        except OSError:
            self.close()
            return 0

    def _answer(self, wire: socket.socket) -> int:
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := wire.recv(65_536)):
                self.close()
                return 0
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        left = int(length[1]) - len(body) if length else 0
        while left > 0 and (more := wire.recv(65_536)):
            left -= len(more)
        status = int(head.split(b" ", 2)[1])
        if _CLOSE.search(head) or status >= 400:
            self.close()
        return status


def fire(shots: Iterator[Shot], service: Service, record: Record, hands: int = HANDS) -> None:
    """Fire all of `shots`."""
    lock = threading.Lock()

    def take() -> Shot | None:
        with lock:
            return next(shots, None)

    def work(_nth: int) -> None:
        wire = _Wire(service.port)
        while (shot := take()) is not None:
            status = wire.fire(shot.request)
            with lock:
                record.note(shot, status)
                if record.fired % _LOOK_EVERY == 0:
                    record.memory.append(memory_of(service.pid))
        wire.close()

    with ThreadPoolExecutor(hands) as pool:
        list(pool.map(work, range(hands)))


def memory_of(pid: int) -> int:
    """What a process has in memory, in kB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])
