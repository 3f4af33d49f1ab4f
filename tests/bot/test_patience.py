"""The server does not wait for ever, nor keep in memory what never ends, and answers the others."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse

from bot.patience import Patience
from tests.support.edge import served

QUICK = Patience(head_seconds=0.4, body_seconds=0.4)
HEAD = b"GET /here HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    app = FastAPI(openapi_url=None)

    @app.api_route("/here", methods=["GET", "POST"])
    async def here(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{len(await request.body())} bytes")

    @app.get("/later")
    async def later() -> PlainTextResponse:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 2 * QUICK.body_seconds)
        return PlainTextResponse("later")

    with served(app, QUICK) as number:
        yield number


def connected(port: int) -> socket.socket:
    wire = socket.create_connection(("127.0.0.1", port), timeout=5)
    wire.settimeout(5)
    return wire


def read_out(wire: socket.socket) -> bytes:
    """All until the other side hangs up."""
    heard = b""
    try:
        while more := wire.recv(65536):
            heard += more
    except ConnectionResetError:
        pass
    return heard


def memory_kib() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4


@pytest.mark.parametrize(
    ("begins", "drips"),
    [
        pytest.param(b"", b"", id="silent"),
        pytest.param(b"\r\n", b"\r\n", id="empty lines"),
        pytest.param(HEAD, b"x", id="a head, byte by byte"),
        pytest.param(b"POST /here HTTP/1.1\r\nContent-Length: 99\r\n\r\n", b"x", id="a body"),
        pytest.param(
            b"POST /here HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", id="chunks"
        ),
        pytest.param(HEAD + b"\r\n", b"\r\n", id="empty lines after an answer"),
    ],
)
def test_a14_who_does_not_come_to_an_end_is_left(port: int, begins: bytes, drips: bytes) -> None:
    with closing(connected(port)) as wire:
        wire.sendall(begins)
        wire.settimeout(0.05)
        began = time.monotonic()
        is_open = True
        while is_open and time.monotonic() - began < 5:
            try:
                wire.sendall(drips)
                is_open = wire.recv(4096) != b""
            except TimeoutError:
                continue
            except OSError:
                is_open = False
        assert not is_open


def test_a14_three_hundred_that_say_nothing_hinder_nobody(port: int) -> None:
    with ExitStack() as held:
        for _ in range(300):
            held.enter_context(closing(connected(port))).sendall(HEAD)
        with closing(connected(port)) as wire:
            began = time.monotonic()
            wire.sendall(HEAD + b"Connection: close\r\n\r\n")
            assert read_out(wire).endswith(b"0 bytes")
            assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"Transfer-Encoding: xchunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: +3\r\n\r\nabc",
    ],
)
def test_a14_a_body_of_two_lengths_smuggles_no_second_request(port: int, framing: bytes) -> None:
    with closing(connected(port)) as wire:
        wire.sendall(b"POST /here HTTP/1.1\r\nHost: x\r\n" + framing + HEAD + b"\r\n")
        heard = read_out(wire)
    assert heard.count(b"HTTP/1.1") == 1
    assert heard.startswith(b"HTTP/1.1 400")


def test_a14_http_1_0_and_expect_continue_are_answered(port: int) -> None:
    with closing(connected(port)) as wire:
        wire.sendall(b"GET /here HTTP/1.0\r\n\r\n")
        assert read_out(wire).endswith(b"0 bytes")
    with closing(connected(port)) as wire:
        wire.sendall(b"POST /here HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert wire.recv(4096).startswith(b"HTTP/1.1 100 ")
        wire.sendall(b"ab")
        assert b"2 bytes" in wire.recv(4096)


def test_b04_a_head_without_end_is_cut_off_and_not_kept(port: int) -> None:
    before, sent = memory_kib(), 0
    with closing(connected(port)) as wire:
        wire.sendall(b"GET /here HTTP/1.1\r\nX: ")
        try:
            while sent < 100_000_000:
                sent += wire.send(b"a" * 1_000_000)
        except OSError:
            pass
    assert sent < 20_000_000
    assert memory_kib() - before < 20_000


@pytest.mark.parametrize(("size", "status"), [(60_000, b"200"), (300_000, b"431")])
def test_b04_the_border_of_a_head(port: int, size: int, status: bytes) -> None:
    with closing(connected(port)) as wire:
        wire.sendall(HEAD + b"Connection: close\r\nX: " + b"a" * size)
        try:
            wire.sendall(b"\r\n\r\n")
        except OSError:
            assert status == b"431"
        heard = read_out(wire)
    assert heard[9:12] == status or (status == b"431" and heard == b"")  # it may be reset first


def test_a_long_answer_is_no_slow_request(port: int) -> None:
    with closing(connected(port)) as wire:
        wire.sendall(b"GET /later HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"later" in wire.recv(4096)


def test_a_connection_stays_for_the_next_question(port: int) -> None:
    with closing(connected(port)) as wire:
        for body in (b"a", b"bc"):
            length = f"Content-Length: {len(body)}\r\n\r\n".encode()
            wire.sendall(b"POST /here HTTP/1.1\r\nHost: x\r\n" + length + body)
            assert f"{len(body)} bytes".encode() in wire.recv(4096)


def test_the_rest_of_a_body_that_was_answered_early_is_no_head() -> None:
    app = FastAPI(openapi_url=None)

    @app.post("/refused")
    async def refused() -> PlainTextResponse:
        return PlainTextResponse("no", 400)

    length = 250_000
    with served(app) as number, closing(connected(number)) as wire:
        for _ in range(3):  # the connection is kept
            wire.sendall(f"POST /refused HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
            heard = b""
            while not heard.endswith(b"no"):
                heard += wire.recv(65536)
            assert heard.startswith(b"HTTP/1.1 400")
            wire.sendall(b"x" * length)
