"""Temporary media (临时素材): upload, limits by type, three days, scope (page 90253)."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message

from bot.sandbox.answers import RefusalError

DAYS_3 = 3 * 86400.0
_LEAST_BYTES = 6  # "greater than 5 bytes"
_MEGABYTE = 1024 * 1024
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_LIMITS: Mapping[str, int] = {
    "image": 10 * _MEGABYTE,
    "voice": 2 * _MEGABYTE,
    "video": 10 * _MEGABYTE,
    "file": 20 * _MEGABYTE,
}


@dataclass(frozen=True, slots=True)
class Upload:
    """One file out of a multipart body."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Media:
    """A stored file; `scope` is "corp" or the key of the robot that may use it."""

    media_id: str
    kind: str
    name: str
    data: bytes
    scope: str
    created_at: float


def is_picture(data: bytes) -> bool:
    """Say whether the bytes begin as a PNG or JPG does."""
    return data.startswith(_PICTURES)


def read_upload(body: bytes, content_type: str, field: str = "media") -> Upload:
    """Return the file in the multipart field `field`.

    Raises:
        RefusalError: 44001 when there is no such field or it is empty.
    """
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise RefusalError(44001)
    for piece in body.split(b"--" + boundary.encode("latin-1", "replace")):
        head, separator, data = piece.partition(b"\r\n\r\n")
        found = _disposition(head)
        if separator and found.get("name") == field and "filename" in found:
            return Upload(found["filename"], data.removesuffix(b"\r\n"))
    raise RefusalError(44001)


def _disposition(head: bytes) -> dict[str, str]:
    written = head.decode("utf-8", "replace")
    return dict(re.findall(r'[;\s](name|filename)="((?:[^"\\]|\\.){0,500})"', written))


class MediaStore:
    """Every uploaded file, until its three days are over."""

    def __init__(self) -> None:
        self._held: dict[str, Media] = {}

    def keep(self, upload: Upload, kind: str, *, scope: str, now: float) -> Media:
        """Check and keep an upload.

        Raises:
            RefusalError: 40005 type, 40006 too small, 45001 too big, 40123 no picture.
        """
        most = _LIMITS.get(kind)
        if most is None:
            raise RefusalError(40005)
        if len(upload.data) < _LEAST_BYTES:
            raise RefusalError(40006)
        if len(upload.data) > most:
            raise RefusalError(45001)
        if kind == "image" and not is_picture(upload.data):
            raise RefusalError(40123)
        media_id = secrets.token_urlsafe(32)
        media = Media(media_id, kind, upload.name, upload.data, scope, now)
        self._held[media_id] = media
        return media

    def find(self, media_id: str, *, scope: str, now: float) -> Media:
        """Return a file that this scope may use.

        Raises:
            RefusalError: 40007 unknown or another's, 40145 older than three days.
        """
        media = self._held.get(media_id)
        if media is None or media.scope != scope:
            raise RefusalError(40007)
        if now >= media.created_at + DAYS_3:
            raise RefusalError(40145)
        return media

    def peek(self, media_id: str) -> Media | None:
        """Return a file for the page, whatever its scope and age."""
        return self._held.get(media_id)
