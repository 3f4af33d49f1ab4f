"""`main.py rules apply`: let open cases follow the rules in force (应用到在办), shown first."""

import getpass
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.tables import Opened
from cases.errors import RefusalError
from handlers.apply_rules import Change, apply_to, change_of, changes, operator, summary
from storage.work import Work

Open = Callable[[Path], AbstractContextManager[Opened]]


def add_commands(group: typer.Typer, opener: Open) -> None:
    """Add the command `apply` to the group `rules`."""

    @group.command()
    def apply(
        config: Annotated[Path, typer.Option("--config", help="配置文件")] = Path("duban.toml"),
        *,
        yes: Annotated[bool, typer.Option("--yes", help="照预览执行; 不写只看不改")] = False,
    ) -> None:
        """把现行规则应用到在办: 先看哪些时限会变, 加 --yes 才改. 服务开着也可以运行."""
        with opener(config) as opened:
            with opened.database.read() as work:
                found = changes(work, opened.desk, opened.now)
            typer.echo("\n".join(summary(opened.desk, found)))
            fits = [change for change in found if not change.why_not]
            if not yes:
                typer.echo("只是预览, 没有改。照此执行请加 --yes。" if fits else "没有要改的。")
                return
            done = sum(_apply(opened, change) for change in fits)
        typer.echo(f"已应用 {done} 件。")


def _apply(opened: Opened, change: Change) -> bool:
    """Apply the rules to one case, as it stands by now, in a transaction of its own."""
    act = operator(f"服务器:{getpass.getuser()}")

    def carry(work: Work) -> None:
        case = work.cases.load(change.case.id)
        again = change_of(work, opened.desk, case, opened.now)
        apply_to(work, opened.desk, again, act, now=opened.now)

    try:
        opened.database.run(carry)
    except RefusalError as refusal:  # it ended between the look and the deed
        typer.echo(f"{change.case.short_number}: {refusal}")
        return False
    return True
