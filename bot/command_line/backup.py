"""`main.py backup`, `backup verify` and `restore`: one sealed file, and back in safe mode."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.anchors import UnreadableAnchorsError
from bot.backups.archive import Manifest, read_archive
from bot.backups.making import OccupiedError, Opened, Restored, make, restore
from bot.backups.nightly import named, thin_out
from bot.backups.sealed import UnreadableBackupError
from cases.beijing import BEIJING
from storage.copies import CopyError
from storage.errors import SchemaError, Unavailable

CONFIG = Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")]
DEFAULT = Path("duban.toml")
_WRONG = 2
_FAULTS = (
    CopyError,
    OSError,
    OccupiedError,
    SchemaError,
    Unavailable,
    UnreadableAnchorsError,
    UnreadableBackupError,
)
_SHOWN = {"case_file": "案件", "report": "报告", "outbox": "消息", "timer": "定时", "audit": "审计"}

Open = Callable[[Path], AbstractContextManager[Opened]]


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the commands `backup`, `backup verify` and `restore`."""
    backup = typer.Typer(help="备份: 一个加密文件, 服务运行时也可以做.")
    app.add_typer(backup, name="backup")

    @backup.callback(invoke_without_command=True)
    def back_up(
        context: typer.Context,
        out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件")] = None,
        *,
        evidence: Annotated[bool, typer.Option("--evidence", help="连同材料文件夹")] = False,
        config: CONFIG = DEFAULT,
    ) -> None:
        if context.invoked_subcommand is not None:
            return
        if out is None:
            _end("请用 --out 写明备份写到哪个文件, 最好在另一块盘上。")
        with opener(config) as opened:
            _need_key(opened)
            try:
                manifest = make(opened, out, with_evidence=evidence)
            except _FAULTS as fault:
                _end(f"没有备份: {fault}")
        sys.stdout.write(
            f"已备份到 {out}\n{_told(manifest)}\n"
            "密钥不在备份里: 请把 [backup] key_file 和审计链的密钥另外妥善保存, 丢了就打不开。\n"
        )

    _add_nightly(backup, opener)
    _add_verify(backup, opener)
    _add_restore(app, opener)


def _add_nightly(backup: typer.Typer, opener: Open) -> None:
    @backup.command("nightly", help="备份到一个文件夹, 按时刻取名, 随即核对, 只留最新几份.")
    def nightly(
        folder: Annotated[Path, typer.Argument(help="备份的文件夹, 最好在另一块盘上")],
        *,
        keep: Annotated[int, typer.Option("--keep", min=1, help="留几份")] = 14,
        evidence: Annotated[bool, typer.Option("--evidence", help="连同材料文件夹")] = False,
        config: CONFIG = DEFAULT,
    ) -> None:
        with opener(config) as opened:
            _need_key(opened)
            try:
                file = named(folder, opened.clock())
                manifest = make(opened, file, with_evidence=evidence)
                gone = thin_out(folder, file, opened.key, keep)
            except _FAULTS as fault:
                _end(f"没有备份: {fault}")
        sys.stdout.write(f"已备份并核对 {file}\n{_told(manifest)}\n")
        for one in gone:
            sys.stdout.write(f"较早的已删去: {one}\n")


def _add_verify(backup: typer.Typer, opener: Open) -> None:
    @backup.command("verify", help="核对一份备份是否完整、没有改动, 能用现在的密钥打开.")
    def verify(
        file: Annotated[Path, typer.Argument(help="备份文件")], config: CONFIG = DEFAULT
    ) -> None:
        with opener(config) as opened:
            _need_key(opened)
            try:
                manifest = read_archive(file, opened.key)
            except _FAULTS as fault:
                _end(f"不能用: {fault}", 1)
        sys.stdout.write(f"完好: {file}\n{_told(manifest)}\n")


def _add_restore(app: typer.Typer, opener: Open) -> None:
    @app.command("restore", help="从备份恢复; 先停止服务. 恢复后以安全模式启动, 旧消息先问再发.")
    def put_back(
        file: Annotated[Path, typer.Argument(help="备份文件")],
        *,
        replace: Annotated[
            bool, typer.Option("--replace", help="换掉现有的数据库 (改名保留)")
        ] = False,
        config: CONFIG = DEFAULT,
    ) -> None:
        with opener(config) as opened:
            _need_key(opened)
            try:
                restored = restore(opened, file, replaces=replace)
            except _FAULTS as fault:
                _end(f"没有恢复: {fault}")
        sys.stdout.write(_next_steps(restored))


def _end(words: str, status: int = _WRONG) -> NoReturn:
    sys.stderr.write(f"{words}\n")
    raise typer.Exit(status)


def _need_key(opened: Opened) -> None:
    if not opened.key:
        _end(
            "没有备份的密钥: 请执行 (umask 077; openssl rand -hex 32 > secrets/backup_key), "
            '并在配置里写 [backup] key_file = "secrets/backup_key"; 密钥要和备份分开保存。'
        )


def _told(manifest: Manifest) -> str:
    taken = manifest.taken_at.astimezone(BEIJING)
    counts = ", ".join(f"{name} {manifest.counts.get(table, 0)}" for table, name in _SHOWN.items())
    size = sum(part.size for part in manifest.parts)
    files = f"材料 {len(manifest.parts) - 1} 个文件" if manifest.has_evidence else "不含材料文件"
    return (
        f"时刻 {taken:%Y-%m-%d %H:%M:%S}, {manifest.engine}, 结构 {manifest.schema}, "
        f"程序 {manifest.program}, 审计到第 {manifest.audit_seq} 行\n"
        f"{counts}; {files}; 共 {size / 1_000_000:.1f} MB"
    )


def _next_steps(restored: Restored) -> str:
    lines = [
        f"已恢复, 新的审计锚点为第 {restored.seq} 行。",
        _told(restored.manifest),
        *(f"原来的保留在: {place}" for place in restored.aside),
    ]
    if restored.broken is not None:
        lines.append(
            f"注意: 备份里的审计链第 {restored.broken.seq} 行{restored.broken.reason}。"
            "先看审计链的密钥是不是做备份时的那一个。"
        )
    lines += [
        (
            f"现在是安全模式: {restored.waiting} 条备份前的消息和今后的提醒、升级、播报都先不发, "
            "免得重复。登记、答复照常。"
        ),
        "下一步:",
        "  1. python main.py rearm 核对提醒的定时, 有差别加 --apply",
        "  2. 启动服务; 备份之后的登记和批示要补, 请通知值班员",
        (
            "  3. python main.py resume 看等着的消息, 再加 --send latest (只发最新)、none (作废) "
            "或 all; 私聊应用「督办」回复「恢复发送」也可以"
        ),
    ]
    return "\n".join(lines) + "\n"
