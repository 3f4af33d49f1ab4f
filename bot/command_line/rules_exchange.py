"""`main.py rules export|import`: the rulebook in force as a folder of files, and back."""

import getpass
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.tables import Opened
from cases.errors import RefusalError
from cases.people import Person
from handlers.admin.changing import carry_out
from handlers.admin.deed import Wish
from handlers.admin.rules import propose_import
from handlers.pages.fields import Given
from handlers.ringing import plan
from storage.work import Work

Open = Callable[[Path], AbstractContextManager[Opened]]
Read = Callable[[Path], Mapping[str, str]]  # raises UnreadableRulesError
CONFIG = Annotated[Path, typer.Option("--config", help="配置文件")]
DEFAULT = Path("duban.toml")
_WRONG = 2


class UnreadableFolderError(Exception):
    """A folder that holds no rulebook; the text names every fault, one a line."""


def add_commands(group: typer.Typer, opener: Open, read: Read) -> None:
    """Add the commands `export` and `import` to the group `rules`."""

    @group.command()
    def export(
        folder: Annotated[Path, typer.Argument(help="写到哪个文件夹; 里面再建一层, 以规则集为名")],
        config: CONFIG = DEFAULT,
        *,
        number: Annotated[int, typer.Option("--number", help="第几版; 不写为现行的")] = 0,
    ) -> None:
        """把库里的规则写成文件, 可改好再 import."""
        with opener(config) as opened, opened.database.read() as work:
            kept = work.rulebooks.in_force()
            if kept is not None and number:
                versions = work.rulebooks.versions(kept.name)
                kept = next((one for one in versions if one.number == number), None)
        if kept is None:
            typer.echo("库里没有这一版规则。", err=True)
            raise typer.Exit(_WRONG)
        place = folder / kept.name
        place.mkdir(parents=True, exist_ok=True)
        for name, text in kept.content.items():
            (place / Path(name).name).write_text(text, encoding="utf-8")
        typer.echo(f"已写出 {kept.name} 第 {kept.number} 版: {place}")

    @group.command(name="import")
    def import_(
        folder: Annotated[Path, typer.Argument(help="规则集文件夹, 其名即规则集的名")],
        config: CONFIG = DEFAULT,
        *,
        yes: Annotated[bool, typer.Option("--yes", help="照预览启用; 不写只看不改")] = False,
    ) -> None:
        """把文件夹里的规则作为新的一版启用: 先看不同, 加 --yes 才启用. 服务开着也可以运行."""
        try:
            files = read(folder)
        except UnreadableFolderError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(_WRONG) from error
        with opener(config) as opened:
            _import(opened, folder.resolve().name, files, is_done=yes)


def _import(opened: Opened, name: str, files: Mapping[str, str], *, is_done: bool) -> None:
    who = Person(f"server:{getpass.getuser()}", "服务器", frozenset())

    def act(work: Work) -> tuple[str, ...]:
        desk = opened.desk.at(work)
        wish = Wish(work, desk, who, "", Given({}), opened.now)
        proposed = propose_import(wish, name, files)
        if is_done:
            carry_out(wish, proposed)
        return (proposed.title, *proposed.does)

    try:
        lines = opened.database.run(act)
    except RefusalError as refusal:
        typer.echo(str(refusal))
        return
    typer.echo("\n".join(lines))
    if not is_done:
        typer.echo("只是预览, 没有启用。照此启用请加 --yes。")
        return
    opened.database.run(lambda work: plan(work, opened.desk.at(work), opened.now))
    typer.echo("已启用, 不用重启服务。")
