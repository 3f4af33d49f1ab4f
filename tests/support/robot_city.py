"""The office behind an intelligent robot, against the sandbox: real HTTP, real WebSocket."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from bot.clocks import Clocks
from bot.evidence import EvidenceKeeper
from bot.gateway import ByChannel, Gateway
from bot.robot import ROBOT_PATH, RobotParts, RobotSetup, build_robot
from bot.sending import Aftermath, Manner, Sender
from bot.wecom.callback import Door, build_app
from bot.wecom.client import Account, WeComClient
from bot.wecom.crypto import CallbackKeys
from bot.wecom.keeper import Keeper
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.smart_ids import IdAsker
from bot.wecom.smart_line import Robot, SmartLine
from bot.wecom.tally import Tally
from bot.worker import Worker
from cases.robot_payload import WELCOME
from config.directory import load_directory
from handlers import aftermath
from handlers.apology import apologise, undeliverable
from handlers.hear import Hearing
from handlers.intake_evidence import tell_refused
from handlers.robot_askers import known, told
from storage.database import Database
from storage.states import Channel
from tests.bot.sandbox.playground import AES_KEY, CORPID, SECRET, TOKEN, Playground, playground
from tests.support.edge import Server
from tests.support.office import DIRECTORY, Office

BOT = "aib-1"
GROUP = "云溪市督办群"
NAME = "督办助手"
KEY = "R" * 43
GROUPS = {"市城管局": "group-robot"}
SOCKET_SECRET = "socket-secret"

Json = dict[str, Any]


@dataclass(slots=True)
class City:
    """Say something in the sandbox, let the service do what it has to, look what is seen."""

    corp: Playground
    office: Office
    robot: RobotParts
    worker: Worker
    sender: Sender
    evidence: EvidenceKeeper
    tally: Tally
    database: Database
    clock: "SharedClock"
    client: WeComClient

    def says(self, who: str, text: str, *, group: bool = False, **more: object) -> Json:
        """Somebody speaks to the robot; everything that follows from it is done."""
        done = self.hears(who, text, group=group, **more)
        self.settle()
        return done

    def hears(self, who: str, text: str, *, group: bool = False, **more: object) -> Json:
        place = f"group:{GROUP}" if group else f"bot:{BOT}"
        done = self.corp.control("say", userid=who, place=place, text=text, **more)
        self.kept(done)
        return done

    def happens(self, who: str, event: str, **more: object) -> Json:
        """Somebody opens the chat, or judges an answer."""
        done = self.corp.control("event", userid=who, botid=BOT, event=event, **more)
        self.kept(done)
        self.settle()
        return done

    def card(self, viewer: str, words: str = "") -> Json:
        """The robot's newest card with these words, as `viewer` sees it now."""
        seen = [one for one in self.corp.seen_by(viewer) if one["author"] == "smart"]
        cards = [one for one in seen if one["msgtype"] == "template_card"]
        found: Json = [one for one in cards if words in one["text"]][-1]
        return found

    def presses(self, who: str, label: str, card: Json, **more: object) -> Json:
        """Somebody presses what is written so on a robot's card; all that follows is done."""
        part = card["part"]
        named = [*part["button_list"], *part.get("action_menu", {}).get("action_list", [])]
        key = next(one["key"] for one in named if one["text"] == label)
        done = self.corp.control("press", userid=who, msgid=card["msgid"], key=key, **more)
        self.kept(done)
        self.settle()
        return done

    def kept(self, done: Json) -> None:
        """Wait until a frame that was delivered has reached the inbox."""
        ends = time.monotonic() + 5
        while time.monotonic() < ends and done["delivered"]:
            with self.database.read() as work:
                if work.inbox.has(f"aibot:{BOT}:{done['msgid']}"):
                    return
            self.database.wake.wait(0.02)
        assert not done["delivered"], "it was not kept"

    def settle(self) -> None:
        """Work off whatever waits, in this thread."""
        while self._ask() + self.worker.work_off() + self.sender.send_waiting():
            pass
        self.evidence.keep_waiting()

    def _ask(self) -> int:
        askers = [part for part in self.robot.parts if isinstance(part, IdAsker)]
        return sum(asker.ask_wanted() for asker in askers)

    def connect(self) -> None:
        """Open the line, where the robot has one."""
        if self.robot.line is not None:
            self.robot.line.turn()
            assert self.robot.line.is_connected

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def restrict(self) -> None:
        """Make the first case one that few may know of."""
        with self.database.work() as work:
            work._connection.exec_driver_sql("UPDATE case_file SET restricted = true")  # noqa: SLF001

    def use_up(self, done: Json) -> None:
        """Somebody else has posted to the response_url of a message."""
        with self.database.read() as work:
            payload = work._connection.exec_driver_sql(  # noqa: SLF001
                "SELECT payload FROM outbox WHERE channel = 'aibot'"
            ).scalar_one()
        url = json.loads(payload)["response_url"]
        body = {"msgtype": "markdown", "markdown": {"content": "用掉了"}}
        assert self.corp.client.post(url, json=body).json()["errcode"] == 0, done

    def payloads(self) -> list[Json]:
        """What the robot was given to say."""
        with self.database.read() as work:
            rows = work._connection.exec_driver_sql(  # noqa: SLF001
                "SELECT payload FROM outbox WHERE channel = 'aibot'"
            ).scalars()
            return [json.loads(row) for row in rows]

    def newest(self) -> int:
        """The id of the latest case."""
        with self.database.read() as work:
            found: int = work._connection.exec_driver_sql(  # noqa: SLF001
                "SELECT max(id) FROM case_file"
            ).scalar_one()
            return found

    def kept_files(self, case_id: int) -> list[str | None]:
        with self.database.read() as work:
            return [one.media_type for one in work.evidence.of_case(case_id)]

    def audited(self) -> list[tuple[str, str]]:
        with self.database.read() as work:
            rows = work._connection.exec_driver_sql("SELECT action, result FROM audit")  # noqa: SLF001
            return [(row[0], row[1]) for row in rows]

    @property
    def line(self) -> SmartLine:
        assert self.robot.line is not None
        return self.robot.line

    def seen(self, viewer: str, author: str) -> list[str]:
        """What somebody has seen of the robot ("smart"), the app ("app"), in order."""
        messages = self.corp.seen_by(viewer)
        return [one["text"] for one in messages if one["author"] == author]

    def by_robot(self, viewer: str) -> list[str]:
        return self.seen(viewer, "smart")

    def by_app(self, viewer: str) -> list[str]:
        return self.seen(viewer, "app")

    def outbox(self) -> list[tuple[str, str, str, str]]:
        """Channel, state, reason and how it ended of every message, in order."""
        with self.database.read() as work:
            rows = work._connection.exec_driver_sql(  # noqa: SLF001
                "SELECT channel, state, reason, coalesce(ended_reason, '') FROM outbox ORDER BY id"
            )
            return [(row[0], row[1], row[2], row[3]) for row in rows]

    def alarms(self) -> list[str]:
        with self.database.read() as work:
            return [alarm.kind for alarm in work.alarms.sounding()]


