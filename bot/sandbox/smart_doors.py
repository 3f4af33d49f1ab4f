"""The doors of intelligent robots: response_url, encrypted files and the long connection."""

import json
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from starlette.websockets import WebSocket

from bot.sandbox.answers import RefusalError, error_text
from bot.sandbox.asking import Answer, Body, same_site
from bot.sandbox.fields import mapping, text

if TYPE_CHECKING:
    from bot.sandbox.smart import SmartRobots
    from bot.sandbox.smart_socket import SocketHub

router = APIRouter()


@router.post("/cgi-bin/aibot/response", response_model=None)
async def respond(request: Request, response_code: str = "") -> Response:
    """Take the one answer to a response_url."""
    robots: SmartRobots = request.app.state.smart_robots
    world = robots.world
    line: dict[str, object] = {"kind": "request", "api": "aibot/response", "key": response_code}
    try:
        body = mapping(json.loads(await request.body()))
        line |= robots.describe(robots.respond(response_code, body))
        answer: dict[str, object] = {"errcode": 0, "errmsg": "ok"}
    except ValueError:
        answer = {"errcode": 47001, "errmsg": "data format error"}
    except RefusalError as refusal:
        peer = request.client.host if request.client else ""
        code, words = refusal.errcode, refusal.errmsg
        written = error_text(code, words, now=world.clock.now(), peer=peer)
        answer = {"errcode": code, "errmsg": written}
    world.log.write({**line, **answer, "t": round(world.clock.now(), 3), "http": 200})
    world.bell.ring()
    return JSONResponse(answer)


@router.get("/sandbox/encrypted/{media_id}", response_model=None)
async def encrypted(request: Request, media_id: str) -> Response:
    """Return a file as robots get it: encrypted, for five minutes."""
    robots: SmartRobots = request.app.state.smart_robots
    try:
        media = robots.world.media.find(media_id, scope="encrypted", now=robots.world.clock.now())
    except RefusalError as refusal:
        raise HTTPException(404, refusal.errmsg) from refusal
    return Response(media.data, media_type="application/octet-stream")


@router.post("/sandbox/cut", dependencies=[same_site])
async def cut(request: Request, body: Body) -> Answer:
    """Break a robot's long connection: {botid}."""
    hub: SocketHub = request.app.state.socket_hub
    return {"cut": await hub.cut(text(body, "botid"))}


@router.websocket("/openws")
async def long_connection(socket: WebSocket) -> None:
    """Serve a robot's long connection."""
    hub: SocketHub = socket.app.state.socket_hub
    await hub.serve(socket)
