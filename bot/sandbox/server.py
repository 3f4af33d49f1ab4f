"""The HTTP server: plays the platform's addresses, logs each request, and spoils some on demand."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox import control, page, sign_in, smart_doors, time_control
from bot.sandbox.answers import Done, RefusalError, error_text
from bot.sandbox.behaviour import describe, handler_for
from bot.sandbox.callbacks import Courier
from bot.sandbox.corp import Corp
from bot.sandbox.faults import NOT_CARRIED_OUT, Fault, FaultKind
from bot.sandbox.log import SandboxLog
from bot.sandbox.smart import SmartRobots
from bot.sandbox.smart_people import SmartPeople
from bot.sandbox.smart_socket import SocketHub
from bot.sandbox.world import Call, World, new_world

MOST_BODY = 25 * 1024 * 1024  # bytes; the largest upload is 20 MB
_JSON = "application/json; charset=UTF-8"
_TRANSPORT = "sandbox.transport"
_NO_ANSWER = frozenset({FaultKind.TIMEOUT_BEFORE, FaultKind.EXECUTE_AND_TIMEOUT})
_GATEWAY_PAGE = "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request came to, before a fault has its way with the answer."""

    errcode: int
    errmsg: str
    done: Done

    def payload(self) -> bytes:
        """Return the JSON answer."""
        answer = {"errcode": self.errcode, "errmsg": self.errmsg, **self.done.reply}
        return json.dumps(answer, ensure_ascii=False).encode()


def create_app(corp: Corp, log_path: Path | None = None) -> FastAPI:
    """Build the server for a corp, logging to a file if one is given.

    Raises:
        BadFaultError: the configured fault script is wrong.
    """
    world = new_world(corp, SandboxLog(log_path))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with Courier(world) as courier:
            app.state.courier = courier
            app.state.smart_people = SmartPeople(world, courier, robots, hub)
            yield
        world.log.close()

    robots = SmartRobots(world)
    hub = SocketHub(robots)
    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.world, app.state.smart_robots, app.state.socket_hub = world, robots, hub
    app.include_router(smart_doors.router)
    app.add_api_route("/cgi-bin/{api:path}", _platform, methods=["GET", "POST"])
    app.include_router(sign_in.router)
    app.include_router(control.router)
    app.include_router(time_control.router)
    app.include_router(page.router)
    app.add_middleware(KeepTransport)
    return app


class KeepTransport:
    """Remembers the connection of a request, so that a fault can reset it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with uvicorn's transport in its scope (uvicorn has no extension)."""
        scope[_TRANSPORT] = getattr(getattr(send, "__self__", None), "transport", None)
        await self._app(scope, receive, send)


async def _platform(request: Request, api: str) -> Response:
    world: World = request.app.state.world
    body = await _body(request)
    query = dict(request.query_params)
    call = _call(world, request, api.strip("/"), body or b"", query)
    outcome = _refused(call, 45001, "body too large") if body is None else _carry_out(world, call)
    _write(world, call, outcome)
    return _answer(world, call.fault, outcome)


