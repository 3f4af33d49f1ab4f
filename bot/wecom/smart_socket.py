"""One long connection of an intelligent robot; the only file of ours that knows websockets."""

import json
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.sync.client import ClientConnection, connect

from bot.gateway import TryLater, Unknown
from bot.wecom.answers import Answer
from cases.robot_payload import Json

ASK_SECONDS = 5.0  # how long an ack may take
_CONNECT_SECONDS = 5.0
_MAX_FRAME = 1024 * 1024

Monotonic = Callable[[], float]
_Waiter = queue.SimpleQueue[Answer | None]


class LineDownError(Exception):
    """No connection could be made; the text names the kind of fault and no secret."""


class LongConnection:
    """An open connection; `heard` gets each frame that is no ack, in the order of arrival.

    Everything is told apart by the frame's number, so several threads may ask at once.

    Raises:
        LineDownError: it cannot be opened.
    """

    def __init__(
        self,
        url: str,
        *,
        heard: Callable[[Json], None],
        proxy: str | None = None,
        monotonic: Monotonic = time.monotonic,
        patience: float = ASK_SECONDS,
    ) -> None:
        self._heard = heard
        self._monotonic = monotonic
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[_Waiter]] = {}
        self._numbers = 0
        self._open = ExitStack()
        self._socket = _connect(url, proxy, self._open)
        self.is_open = True
        self.last_heard = monotonic()
        self._thread = threading.Thread(target=self._read, name="robot-line", daemon=True)
        self._thread.start()

    def ask(self, cmd: str, body: Json, req_id: str = "") -> Answer | TryLater | Unknown:
        """Send a frame and return its ack. An answer to a message goes under that one's number."""
        waiter: _Waiter = queue.SimpleQueue()
        with self._lock:
            if not self.is_open:
                return TryLater(None, "长连接已断开", 0)
            self._numbers += 1
            number = req_id or f"duban-{self._numbers}"
            self._waiting.setdefault(number, deque()).append(waiter)
            is_sent = self._send({"cmd": cmd, "headers": {"req_id": number}, "body": body})
        if not is_sent:
            return Unknown("长连接在发送时断开")
        try:
            answer = waiter.get(timeout=self._patience)
        except queue.Empty:
            return Unknown("长连接没有回应")
        return Unknown("长连接在等回应时断开") if answer is None else answer

    def ping(self) -> None:
        """Ask for a sign of life; whatever comes back moves `last_heard`."""
        with self._lock:
            self._numbers += 1
            self._send({"cmd": "ping", "headers": {"req_id": f"duban-ping-{self._numbers}"}})

    def close(self) -> None:
        """Hang up and wait until the last frame has been heard."""
        self._open.close()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _send(self, frame: Json) -> bool:
        try:
            self._socket.send(json.dumps(frame, ensure_ascii=False))
        except (ConnectionClosed, OSError):
            return False
        return True

    def _read(self) -> None:
        try:
            for raw in self._socket:
                self.last_heard = self._monotonic()
                self._take(raw)
        except (ConnectionClosed, OSError):
            pass  # the line notices by itself
        finally:
            self._end()

    def _take(self, raw: str | bytes) -> None:
        try:
            frame = json.loads(raw)
        except (ValueError, RecursionError):
            return
        if not isinstance(frame, dict):
            return
        if "cmd" in frame:
            self._heard(frame)
            return
        waiter = self._waiter(frame.get("headers"))
        if waiter is not None:
            waiter.put(frame)

    def _waiter(self, headers: object) -> _Waiter | None:
        number = headers.get("req_id") if isinstance(headers, dict) else None
        with self._lock:
            waiters = self._waiting.get(number) if isinstance(number, str) else None
            if not waiters:
                return None
            first = waiters.popleft()
            if not waiters:
                del self._waiting[str(number)]
            return first

    def _end(self) -> None:
        with self._lock:
            self.is_open = False
            waiters = [waiter for queued in self._waiting.values() for waiter in queued]
            self._waiting.clear()
        for waiter in waiters:
            waiter.put(None)


def _connect(url: str, proxy: str | None, stack: ExitStack) -> ClientConnection:
    try:
        opened = connect(
            url,
            open_timeout=_CONNECT_SECONDS,
            close_timeout=1,
            ping_interval=None,  # the platform has a heartbeat of its own, in JSON
            max_size=_MAX_FRAME,
            proxy=proxy,
            user_agent_header="duban",
            compression=None,
        )
        return stack.enter_context(opened)
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI, ConnectionClosed) as error:
        raise LineDownError(f"连不上机器人的长连接（{type(error).__name__}）") from None
