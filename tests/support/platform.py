"""A small real HTTP server that answers as a test wrote down: the platform's bad days included."""

import json
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Handler = BaseHTTPRequestHandler
Answer = dict[str, object] | Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    path: str
    query: dict[str, list[str]]
    body: bytes


@dataclass(slots=True)
class Platform:
    """Answers the next of `answers[path]`, and success when none is left."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cgi-bin"

    def bodies(self, path: str = "message/send") -> list[bytes]:
        return [asked.body for asked in self.asked if asked.path == path]

    def count(self, path: str) -> int:
        return len(self.bodies(path))

    def answer(self, asked: Asked) -> Answer:
        with self.lock:
            self.asked.append(asked)
            if self.answers[asked.path]:
                return self.answers[asked.path].pop(0)
            number = len(self.asked)
        if asked.path == "gettoken":
            return {"errcode": 0, "access_token": f"SECRETtoken{number}", "expires_in": 7200}
        return {"errcode": 0, "errmsg": "ok", "msgid": f"msg{number}"}


def errcode(code: int, errmsg: str = "said so") -> dict[str, object]:
    return {"errcode": code, "errmsg": f"{errmsg}, hint: [1_2_{code}], from ip: 9.9.9.9, more info"}


def page(status: int, body: bytes = b"<html>") -> Answer:
    """Answer a page of another kind."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Cut the connection after the headers: carried out, or not, nobody knows."""
    handler.send_response(200)
    handler.send_header("content-length", "100")
    handler.end_headers()
    handler.wfile.flush()
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Never answer: wait until the caller hangs up."""
    handler.close_connection = True
    handler.connection.settimeout(5)
    with suppress(OSError):
        handler.connection.recv(1)


@contextmanager
def platform() -> Iterator[Platform]:
    """Run one until the block ends."""
    state = Platform()

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            path = parts.path.removeprefix("/cgi-bin/")
            answer = state.answer(Asked(path, parse_qs(parts.query), body))
            if not isinstance(answer, dict):
                answer(self)
                return
            page(200, json.dumps(answer).encode())(self)  # type: ignore[operator]

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None: ...

        def handle(self) -> None:
            with suppress(OSError, ValueError):  # the caller, or `reset`, has hung up
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
