"""Make a backup beside the running service, and put one back in safe mode."""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.anchors import AnchorFile
from bot.backups.archive import DATABASE, EVIDENCE, Manifest, read_archive, write_archive
from storage.audit import BrokenRow
from storage.copies import settle
from storage.database import Database
from storage.errors import Unavailable
from storage.schema import knows
from storage.settings import LAST_BACKUP
from storage.states import BrakeScope
from storage.work import Work

COMMAND = "command"  # who acts: the administrator on the server
_TRIES = 10  # each waits a second for the writers of a running service
_REASON = "自备份恢复"
_HOW = "; 确实要换成备份的话请加 --replace, 原来的会改名保留"


@dataclass(frozen=True, slots=True)
class Opened:
    """What is backed up and restored; the database is as it is, perhaps not there."""

    database: Database
    anchors: AnchorFile
    clock: Callable[[], datetime]
    evidence: Path
    key: str  # of backups


class OccupiedError(Exception):
    """It does not fit where it would go; the text says why and how to go on."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has done."""

    manifest: Manifest
    broken: BrokenRow | None  # where the audit chain of the backup does not hold
    waiting: int  # messages that wait for somebody to confirm
    aside: tuple[str, ...]  # where what stood there before is kept
    seq: int  # the new end of the audit chain


def make(opened: Opened, out: Path, *, with_evidence: bool) -> Manifest:
    """Write a backup to `out`; it is noted in the audit afterwards.

    Raises:
        OccupiedError: `out` is there already.
        CopyError: the database cannot be copied, or is damaged.
        OSError: it cannot be written.
    """
    if out.exists():
        raise OccupiedError(f"{out} 已经有了, 请换个名字")
    database, now = opened.database, opened.clock()
    # In clear text only beside the database itself, never where backups go.
    with _private_folder(database) as folder:
        copy = folder / DATABASE
        contents = database.copy_to(copy)
        manifest = Manifest(
            engine="postgresql" if database.is_postgres else "sqlite",
            taken_at=now,
            program=_program(),
            schema=contents.schema,
            audit_seq=contents.head.seq if contents.head else 0,
            audit_hash=contents.head.hash if contents.head else "",
            counts=contents.counts,
            has_evidence=with_evidence,
        )
        evidence = opened.evidence if with_evidence else None
        written = write_archive(out, opened.key, manifest, database=copy, evidence=evidence)
    details = {"schema": written.schema, "audit": written.audit_seq, "parts": len(written.parts)}
    digest = written.parts[0].sha256
    _noted(database, details | {"sha256": digest}, now)
    return written


def _noted(database: Database, details: dict[str, object], now: datetime) -> None:
    """Write the row of a backup that is there already: a busy service may keep us out for a while.

    Raises:
        Unavailable: the database does not answer.
    """
    for _ in range(_TRIES - 1):
        with suppress(Unavailable):
            database.run(lambda work: _note_made(work, details, now))
            return
    database.run(lambda work: _note_made(work, details, now))


def _note_made(work: Work, details: dict[str, object], now: datetime) -> None:
    _note(work, "backup.made", details, now)
    work.settings.put(LAST_BACKUP, now.isoformat())


def _program() -> str:
    try:
        return version("duban")
    except PackageNotFoundError:  # run from its folder, not installed
        return "source"


def _note(work: Work, action: str, details: dict[str, object], now: datetime) -> None:
    work.audit.append(
        actor=COMMAND,
        role="管理员",
        action=action,
        object_type="backup",
        object_id="",
        result="done",
        details=details,
        now=now,
    )


@contextmanager
def _private_folder(database: Database) -> Iterator[Path]:
    near = database.file.parent if database.file is not None else None
    if near is not None:
        near.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".duban-backup-", dir=near) as folder:
        yield Path(folder)


