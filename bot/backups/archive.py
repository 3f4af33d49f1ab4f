"""What a backup holds: the database, the evidence where asked for, and a manifest at the end."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from bot.backups.sealed import Opener, Sealer, UnreadableBackupError

DATABASE = "database"
EVIDENCE = "evidence"
_MANIFEST = "manifest.json"
_FORMAT = "duban-backup-1"
_CHUNK = 1 << 20
_MOST_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup."""

    name: str
    sha256: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the backup says of itself."""

    engine: str  # sqlite or postgresql
    taken_at: datetime
    program: str  # the version that made it
    schema: str  # the newest migration of its tables
    audit_seq: int  # the end of its audit chain; 0 while empty
    audit_hash: str
    counts: Mapping[str, int]  # rows by table
    has_evidence: bool
    parts: tuple[Part, ...] = ()


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.digest.update(content)
        return content


def write_archive(
    out: Path, key: str, manifest: Manifest, *, database: Path, evidence: Path | None
) -> Manifest:
    """Write `out` whole or not at all; return the manifest with its parts.

    Raises:
        OSError: it cannot be written.
    """
    part_file = out.with_name(out.name + ".part")
    try:
        handle = os.open(part_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            sealer = Sealer(file, key)
            with tarfile.open(fileobj=_stream(sealer), mode="w|", bufsize=_CHUNK) as tar:
                parts = (_add(tar, DATABASE, database), *_add_all(tar, evidence))
                whole = replace(manifest, parts=parts)
                _add_manifest(tar, whole)
            sealer.finish()
            file.flush()
            os.fsync(file.fileno())
        part_file.rename(out)
    finally:
        part_file.unlink(missing_ok=True)
    return whole


def read_archive(file: Path, key: str, into: Path | None = None) -> Manifest:
    """Check every part of a backup against its manifest; keep the parts in `into` if given.

    Raises:
        UnreadableBackupError: no backup, another key, changed, cut, or not what it says of itself.
        OSError: it cannot be read, or `into` cannot be written.
    """
    with file.open("rb") as raw:
        opener = Opener(raw, key, file)
        manifest, found = None, []
        try:
            with tarfile.open(fileobj=_stream(opener), mode="r|", bufsize=_CHUNK) as tar:
                for member in tar:
                    if member.name == _MANIFEST:
                        manifest = _manifest(_content(tar, member))
                    else:
                        found.append(_take(tar, member, into))
        except (tarfile.TarError, ValueError, KeyError, TypeError) as fault:
            raise UnreadableBackupError(f"{file} 里的内容读不出来 ({fault})") from fault
        opener.drain()
    if manifest is None:
        raise UnreadableBackupError(f"{file} 里没有清单")
    for listed, kept in zip_longest(manifest.parts, found):
        if listed != kept:
            name = (listed or kept or Part("", "", 0)).name
            raise UnreadableBackupError(f"{file} 里的 {name} 与清单不符")
    return manifest


def _stream(file: Sealer | Opener) -> IO[bytes]:
    """Say what tarfile's stream modes do: they only read, or only write."""
    return cast("IO[bytes]", file)


def _add(tar: tarfile.TarFile, name: str, path: Path) -> Part:
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        info.size = os.fstat(file.fileno()).st_size
        hashed = _Hashed(file)
        tar.addfile(info, hashed)
    return Part(name, hashed.digest.hexdigest(), info.size)


def _add_all(tar: tarfile.TarFile, folder: Path | None) -> Iterator[Part]:
    if folder is None:
        return
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        with suppress(FileNotFoundError):  # erased by the retention while we went through
            yield _add(tar, f"{EVIDENCE}/{path.relative_to(folder).as_posix()}", path)


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    values = {"format": _FORMAT} | asdict(manifest) | {"taken_at": manifest.taken_at.isoformat()}
    content = json.dumps(values, ensure_ascii=False, indent=1).encode()
    info = tarfile.TarInfo(_MANIFEST)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    if file is None or member.size > _MOST_MANIFEST:
        raise ValueError("清单不是文件, 或者过大")
    return file.read()


def _manifest(content: bytes) -> Manifest:
    values = json.loads(content)
    if values.pop("format") != _FORMAT:
        raise ValueError("清单的格式不认识, 请用更新的程序")
    parts = tuple(Part(**part) for part in values.pop("parts"))
    taken_at = datetime.fromisoformat(values.pop("taken_at"))
    return Manifest(**values, taken_at=taken_at, parts=parts)


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path | None) -> Part:
    file = tar.extractfile(member)
    name = PurePosixPath(member.name)
    if file is None or name.is_absolute() or ".." in name.parts:
        raise ValueError(f"{member.name} 不是普通文件")
    digest = hashlib.sha256()
    with ExitStack() as stack:
        kept = stack.enter_context(_created(into / name)) if into else None
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if kept is not None:
                kept.write(chunk)
    return Part(member.name, digest.hexdigest(), member.size)


def _created(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
