"""`main.py trial` and `main.py go-live`: 试运行, what it holds, and its end without a burst."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.tables import Opened
from cases.beijing import say_moment
from cases.notices import ToRole, ToUnit
from handlers.post import Post, people_of
from handlers.trial import Departure, begin, counted, departure, go_live, listing
from storage.work import Work

CONFIG = Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")]
DEFAULT = Path("duban.toml")
_DAY = timedelta(days=1)

Open = Callable[[Path], AbstractContextManager[Opened]]


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the commands `trial` and `go-live`."""

    @app.command(help="试运行: 看这一天本应发出什么; --begin 开始 (只对舆情办说话).")
    def trial(
        *,
        start: Annotated[bool, typer.Option("--begin", help="从现在起试运行")] = False,
        hours: Annotated[int, typer.Option("--hours", min=1, help="列出最近几小时的")] = 24,
        config: CONFIG = DEFAULT,
    ) -> None:
        with opener(config) as opened:
            if start:
                began = opened.database.run(lambda work: begin(work, "command", opened.now))
                typer.echo("已开始试运行, 只对舆情办说话。" if began else "已经在试运行。")
                return
            with opened.database.read() as work:
                for line in _told(work, opened.now, timedelta(hours=hours)):
                    typer.echo(line)

    @app.command(name="go-live", help="结束试运行: 先看会发出什么, 确认后正式运行, 旧消息不补发.")
    def live(
        *,
        yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
        config: CONFIG = DEFAULT,
    ) -> None:
        with opener(config) as opened:
            with opened.database.read() as work:
                if work.trials.current() is None:
                    typer.echo("没有在试运行, 消息照常发送。")
                    return
                for line in _leaves(work, departure(work, opened.now), opened.now):
                    typer.echo(line)
            if not yes and not typer.confirm("现在正式运行吗"):
                typer.echo("没有改动, 仍在试运行。")
                raise typer.Exit(1)
            done = opened.database.run(
                lambda work: go_live(Post(work, opened.desk, opened.now), "command")
            )
        typer.echo(f"已正式运行: 作废 {len(done.unsaid)} 条, 发出汇总 {len(done.summaries)} 条。")
        typer.echo("请把配置里的 [trial] enabled 改为 false (不改也不会再次开始)。")


def _told(work: Work, now: datetime, length: timedelta) -> list[str]:
    trial = work.trials.current()
    if trial is None:
        return ["没有在试运行, 消息照常发送。"]
    unsaid = work.trials.unsaid(max(trial.since, now - length), now)
    kinds = f": {counted(unsaid)}" if unsaid else ""
    return [
        f"试运行自 {say_moment(trial.since)} 起, 只对舆情办说话。",
        f"最近本应发出 {len(unsaid)} 条{kinds}",
        *listing(work, unsaid, now),
        "正式运行请用 main.py go-live。",
    ]


def _leaves(work: Work, found: Departure, now: datetime) -> list[str]:
    lines = [f"压着的 {len(found.unsaid)} 条会作废, 不补发"]
    lines[0] += f" ({counted(found.unsaid)})。" if found.unsaid else "。"
    lines.append(f"会发出 {len(found.summaries)} 条汇总, 每人一条:")
    for to, text in found.summaries:
        names = "、".join(person.name for person in people_of(work, to, now)) or "没有人"
        where = to.role if isinstance(to, ToRole) else to.unit if isinstance(to, ToUnit) else ""
        lines += [f"→ {names} ({where})", *(f"    {line}" for line in text.splitlines())]
    return [*lines, "时限从不中断: 下一次提醒按原定时刻发。"]
