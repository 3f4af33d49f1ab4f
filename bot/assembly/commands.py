"""The commands that open the database, each given what it works on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot import api_docs, audit_verify, audit_watch, service
from bot.anchors import AnchorFile
from bot.assembly.opening import (
    CONFIG,
    DEFAULT,
    clocks_for,
    opened,
    prepare,
    real_clock,
    settings_of,
)
from bot.assembly.serving import archive_of, line_of, printing_of, serve
from bot.auditor import Watched
from bot.backups.making import Opened
from bot.backups.trying import FAULTS, TryError, try_upgrade
from bot.checkup.everything import Facts, findings_of
from bot.command_line import (
    apply_rules,
    backup,
    brake,
    doctor,
    evidence,
    import_reports,
    init,
    learning,
    links_for,
    papers,
    people,
    rearm,
    reload,
    retention,
    rules_exchange,
    subject_access,
    tables,
    take_over,
    trial,
    upgrade,
)
from bot.demo import shows
from cases.drills.scenario import Scenario
from cases.holidays import Overrides
from cases.scores.rules import ScoreRules
from config.checking import SettingsError
from config.directory import load_directory, load_roll
from config.drills import load_drill
from config.holidays import load_overrides
from config.rulebook import read_files, titles_of
from config.rulebook_scores import load_scores
from config.settings import load_settings
from storage.database import Database


@contextmanager
def _opened_as_it_is(config: Path) -> Iterator[Opened]:
    with opened(config, upgrades=False) as (settings, database, clocks):
        anchors, key = AnchorFile(settings.audit.anchors), settings.keeping.backup_key.value
        yield Opened(database, anchors, clocks.engine, settings.intake.evidence, key)


@contextmanager
def _opened_for_import(config: Path) -> Iterator[tables.Opened]:
    with opened(config) as (settings, database, clocks):
        now = clocks.engine()
        yield tables.Opened(database, prepare(settings, database, now), now)


@contextmanager
def _opened_to_print(config: Path) -> Iterator[papers.Press]:
    with opened(config) as (settings, database, clocks):
        now = clocks.engine()
        desk = prepare(settings, database, now)
        yield papers.Press(database, desk, printing_of(settings).templates, now)


@contextmanager
def _opened_for_people(config: Path) -> Iterator[people.Opened]:
    with opened(config) as (settings, database, clocks):
        now = clocks.engine()
        desk = prepare(settings, database, now, follows_directory=False)
        contacts = partial(service.contacts_of, database, line_of(settings), clocks)
        yield people.Opened(database, desk, now, settings.directory, load_roll, contacts)


@contextmanager
def _opened_for_doctor(config: Path) -> Iterator[doctor.Surgery]:
    with opened(config, upgrades=False) as (settings, database, clocks):  # as it is: to be seen
        days_off = load_overrides(settings.calendar) if settings.calendar else Overrides()
        folders = {"救生艇": settings.spool, "材料": settings.intake.evidence}
        place = (settings.base_url, days_off, folders, settings.warnings)
        facts = Facts(database, line_of(settings), clocks, *place)
        yield doctor.Surgery(database, clocks.engine, partial(findings_of, facts))


@contextmanager
def _opened_for_init(config: Path) -> Iterator[init.Opened]:
    with opened(config) as (_, database, clocks):

        def verified() -> datetime | None:
            with database.read() as work:
                return work.settings.last_verified()

        yield init.Opened(verified, clocks.door())


def _faults(config: Path) -> tuple[str, ...]:
    try:
        load_settings(config)
    except SettingsError as error:
        return error.faults
    return ()


@contextmanager
def _opened_for_export(config: Path) -> Iterator[evidence.Archive]:
    with opened(config) as (settings, database, clocks):
        yield archive_of(settings, database, clocks.engine())


def rules_of(folder: Path) -> dict[str, str]:
    """Return the files of a rulebook's folder, or raise UnreadableFolderError."""
    try:
        return read_files(folder)
    except SettingsError as error:
        raise rules_exchange.UnreadableFolderError(str(error)) from error