def sandbox_city(robot: Json) -> Json:
    """The corp of the demonstration directory with one robot in a group of all."""
    people = load_directory(DIRECTORY).people
    everybody = [person.userid for person in people if person.userid != "heqing"]
    app = {"agentid": 1000002, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY}
    # Whoever sends cards must have an address for their presses; nobody presses the app's here.
    app["callback_url"] = "http://127.0.0.1:9/unheard"
    return {
        "apps": [app],
        "members": [{"userid": p.userid, "name": p.name} for p in people],
        "robots": [{"key": "group-robot", "name": GROUP, "members": everybody}],
        "smart_robots": [{"botid": BOT, "name": NAME, "groups": [GROUP], **robot}],
    }


@contextmanager
def robot_city(
    database: Database,
    folder: Path,
    server: Server,
    *,
    socket: bool = False,
    **more: Any,  # noqa: ANN401
) -> Iterator[City]:
    """Run the sandbox (on the host `name`) and the service's parts until the block ends."""
    name = str(more.pop("name", "sandbox"))
    cards = bool(more.pop("cards", False))
    url = f"http://127.0.0.1:{server.port}{ROBOT_PATH}"
    described: Json = {"secret": SOCKET_SECRET} if socket else _callback(url)
    with (
        playground(folder, callback=False, name=name, **sandbox_city(described | more)) as corp,
        serving(database, folder, corp, server, socket=socket, cards=cards) as city,
    ):
        yield city


def _callback(url: str) -> Json:
    return {"callback_url": url, "token": TOKEN, "aes_key": KEY}