def restore(opened: Opened, file: Path, *, replaces: bool) -> Restored:
    """Put a backup in the database's place, in safe mode: nothing old leaves until confirmed.

    All is read and checked before anything is touched; what stood there is moved aside.

    Raises:
        OccupiedError: there is a database or evidence, and it is not to be replaced.
        UnreadableBackupError: no whole backup, or another key.
        CopyError: a service still runs on it, or the database refuses.
        SchemaError: its tables cannot be brought to the newest.
    """
    database = opened.database
    _check_place(opened, replaces=replaces)
    with _private_folder(database) as folder:
        manifest = read_archive(file, opened.key, folder)
        _check_kind(opened, manifest, replaces=replaces)
        stamp = f"replaced-{opened.clock():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        if database.file is not None:
            made, aside = _into_file(opened, folder / DATABASE, manifest, stamp)
        else:
            database.fill_from(folder / DATABASE, stamp)
            aside = (f"模式 {stamp}",) if replaces else ()
            made = _in_safe_mode(database, opened, manifest)
        if manifest.has_evidence:
            aside += _put_evidence(folder / EVIDENCE, opened.evidence, stamp)
    return Restored(manifest, made.broken, made.waiting, aside, _anchored(opened))


def _check_place(opened: Opened, *, replaces: bool) -> None:
    if not replaces and opened.database.is_filled():
        raise OccupiedError(f"配置里的数据库已经有内容{_HOW}")


def _check_kind(opened: Opened, manifest: Manifest, *, replaces: bool) -> None:
    kind = "postgresql" if opened.database.is_postgres else "sqlite"
    if not knows(manifest.schema):
        raise OccupiedError(f"备份的结构 {manifest.schema} 比程序新, 请用较新的程序恢复")
    has_files = opened.evidence.is_dir() and any(opened.evidence.iterdir())
    if manifest.has_evidence and has_files and not replaces:
        raise OccupiedError(f"材料文件夹 {opened.evidence} 已有文件{_HOW}")
    if manifest.engine != kind:
        raise OccupiedError(f"备份是 {manifest.engine} 的, 配置里是 {kind}, 请改 [database] 再恢复")


@dataclass(frozen=True, slots=True)
class _Made:
    broken: BrokenRow | None
    waiting: int


def _into_file(
    opened: Opened, copy: Path, manifest: Manifest, stamp: str
) -> tuple[_Made, tuple[str, ...]]:
    """Make the copy ready where it lies, then put it in place by renaming."""
    fresh = opened.database.at(copy)
    try:
        made = _in_safe_mode(fresh, opened, manifest)
    finally:
        fresh.close()
    settle(copy)
    target = opened.database.file or copy
    aside: tuple[str, ...] = ()
    if target.exists():
        settle(target)  # refused while a service has it open
        kept = target.with_name(f"{target.name}.{stamp}")
        target.rename(kept)
        aside = (str(kept),)
    copy.rename(target)
    return made, aside


def _in_safe_mode(database: Database, opened: Opened, manifest: Manifest) -> _Made:
    database.upgrade()
    now = opened.clock()
    with database.read() as work:
        broken = work.audit.verify()
    with database.work() as work:
        moment = manifest.taken_at.isoformat()
        work.brakes.pull(BrakeScope.RESTORED, moment, by=COMMAND, reason=_REASON, now=now)
        waiting = sum(held.count for held in work.brakes.held(now))
        details = {
            "taken_at": moment,
            "sha256": manifest.parts[0].sha256,
            "backup_head": manifest.audit_seq,
            "waiting": waiting,
            "chain": "whole" if broken is None else f"broken at {broken.seq}",
        }
        _note(work, "backup.restored", details, now)
    return _Made(broken, waiting)


def _put_evidence(source: Path, target: Path, stamp: str) -> tuple[str, ...]:
    source.mkdir(exist_ok=True)  # a backup of an empty folder has no part of it
    aside: tuple[str, ...] = ()
    if target.exists():
        kept = target.with_name(f"{target.name}.{stamp}")
        target.rename(kept)
        aside = (str(kept),)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)  # may be another disk than the database's
    return aside


def _anchored(opened: Opened) -> int:
    """Take the restored chain for the right one from now on; return its end."""
    with opened.database.read() as work:
        head = work.audit.head()
    if head is None:  # the row of the restore was just written
        raise RuntimeError("the audit chain is empty")
    opened.anchors.add(head, opened.clock(), note=_REASON)
    return head.seq
