"""`main.py pause` and `main.py resume`: the emergency brake from the server's command line."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.tables import Opened
from cases.chat.brake_words import BrakeDeed, BrakeKind
from handlers.brake import COMMAND, PLACES, Cause, described, hold, let_go, waiting_words
from handlers.post import Post
from storage.states import BrakeScope
from storage.work import Work

CONFIG = Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")]
DEFAULT = Path("duban.toml")
_WRONG = 2


class How(StrEnum):
    """What becomes of the messages that wait."""

    ALL = "all"
    LATEST = "latest"
    NONE = "none"


_DEEDS = {
    How.ALL: BrakeDeed.SEND_ALL,
    How.LATEST: BrakeDeed.SEND_LATEST,
    How.NONE: BrakeDeed.SEND_NONE,
}


Open = Callable[[Path], AbstractContextManager[Opened]]


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the commands `pause` and `resume`."""

    @app.command(help="紧急暂停发送 (登记、计时和答复照常); 服务运行时也可以用.")
    def pause(
        reason: Annotated[str, typer.Option("--reason", help="为什么, 会告诉值班员和舆情办")],
        unit: Annotated[str, typer.Option("--unit", help="只停给这个单位的 (名录里的 id)")] = "",
        kind: Annotated[BrakeKind | None, typer.Option("--kind", help="只停这一种")] = None,
        config: CONFIG = DEFAULT,
    ) -> None:
        with opener(config) as opened:
            what = opened.database.run(lambda work: _what(work, unit, kind))
            if what is None:
                sys.stderr.write(f"名录里没有单位 {unit}, python main.py people list 可以查看。\n")
                raise typer.Exit(_WRONG)
            pulled = opened.database.run(
                lambda work: hold(Post(work, opened.desk, opened.now), what, Cause(COMMAND, reason))
            )
            with opened.database.read() as work:
                lines = [f"已暂停: {described(work, brake)}" for brake in work.brakes.pulled()]
        sys.stdout.write("\n".join([*lines, "" if pulled else "先前已经暂停。"]).rstrip() + "\n")

    @app.command(help="恢复发送; 不带 --send 只列出等着的消息.")
    def resume(
        send: Annotated[
            How | None,
            typer.Option("--send", help="all 全部发出, latest 同一事项只发最新, none 作废"),
        ] = None,
        config: CONFIG = DEFAULT,
    ) -> None:
        with opener(config) as opened:
            sys.stdout.write(_resume(opened, send))


def _what(work: Work, unit: str, kind: BrakeKind | None) -> tuple[BrakeScope, str] | None:
    if unit:
        return (BrakeScope.UNIT, unit) if work.people.unit(unit) else None
    return (BrakeScope.KIND, str(int(PLACES[kind]))) if kind else (BrakeScope.ALL, "")


def _resume(opened: Opened, send: How | None) -> str:
    with opened.database.read() as work:
        if not work.brakes.pulled():
            return "没有暂停, 消息照常发送。\n"
        waiting = waiting_words(work.brakes.held(opened.now), opened.now)
    if send is None:
        return f"{waiting}\n要恢复请加 --send all、latest 或 none。\n"
    sent, dropped = opened.database.run(
        lambda work: let_go(Post(work, opened.desk, opened.now), _DEEDS[send], Cause(COMMAND))
    )
    return f"已恢复发送: 发出 {sent} 条, 作废 {dropped} 条。\n"
