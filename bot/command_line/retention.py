"""Erasing what has been kept long enough: once a day by itself, and `main.py retention` to see."""

import logging
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.evidence import Archive
from storage.work import Work

logger = logging.getLogger(__name__)

_MONTH = timedelta(days=31)  # never a day too early
_AT_ONCE = 20  # cases of one transaction: nobody who writes waits long
_MOST = 100_000

Open = Callable[[Path], AbstractContextManager[Archive]]


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the command `retention`."""

    @app.command(help="清除到期的个人信息文字和材料文件; 服务每天自己做一次.")
    def retention(
        *,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="只看有多少, 不清除")] = False,
        config: Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")] = Path(
            "duban.toml"
        ),
    ) -> None:
        with opener(config) as archive:
            if dry_run:
                cases, files = due(archive)
                sys.stdout.write(f"到期: {cases} 件的文字, {files} 个材料文件。没有清除。\n")
                return
            counts = erase(archive)
        sys.stdout.write(f"已清除: {counts['cases']} 件的文字, {counts['files']} 个材料文件。\n")


def due(archive: Archive) -> tuple[int, int]:
    """Return how many cases have text that is due, and how many files are."""
    texts, files = _limits(archive)
    with archive.database.read() as work:
        papers = sum(len(paths) for _, paths in work.retention.papers_due(files, _MOST))
        evidence = len(work.retention.evidence_due(files, _MOST))
        return work.retention.count_due(texts), evidence + papers


def erase(archive: Archive) -> Counter[str]:
    """Erase all that is due, a few cases at a time; the audit gets the counts.

    Raises:
        Unavailable: the database does not answer; what was erased stays so.
        OSError: a file cannot be deleted.
    """
    texts, files = _limits(archive)
    counts: Counter[str] = Counter(cases=0, files=0)
    while done := archive.database.run(partial(_texts, before=texts, now=archive.now)):
        counts["cases"] += done
    while done := _files(archive, files):
        counts["files"] += done
    while done := _papers(archive, files):
        counts["files"] += done
    return counts


def daily(
    archive: Callable[[datetime], Archive], clock: Callable[[], datetime]
) -> Callable[[], None]:
    """Return what erases once a day, however often it is called."""
    last: list[datetime] = []

    def act() -> None:
        now = clock()
        if not last or not timedelta(0) <= now - last[0] < timedelta(days=1):
            last[:] = [now]
            try:
                erase(archive(now))
            except OSError as error:
                logger.warning("a file of the evidence cannot be deleted: %s", error)

    return act


def _limits(archive: Archive) -> tuple[datetime, datetime]:
    texts, files = archive.months
    return archive.now - _MONTH * texts, archive.now - _MONTH * files


def _texts(work: Work, before: datetime, now: datetime) -> int:
    cases = work.retention.cases_due(before, _AT_ONCE)
    if cases:
        rows = work.retention.erase(cases)
        _note(work, "text.erased", {"cases": len(cases), "rows": rows}, now)
    return len(cases)


def _files(archive: Archive, before: datetime) -> int:
    with archive.database.read() as work:
        due = work.retention.evidence_due(before, _AT_ONCE)
    for _, path in due:  # first the file: a crash between leaves a row that is due again
        if path is not None:
            (archive.folder / path).unlink(missing_ok=True)

    def act(work: Work) -> None:
        work.retention.evidence_erased([identity for identity, _ in due])
        _note(work, "evidence.erased", {"files": len(due)}, archive.now)

    if due:
        archive.database.run(act)
    return len(due)


def _papers(archive: Archive, before: datetime) -> int:
    """Delete the files of papers likewise, those waiting to be handed out too."""
    with archive.database.read() as work:
        due = work.retention.papers_due(before, _AT_ONCE)
    paths = [path for _, found in due for path in found]
    for path in paths:
        (archive.folder / path).unlink(missing_ok=True)

    def act(work: Work) -> None:
        work.retention.papers_erased([identity for identity, _ in due])
        _note(work, "papers.erased", {"files": len(paths)}, archive.now)

    if due:
        archive.database.run(act)
    return len(due)


def _note(work: Work, action: str, details: dict[str, object], now: datetime) -> None:
    work.audit.append(
        actor="",
        role="",
        action=action,
        object_type="retention",
        object_id="",
        result="done",
        details=details,
        now=now,
    )
