"""Put the program together and run it: every command starts here."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.command_line import deadline, grade, link, rules, understand
from cases.grading import GradingRules
from cases.holidays import Overrides
from config.checking import SettingsError
from config.holidays import load_overrides
from config.platforms import load_link_rules
from config.rulebook_clocks import load_shipped_clocks, shipped_clock_names
from config.rulebook_grading import load_grading, load_shipped, shipped_names

# The tools for people who write rules need no database, no web server and no network; without
# those they start in a third of the time, which counts when a script calls them a thousand times.
TOOLS = frozenset({"link", "read", "understand", "grade", "deadline", "rules"})
# Of `rules` only these need no database: `rules apply` changes open cases.
_READING_RULES = (["check"], ["explain"], ["replay"])
IS_TOOL = len(sys.argv) > 1 and sys.argv[1] in TOOLS
IS_TOOL = IS_TOOL and (sys.argv[1] != "rules" or sys.argv[2:3] in _READING_RULES)

if not IS_TOOL:
    from bot import api_docs, audit_verify, audit_watch, service
    from bot.anchors import AnchorFile, Keeping, OlderDatabaseError, anchored
    from bot.auditor import Watched
    from bot.backups.making import Opened
    from bot.board.place import Place, Platform
    from bot.board.router import Board, build_board
    from bot.checkup.everything import Facts, findings_of
    from bot.clocks import Clocks, clocks_of
    from bot.command_line import (
        apply_rules,
        backup,
        brake,
        doctor,
        evidence,
        import_reports,
        links_for,
        people,
        rearm,
        retention,
    )
    from bot.demo import shows
    from bot.doing import Papers, api_of, doing_of, intake_of
    from bot.each_minute import each_minute
    from bot.robot import RobotSetup
    from bot.wecom.client import Account
    from bot.wecom.crypto import CallbackKeys
    from bot.wecom.smart_line import Robot
    from cases.menu import app_menu
    from cases.robot_payload import WELCOME
    from config.broadcasts import load_broadcasts
    from config.directory import load_directory, load_roll
    from config.periods import load_periods
    from config.robot_settings import RobotMode
    from config.roster import load_roster
    from config.rulebook import digest_of, parse_files, read_files
    from config.settings import Settings, load_settings
    from handlers.brake import watch_volume
    from handlers.desk import Desk
    from handlers.letting_in import Lifetimes
    from handlers.post import Post
    from handlers.ringing import plan
    from handlers.robot_askers import known, told
    from handlers.setup import (
        RulebookFiles,
        bookshelf,
        keep_directory,
        keep_roster,
        keep_rulebook,
    )
    from storage.audit import Algorithm
    from storage.database import Database

app = typer.Typer(
    help="督办: 登记、定级、交办、催办、回应、办结。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _program() -> None:  # keeps a lone command a command
    pass


link.add_commands(app, load_link_rules)
understand.add_commands(app, load_link_rules)
grade.add_commands(app, grade.Loaders(shipped_names, load_shipped))


def _grading(folder: Path) -> GradingRules:
    try:
        return load_grading(folder)
    except SettingsError as error:
        raise rules.UnreadableRulesError(str(error)) from error


_RULES = rules.add_commands(app, rules.Loaders(_grading))


def _holidays(path: Path) -> Overrides:
    try:
        return load_overrides(path)
    except SettingsError as error:
        raise deadline.WrongOptionError(str(error)) from error


deadline.add_commands(app, deadline.Loaders(shipped_clock_names, load_shipped_clocks, _holidays))


CONFIG = Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")]
DEFAULT = Path("duban.toml")
_WRONG = 2  # the exit status of a wrong configuration


def _settings(path: Path) -> Settings:
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
    raise typer.Exit(_WRONG)


def _open(settings: Settings) -> Database:
    url = settings.database_url.value
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return Database(
        url,
        audit_key=settings.audit.key.value.encode(),
        audit_algorithm=Algorithm(settings.audit.algorithm),
    )


def _real_clock() -> datetime:
    return datetime.now(UTC)


def _clocks(settings: Settings, database: Database) -> Clocks:
    return clocks_of(database, _real_clock, settings.clock_offset)


def _prepare(
    settings: Settings, database: Database, now: datetime, *, follows_directory: bool = True
) -> Desk:
    """Bring the database to what the files say; return the desk of the handlers."""
    try:
        files = read_files(settings.rulebook)
        directory = load_directory(settings.directory)
        days_off = load_overrides(settings.calendar) if settings.calendar else Overrides()
        broadcasts = load_broadcasts(fixed) if (fixed := settings.time.broadcasts) else ()
        with database.read() as work:  # an import may know people whom the file does not
            known = [one.userid for one in (*directory.people, *work.people.people())]
        shifts = load_roster(settings.time.roster, known) if settings.time.roster else None
        periods = load_periods(settings.time.periods, known) if settings.time.periods else ()
    except SettingsError as error:
        _refuse(settings.rulebook, error)
    for doubt in directory.doubts:
        sys.stderr.write(f"名录提示: {doubt}\n")
    book = RulebookFiles(settings.rulebook.name, files, digest_of(files))
    with database.work() as work:
        in_force = keep_rulebook(work, book, by="serve", now=now)
        if shifts is not None:
            keep_roster(work, shifts, by="serve", now=now)
    desk = Desk(
        agent_id=settings.wecom.agent_id,
        institution=settings.institution,
        link_rules=load_link_rules(),
        days_off=days_off,
        rulebook_in_force=in_force,
        rulebook=bookshelf(database, parse_files),
        broadcasts=broadcasts,
        base_url=settings.base_url,
        cards=settings.wecom.cards,
        periods=periods,
    )
    if follows_directory:
        with database.work() as work:
            notes = keep_directory(work, desk, directory.units, directory.people, now=now)
        for note in notes:
            sys.stderr.write(f"名录提示: {note}\n")
    return desk


def _robot(settings: Settings) -> RobotSetup | None:
    robot = settings.robot
    if robot is None:
        return None
    is_socket = robot.mode is RobotMode.SOCKET
    return RobotSetup(
        name=robot.name,
        keys=None if is_socket else CallbackKeys(robot.token.value, robot.aes_key.value, ""),
        line=Robot(robot.bot_id, robot.secret.value, robot.socket_url) if is_socket else None,
        frame_secret=settings.audit.key.value.encode(),
        greeting=WELCOME,
        papers=robot.papers,
        known=known,
        told=told,
    )


def serve(config: CONFIG = DEFAULT) -> None:
    """Run the service until it is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("alembic", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    settings = _settings(config)
    database = _open(settings)
    database.upgrade()
    clocks = _clocks(settings, database)
    desk = _prepare(settings, database, clocks.engine())
    desk.rulebook(desk.rulebook_in_force)  # parsed before the first case needs it
    database.run(lambda work: plan(work, desk, clocks.engine()))
    doing = doing_of(desk)
    watch = partial(database.run, lambda work: watch_volume(Post(work, desk, clocks.engine())))
    archive = partial(_archive, settings, database)
    keeping = Keeping(
        AnchorFile(settings.audit.anchors), timedelta(days=31 * settings.audit.keep_months)
    )
    try:
        with (
            anchored(database, keeping, clocks.engine),
            each_minute("volume", watch),
            each_minute("retention", retention.daily(archive, clocks.engine)),
        ):
            intake = _intake(settings, database, desk, clocks)
            service.serve(database, _line(settings), doing, clocks, intake)
    except OlderDatabaseError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(_WRONG) from error
    finally:
        database.close()


def _line(settings: Settings) -> service.Line:
    wecom = settings.wecom
    base = f"{wecom.api_base}/cgi-bin"
    account = Account(wecom.corp_id, wecom.secret.value, str(wecom.agent_id), base)
    return service.Line(
        account=account,
        keys=CallbackKeys(wecom.token.value, wecom.aes_key.value, wecom.corp_id),
        robots={name: key.value for name, key in settings.robots.items()},
        contacts=service.contact_line(account, *settings.contacts.values),
        robot=_robot(settings),
        spool=settings.spool,
        host=settings.host,
        port=settings.port,
        menu=app_menu(settings.base_url),
        papers=settings.intake.papers,
    )


def _intake(settings: Settings, database: Database, desk: Desk, clocks: Clocks) -> service.Intake:
    intake = settings.intake
    return intake_of(
        desk,
        Papers(intake.evidence, intake.preview, intake.preview_inside),
        api_of(database, desk, clocks, {name: key.value for name, key in intake.sources.items()}),
        _board(settings, database, desk, clocks) if settings.base_url else None,
    )


def _board(settings: Settings, database: Database, desk: Desk, clocks: Clocks) -> Board:
    board, wecom = settings.board, settings.wecom
    platform = Platform(wecom.corp_id, wecom.agent_id, board.authorize_base, board.scan_base)
    secret, lives = settings.audit.key.value.encode(), Lifetimes(board.idle, board.whole)
    place = Place(settings.base_url, settings.institution, platform, secret, lives)
    return build_board(database, desk, place, settings.intake.evidence, clocks)


@contextmanager
def _opened(config: Path, *, upgrades: bool = True) -> Iterator[tuple[Settings, Database, Clocks]]:
    """Open the database beside a service that may run, for a command."""
    settings = _settings(config)
    database = _open(settings)
    try:
        if upgrades:
            database.upgrade()
        yield settings, database, _clocks(settings, database)
    finally:
        database.close()


@contextmanager
def _opened_as_it_is(config: Path) -> Iterator[Opened]:
    with _opened(config, upgrades=False) as (settings, database, clocks):
        anchors, key = AnchorFile(settings.audit.anchors), settings.keeping.backup_key.value
        yield Opened(database, anchors, clocks.engine, settings.intake.evidence, key)


@contextmanager
def _opened_for_import(config: Path) -> Iterator[import_reports.Opened]:
    with _opened(config) as (settings, database, clocks):
        now = clocks.engine()
        yield import_reports.Opened(database, _prepare(settings, database, now), now)


@contextmanager
def _opened_for_people(config: Path) -> Iterator[people.Opened]:
    with _opened(config) as (settings, database, clocks):
        now = clocks.engine()
        desk = _prepare(settings, database, now, follows_directory=False)
        contacts = partial(service.contacts_of, database, _line(settings), clocks)
        yield people.Opened(database, desk, now, settings.directory, load_roll, contacts)


@contextmanager
def _opened_for_doctor(config: Path) -> Iterator[doctor.Surgery]:
    with _opened(config, upgrades=False) as (settings, database, clocks):  # as it is: to be seen
        days_off = load_overrides(settings.calendar) if settings.calendar else Overrides()
        folders = {"救生艇": settings.spool, "材料": settings.intake.evidence}
        place = (settings.base_url, days_off, folders, settings.warnings)
        facts = Facts(database, _line(settings), clocks, *place)
        yield doctor.Surgery(database, clocks.engine, partial(findings_of, facts))


def _archive(settings: Settings, database: Database, now: datetime) -> evidence.Archive:
    return evidence.Archive(database, settings.intake.evidence, now, settings.keeping.months)


@contextmanager
def _opened_for_export(config: Path) -> Iterator[evidence.Archive]:
    with _opened(config) as (settings, database, clocks):
        yield _archive(settings, database, clocks.engine())


def migrate(config: CONFIG = DEFAULT) -> None:
    """Bring the database to the newest schema."""
    with _opened(config):
        sys.stdout.write("数据库已是最新结构。\n")


@contextmanager
def _opened_to_watch(config: Path) -> Iterator[audit_watch.Opened]:
    settings = _settings(config)
    command = settings.time.audit_command
    audit_watch.check(command, settings.database_url.value)
    database = Database(settings.database_url.value)
    watched = Watched(database, _clocks(settings, database).engine, _real_clock, command)
    try:
        yield audit_watch.Opened(watched, settings.time.audit_every)
    finally:
        database.close()


def _cast() -> shows.Cast:
    directory = load_directory(_DEMO_DIRECTORY)
    return shows.Cast(_DEMO_DIRECTORY, directory.units, directory.people)


_DEMO_DIRECTORY = Path(__file__).parent / "config" / "demo" / "directory.toml"


def _add_commands_that_open_the_database() -> None:
    api_docs.add_commands(app)
    audit_verify.add_commands(app, _opened_as_it_is)
    audit_watch.add_commands(app, _opened_to_watch)
    shows.add_commands(app, _cast, Path(__file__))
    import_reports.add_commands(app, _opened_for_import)
    apply_rules.add_commands(_RULES, _opened_for_import)
    backup.add_commands(app, _opened_as_it_is)
    brake.add_commands(app, _opened_for_import)
    retention.add_commands(app, _opened_for_export)
    rearm.add_commands(app, _opened_for_import)
    evidence.add_commands(app, _opened_for_export)
    people.add_commands(app, _opened_for_people)
    links_for.add_commands(app, _opened_for_import)
    doctor.add_commands(app, _opened_for_doctor)


if not IS_TOOL:
    app.command(help="运行服务, 直到收到停止信号.")(serve)
    app.command(help="把数据库升级到最新结构.")(migrate)
    _add_commands_that_open_the_database()


if __name__ == "__main__":
    app()
