"""The running service: the doors, the worker, the sender and the pulse of one process."""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from fastapi import APIRouter, FastAPI

from bot.asgi import Application
from bot.attaching import Attaching
from bot.board.router import Board
from bot.clocks import Clocks
from bot.contacts import ContactSync, TakeOver
from bot.evidence import EvidenceKeeper, TellRefused
from bot.fetcher.previewer import Previewer
from bot.gateway import ByChannel, Gateway
from bot.gathering import Gather
from bot.health import build_health
from bot.menu import MenuSetter
from bot.metrics import Watched, build_metrics
from bot.phone import PhoneCalls, PhoneCommand
from bot.preview import LinkReader, Show
from bot.pulse import CaughtUp, Pulse, Ring, Shore
from bot.rehearsal import build_rehearsal
from bot.robot import ROBOT_PATH, Part, RobotParts, RobotSetup, build_robot
from bot.sending import Aftermath, Manner, OnUndeliverable, Sender
from bot.trial_mark import TrialMark
from bot.wecom.address_book import Ask, read_contacts
from bot.wecom.callback import Address, Door, build_app
from bot.wecom.client import Account, PlatformError, WeComClient
from bot.wecom.crypto import CallbackKeys, Keyring
from bot.wecom.envelope import Form
from bot.wecom.keeper import Keeper
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.login import whose
from bot.wecom.tally import Tally
from bot.worker import Apologise, Hear, Worker
from cases.contacts import Contacts
from cases.directory import UnreadableRollError
from storage.database import Database
from storage.failpoints import hit
from storage.states import Channel

logger = logging.getLogger(__name__)

CALLBACK_PATH = "/wecom/callback"
_BEAT_SECONDS = 1.0
_REHEARSAL_BEAT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Doing:
    """What is done when something is heard, rings, fails or cannot be delivered."""

    hear: Hear
    ring: Ring
    gather: Gather
    apologise: Apologise
    undeliverable: OnUndeliverable
    take_over: TakeOver  # what the contacts show
    caught_up: CaughtUp
    aftermath: Aftermath = field(default_factory=Aftermath)


Printer = Callable[[Database, Callable[[], datetime]], Part]


@dataclass(frozen=True, slots=True)
class Intake:
    """What comes in beside words: files to be fetched, pages to be read, reports of vendors."""

    evidence: Path
    tell_refused: TellRefused
    previewer: Previewer
    show: Show
    api: APIRouter | None = None  # where vendors have keys
    board: Board | None = None  # where the pages have an address
    papers: Printer | None = None  # prints what is ordered


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Contact synchronisation: whose secret reads, and the keys of its callback; both optional."""

    account: Account | None = None
    keys: CallbackKeys | None = None


def contact_line(
    app: Account, secret: str | None, token: str | None, aes_key: str | None
) -> ContactLine:
    """Return the line of contact synchronisation in the app's corp, as far as there is one."""
    if secret is None:
        return ContactLine()
    account = Account(app.corp_id, secret, "contacts", app.base_url)
    if token is None or aes_key is None:
        return ContactLine(account)
    return ContactLine(account, CallbackKeys(token, aes_key, app.corp_id))


@dataclass(frozen=True, slots=True)
class Line:
    """The line to the platform: whose app, its callback keys, the robots' keys, where it hears."""

    account: Account
    keys: CallbackKeys
    robots: Mapping[str, str]
    spool: Path
    host: str
    port: int
    contacts: ContactLine = field(default_factory=ContactLine)
    robot: RobotSetup | None = None
    menu: str = ""  # the body of menu/create; "" leaves the menu as it is
    papers: Path | None = None  # files that messages may hand out
    phone: PhoneCommand = field(default_factory=PhoneCommand)  # makes the calls of 电话通知
    metrics_token: str = ""  # "": /metrics answers this machine alone

    @property
    def keyring(self) -> Keyring:
        """The app's keys; contacts may be told of at the same address under keys of their own."""
        return Keyring([self.keys, *filter(None, [self.contacts.keys])])


@dataclass(frozen=True, slots=True)
class Running:
    """A service at work, for whoever serves and watches it."""

    app: Application
    pulse: Pulse  # can be asked to beat now
    lifeboat: Lifeboat  # what waits in it is not done yet


