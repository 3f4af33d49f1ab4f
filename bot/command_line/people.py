"""`main.py people import|list|check`: who is who, with a report of what changes and is doubtful."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.people_table import roll_of_table
from bot.sheets import UnreadableTableError, read_rows
from cases.contacts import Contacts, roll_of
from cases.directory import ChangeKind, Plan, Roll, UnreadableRollError, doubts_of, line, plan
from cases.people import Person, Unit
from cases.wording.people import Way
from handlers.desk import Desk
from handlers.people_changes import Cause, apply, known, note_owner
from storage.database import Database
from storage.work import Work

_WRONG = 2  # the exit status of a source that cannot be read
CONTACTS = "contacts"  # instead of a file: the platform's contacts


@dataclass(frozen=True, slots=True)
class Opened:
    """The database, the desk, and how a directory comes out of a file or the contacts.

    `of_file` and `contacts` raise UnreadableRollError.
    """

    database: Database
    desk: Desk
    now: datetime
    directory_file: Path  # the one the configuration names
    of_file: Callable[[Path], Roll]
    contacts: Callable[[], Contacts]


Open = Callable[[Path], AbstractContextManager[Opened]]
CONFIG = Annotated[Path, typer.Option("--config", help="配置文件")]
DEFAULT = Path("duban.toml")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asked for."""

    applies: bool
    lowers_roles: bool
    names_all: bool


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the commands `people import`, `people list` and `people check`."""
    people = typer.Typer(help="名录: 导入、查看、核对.", no_args_is_help=True)
    app.add_typer(people, name="people")

    @people.command(name="import")
    def import_(
        source: Annotated[
            str, typer.Argument(help="TOML、XLSX 或 CSV 文件; contacts 为企业微信通讯录")
        ],
        *,
        config: CONFIG = DEFAULT,
        apply_: Annotated[bool, typer.Option("--apply", help="写入; 不加只看会变什么")] = False,
        lower_roles: Annotated[
            bool, typer.Option("--lower-roles", help="允许去掉名册里没写的角色")
        ] = False,
        whole: Annotated[
            bool, typer.Option("--whole", help="名册是全的: 没写到的人算已离开")
        ] = False,
    ) -> None:
        """导入名录: 先逐条说明会变什么、什么可疑; 加 --apply 才写入."""
        with opener(config) as opened:
            bring_in(opened, source, Wish(apply_, lower_roles, whole))

    _add_looks(people, opener)


def _add_looks(people: typer.Typer, opener: Open) -> None:
    @people.command(name="list")
    def list_(*, config: CONFIG = DEFAULT) -> None:
        """列出名录: 单位、人员、角色."""
        with opener(config) as opened, opened.database.read() as work:
            for text in _listing(work.people.units(), work.people.people()):
                typer.echo(text)

    @people.command()
    def check(*, config: CONFIG = DEFAULT) -> None:
        """核对名录: 列出可疑之处, 有就以 1 退出."""
        with opener(config) as opened, opened.database.read() as work:
            doubts = doubts_of(work.people.units(), work.people.people())
        for doubt in doubts:
            typer.echo(f"- {doubt}")
        typer.echo(f"{len(doubts)} 处可疑。" if doubts else "没有可疑之处。")
        raise typer.Exit(1 if doubts else 0)


def bring_in(opened: Opened, source: str, wish: Wish) -> None:
    """Say what a source would change, and write it where that is wished."""
    try:
        roll = _roll(opened, source)
    except (UnreadableTableError, UnreadableRollError) as fault:
        typer.echo(f"没有导入: {fault}", err=True)
        raise typer.Exit(_WRONG) from None
    _import(opened, source, roll, wish)


def _roll(opened: Opened, source: str) -> Roll:
    with opened.database.read() as work:
        now_known = known(work)
    if source == CONTACTS:
        return roll_of(opened.contacts(), now_known)
    path = Path(source)
    if path.suffix.lower() == ".toml":
        return opened.of_file(path)
    return roll_of_table(read_rows(path), now_known.units)


def _import(opened: Opened, source: str, roll: Roll, wish: Wish) -> None:
    roll = replace(roll, is_whole=roll.is_whole or wish.names_all)
    with opened.database.read() as work:
        found = plan(known(work), roll, lower_roles=wish.lowers_roles)
        names = {unit.id: unit.name for unit in (*work.people.units(), *found.units)}
    for text in _report(found, names):
        typer.echo(text)
    if not wish.applies:
        typer.echo("只是试看, 没有写入; 确认无误后加 --apply。")
        return
    is_file = source != CONTACTS and Path(source).resolve() == opened.directory_file.resolve()

    def act(work: Work) -> None:
        # Looked at again inside the transaction: the running service may have changed somebody.
        current = plan(known(work), roll, lower_roles=wish.lowers_roles)
        apply(work, opened.desk, current, Cause(Way.IMPORTED, "command line", opened.now))
        note_owner(work, imported=not is_file)

    opened.database.run(act)
    typer.echo(
        "已写入。" + ("" if is_file else "名录从此由导入管理, 启动时不再照配置里的名录文件改。")
    )


def _report(found: Plan, names: dict[str, str]) -> list[str]:
    lines = [f"单位 {unit.name} ({unit.id}) 新增或变更" for unit in found.units]
    lines += [line(change, names) for change in found.people]
    counts = "、".join(f"{kind.value} {len(found.of(kind))} 人" for kind in ChangeKind)
    lines.append(f"合计: 单位 {len(found.units)} 个; {counts}")
    if found.doubts:
        lines.append(f"可疑 {len(found.doubts)} 处:")
        lines += [f"- {doubt}" for doubt in found.doubts]
    return lines


def _listing(units: tuple[Unit, ...], people: tuple[Person, ...]) -> list[str]:
    groups: list[tuple[str, list[Person]]] = [
        ("不属于单位", [person for person in people if person.unit_id is None])
    ]
    groups += [(f"{u.name} ({u.id})", [p for p in people if p.unit_id == u.id]) for u in units]
    lines = []
    for name, inside in groups:
        lines.append(name)
        for person in inside:
            roles = "、".join(sorted(role.value for role in person.roles)) or "没有角色"
            deputy = " (副)" if person.is_deputy else ""
            lines.append(f"  {person.name} ({person.userid}) {roles}{deputy} {person.phone or ''}")
    return [text.rstrip() for text in lines]
