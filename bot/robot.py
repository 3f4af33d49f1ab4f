"""The intelligent robot of the service: its ear, its voice and, where it has one, its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from bot.clocks import Clocks
from bot.wecom.callback import Address
from bot.wecom.client import WeComClient
from bot.wecom.crypto import CallbackKeys, Keyring
from bot.wecom.envelope import Form
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.smart_files import Downloads
from bot.wecom.smart_gateway import RobotGateway
from bot.wecom.smart_ids import IdAsker
from bot.wecom.smart_line import Robot, SmartLine, Times, frame_keys
from bot.worker import ASKING_WHO, Known, RobotEar
from storage.database import Database
from storage.states import Channel
from storage.work import Work

ROBOT_PATH = "/wecom/robot"
_PLATFORM = "https://qyapi.weixin.qq.com/"


class WhoIs(Protocol):
    """Takes who stands behind ids, and lets what they said be heard."""

    def __call__(
        self, work: Work, found: Mapping[str, str | None], waits_as: str, now: datetime
    ) -> None:
        """Record it."""
        ...


@dataclass(frozen=True, slots=True)
class RobotSetup:
    """How the robot is reached: by callbacks (`keys`) or over a long connection (`line`)."""

    name: str  # by which groups speak to it
    keys: CallbackKeys | None
    line: Robot | None
    frame_secret: bytes  # seals what the line brings while it waits
    greeting: str
    papers: Path  # files it may send
    known: Known
    told: WhoIs


class Part(Protocol):
    """Something that runs beside the others."""

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """Finish what is at hand, then end."""
        ...


@dataclass(frozen=True, slots=True)
class RobotParts:
    """What the service puts together."""

    ear: RobotEar
    keyring: Keyring
    gateway: RobotGateway
    downloads: Downloads
    address: Address | None  # in callback mode
    line: SmartLine | None
    parts: tuple[Part, ...]

    def theirs(self) -> Channel | None:
        """Return the robot's channel while another replica holds its line."""
        return Channel.AIBOT if self.line is not None and not self.line.is_leading else None


def build_robot(
    setup: RobotSetup,
    *,
    database: Database,
    lifeboat: Lifeboat,
    client: WeComClient,
    clocks: Clocks,
) -> RobotParts:
    """Return the robot's parts, not yet running."""
    keyring = Keyring([setup.keys or frame_keys(setup.frame_secret)])
    line = None
    if setup.line is not None:
        times = Times(clocks.door, clocks.real)
        line = SmartLine(
            setup.line, database=database, lifeboat=lifeboat, keyring=keyring, times=times
        )
    asker = IdAsker(
        database, call=client.call, told=partial(_told, setup.told), clock=clocks.engine
    )
    return RobotParts(
        ear=RobotEar(setup.name, setup.known),
        keyring=keyring,
        gateway=RobotGateway(
            client.respond,
            origins=(_PLATFORM, client.origin),
            clock=clocks.engine,
            line=line,
            papers=setup.papers,
        ),
        downloads=_downloads(setup, client),
        address=None
        if setup.keys is None
        else Address(Channel.AIBOT, Form.JSON, keyring, setup.greeting),
        line=line,
        parts=(asker,) if line is None else (asker, line),
    )


def _downloads(setup: RobotSetup, client: WeComClient) -> Downloads:
    return Downloads(
        app=client.download,
        fetch=client.fetch,
        aes_key=setup.keys.encoding_aes_key if setup.keys else "",
        origins=("https://", client.origin),  # files lie in a cloud store, which has many names
    )


def _told(whois: WhoIs, work: Work, found: Mapping[str, str | None], now: datetime) -> None:
    whois(work, found, ASKING_WHO, now)