def contacts_of(database: Database, line: Line, clocks: Clocks) -> Contacts:
    """Read the contacts from a command.

    Raises:
        UnreadableRollError: the platform refused or did not answer.
    """
    with asking(database, line, clocks) as (app, synchronisation):
        try:
            return read_contacts(app, synchronisation)
        except PlatformError as error:
            raise UnreadableRollError(str(error)) from error


@contextmanager
def asking(database: Database, line: Line, clocks: Clocks) -> Iterator[tuple[Ask, Ask | None]]:
    """Ask the platform from a command: as the app and, where there is one, by its own secret."""
    accounts = [line.account, *filter(None, [line.contacts.account])]
    clients = [
        WeComClient(account, database=database, clock=clocks.real, robots=line.robots)
        for account in accounts
    ]
    try:
        yield clients[0].ask, clients[1].ask if len(clients) > 1 else None
    finally:
        for client in clients:
            client.close()


def serve(  # noqa: PLR0913, PLR0917 - the parts of a service, and who serves it
    database: Database,
    line: Line,
    doing: Doing,
    clocks: Clocks,
    intake: Intake,
    out: Callable[[Application], bool],
) -> bool:
    """Hear, carry out, ring and send while `out` serves; then finish what is at hand.

    Returns what `out` does: whether to begin anew with another configuration.
    """
    with running(database, line, doing, clocks, intake) as service:
        return out(service.app)


@contextmanager
def running(
    database: Database, line: Line, doing: Doing, clocks: Clocks, intake: Intake
) -> Iterator[Running]:
    """Have all parts at work during the block, which serves the application."""
    line.spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    shore = Shore(Lifeboat(line.spool / "lifeboat"), Tally())
    client = WeComClient(line.account, database=database, clock=clocks.real, robots=line.robots)
    keeper = Keeper(database, shore.lifeboat)
    keyring = line.keyring
    pulse = _pulse(database, doing, clocks, shore)
    robot = _robot(database, line, clocks, client, shore.lifeboat)
    parts: tuple[Part, ...] = (
        keeper,
        _worker(database, doing, clocks, keyring, robot),
        _sender(database, doing, clocks, _way_out(database, line, clocks, client, robot), robot),
        pulse,
        *_files(database, intake, clocks, robot.downloads if robot else client.download),
        LinkReader(database, previewer=intake.previewer, show=intake.show, clock=clocks.engine),
        _menu(database, line, clocks, client),
        *(robot.parts if robot else ()),
        *_contacts(database, line, doing, clocks, client),
    )
    addresses = {CALLBACK_PATH: Address(Channel.APP, Form.XML, keyring)}
    addresses |= {ROBOT_PATH: robot.address} if robot and robot.address else {}
    doors = {
        path: Door(address, keeper=keeper, clock=clocks.door, tally=shore.tally)
        for path, address in addresses.items()
    }
    pages = _pages(database, pulse, shore.lifeboat, clocks)
    pages.include_router(_metrics(database, line, clocks, pulse, shore))
    _add(pages, _doors_of(intake, client))
    database.listen()
    for part in parts:
        part.start()
    try:
        yield Running(build_app(doors, pages), pulse, shore.lifeboat)
    finally:
        _stop(parts)
        client.close()
        shore.lifeboat.close()


def _metrics(
    database: Database, line: Line, clocks: Clocks, pulse: Pulse, shore: Shore
) -> APIRouter:
    places = {"data": (database.file or line.spool).parent, "spool": line.spool}
    watched = Watched(database, pulse, shore.lifeboat, shore.tally, clocks.engine, places)
    return build_metrics(replace(watched, token=line.metrics_token))


def _stop(parts: Sequence[Part]) -> None:
    for part in reversed(parts):
        hit("stop.part")  # D01, D02: asked to end, this part still at work
        part.stop()


def _add(pages: FastAPI, routers: Iterable[APIRouter]) -> None:
    for router in routers:
        pages.include_router(router)


def _doors_of(intake: Intake, client: WeComClient) -> tuple[APIRouter, ...]:
    """Return what is answered beside the callbacks: vendors, and the pages in a browser."""
    board = intake.board(partial(whose, client)) if intake.board is not None else None
    return tuple(router for router in (intake.api, board) if router is not None)


