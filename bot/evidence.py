"""Fetches the pictures and recordings people sent, after the commit, and keeps what may be kept.

A file is written under the name of its own digest before the row says so: a crash leaves at most
a file that the next try finds in its place.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.kept_files import keep_file
from bot.loop import Loop
from bot.wecom.client import MediaError
from cases.media_type import UnfitFileError, identify
from storage.database import Database
from storage.evidence import Evidence, KeptFile
from storage.work import Work

_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 600))
_DISK_PAUSE = timedelta(minutes=10)
_GONE = timedelta(days=3)  # the platform keeps a file so long (page 90254)
_MOST_AT_ONCE = 20  # of one turn, so that the loop can end

Clock = Callable[[], datetime]
Download = Callable[[str], bytes]
TellRefused = Callable[[Work, Evidence, str, datetime], None]


class EvidenceKeeper:
    """Keeps one file after another; what cannot be kept is refused, and its sender is told."""

    def __init__(
        self,
        database: Database,
        *,
        download: Download,
        folder: Path,
        clock: Clock,
        tell_refused: TellRefused,
    ) -> None:
        """`download` raises MediaError; `folder` is made with the first file, for its owner."""
        self._database = database
        self._download = download
        self._folder = folder
        self._clock = clock
        self._tell_refused = tell_refused
        self._loop = Loop("evidence", wake=database.wake, turn=self.keep_waiting)

    def start(self) -> None:
        """Begin to fetch, whenever something was committed and every second."""
        self._loop.start()

    def stop(self) -> None:
        """Finish the file at hand, then end."""
        self._loop.stop()

    def keep_waiting(self) -> int:
        """Fetch what waits; return how many files were looked at. Raises Unavailable."""
        for count in range(_MOST_AT_ONCE):
            now = self._clock()
            with self._database.read() as work:
                evidence = work.evidence.waiting(now)
            if evidence is None or self._loop.is_stopping:
                return count
            self._keep(evidence, now)
        return _MOST_AT_ONCE

    def _keep(self, evidence: Evidence, now: datetime) -> None:
        try:
            content = self._download(evidence.media_id)
            file = keep_file(self._folder, content, identify(content))
        except UnfitFileError as fault:
            self._refuse(evidence, str(fault), now)
        except MediaError as fault:
            self._try_again(evidence, str(fault), now)
        except OSError as fault:
            self._no_room(evidence, type(fault).__name__, now)
        else:
            self._database.run(lambda work: _note(work, evidence, file, now))

    def _try_again(self, evidence: Evidence, why: str, now: datetime) -> None:
        if evidence.tries >= len(_PAUSES) or now - evidence.at > _GONE:
            self._refuse(evidence, f"从企业微信取不到 ({why}), 请重新发一次", now)
            return
        later = now + _PAUSES[evidence.tries]
        self._database.run(lambda work: work.evidence.again(evidence.id, why, later))

    def _no_room(self, evidence: Evidence, why: str, now: datetime) -> None:
        """Our own disk is at fault: wait for somebody to see to it, however long it takes."""

        def act(work: Work) -> None:
            work.evidence.again(evidence.id, why, now + _DISK_PAUSE)
            text = f"图片等材料写不进磁盘（{why}）。请管理员检查材料目录的空间和权限。"
            work.alarms.sound("evidence.disk", text, now)

        self._database.run(act)

    def _refuse(self, evidence: Evidence, why: str, now: datetime) -> None:
        def act(work: Work) -> None:
            if work.evidence.refused(evidence.id, why):
                self._tell_refused(work, evidence, why, now)

        self._database.run(act)


def _note(work: Work, evidence: Evidence, file: KeptFile, now: datetime) -> None:
    if not work.evidence.kept(evidence.id, file, now):
        return
    work.audit.append(
        actor=evidence.sender,
        role="",
        action="evidence.kept",
        object_type="evidence",
        object_id=str(evidence.id),
        result="done",
        details={"sha256": file.sha256, "size": file.size, "type": file.media_type},
        now=now,
    )
