"""The running service: its line to the platform, its doors and its pages."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import typer

from bot import log_lines, service
from bot.anchors import AnchorFile, Keeping, OlderDatabaseError, anchored
from bot.assembly.opening import (
    CONFIG,
    DEFAULT,
    WRONG,
    clocks_for,
    files_of,
    open_database,
    prepare,
    secrets_in,
    settings_of,
)
from bot.board.place import Place, Platform
from bot.board.router import Board, Folders, build_board
from bot.clocks import Clocks
from bot.command_line import evidence, retention
from bot.doing import Papers, api_of, doing_of, intake_of
from bot.each_minute import each_minute
from bot.keeping_ready import keep_ready
from bot.papers.maker import Printing
from bot.papers.word import Templates
from bot.phone import PhoneCommand
from bot.reloading import Rounds, Seen
from bot.robot import RobotSetup
from bot.wecom.client import Account
from bot.wecom.crypto import CallbackKeys
from bot.wecom.smart_line import Robot
from cases.menu import app_menu
from cases.robot_payload import WELCOME
from config.changes import changes, taken_at_once
from config.checking import SettingsError
from config.paper_settings import SHIPPED
from config.robot_settings import RobotMode
from config.settings import Settings, load_settings
from handlers.admin.doors import Configured
from handlers.brake import watch_volume
from handlers.desk import Desk
from handlers.letting_in import Lifetimes
from handlers.post import Post
from handlers.ringing import plan
from handlers.robot_askers import known, told
from handlers.trial import begin_once, tell_evening
from storage.database import Database
from storage.errors import Unavailable

_MODES = {RobotMode.SOCKET: "长连接", RobotMode.CALLBACK: "回调"}


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
    """Run the service until it is told to stop; SIGHUP lets it take another configuration."""
    log_lines.begin(())
    settings = settings_of(config)
    database = open_database(settings)
    try:
        database.upgrade()
        in_force = _InForce(config, settings, database)
        rounds = Rounds(settings.spool, in_force.look)
        with rounds.open(settings.host, settings.port):
            while _serve_once(in_force.settings, database, rounds):
                pass
    except OlderDatabaseError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(WRONG) from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"端口 {settings.port} 已被占用: 服务是否已在运行? (ss -ltnp)\n")
        raise typer.Exit(WRONG) from error
    finally:
        database.close()


class _InForce:
    """The settings in force; a look takes newer ones, unless they are wrong."""

    def __init__(self, config: Path, settings: Settings, database: Database) -> None:
        self._config, self.settings, self._database = config, settings, database

    def look(self) -> Seen:
        """Read the configuration anew, with the files it names."""
        try:
            found = load_settings(self._config)
            files_of(found, self._database)
        except SettingsError as error:
            return Seen(faults=error.faults)
        except Unavailable as error:
            return Seen(faults=(f"数据库没有应答, 没有核对: {error}",))
        now, later = changes(self.settings, found)
        self.settings = taken_at_once(self.settings, found)
        return Seen((), tuple(now), tuple(later))


def _serve_once(settings: Settings, database: Database, rounds: Rounds) -> bool:
    """Serve with these settings until a signal; whether another round is due."""
    log_lines.begin(secrets_in(settings))
    clocks = clocks_for(settings, database)
    desk = prepare(settings, database, clocks.engine())
    desk.rulebook(desk.rulebook_in_force)  # parsed before the first case needs it
    database.run(lambda work: plan(work, desk, clocks.engine()))
    doing = doing_of(desk)
    watch = partial(database.run, lambda work: watch_volume(Post(work, desk, clocks.engine())))
    archive = partial(archive_of, settings, database)
    evening = _trial(settings, database, desk, clocks)
    keeping = Keeping(
        AnchorFile(settings.audit.anchors), timedelta(days=31 * settings.audit.keep_months)
    )
    with (
        anchored(database, keeping, clocks.engine),
        each_minute("volume", watch),
        each_minute("trial", evening),
        each_minute("retention", retention.daily(archive, clocks.engine)),
        each_minute("ready", lambda: keep_ready(database, clocks.engine())),
    ):
        intake = _intake(settings, database, desk, clocks)
        out = partial(rounds.serve, host=settings.host, port=settings.port)
        return service.serve(database, line_of(settings), doing, clocks, intake, out)


def _trial(
    settings: Settings, database: Database, desk: Desk, clocks: Clocks
) -> Callable[[], object]:
    """Begin the trial that the configuration asks for; return what gives its evening list."""
    trial = settings.time.trial
    if trial.enabled:
        database.run(lambda work: begin_once(work, clocks.engine()))
    return partial(
        database.run, lambda work: tell_evening(work, desk, trial.evening, clocks.engine())
    )


def line_of(settings: Settings) -> service.Line:
    """Return how this institution is reached at the platform."""
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
        phone=PhoneCommand(settings.time.phone_command, settings.time.phone_seconds),
        metrics_token=settings.metrics_token.value,
    )


def _intake(settings: Settings, database: Database, desk: Desk, clocks: Clocks) -> service.Intake:
    intake = settings.intake
    return intake_of(
        desk,
        Papers(intake.evidence, intake.preview, intake.preview_inside),
        api_of(database, desk, clocks, {name: key.value for name, key in intake.sources.items()}),
        _board(settings, database, desk, clocks) if settings.base_url else None,
        printing_of(settings),
    )


def printing_of(settings: Settings) -> Printing:
    """Return where templates lie and printed papers go."""
    templates = Templates(SHIPPED, settings.papers.templates)
    return Printing(templates, settings.intake.evidence, settings.intake.papers)


def _board(settings: Settings, database: Database, desk: Desk, clocks: Clocks) -> Board:
    board, wecom = settings.board, settings.wecom
    platform = Platform(wecom.corp_id, wecom.agent_id, board.authorize_base, board.scan_base)
    secret, lives = settings.audit.key.value.encode(), Lifetimes(board.idle, board.whole)
    place = Place(
        settings.base_url,
        settings.institution,
        platform,
        secret,
        lives,
        Configured(
            robots=tuple(settings.robots),
            sources=tuple(settings.intake.sources),
            smart_robot=settings.robot.name if settings.robot else "",
            smart_mode=_MODES[settings.robot.mode] if settings.robot else "",
            anchors=settings.audit.anchors,
        ),
    )
    return build_board(
        database, desk, place, Folders(settings.intake.evidence, settings.intake.papers), clocks
    )


def archive_of(settings: Settings, database: Database, now: datetime) -> evidence.Archive:
    """Return where evidence lies and how long it is kept, in months."""
    return evidence.Archive(database, settings.intake.evidence, now, settings.keeping.months)