@contextmanager
def serving(  # noqa: PLR0913
    database: Database,
    folder: Path,
    corp: Playground,
    server: Server,
    *,
    socket: bool = False,
    cards: bool = False,
) -> Iterator[City]:
    """Run one replica of the service's parts; worker and sender work when told to."""
    now = corp_clock(corp)
    office = Office(database, now=now(), cards=cards)
    account = Account(CORPID, SECRET, "1000002", f"{corp.url}/cgi-bin")
    lifeboat = Lifeboat(folder / f"lifeboat-{id(corp)}-{len(list(folder.iterdir()))}")
    client = WeComClient(account, database=database, clock=now, robots=GROUPS, timeout_seconds=3)
    robot = build_robot(
        _setup(corp, folder, socket=socket),
        database=database,
        lifeboat=lifeboat,
        client=client,
        clocks=Clocks(engine=now, door=now, real=now),
    )
    keeper, tally = Keeper(database, lifeboat), Tally()
    city = City(
        corp,
        office,
        robot,
        _worker(database, office, robot, now),
        _sender(database, office, client, robot.gateway, robot, now),
        EvidenceKeeper(
            database,
            download=robot.downloads,
            folder=folder / "evidence",
            clock=now,
            tell_refused=lambda work, one, why, at: tell_refused(work, office.desk, one, why, at),
        ),
        tally,
        database,
        now,
        client,
    )
    with ExitStack() as ending:
        ending.callback(client.close)
        ending.callback(lifeboat.close)
        keeper.start()
        ending.callback(keeper.stop)
        ending.callback(city.sender.stop)
        if robot.address is not None:
            door = Door(robot.address, keeper=keeper, clock=now, tally=tally)
            server.app = build_app({ROBOT_PATH: door}, FastAPI())
        if robot.line is not None:
            ending.callback(robot.line.stop)
        yield city


def _setup(corp: Playground, folder: Path, *, socket: bool) -> RobotSetup:
    url = corp.url.replace("http", "ws") + "/openws"
    return RobotSetup(
        name=NAME,
        keys=None if socket else CallbackKeys(TOKEN, KEY, ""),
        line=Robot(BOT, SOCKET_SECRET, url) if socket else None,
        frame_secret=b"the secret of the tests",
        greeting=WELCOME,
        papers=folder,
        known=known,
        told=told,
    )


def _worker(database: Database, office: Office, robot: RobotParts, now: Any) -> Worker:  # noqa: ANN401
    return Worker(
        database,
        keyrings={Channel.AIBOT: robot.keyring},
        hear=Hearing(office.desk),
        apologise=lambda work, item, at: apologise(work, item, at, office.desk),
        clock=now,
        robot=robot.ear,
    )


def sender_of(city: "City", robot_gateway: Gateway) -> Sender:
    """A sender of the city that speaks through `robot_gateway`."""
    return _sender(city.database, city.office, city.client, robot_gateway, city.robot, city.clock)


def _sender(  # noqa: PLR0913, PLR0917
    database: Database,
    office: Office,
    client: WeComClient,
    gateway: Gateway,
    robot: RobotParts,
    now: Any,  # noqa: ANN401
) -> Sender:
    return Sender(
        database,
        ByChannel(client, {Channel.AIBOT: gateway}),
        owner=f"one-{id(gateway)}",
        clock=now,
        real_clock=now,
        on_undeliverable=lambda work, claim, why, at: undeliverable(
            work, claim, why, at, office.desk
        ),
        manner=Manner(threads=1, theirs=robot.theirs),
        aftermath=Aftermath(
            lambda work, claim, code, at: aftermath.sent(work, claim, code, at, office.desk),
            lambda work, claim, errcode, why, at: aftermath.refused(
                work, claim, errcode, why, now=at, desk=office.desk
            ),
        ),
    )


def corp_clock(corp: Playground) -> Any:  # noqa: ANN401
    """The sandbox's clock, set to a working morning when it is first asked for."""
    offset = corp.client.get("/sandbox/clock").json()["offset"]
    if not offset:
        corp.control("clock", to="2026-11-20T10:00:00+08:00")
        offset = corp.client.get("/sandbox/clock").json()["offset"]
    return SharedClock(timedelta(seconds=offset), corp)


@dataclass(slots=True)
class SharedClock:
    """Real time plus the sandbox's offset."""

    offset: timedelta
    corp: Playground

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def advance(self, seconds: float) -> None:
        self.corp.advance(seconds)
        self.offset += timedelta(seconds=seconds)
