"""What an intelligent robot says, by whichever way back to its chat is open."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.gateway import GiveUp, Outcome, Scope
from bot.wecom.smart_files import Upload, UploadError
from cases.robot_payload import BadRobotMessageError, Json, RobotMessage, Spoken, read

_GONE = frozenset({846604, 846605})  # the frame's number is too old, or another connection's
_REPLY = {
    Spoken.WELCOME: "aibot_respond_welcome_msg",
    Spoken.ANSWER: "aibot_respond_msg",
    Spoken.CHANGE: "aibot_respond_update_msg",
}
_TOO_LATE = {
    Spoken.WELCOME: "会话打开已超过 5 秒, 不再欢迎",
    Spoken.CHANGE: "点按已超过 5 秒, 机器人的卡片不能再更新",
}
_PUSH = "aibot_send_msg"

Respond = Callable[[str, str], Outcome]


class Line(Protocol):
    """The long connection, as far as speaking goes."""

    def ask(self, cmd: str, body: Json, req_id: str = "") -> Outcome:
        """Send a frame and wait for its ack."""
        ...

    def upload(self, upload: Upload) -> str:
        """Upload a file in pieces; return its media_id. Raises UploadError."""
        ...


class RobotGateway:
    """Speaks as the robot: to a response_url, or over the long connection where there is one.

    `origins` are the beginnings a response_url may have. `papers` is the folder whose files may be
    sent. Whatever cannot be said this way is refused at once: the app says it then.
    """

    def __init__(
        self,
        respond: Respond,
        *,
        origins: tuple[str, ...],
        clock: Callable[[], datetime],
        line: Line | None = None,
        papers: Path | None = None,
    ) -> None:
        self._respond = respond
        self._origins = origins
        self._clock = clock
        self._line = line
        self._papers = papers

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:  # noqa: ARG002  the rows of one channel
        """Deliver what the payload says, into the chat it names."""
        try:
            message = read(payload)
        except BadRobotMessageError as fault:
            return _refuse(str(fault))
        if message.chat.response_url:
            return self._to_url(message)
        if self._line is None:
            return _refuse("回调模式的机器人不能主动发消息和文件")
        if message.spoken is Spoken.FILE:
            return self._file(message, self._line)
        return self._over(message, self._line)

    def _to_url(self, message: RobotMessage) -> Outcome:
        if self._clock() >= message.ends_at:
            return _refuse("提问已超过 1 小时, 机器人不能再答")
        url = message.chat.response_url
        if not url.startswith(self._origins):
            return _refuse("回复地址不是企业微信的")
        return self._respond(url, message.as_response())

    def _over(self, message: RobotMessage, line: Line) -> Outcome:
        is_open = bool(message.chat.req_id) and self._clock() < message.ends_at
        if is_open:
            cmd = _REPLY[message.spoken]
            outcome = line.ask(cmd, message.as_reply(), message.chat.req_id)
            if not (isinstance(outcome, GiveUp) and outcome.errcode in _GONE):
                return outcome
        if message.spoken in _TOO_LATE:
            return _refuse(_TOO_LATE[message.spoken])
        return line.ask(_PUSH, message.as_push())

    def _file(self, message: RobotMessage, line: Line) -> Outcome:
        content = self._paper(message.path)
        if content is None:
            return _refuse("要发的文件不在了")
        try:
            media_id = line.upload(Upload("file", message.text, content))
        except UploadError as fault:
            return fault.outcome
        return line.ask(_PUSH, message.as_push(media_id))

    def _paper(self, path: str) -> bytes | None:
        if self._papers is None:
            return None
        folder = self._papers.resolve()
        place = (folder / path).resolve()
        if not place.is_relative_to(folder):
            return None
        try:
            return place.read_bytes()
        except OSError:
            return None


def _refuse(why: str) -> GiveUp:
    return GiveUp(0, why, Scope.MESSAGE)
