"""`main.py rearm`: timers and kept sums compared with cases and rulebook, and put right."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.tables import Opened
from bot.keeping_ready import kept_ready, mend_kept
from handlers.brake import COMMAND
from handlers.rearm import Finding, Wrong, findings, mend, note

Open = Callable[[Path], AbstractContextManager[Opened]]


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the command `rearm`."""

    @app.command(
        help="按在办的时限和规则册核对提醒的定时, 按案卷核对统计的存底; 只看不改, 加 --apply 才改."
    )
    def rearm(
        *,
        apply: Annotated[bool, typer.Option("--apply", help="照预览改正")] = False,
        config: Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")] = Path(
            "duban.toml"
        ),
    ) -> None:
        with opener(config) as opened:
            with opened.database.read() as work:
                found = findings(work, opened.desk, opened.now)
            for one in found:
                typer.echo(one.told(opened.now))
            counts = Counter(one.wrong for one in found)
            typer.echo(", ".join(f"{wrong} {counts[wrong]}" for wrong in Wrong) + "。")
            kept = kept_ready(opened.database, opened.now)
            typer.echo(kept.told)
            if not apply:
                is_wrong = bool(found or kept.wrong)
                typer.echo("只是核对, 没有改。改正请加 --apply。" if is_wrong else "定时都对。")
                return
            made = mend_kept(opened.database, kept, opened.now)
            done = _mended(opened, found) if found else 0
        typer.echo(f"已改正 {done} 项, 已记入审计。" if found else "定时都对。")
        typer.echo(f"已整理存底 {made} 项。")


def _mended(opened: Opened, found: list[Finding]) -> int:
    """Put each right in a transaction of its own, as it stands by then; return how many."""
    done: Counter[Wrong] = Counter()
    for one in found:
        act = partial(mend, desk=opened.desk, finding=one, now=opened.now)
        done[one.wrong] += opened.database.run(act)
    opened.database.run(lambda work: note(work, COMMAND, dict(done), opened.now))
    return done.total()
