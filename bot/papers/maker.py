"""Prints the papers that are ordered, after their commit: nothing is printed inside a transaction.

A version is read and decided in one transaction, printed outside of any, its files written under
the names of their digests, and then noted and told of in another. A crash leaves at most a file
that the next try finds in its place.
"""

import logging
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.kept_files import keep_file
from bot.loop import Loop
from bot.papers.pdf import print_pdf
from bot.papers.word import BadTemplateError, Templates, print_docx
from bot.tables_out import as_xlsx
from cases.beijing import say_moment
from cases.errors import RefusalError
from cases.media_type import MediaType
from cases.papers.model import Form, Paper
from handlers.desk import Desk
from handlers.papers.content import Sheet, content
from handlers.papers.telling import tell_delayed, tell_failed, tell_ready
from storage.database import Database
from storage.papers import PaperFile, Result, Version
from storage.work import Work

logger = logging.getLogger(__name__)

MEDIA = {
    Form.PDF: MediaType("application/pdf", "pdf"),
    Form.DOCX: MediaType(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"
    ),
    Form.XLSX: MediaType(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    ),
}
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30))
_DAY = timedelta(days=1)
_LIES_FOR = timedelta(days=4)  # a message is tried for three at most
_OURS = re.compile(r"[0-9a-f]{64}\.(?:pdf|docx|xlsx)")
_MOST_LOST = 10  # characters that are named
_MOST_AT_ONCE = 10  # of one turn, so that the loop can end


@dataclass(frozen=True, slots=True)
class Printing:
    """Where templates lie and where the printed files go."""

    templates: Templates
    folder: Path  # where they stay, beside the evidence
    tray: Path  # from where messages hand them out


@dataclass(frozen=True, slots=True)
class Made:
    """What printing brought: files by form, and what could not be shown as wanted."""

    files: dict[Form, bytes]
    notes: str = ""


class PaperMaker:
    """Prints one version after another; what cannot be printed is said to whoever wants it."""

    def __init__(
        self, database: Database, *, desk: Desk, printing: Printing, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._desk = desk
        self._printing = printing
        self._clock = clock
        self._cleared: datetime | None = None
        self._loop = Loop("papers", wake=database.wake, turn=self.print_waiting)

    def start(self) -> None:
        """Begin to print, whenever something was committed and every second."""
        self._loop.start()

    def stop(self) -> None:
        """Finish the paper at hand, then end."""
        self._loop.stop()

    def print_waiting(self) -> int:
        """Print what waits; return how many versions were looked at. Raises Unavailable."""
        self._clear_tray()
        for count in range(_MOST_AT_ONCE):
            now = self._clock()
            with self._database.read() as work:
                version = work.papers.waiting(now)
            if version is None or self._loop.is_stopping:
                return count
            self._print(version, now)
        return _MOST_AT_ONCE

    def _clear_tray(self) -> None:
        """Once a day, delete what was put out to be handed out long enough ago."""
        now = self._clock()
        if self._cleared is not None and now - self._cleared < _DAY:
            return
        self._cleared = now
        for path in self._printing.tray.glob("??/*"):
            aged = now.timestamp() - path.stat().st_mtime
            if _OURS.fullmatch(path.name) and aged > _LIES_FOR.total_seconds():
                path.unlink(missing_ok=True)

    def _print(self, version: Version, now: datetime) -> None:
        try:
            with self._database.read() as work:
                kept = work.papers.get(version.paper_id)
                said = content(work, self._desk.at(work), kept, version.number, now)
            made = print_paper(said, self._printing.templates, now)
            files = [self._keep(form, raw) for form, raw in made.files.items()]
        except RefusalError as fault:
            self._fail(version, str(fault), now)
        except (BadTemplateError, RuntimeError, ValueError, OSError) as fault:
            logger.warning("paper %s was not printed: %s", version.paper_id, _where(fault))
            self._try_again(version, f"{type(fault).__name__}", now)
        else:
            wanted = said.missing if isinstance(said, Paper) else ()
            result = Result(files, said.sources, wanted, made.notes)
            self._database.run(lambda work: self._note(work, version, result, now))

    def _keep(self, form: Form, raw: bytes) -> PaperFile:
        kept = keep_file(self._printing.folder, raw, MEDIA[form])
        keep_file(self._printing.tray, raw, MEDIA[form])
        return PaperFile(form.value, kept.path, kept.sha256, kept.size)

    def _note(self, work: Work, version: Version, result: Result, now: datetime) -> None:
        if not work.papers.ready(version, result, now):
            return
        work.audit.append(
            actor=version.asked_by,
            role="",
            action="paper.printed",
            object_type="paper",
            object_id=str(version.paper_id),
            result="done",
            details={"version": version.number, "files": [one.sha256 for one in result.files]},
            now=now,
        )
        printed = work.papers.versions(version.paper_id)
        tell_ready(
            work, self._desk.at(work), next(one for one in printed if one.id == version.id), now
        )

    def _try_again(self, version: Version, why: str, now: datetime) -> None:
        if version.tries >= len(_PAUSES):
            self._fail(version, f"多次没有生成 ({why}), 请管理员查看日志", now)
            return
        later = now + _PAUSES[version.tries]

        def act(work: Work) -> None:
            work.papers.try_later(version, later, why)
            tell_delayed(work, self._desk.at(work), version, later, now)

        self._database.run(act)

    def _fail(self, version: Version, why: str, now: datetime) -> None:
        def act(work: Work) -> None:
            if work.papers.failed(version, why):
                tell_failed(work, self._desk, version, why, now)

        self._database.run(act)


def _where(fault: BaseException) -> str:
    """Return the kind of a fault and the line it comes from; its words may hold personal text."""
    frames = traceback.extract_tb(fault.__traceback__)
    line = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(fault).__name__} at {line}"


def print_paper(said: Paper | Sheet, templates: Templates, now: datetime) -> Made:
    """Return a paper in all its forms.

    Raises:
        BadTemplateError: the template that ships is at fault.
    """
    if isinstance(said, Sheet):
        return Made({Form.XLSX: as_xlsx(said.table, f"{say_moment(now)} 生成")})
    pdf, lost = print_pdf(said, now)
    docx, trouble = print_docx(said, templates)
    notes = []
    if lost:
        shown = "、".join(f"{one} (U+{ord(one):04X})" for one in lost[:_MOST_LOST])
        notes.append(f"PDF 的字库里没有这些字, 已标「缺字」: {shown}; Word 文件里是全的。")
    if trouble:
        notes.append(trouble)
    return Made({Form.PDF: pdf, Form.DOCX: docx}, "\n".join(notes))
