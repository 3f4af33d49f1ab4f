"""`main.py audit-watch`: watch the running service from a process of its own, which only reads."""

import logging
from collections.abc import Callable
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
