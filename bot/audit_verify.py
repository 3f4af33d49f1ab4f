"""`main.py audit verify|accept`: recompute the audit chain; accept a database that is older."""

import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.anchors import AnchorFile, UnreadableAnchorsError, verify
from bot.backups.making import Opened
from storage.database import Database

_SAID = re.compile(r"([0-9]{1,12})\D{1,12}?([0-9a-f]{16,64})\b")
_BROKEN = 1
_WRONG = 2


Open = Callable[[Path], AbstractContextManager[Opened]]


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the commands `audit verify` and `audit accept`."""
    audit = typer.Typer(help="审计链: 核对有没有被改动.", no_args_is_help=True)
    app.add_typer(audit, name="audit")

    @audit.command("verify")
    def verify_chain(
        config: Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")] = Path(
            "duban.toml"
        ),
        anchors: Annotated[
            Path | None, typer.Option("--anchors", help="另存的锚点文件, 缺省用配置里的")
        ] = None,
        said: Annotated[
            str, typer.Option("--said", help="晚报里的一行: 审计到第 … 行, 末行 …")
        ] = "",
    ) -> None:
        """逐行重算审计链; 完好退出码为 0, 有改动说出第一处, 退出码为 1."""
        with opener(config) as opened:
            file = AnchorFile(anchors) if anchors else opened.anchors
            status = _tell(opened.database, file)
            raise typer.Exit(_tell_said(opened.database, said) or status if said else status)

    @audit.command()
    def accept(
        reason: Annotated[str, typer.Option("--reason", help="为什么用这一份, 例如: 自备份恢复")],
        config: Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")] = Path(
            "duban.toml"
        ),
    ) -> None:
        """数据库比外存记录旧 (恢复过备份) 时, 由管理员确认就用这一份; 写入审计和锚点文件."""
        if not reason.strip():
            sys.stderr.write("请用 --reason 写明原因。\n")
            raise typer.Exit(_WRONG)
        with opener(config) as opened:
            now = opened.clock()
            seq = accept_present(opened.database, opened.anchors, reason.strip(), now)
        sys.stdout.write(f"已确认, 新的锚点为第 {seq} 行。可以启动服务。\n")


def _tell(database: Database, file: AnchorFile) -> int:
    """Say whether the chain holds; return the exit status."""
    try:
        broken = verify(database, file)
        anchor = file.last()
    except UnreadableAnchorsError as error:
        sys.stderr.write(f"{error}\n")
        return _WRONG
    if broken is not None:
        sys.stdout.write(f"第 {broken.seq} 行: {broken.reason}\n")
        return _BROKEN
    with database.read() as work:
        head = work.audit.head()
    against = f", 与外存第 {anchor.seq} 行相符" if anchor else ", 没有外存记录可比"
    sys.stdout.write(f"完好: 到第 {head.seq if head else 0} 行{against}\n")
    return 0


def _tell_said(database: Database, said: str) -> int:
    """Say whether the chain holds the row that an evening's broadcast named; the exit status."""
    named = _SAID.search(said)
    if named is None:
        sys.stderr.write("请照抄晚报里的一行, 例如: 审计到第 1234 行, 末行 3f2a9c81b0d24e57\n")
        return _WRONG
    seq = int(named[1])
    with database.read() as work:
        kept = work.audit.hash_at(seq)
    if kept is None or not kept.startswith(named[2]):
        sys.stdout.write(f"第 {seq} 行: 与晚报所记不符\n")
        return _BROKEN
    sys.stdout.write(f"第 {seq} 行与晚报所记相符\n")
    return 0


def accept_present(database: Database, file: AnchorFile, reason: str, now: datetime) -> int:
    """Take the chain as it stands for the right one; return the row that says so."""
    with database.work() as work:
        work.audit.append(
            actor="",
            role="管理员",
            action="audit.accepted",
            object_type="audit",
            object_id="",
            result="done",
            details={"reason": reason},
            now=now,
        )
    with database.read() as work:
        head = work.audit.head()
    if head is None:  # the row above was just written
        raise RuntimeError("the audit chain is empty")
    file.add(head, now, note=reason)
    return head.seq