async def _body(request: Request) -> bytes | None:
    """Return the body, or None if it is larger than any the platform takes."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size <= MOST_BODY:
            pieces.append(piece)
    return b"".join(pieces) if size <= MOST_BODY else None


def _call(world: World, request: Request, api: str, body: bytes, query: dict[str, str]) -> Call:
    facts = describe(api, query, body)
    words = (api, facts.key, facts.msgtype, facts.robot or "", facts.text, *facts.touser)
    return Call(
        api=api,
        method=request.method,
        query=query,
        body=body,
        content_type=request.headers.get("content-type", ""),
        peer=request.client.host if request.client else "",
        now=world.clock.now(),
        facts=facts,
        fault=world.faults.for_request(words),
    )


def _refused(call: Call, errcode: int, errmsg: str) -> Outcome:
    written = error_text(errcode, errmsg, now=call.now, peer=call.peer)
    return Outcome(errcode, written, Done())


def _carry_out(world: World, call: Call) -> Outcome:
    fault = call.fault
    if fault is not None and fault.kind in NOT_CARRIED_OUT:
        code = int(fault.value) if fault.kind is FaultKind.ERRCODE else -1
        return _refused(call, code, RefusalError(code).errmsg)
    if call.suffers(FaultKind.TOKEN_REVOKED_EARLY):
        world.tokens.revoke(expired=False, now=call.now)
    try:
        done = handler_for(call.method, call.api)(world, call)
    except RefusalError as refusal:
        call.facts.visible = False
        return _refused(call, refusal.errcode, refusal.errmsg)
    return Outcome(0, done.errmsg, done)


def _http_status(fault: Fault | None) -> int | None:
    if fault is not None and fault.kind in _NO_ANSWER:
        return None
    return 500 if fault is not None and fault.kind is FaultKind.HTTP500 else 200


def _write(world: World, call: Call, outcome: Outcome) -> None:
    """Log the request before its answer leaves."""
    world.log.write(
        {
            "kind": "request",
            "t": round(call.now, 3),
            "real": round(world.clock.real(), 3),
            "mono": round(world.clock.mono(), 4),
            **call.facts.line(),
            "fault": None if call.fault is None else str(call.fault),
            "http": _http_status(call.fault),
            "errcode": outcome.errcode,
            "errmsg": outcome.errmsg,
        }
    )
    world.bell.ring()


def _answer(world: World, fault: Fault | None, outcome: Outcome) -> Response:
    if fault is None:
        return _plain(outcome)
    limit = world.corp.limits.hang_seconds
    if fault.kind in _NO_ANSWER:
        return NoAnswer(limit)
    if fault.kind is FaultKind.HTTP500:
        return Response("Internal Server Error", 500, media_type="text/plain")
    if fault.kind is FaultKind.HTML_PAGE:
        return Response(_GATEWAY_PAGE, media_type="text/html")
    if fault.kind is FaultKind.BAD_JSON:
        return Response(outcome.payload()[:-9], media_type=_JSON)
    if fault.kind is FaultKind.RST_AFTER_HEADERS:
        return ResetAnswer()
    return LateAnswer(_plain(outcome), fault.value if fault.kind is FaultKind.SLOW else 0)


def _plain(outcome: Outcome) -> Response:
    headers = {"Error-Code": str(outcome.errcode), "Error-Msg": outcome.errmsg}
    done = outcome.done
    if done.raw is None:
        return Response(outcome.payload(), media_type=_JSON, headers=headers)
    name = done.raw_name
    plain = name.isascii() and '"' not in name and name.isprintable()
    headers["Content-Disposition"] = (
        f'attachment; filename="{name}"' if plain else f"attachment; filename*=UTF-8''{quote(name)}"
    )
    return Response(done.raw, media_type=done.raw_type, headers=headers)


class NoAnswer(Response):
    """Leaves the client waiting until it gives up."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Wait for the client to leave, then cut the connection without a word."""
        try:
            async with asyncio.timeout(self._seconds):
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            pass
        _cut(scope)


class ResetAnswer(Response):
    """Sends the headers of an answer, then resets the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Promise 4096 bytes and cut the connection after none."""
        headers = [(b"content-type", _JSON.encode()), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        await asyncio.sleep(0.02)  # lets the headers leave before the reset overtakes them
        _cut(scope)


class LateAnswer(Response):
    """Sends an answer late."""

    def __init__(self, answer: Response, seconds: float) -> None:
        super().__init__()
        self._late, self._seconds = answer, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then answer."""
        await asyncio.sleep(self._seconds)
        await self._late(scope, receive, send)


def _cut(scope: Scope) -> None:
    transport = scope.get(_TRANSPORT)
    if not isinstance(transport, asyncio.Transport):
        return
    held = transport.get_extra_info("socket")
    if held is not None:
        # With no lingering the kernel sends RST, not FIN: what a dying gateway looks like.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
