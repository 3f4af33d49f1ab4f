"""`main.py evidence export|verify`: one case as a zip that anybody can verify offline."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cases.event_records import pack
from cases.model import Case
from storage.database import Database
from storage.evidence import Evidence
from storage.failpoints import hit
from storage.states import EvidenceState
from storage.work import Work

MANIFEST = "manifest.json"
_FORMAT = "duban-evidence-1"
_WRONG = 2
_CHUNK = 1 << 16
_MOST_MANIFEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Archive:
    """Where cases and their files lie."""

    database: Database
    folder: Path
    now: datetime
    months: tuple[int, int] = (12, 36)  # how long text stays, and how long files


Open = Callable[[Path], AbstractContextManager[Archive]]


class BrokenExportError(Exception):
    """The export is not what was written; the text names the first broken part."""


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the commands `evidence export` and `evidence verify`."""
    evidence = typer.Typer(help="一件的全部材料: 导出, 离线核对.", no_args_is_help=True)
    app.add_typer(evidence, name="evidence")

    @evidence.command()
    def export(
        number: Annotated[str, typer.Argument(help="完整编号, 例如 YQ-20261120-007")],
        *,
        out: Annotated[Path, typer.Option("--out", help="写到哪个 zip 文件")],
        config: Annotated[Path, typer.Option("--config", help="配置文件")] = Path("duban.toml"),
    ) -> None:
        """导出一件: 经过、报告、链接、数据和图片, 附每一部分的 SHA-256."""
        with opener(config) as archive:
            try:
                digest = export_case(archive, number, out)
            except (KeyError, FileExistsError, BrokenExportError) as fault:
                typer.echo(f"没有导出: {fault.args[0] if fault.args else fault}", err=True)
                raise typer.Exit(_WRONG) from None
        typer.echo(f"已导出到 {out}\n清单的 SHA-256: {digest} (已记入审计)")

    @evidence.command()
    def verify(file: Annotated[Path, typer.Argument(help="导出的 zip 文件")]) -> None:
        """核对一份导出, 不需要数据库和网络; 有一处不符就说出是哪一处."""
        try:
            number, count, digest = verify_export(file)
        except BrokenExportError as fault:
            typer.echo(f"不符: {fault}", err=True)
            raise typer.Exit(1) from None
        typer.echo(f"相符: {number}, {count} 个部分\n清单的 SHA-256: {digest}")


def export_case(archive: Archive, number: str, out: Path) -> str:
    """Write everything of a case into `out`; return the SHA-256 of its manifest.

    Raises:
        KeyError: there is no such case.
        FileExistsError: `out` is there already.
        BrokenExportError: a file of the evidence is missing or no longer what was kept.
    """
    with archive.database.read() as work:
        case = work.cases.by_number(number)
        if case is None:
            raise KeyError(f"没有编号 {number}")
        parts = _records(work, case)
        evidence = work.evidence.of_case(case.id)
    for one in evidence:
        if one.state is EvidenceState.KEPT and one.path and one.sha256:
            parts[f"evidence/{one.id:04d}-{Path(one.path).name}"] = _file(archive.folder, one)
    manifest = _json(
        {
            "format": _FORMAT,
            "case": number,
            "exported_at": archive.now.isoformat(),
            "parts": [
                {"name": name, "sha256": _digest(content), "size": len(content)}
                for name, content in sorted(parts.items())
            ],
        }
    )
    if out.exists():
        raise FileExistsError(f"{out} 已经有了, 请换个名字")
    # In the audit before anybody has it, and under its name only when it is whole.
    fresh = out.with_name(f".{out.name}.part")
    _write(fresh, {MANIFEST: manifest} | dict(sorted(parts.items())))
    hit("export.written")  # E01
    digest = _digest(manifest)
    archive.database.run(lambda work: _note(work, number, digest, archive.now))
    hit("export.audited")  # E03
    fresh.rename(out)
    hit("export.named")  # E02
    return digest


def _write(file: Path, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)


def verify_export(file: Path) -> tuple[str, int, str]:
    """Check every part against the manifest; return the case, how many parts, and its digest.

    Raises:
        BrokenExportError: names the first part that is missing, changed or not of the export.
    """
    try:
        with zipfile.ZipFile(file) as written:
            return _verify(written)
    except (OSError, zipfile.BadZipFile, EOFError) as fault:
        raise BrokenExportError(f"{file} 不是完整的 zip 文件 ({type(fault).__name__})") from None


def _verify(written: zipfile.ZipFile) -> tuple[str, int, str]:
    names = written.namelist()
    if MANIFEST not in names:
        raise BrokenExportError(f"缺少 {MANIFEST}")
    if written.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
        raise BrokenExportError(f"{MANIFEST} 过大")
    raw = _read(written, MANIFEST)
    try:
        manifest = json.loads(raw)
        number = str(manifest["case"])
        listed = [(str(p["name"]), str(p["sha256"]), int(p["size"])) for p in manifest["parts"]]
    except (ValueError, KeyError, TypeError) as fault:
        raise BrokenExportError(f"{MANIFEST} 读不出来") from fault
    for name, sha256, size in listed:
        if names.count(name) != 1:
            raise BrokenExportError(f"{name}: {'缺少' if name not in names else '重复'}")
        if written.getinfo(name).file_size != size or _hash(written, name) != sha256:
            raise BrokenExportError(f"{name}: 内容与清单不符")
    extra = sorted(set(names) - {MANIFEST} - {name for name, _, _ in listed})
    if extra or names.count(MANIFEST) != 1:
        raise BrokenExportError(f"{extra[0] if extra else MANIFEST}: 清单里没有")
    return number, len(listed), _digest(raw)


def _read(written: zipfile.ZipFile, name: str) -> bytes:
    try:
        return written.read(name)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as fault:
        raise BrokenExportError(f"{name}: 已损坏") from fault


def _hash(written: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with written.open(name) as part:
            while chunk := part.read(_CHUNK):
                digest.update(chunk)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as fault:
        raise BrokenExportError(f"{name}: 已损坏") from fault
    return digest.hexdigest()


def _records(work: Work, case: Case) -> dict[str, bytes]:
    history = []
    for entry in work.cases.history(case.id):
        kind, data = pack(entry.event)
        history.append(
            {"seq": entry.seq, "kind": kind, "data": data, "by": entry.by, "at": entry.at}
        )
    return {
        "case.json": _json(asdict(case)),
        "history.json": _json(history),
        "reports.json": _json([asdict(report) for report in work.cases.reports(case.id)]),
        "links.json": _json([asdict(link) for link in work.cases.links(case.id)]),
        "metrics.json": _json([asdict(metric) for metric in work.cases.metrics(case.id)]),
        "evidence.json": _json([_listed(one) for one in work.evidence.of_case(case.id)]),
    }


def _listed(one: Evidence) -> dict[str, object]:
    fields = asdict(one)
    for inner in ("media_id", "tries", "path"):
        del fields[inner]
    return fields


def _file(folder: Path, one: Evidence) -> bytes:
    place = folder / (one.path or "")
    try:
        content = place.read_bytes()
    except OSError:
        raise BrokenExportError(f"材料 {one.id} 的文件 {one.path} 不见了") from None
    if _digest(content) != one.sha256:
        raise BrokenExportError(f"材料 {one.id} 的文件 {one.path} 已不是当初存下的")
    return content


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _note(work: Work, number: str, digest: str, now: datetime) -> None:
    work.audit.append(
        actor="command line",
        role="",
        action="evidence.exported",
        object_type="case",
        object_id=number,
        result="done",
        details={"manifest": digest},
        now=now,
    )