def _robot(
    database: Database, line: Line, clocks: Clocks, client: WeComClient, lifeboat: Lifeboat
) -> RobotParts | None:
    if line.robot is None:
        return None
    return build_robot(
        line.robot, database=database, lifeboat=lifeboat, client=client, clocks=clocks
    )


def _contacts(
    database: Database, line: Line, doing: Doing, clocks: Clocks, client: WeComClient
) -> tuple[ContactSync, ...]:
    if line.contacts.account is None:
        return ()
    asking = WeComClient(line.contacts.account, database=database, clock=clocks.real, robots={})
    sync = ContactSync(
        database,
        app=client,
        synchronisation=asking,
        take_over=doing.take_over,
        clock=clocks.engine,
    )
    return (sync,)


def _menu(database: Database, line: Line, clocks: Clocks, client: WeComClient) -> MenuSetter:
    return MenuSetter(
        database,
        call=client.call,
        menu=line.menu,
        agent_id=line.account.agent_id,
        clock=clocks.engine,
    )


def _worker(
    database: Database, doing: Doing, clocks: Clocks, keyring: Keyring, robot: RobotParts | None
) -> Worker:
    keyrings = {Channel.APP: keyring}
    if robot is not None:
        keyrings[Channel.AIBOT] = robot.keyring
    return Worker(
        database,
        keyrings=keyrings,
        hear=doing.hear,
        apologise=doing.apologise,
        clock=clocks.engine,
        robot=robot.ear if robot else None,
    )


def _files(
    database: Database, intake: Intake, clocks: Clocks, download: Callable[[str], bytes]
) -> tuple[Part, ...]:
    """What keeps the files that come in, and what prints those that go out."""
    printer = (intake.papers(database, clocks.engine),) if intake.papers else ()
    return (_evidence(database, intake, clocks, download), *printer)


def _evidence(
    database: Database, intake: Intake, clocks: Clocks, download: Callable[[str], bytes]
) -> EvidenceKeeper:
    return EvidenceKeeper(
        database,
        download=download,
        folder=intake.evidence,
        clock=clocks.engine,
        tell_refused=intake.tell_refused,
    )


def _way_out(
    database: Database, line: Line, clocks: Clocks, client: WeComClient, robot: RobotParts | None
) -> Gateway:
    usual: Gateway = client
    if line.papers is not None:
        usual = Attaching(
            client, uploads=client, folder=line.papers, database=database, clock=clocks.real
        )
    ways = ByChannel(usual, {Channel.AIBOT: robot.gateway} if robot else {})
    return PhoneCalls(TrialMark(ways, database), line.phone)


def _sender(
    database: Database, doing: Doing, clocks: Clocks, gateway: Gateway, robot: RobotParts | None
) -> Sender:
    return Sender(
        database,
        gateway,
        owner=secrets.token_hex(8),
        clock=clocks.engine,
        real_clock=clocks.real,
        on_undeliverable=doing.undeliverable,
        manner=_manner(clocks, robot),
        aftermath=doing.aftermath,
    )


def _manner(clocks: Clocks, robot: RobotParts | None) -> Manner:
    # In a rehearsal the platform is the sandbox, of which it is known that it keeps task_ids.
    trusts = True if clocks.is_rehearsal else None
    return (
        Manner(theirs=robot.theirs, trusts_task_ids=trusts)
        if robot
        else Manner(trusts_task_ids=trusts)
    )


def _pulse(database: Database, doing: Doing, clocks: Clocks, shore: Shore) -> Pulse:
    seconds = _REHEARSAL_BEAT_SECONDS if clocks.is_rehearsal else _BEAT_SECONDS
    return Pulse(
        database,
        ring=doing.ring,
        gather=doing.gather,
        shore=shore,
        clock=clocks.engine,
        seconds=seconds,
        # In a demonstration the clock jumps; that is no outage.
        caught_up=None if clocks.is_rehearsal else doing.caught_up,
    )


def _pages(database: Database, pulse: Pulse, lifeboat: Lifeboat, clocks: Clocks) -> FastAPI:
    pages = FastAPI(title="督办", docs_url=None, redoc_url=None, openapi_url=None)
    pages.include_router(build_health(database, pulse=pulse, lifeboat=lifeboat))
    if clocks.is_rehearsal:
        pages.include_router(build_rehearsal(database, clocks.engine))
    return pages