def migrate(
    config: CONFIG = DEFAULT,
    *,
    tries: Annotated[
        bool, typer.Option("--try", help="只在副本上试: 升级、核对审计链、读每一件")
    ] = False,
) -> None:
    """Bring the database to the newest schema, or only a copy of it."""
    if not tries:
        with opened(config):
            sys.stdout.write("数据库已是最新结构。\n")
        return
    with opened(config, upgrades=False) as (_, database, _clocks):
        try:
            tried = try_upgrade(database)
        except (*FAULTS, TryError) as fault:
            sys.stderr.write(f"在副本上没有试通: {fault}\n")
            raise typer.Exit(1) from None
    if tried.is_whole:
        sys.stdout.write(
            f"在副本上试通了: 结构可升级, 审计链完好, 在办的 {tried.cases} 件都读得出。\n"
        )
        return
    sys.stdout.write(
        f"只试了一半: 备份做得成 ({tried.cases} 件), 结构认得, 但数据库账号不能建库, "
        "升级本身没有试。要完整地试, 请数据库管理员执行 ALTER ROLE 账号 CREATEDB, 试完可收回。\n"
    )


@contextmanager
def _opened_to_watch(config: Path) -> Iterator[audit_watch.Opened]:
    settings = settings_of(config)
    command = settings.time.audit_command
    audit_watch.check(command, settings.database_url.value)
    database = Database(settings.database_url.value, direct=not settings.database_pooled)
    watched = Watched(database, clocks_for(settings, database).engine, real_clock, command)
    try:
        yield audit_watch.Opened(watched, settings.time.audit_every)
    finally:
        database.close()


@dataclass(frozen=True)
class _Cast:
    """Who plays the demonstration, read from the file that ships."""

    file: Path

    def __call__(self) -> shows.Cast:
        directory = load_directory(self.file)
        return shows.Cast(self.file, directory.units, directory.people)


def add_commands(app: typer.Typer, rules: typer.Typer, program: Path) -> None:
    """Add every command that needs the database.

    Args:
        app: the program's commands.
        rules: those of `rules`, of which `apply` changes open cases.
        program: the file to start the program with again, for the demonstration.
    """
    app.command(help="运行服务, 直到收到停止信号.")(serve)
    app.command(help="把数据库升级到最新结构.")(migrate)
    api_docs.add_commands(app)
    audit_verify.add_commands(app, _opened_as_it_is)
    audit_watch.add_commands(app, _opened_to_watch)
    shows.add_commands(app, _Cast(program.parent / "config" / "demo" / "directory.toml"), program)
    import_reports.add_commands(app, _opened_for_import)
    apply_rules.add_commands(rules, _opened_for_import)
    rules_exchange.add_commands(rules, _opened_for_import, rules_of)
    backup.add_commands(app, _opened_as_it_is)
    brake.add_commands(app, _opened_for_import)
    retention.add_commands(app, _opened_for_export)
    papers.add_commands(app, _opened_to_print)
    subject_access.add_commands(app, _opened_for_export)
    rearm.add_commands(app, _opened_for_import)
    evidence.add_commands(app, _opened_for_export)
    people.add_commands(app, _opened_for_people)
    links_for.add_commands(app, _opened_for_import)
    learning.add_commands(app, _opened_for_import, _scores, _drill)
    doctor.add_commands(app, _opened_for_doctor)
    trial.add_commands(app, _opened_for_import)
    take_over.add_commands(app, _opened_for_import)
    upgrade.add_commands(app, lambda config: settings_of(config).port, real_clock)
    reload.add_commands(app, lambda config: settings_of(config).spool)
    _add_init(app, program.parent / "config" / "rulebooks")


def _scores(folder: Path) -> ScoreRules | None:
    try:
        return load_scores(folder)
    except SettingsError as error:
        raise ValueError(str(error)) from error


def _drill(file: Path) -> Scenario:
    try:
        return load_drill(file)
    except SettingsError as error:
        raise ValueError(str(error)) from error


def _add_init(app: typer.Typer, rulebooks: Path) -> None:
    init.add_commands(
        app,
        init.Parts(
            rulebooks,
            lambda: titles_of(rulebooks),
            _faults,
            _opened_for_init,
            _opened_for_people,
            _opened_for_doctor,
        ),
    )
