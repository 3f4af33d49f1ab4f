"""`main.py reload`: the running service takes the configuration as it is now, or says why not."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.reloading import Seen, State, read_state

CONFIG = Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")]
DEFAULT = Path("duban.toml")
_WRONG = 2
_SECONDS = 30.0

Spool = Callable[[Path], Path]  # of a configuration; ends with every fault named if it is wrong


def add_commands(app: typer.Typer, spool_of: Spool) -> None:
    """Add the command `reload`."""

    @app.command(name="reload", help="让运行中的服务换用现在的配置; 有错就仍用原来的, 并说明.")
    def reload_(config: CONFIG = DEFAULT) -> None:
        spool = spool_of(config)
        state = read_state(spool)
        if state is None or not _runs(state.pid):
            typer.echo("服务没有在这台机器上运行; 启动时自然用新配置。", err=True)
            raise typer.Exit(1)
        os.kill(state.pid, signal.SIGHUP)
        seen = _answer(spool, state)
        if seen is None:
            typer.echo(f"{_SECONDS:.0f} 秒内没有回音, 请看服务的日志。", err=True)
            raise typer.Exit(1)
        for line in told(seen):
            typer.echo(line)
        raise typer.Exit(_WRONG if seen.faults else 0)


def told(seen: Seen) -> list[str]:
    """Return what a reload has done, in words."""
    if seen.faults:
        return ["没有换, 仍用原来的配置:", *(f"  - {fault}" for fault in seen.faults)]
    lines = [
        f"已换用: {len(seen.changed)} 处改动" if seen.changed else "配置没有改动; 名录等文件已重读"
    ]
    lines += [f"  - {one}" for one in seen.changed]
    if seen.restart:
        lines.append("下面这些要重启服务才生效 (systemctl restart duban):")
        lines += [f"  - {one}" for one in seen.restart]
    return lines


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is there, and another account's
        return True
    return True


def _answer(spool: Path, before: State) -> Seen | None:
    ends = time.monotonic() + _SECONDS
    while time.monotonic() < ends:
        state = read_state(spool)
        if state is not None and state.loads > before.loads:
            return state.seen
        threading.Event().wait(0.05)
    return None
