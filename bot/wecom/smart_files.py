"""Files of an intelligent robot: sent in pieces over the long connection, received encrypted."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.gateway import GiveUp, Outcome, Scope, TryLater, Unknown
from bot.wecom.answers import Answer
from bot.wecom.client import MediaError
from bot.wecom.crypto import RefusedError, decrypt_file
from cases.messages import robot_file_of
from cases.robot_payload import Json

CHUNK_BYTES = 512 * 1024  # of one piece, before base64 (page 101463)
MOST_CHUNKS = 100
FEWEST_BYTES = 5

Ask = Callable[[str, Json], Answer | Outcome]


class UploadError(Exception):
    """A file could not be uploaded; `outcome` says whether it is worth another try."""

    def __init__(self, outcome: TryLater | GiveUp | Unknown) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be sent: its kind for the platform (file, image, voice, video), name and bytes."""

    kind: str
    name: str
    content: bytes


def upload(ask: Ask, file: Upload) -> str:
    """Upload a file in pieces; return its media_id, good for three days (page 101463).

    `ask` sends one frame and returns the body of its ack, or how it failed. Pieces may be repeated,
    so a try that failed half way costs nothing.

    Raises:
        UploadError: too small, larger than 50 MB, or the platform did not take it.
    """
    chunks = -(-len(file.content) // CHUNK_BYTES)
    if len(file.content) <= FEWEST_BYTES or chunks > MOST_CHUNKS:
        raise UploadError(GiveUp(40006, "文件须大于 5 字节、不超过 50 MB", Scope.MESSAGE))
    begun = _asked(
        ask,
        "aibot_upload_media_init",
        {
            "type": file.kind,
            "filename": file.name,
            "total_size": len(file.content),
            "total_chunks": chunks,
            "md5": hashlib.md5(file.content, usedforsecurity=False).hexdigest(),
        },
    )
    upload_id = str(begun.get("upload_id", ""))
    for index, piece in enumerate(_pieces(file.content)):
        data = base64.b64encode(piece).decode()
        part: Json = {"upload_id": upload_id, "chunk_index": index, "base64_data": data}
        _asked(ask, "aibot_upload_media_chunk", part)
    media_id = _asked(ask, "aibot_upload_media_finish", {"upload_id": upload_id}).get("media_id")
    if not isinstance(media_id, str) or not media_id:
        raise UploadError(Unknown("上传没有得到 media_id"))
    return media_id


def _asked(ask: Ask, cmd: str, body: Json) -> Answer:
    answer = ask(cmd, body)
    if isinstance(answer, dict):
        return answer
    if isinstance(answer, (TryLater, GiveUp, Unknown)):
        raise UploadError(answer)
    return {}


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), CHUNK_BYTES):
        yield content[start : start + CHUNK_BYTES]


@dataclass(frozen=True, slots=True)
class Downloads:
    """Fetches what people show, to the app (by media_id) or to the robot (encrypted, 5 minutes)."""

    app: Callable[[str], bytes]
    fetch: Callable[[str], bytes]
    aes_key: str  # of the robot's callback; over the long connection each file has its own
    origins: tuple[str, ...]  # the beginnings that an address may have

    def __call__(self, media_id: str) -> bytes:
        """Return the file. Raises MediaError."""
        file = robot_file_of(media_id)
        if file is None:
            return self.app(media_id)
        if not file.url.startswith(self.origins):
            raise MediaError("文件地址不是企业微信的")
        try:
            return decrypt_file(self.fetch(file.url), file.aes_key or self.aes_key)
        except RefusedError:
            raise MediaError("文件解不开") from None
