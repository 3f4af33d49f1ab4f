"""`main.py audit-watch`: watch the running service from a process of its own, which only reads."""

import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.auditor import Watched, run_auditor


@dataclass(frozen=True, slots=True)
class Opened:
    """What is watched, and every how many seconds."""

    watched: Watched
    every: float


_WRONG = 2


def check(command: Sequence[str], url: str) -> None:
    """Stop where nobody could be told, or where opening the database would make an empty one."""
    if not command:
        example = '["/usr/local/bin/sms", "{text}"]'
        sys.stderr.write(f"请在配置的 [auditor] 里写 command, 例如 {example}\n")
        raise typer.Exit(_WRONG)
    file = url.removeprefix("sqlite:///")
    if file != url and not Path(file).is_file():
        sys.stderr.write(f"没有数据库 {file}, 请先启动服务。\n")
        raise typer.Exit(_WRONG)


Open = Callable[[Path], AbstractContextManager[Opened]]


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the command `audit-watch`."""

    @app.command(help="另开一个进程看守服务, 只读; 有问题用 auditor 一节的命令通知.")
    def audit_watch(
        config: Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")] = Path(
            "duban.toml"
        ),
        *,
        once: Annotated[bool, typer.Option("--once", help="只看一遍; 有发现时退出码为 1")] = False,
    ) -> None:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
        with opener(config) as opened:
            status = run_auditor(opened.watched, every=opened.every, once=once)
        raise typer.Exit(status)
