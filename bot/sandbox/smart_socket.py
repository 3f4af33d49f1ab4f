"""The long connection of an intelligent robot: the platform's side (page 101463)."""

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.answers import RefusalError
from bot.sandbox.callbacks import Delivery, Try
from bot.sandbox.corp import SmartRobot
from bot.sandbox.fields import Json, mapping, text, whole
from bot.sandbox.media import Upload
from bot.sandbox.smart import REPLY_SECONDS, Cause, Interaction, SmartRobots

_LATE_SECONDS = 5.0  # for a welcome and for the update of a card
_CHUNK_BYTES = 512 * 1024
_MOST_CHUNKS = 100


@dataclass(slots=True)
class Line:
    """One connection; after its subscription it speaks for a robot."""

    socket: WebSocket
    robot: SmartRobot | None = None


@dataclass(slots=True)
class Parcel:
    """A file on its way in pieces."""

    kind: str
    name: str
    md5: str
    chunks: int
    pieces: dict[int, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class SocketHub:
    """All long connections; a robot has one, and a new one ends the old one."""

    robots: SmartRobots
    lines: dict[str, Line] = field(default_factory=dict)  # botid → its connection
    asked: dict[str, Interaction] = field(default_factory=dict)  # req_id → what was said
    parcels: dict[str, Parcel] = field(default_factory=dict)

    async def deliver(self, made: Interaction, body: dict[str, object]) -> Delivery:
        """Push what was said down the robot's connection; nothing is repeated."""
        line = self.lines.get(made.robot.botid)
        req_id = secrets.token_hex(12)
        self.asked[req_id] = made
        event = made.cause is not Cause.MESSAGE
        cmd = "aibot_event_callback" if event else "aibot_msg_callback"
        sent = line is not None and await _send(
            line, {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
        )
        one = Try(200 if sent else None, "" if sent else "没有长连接", 0.0)
        self._log({"kind": "callback", "key": made.msgid, "type": cmd, "http": one.status})
        return Delivery(made.msgid, made.msgid, delivered=sent, tries=(one,))

    def _log(self, fields: Mapping[str, object]) -> None:
        world = self.robots.world
        world.log.write({"api": "aibot/socket", "t": round(world.clock.now(), 3), **fields})
        world.bell.ring()

    async def serve(self, socket: WebSocket) -> None:
        """Serve one connection until it ends."""
        await socket.accept()
        line = Line(socket)
        try:
            while True:
                await self._frame(line, await socket.receive_text())
        except (WebSocketDisconnect, KeyError):
            pass
        finally:
            botid = line.robot.botid if line.robot else ""
            if self.lines.get(botid) is line:
                del self.lines[botid]

    async def cut(self, botid: str) -> bool:
        """Break a robot's connection without a word, as networks do; say whether there was one."""
        line = self.lines.pop(botid, None)
        if line is None:
            return False
        await line.socket.close(1011)
        return True

    async def _frame(self, line: Line, raw: str) -> None:
        try:
            frame = mapping(json.loads(raw))
        except (ValueError, RecursionError):
            frame = {}
        cmd, headers = text(frame, "cmd"), mapping(frame.get("headers"))
        answer: dict[str, object] = {"headers": {"req_id": text(headers, "req_id")}}
        body = mapping(frame.get("body"))
        try:
            if cmd == "aibot_subscribe":
                await self._subscribe(line, body)
            done = self._carry_out(line, cmd, text(headers, "req_id"), body)
            answer |= {"errcode": 0, "errmsg": "ok"} | ({"body": done} if done else {})
        except RefusalError as refusal:
            answer |= {"errcode": refusal.errcode, "errmsg": refusal.errmsg}
        if cmd != "ping":
            self._log({"kind": "request", "cmd": cmd, "errcode": answer["errcode"], "body": body})
        await _send(line, answer)

    async def _subscribe(self, line: Line, body: Json) -> None:
        robot = self.robots.robot(text(body, "bot_id"))
        if robot is not None and robot.callback_url:
            raise RefusalError(846601, "bot is not in long connection mode")
        if robot is None or robot.secret != text(body, "secret"):
            raise RefusalError(853000, "invalid bot_id or secret")
        old, line.robot = self.lines.get(robot.botid), robot
        self.lines[robot.botid] = line
        if old is not None and old is not line:
            event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            frame = {"cmd": "aibot_event_callback", "headers": {"req_id": secrets.token_hex(12)}}
            if await _send(old, {**frame, "body": {"aibotid": robot.botid, **event}}):
                await old.socket.close()

    def _carry_out(self, line: Line, cmd: str, req_id: str, body: Json) -> Json:
        if cmd in {"ping", "aibot_subscribe"}:
            return {}
        if line.robot is None:
            raise RefusalError(846609, "not subscribed")
        handlers: Mapping[str, Callable[[SmartRobot, str, Json], Json]] = {
            "aibot_respond_msg": self._respond,
            "aibot_respond_welcome_msg": self._respond,
            "aibot_respond_update_msg": self._respond,
            "aibot_send_msg": self._push,
            "aibot_upload_media_init": self._upload_begin,
            "aibot_upload_media_chunk": self._upload_piece,
            "aibot_upload_media_finish": self._upload_end,
        }
        handler = handlers.get(cmd)
        if handler is None:
            raise RefusalError(40066, "unknown cmd")
        return handler(line.robot, req_id, body)

    def _respond(self, robot: SmartRobot, req_id: str, body: Json) -> Json:
        made = self.asked.get(req_id)
        if made is None or made.robot != robot:
            raise RefusalError(846605, "invalid req_id")
        patience = REPLY_SECONDS if made.cause is Cause.MESSAGE else _LATE_SECONDS
        if self.robots.world.clock.now() - made.at >= patience:
            raise RefusalError(846604, "req_id expired")
        if made.cause is not Cause.MESSAGE and made.answered:
            raise RefusalError(846606, "duplicate reply")
        self.robots.reply(made, self._with_media(robot, body), socket=True)
        return {}

    def _push(self, robot: SmartRobot, _: str, body: Json) -> Json:
        shown = self.robots.push(robot, self._with_media(robot, body))
        self._log({"kind": "shown", **self.robots.describe(shown)})
        return {}

    def _with_media(self, robot: SmartRobot, body: Json) -> Json:
        """Return the body with a file's name and size, for the page; raises RefusalError 40007."""
        kind = text(body, "msgtype")
        if kind not in {"file", "image", "voice", "video"}:
            return body
        world, part = self.robots.world, mapping(body.get(kind))
        scope, now = f"bot:{robot.botid}", world.clock.now()
        media = world.media.find(text(part, "media_id"), scope=scope, now=now)
        return {**body, kind: {**part, "name": media.name, "size": len(media.data)}}

    def _upload_begin(self, _: SmartRobot, __: str, body: Json) -> Json:
        chunks = whole(body, "total_chunks")
        if not 1 <= chunks <= _MOST_CHUNKS:
            raise RefusalError(846610, "invalid total_chunks")
        upload_id = secrets.token_hex(12)
        self.parcels[upload_id] = Parcel(
            text(body, "type"), text(body, "filename"), text(body, "md5"), chunks
        )
        return {"upload_id": upload_id}

    def _parcel(self, body: Json) -> Parcel:
        parcel = self.parcels.get(text(body, "upload_id"))
        if parcel is None:
            raise RefusalError(846611, "invalid upload_id")
        return parcel

    def _upload_piece(self, _: SmartRobot, __: str, body: Json) -> Json:
        parcel, index = self._parcel(body), whole(body, "chunk_index", -1)
        try:
            piece = base64.b64decode(text(body, "base64_data"), validate=True)
        except (binascii.Error, ValueError) as error:
            raise RefusalError(846612, "invalid base64_data") from error
        if not 0 <= index < parcel.chunks or len(piece) > _CHUNK_BYTES:
            raise RefusalError(846613, "invalid chunk")
        parcel.pieces[index] = piece
        return {}

    def _upload_end(self, robot: SmartRobot, _: str, body: Json) -> Json:
        parcel = self._parcel(body)
        if len(parcel.pieces) < parcel.chunks:
            raise RefusalError(846614, "chunks missing")
        data = b"".join(parcel.pieces[index] for index in range(parcel.chunks))
        if parcel.md5 and hashlib.md5(data, usedforsecurity=False).hexdigest() != parcel.md5:
            raise RefusalError(301019)
        del self.parcels[text(body, "upload_id")]
        world = self.robots.world
        scope, now = f"bot:{robot.botid}", world.clock.now()
        media = world.media.keep(Upload(parcel.name, data), parcel.kind, scope=scope, now=now)
        return {"type": parcel.kind, "media_id": media.media_id, "created_at": str(int(now))}


async def _send(line: Line, frame: Mapping[str, object]) -> bool:
    """Send a frame; say whether the connection was still there."""
    try:
        await line.socket.send_text(json.dumps(frame, ensure_ascii=False))
    except (WebSocketDisconnect, RuntimeError):
        return False
    return True
