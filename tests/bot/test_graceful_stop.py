"""The real program is asked to end while a browser looks on, a callback comes in, a message leaves.

SIGTERM, as systemd sends it: what is open is brought to its end within the bound, and nothing that
was answered or begun is lost or left held.
"""

import http.client
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bot.serving import GRACE_SECONDS
from storage.database import Database
from storage.sessions import NewSession
from storage.states import InboxState, OutboxState, SignInWay
from tests.bot.test_canary import CORP, HOME, SECRETS, ask, write_configuration
from tests.support.sealing import Seal, envelope, text_message

SESSION = "the-session-of-sunlei"
PATIENCE = 20.0


class Slow(BaseHTTPRequestHandler):
    """A platform that takes a message and answers only when it is let."""

    taken, answers = threading.Event(), threading.Event()

    def do_GET(self) -> None:
        self._answer({"errcode": 0, "access_token": "t", "expires_in": 7200})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if "message/send" in self.path:
            self.taken.set()
            self.answers.wait(PATIENCE)
        self._answer({"errcode": 0, "msgid": "m1"})

    def _answer(self, body: dict[str, object]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    platform = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=platform.serve_forever, daemon=True).start()
    port = write_configuration(folder, f"sqlite:///{folder}/duban.db", platform.server_port)
    command = [sys.executable, "main.py", "serve", "--config", str(folder / "duban.toml")]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=HOME, stdout=said, stderr=said)
    try:
        _until_ready(process, port)
        yield process, port
    finally:
        process.kill()
        process.wait(PATIENCE)
        Slow.answers.set()
        platform.shutdown()
        platform.server_close()


def _until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    pause, ends = threading.Event(), time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        try:
            ask(port, "GET", "/healthz")
        except OSError:
            pause.wait(0.1)
        else:
            return
    raise AssertionError("the service did not come up")


def callback(words: str, nth: int) -> tuple[str, bytes]:
    """The address and the body of a callback."""
    seal, now = Seal(SECRETS["token"], SECRETS["aes"], CORP), int(time.time())
    plain = text_message(words, sender="sunlei", moment=now, message_id=nth)
    encrypted = seal.encrypt(plain)
    return f"/wecom/callback?{seal.query(encrypted, str(now))}", envelope(encrypted)


def begin_half(port: int, target: str, body: bytes) -> socket.socket:
    """Send a callback up to its middle."""
    wire = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    head = f"POST {target} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
    wire.sendall(head.encode() + body[: len(body) // 2])
    return wire


def look_on(
    database: Database, port: int
) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    """Open the living board as somebody who has signed in."""
    with database.work() as work:
        work.sessions.begin(NewSession(SESSION, "sunlei", SignInWay.LINK, "x", datetime.now(UTC)))
    stream = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    stream.request("GET", "/board/events", headers={"cookie": f"duban={SESSION}"})
    return stream, stream.getresponse()


def rows(database: Database, question: str) -> list[tuple[object, ...]]:
    assert database.file is not None
    with closing(sqlite3.connect(database.file)) as connection:
        return list(connection.execute(question))


def test_asked_to_end_it_finishes_what_is_open_within_its_bound(tmp_path: Path) -> None:
    Slow.taken.clear()
    Slow.answers.clear()
    database = Database(f"sqlite:///{tmp_path}/duban.db", audit_key=SECRETS["audit"].encode())
    with started(tmp_path) as (process, port), closing(database):
        stream, looked_on = look_on(database, port)
        assert looked_on.readline() == b"retry: 2000\n"  # come back after two seconds
        target, body = callback("帮助", 1)
        ask(port, "POST", target, body)
        assert Slow.taken.wait(PATIENCE)  # a message is on the wire
        target, body = callback("我的待办", 2)
        half = begin_half(port, target, body)

        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        looked_on.read()  # the stream comes to its end: the browser asks again elsewhere
        stream.close()
        assert time.monotonic() - began < 3
        half.sendall(body[len(body) // 2 :])
        assert half.recv(64).startswith(b"HTTP/1.1 200")
        half.close()
        Slow.answers.set()
        assert process.wait(2 * GRACE_SECONDS) == 0
        assert time.monotonic() - began < GRACE_SECONDS
        kept = rows(database, "SELECT state FROM inbox ORDER BY id")
        left = rows(database, "SELECT state, lease_until FROM outbox ORDER BY id")
    assert len(kept) == 2
    assert {one[0] for one in kept} <= {InboxState.WAITING, InboxState.DONE}
    assert left[0] == (OutboxState.SENT, None)
    assert OutboxState.CLAIMED not in {one[0] for one in left}
