"""Read the settings, open the database, and bring it to what the files say."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

import typer

from bot.assembly.bench import BENCH
from bot.clocks import Clocks, clocks_of
from cases.broadcasts import Broadcast
from cases.duty import Shift
from cases.holidays import Overrides
from cases.rulebook import Rulebook
from cases.special_periods import PeriodKind
from config.broadcasts import load_broadcasts
from config.checking import SettingsError
from config.directory import Directory, load_directory
from config.drills import load_drills
from config.holidays import load_overrides
from config.periods import load_periods
from config.platforms import load_link_rules
from config.related_words import load_related
from config.roster import load_roster
from config.rulebook import digest_of, parse_files, read_files
from config.secret import Secret
from config.settings import Settings, load_settings
from handlers.desk import Desk
from handlers.setup import RulebookFiles, bookshelf, keep_directory, keep_roster, keep_rulebook
from storage.audit import Algorithm
from storage.database import Database
from storage.errors import TooNew
from storage.work import Work

CONFIG = Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")]
DEFAULT = Path("duban.toml")
_RULES_NOT_FOLLOWED = (
    "规则提示: 规则由管理页或 rules import 管理, 规则文件没有用上 (要用文件: rules import 文件夹)\n"
)
WRONG = 2  # the exit status of a wrong configuration


def settings_of(path: Path) -> Settings:
    """Read the settings, or say every fault at once on stderr and end with 2."""
    try:
        settings = load_settings(path)
    except SettingsError as error:
        _refuse(path, error)
    for warning in settings.warnings:
        sys.stderr.write(f"注意: {warning}\n")
    return settings


def _refuse(path: Path, error: SettingsError) -> NoReturn:
    sys.stderr.write(f"配置 {path} 有 {len(error.faults)} 处问题, 改好后再启动:\n")
    for fault in error.faults:
        sys.stderr.write(f"  - {fault}\n")
    raise typer.Exit(WRONG)


def open_database(settings: Settings) -> Database:
    """Open the database of these settings; a folder SQLite needs is made."""
    url = settings.database_url.value
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return Database(
        url,
        audit_key=settings.audit.key.value.encode(),
        audit_algorithm=Algorithm(settings.audit.algorithm),
        direct=not settings.database_pooled,
    )


def real_clock() -> datetime:
    """Return the time of this machine, aware UTC."""
    return datetime.now(UTC)


def clocks_for(settings: Settings, database: Database) -> Clocks:
    """Return the clocks of engine and door, with the demonstration's offset if there is one."""
    return clocks_of(database, real_clock, settings.clock_offset)


@dataclass(frozen=True, slots=True)
class Files:
    """The files that a configuration names, as they are read."""

    rulebook: dict[str, str]
    directory: Directory
    days_off: Overrides
    broadcasts: tuple[Broadcast, ...]
    shifts: tuple[Shift, ...] | None
    periods: tuple[PeriodKind, ...]


def files_of(settings: Settings, database: Database) -> Files:
    """Read the files that a configuration names.

    Raises:
        SettingsError: with every fault of the first wrong one.
    """
    rulebook = read_files(settings.rulebook)
    directory = load_directory(settings.directory)
    with database.read() as work:  # an import may know people whom the file does not
        known = [one.userid for one in (*directory.people, *work.people.people())]
    time = settings.time
    return Files(
        rulebook=rulebook,
        directory=directory,
        days_off=load_overrides(settings.calendar) if settings.calendar else Overrides(),
        broadcasts=load_broadcasts(time.broadcasts) if time.broadcasts else (),
        shifts=load_roster(time.roster, known) if time.roster else None,
        periods=load_periods(time.periods, known) if time.periods else (),
    )


def prepare(
    settings: Settings, database: Database, now: datetime, *, follows_directory: bool = True
) -> Desk:
    """Bring the database to what the files say; return the desk of the handlers."""
    try:
        files = files_of(settings, database)
    except SettingsError as error:
        _refuse(settings.rulebook, error)
    directory = files.directory
    _say_doubts(directory.doubts)
    book = RulebookFiles(settings.rulebook.name, files.rulebook, digest_of(files.rulebook))
    with database.work() as work:
        in_force = _keep(work, book, files.shifts, now)
    desk = Desk(
        agent_id=settings.wecom.agent_id,
        institution=settings.institution,
        link_rules=load_link_rules(),
        days_off=files.days_off,
        rulebook_in_force=in_force,
        rulebook=bookshelf(database, read_kept),
        broadcasts=files.broadcasts,
        base_url=settings.base_url,
        cards=settings.wecom.cards,
        calls=bool(settings.time.phone_command),
        periods=files.periods,
        bench=BENCH,
        drills=load_drills(),
        related=load_related(),
        drafts=settings.papers.drafts,
    )
    if follows_directory:
        with database.work() as work:
            notes = keep_directory(work, desk, directory.units, directory.people, now=now)
        _say_doubts(notes)
    with database.read() as work:
        return desk.at(work)


def read_kept(identity: int, name: str, number: int, files: dict[str, str]) -> Rulebook:
    """Return a version of a rulebook as the database keeps it.

    Raises:
        TooNew: a newer program keeps it. A message that needs it is left to a replica that has
            been replaced already, and not put aside as if it were at fault.
    """
    try:
        return parse_files(identity, name, number, files)
    except SettingsError as error:
        said = "; ".join(error.faults)
        words = f"规则册 {name} 第 {number} 版由较新的程序写成, 本进程读不懂 ({said})"
        raise TooNew(words) from error


def _keep(work: Work, book: RulebookFiles, shifts: tuple[Shift, ...] | None, now: datetime) -> int:
    in_force = keep_rulebook(work, book, by="serve", now=now)
    if shifts is not None:
        keep_roster(work, shifts, by="serve", now=now)
    if work.rulebooks.get(in_force).digest != book.digest:
        sys.stderr.write(_RULES_NOT_FOLLOWED)
    return in_force


def _say_doubts(doubts: Iterable[str]) -> None:
    for doubt in doubts:
        sys.stderr.write(f"名录提示: {doubt}\n")


@contextmanager
def opened(config: Path, *, upgrades: bool = True) -> Iterator[tuple[Settings, Database, Clocks]]:
    """Open the database beside a service that may run, for a command."""
    settings = settings_of(config)
    database = open_database(settings)
    try:
        if upgrades:
            database.upgrade()
        yield settings, database, clocks_for(settings, database)
    finally:
        database.close()


def secrets_in(settings: Settings) -> Iterator[str]:
    """Return every secret of the configuration, for the log to cover; of a URL its password."""
    for value in _values(settings):
        yield urlsplit(value).password or "" if "://" in value else value


def _values(part: object) -> Iterator[str]:
    if isinstance(part, Secret):
        yield part.value
    elif isinstance(part, Mapping):
        for inner in part.values():
            yield from _values(inner)
    elif is_dataclass(part):
        for one in fields(part):
            yield from _values(getattr(part, one.name))
