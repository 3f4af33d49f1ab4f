"""Uploads a kept file when its message leaves; a repeat of the message names the same upload.

The row of the outbox says where the file is kept, so it is small and stays true when an upload has
expired. The platform compares requests as a whole (R9): the media_id is remembered for as long as
the platform keeps the file.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.gateway import Gateway, GiveUp, Outcome, Scope, TryLater
from bot.wecom.client import MediaError
from storage.database import Database
from storage.states import Channel

_LIVES = timedelta(days=3) - timedelta(hours=1)  # of an upload (page 90253)
_EXPIRED = frozenset({40007, 40145})
_MOST_BYTES = 20 * 1024 * 1024


class Uploads(Protocol):
    """What uploads a file and returns its media_id; raises MediaError."""

    def upload(self, kind: str, filename: str, content: bytes, robot: str = "") -> str:
        """Upload for the app, or for one group robot."""
        ...


class Attaching:
    """A gateway that puts a media_id in the place of `stored` in what it passes on."""

    def __init__(
        self,
        inner: Gateway,
        *,
        uploads: Uploads,
        folder: Path,
        database: Database,
        clock: Callable[[], datetime],
    ) -> None:
        """`folder` holds the files; nothing outside it is ever sent."""
        self._inner = inner
        self._uploads = uploads
        self._folder = folder
        self._database = database
        self._clock = clock

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        """Deliver `payload`, its file uploaded."""
        body = json.loads(payload) if '"stored"' in payload else {}
        kind = body.get("msgtype", "") if isinstance(body, dict) else ""
        part = body.get(kind) if kind else None
        if not isinstance(part, dict) or "stored" not in part:
            return self._inner.send(channel, recipient, payload)
        path = (self._folder / str(part["stored"])).resolve()
        if not path.is_relative_to(self._folder.resolve()) or not path.is_file():
            return GiveUp(0, f"要发的文件不在了: {part.get('name', '')}", Scope.MESSAGE)
        content = path.read_bytes()
        if len(content) > _MOST_BYTES:
            return GiveUp(45001, "文件超过 20 MB, 请拆分后再发", Scope.MESSAGE)
        robot = recipient if channel == Channel.ROBOT else ""
        key = f"media.{robot}.{kind}.{hashlib.sha256(content).hexdigest()}"
        try:
            media_id = self._media_id(key, kind, str(part.get("name", path.name)), content, robot)
        except MediaError as fault:
            return TryLater(None, f"文件没有传上去: {fault}", 0)
        sent = json.dumps(body | {kind: {"media_id": media_id}}, ensure_ascii=False)
        outcome = self._inner.send(channel, recipient, sent)
        if isinstance(outcome, GiveUp) and outcome.errcode in _EXPIRED:
            self._remember(key, "")  # uploaded anew at the next try
            return TryLater(outcome.errcode, outcome.text, 0)
        return outcome

    def _media_id(self, key: str, kind: str, name: str, content: bytes, robot: str) -> str:
        with self._database.read() as work:
            known = work.settings.get(key)
        if isinstance(known, list) and known[0]:
            media_id, until = str(known[0]), datetime.fromisoformat(str(known[1]))
            if self._clock() < until:
                return media_id
        media_id = self._uploads.upload(kind, name, content, robot)
        self._remember(key, media_id)
        return media_id

    def _remember(self, key: str, media_id: str) -> None:
        until = (self._clock() + _LIVES).isoformat()
        self._database.run(lambda work: work.settings.put(key, [media_id, until]))
