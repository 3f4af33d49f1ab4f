"""What the commands share that read a table: its rows, its known columns, a dry run."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typer

from bot.sheets import Row, UnreadableTableError, read_rows
from cases.encoding import wecom_field
from handlers.desk import Desk
from storage.database import Database

_WRONG = 2  # the exit status of a table that cannot be read
Rows = list[tuple[int, Row]]  # with the number of each line


@dataclass(frozen=True, slots=True)
class Opened:
    """The database that a command works in, and what the handlers need beside it."""

    database: Database
    desk: Desk
    now: datetime


Open = Callable[[Path], AbstractContextManager[Opened]]


class TriedOutError(Exception):
    """A dry run is over: nothing of it stays."""


def rows_told(file: Path, known: Collection[str]) -> Rows:
    """Return the rows of a table, its known columns said; end with 2 where it is none."""
    try:
        rows = read_rows(file)
    except UnreadableTableError as fault:
        typer.echo(f"没有导入: {fault}", err=True)
        raise typer.Exit(_WRONG) from None
    headings = list(rows[0][1]) if rows else []
    taken = [name for name in headings if name in known]
    dropped = [wecom_field(name, 40) for name in headings if name not in known]
    without = f"; 不收: {'、'.join(dropped)}" if dropped else ""
    typer.echo(f"认得的列: {'、'.join(taken) or '无'}{without}")
    return rows
