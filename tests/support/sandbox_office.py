"""The office in front of a sandbox: what leaves goes over HTTP, and people see what they see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.attaching import Attaching
from bot.sandbox.corp import read_corp
from bot.sandbox.server import create_app
from bot.sandbox.windows import Windows
from bot.sandbox.world import World
from bot.sending import Aftermath, Manner, Sender
from bot.wecom.client import Account, WeComClient
from cases.messages import EventInfo, Heard, HeardKind
from config.directory import load_directory
from handlers import aftermath
from handlers.apology import undeliverable
from handlers.hear import Hearing
from tests.support.edge import served
from tests.support.office import DIRECTORY, Office, Told

AGENT = 1000002


def corp() -> dict[str, object]:
    directory = load_directory(DIRECTORY)
    robots = [unit for unit in directory.units if unit.robot]
    return {
        "corpid": "ww1",
        "apps": [
            {
                "agentid": AGENT,
                "secret": "SECRETsecret",
                "token": "QDG6eK",
                "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
                "callback_url": "http://127.0.0.1:9/",
            }
        ],
        "members": [{"userid": one.userid, "name": one.name} for one in directory.people],
        "robots": [
            {"key": f"key-{unit.id}", "name": f"{unit.robot}工作群", "members": ["liuyang"]}
            for unit in robots
        ],
        "limits": {"hang_seconds": 0.2},
    }


@dataclass(slots=True)
class Town:
    """A running sandbox."""

    world: World
    base_url: str
    since: int = 0

    def clear(self) -> None:
        """Forget what earlier tests did."""
        world = self.world
        world.tasks.clear()
        world.duplicates.clear()
        world.codes.clear()
        world.chats.clear()
        world.faults.replace([])
        world.windows = Windows()
        world.clock.set_offset(0.0)
        self.since = world.log.last()

    def log(self) -> list[dict[str, Any]]:
        """Return the lines of the log since the last `clear`."""
        return [dict(line) for line in self.world.log.after(self.since)]

    def fails(self, fault: str, match: str, times: int = 1) -> None:
        self.world.faults.replace([{"match": match, "nth": 1, "times": times, "fault": fault}])


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Run a sandbox until the block ends."""
    app = create_app(read_corp(corp()), folder / "sandbox.jsonl")
    with served(app) as port:
        yield Town(app.state.world, f"http://127.0.0.1:{port}/cgi-bin")


@dataclass(slots=True)
class SandboxOffice(Office):
    """The office whose messages leave to a sandbox."""

    cards: bool = True
    town: Town | None = None
    papers: Path = Path()
    _sender: Sender | None = None
    _client: WeComClient | None = None
    _since: int = field(default=0)

    def open(self, town: Town) -> None:
        """Connect."""
        self.town = town
        self._since = town.world.messages.version
        account = Account("ww1", "SECRETsecret", str(AGENT), town.base_url)
        directory = load_directory(DIRECTORY)
        keys = {unit.robot: f"key-{unit.id}" for unit in directory.units if unit.robot}
        self._client = WeComClient(
            account, database=self.database, clock=self._clock, robots=keys, timeout_seconds=5.0
        )
        gateway = Attaching(
            self.client,
            uploads=self.client,
            folder=self.papers,
            database=self.database,
            clock=self._clock,
        )
        self._sender = Sender(
            self.database,
            gateway,
            owner="one",
            clock=self._clock,
            real_clock=self._clock,
            on_undeliverable=lambda work, claim, why, now: undeliverable(
                work, claim, why, now, self.desk
            ),
            manner=Manner(threads=1),
            aftermath=Aftermath(
                lambda work, claim, code, now: aftermath.sent(work, claim, code, now, self.desk),
                lambda work, claim, errcode, why, now: aftermath.refused(
                    work, claim, errcode, why, now=now, desk=self.desk
                ),
            ),
        )

    def close(self) -> None:
        self.sender.stop()
        self.client.close()

    def _clock(self) -> datetime:
        return self.now

    @property
    def client(self) -> WeComClient:
        assert self._client is not None
        return self._client

    @property
    def sender(self) -> Sender:
        assert self._sender is not None
        return self._sender

    def leaving(self) -> list[Told]:
        self.sender.send_waiting()
        return []

    def seen_by(self, who: str, place: str = "") -> list[dict[str, Any]]:
        """What somebody sees now of what was shown since the beginning, in order."""
        assert self.town is not None
        shown = self.town.world.messages.seen_by(who, after=self._since)
        return [one for one in shown if str(one["place"]).startswith(place)]

    def words(self, who: str, place: str = "") -> str:
        return "\n---\n".join(str(one["text"]) for one in self.seen_by(who, place))

    def card(self, who: str, words: str = "") -> dict[str, Any]:
        """The newest card of somebody, with these words on it, as it looks now."""
        cards = [one for one in self.seen_by(who) if one["msgtype"] == "template_card"]
        return [one for one in cards if words in str(one["text"])][-1]

    def presses(self, who: str, key: str, card: dict[str, Any]) -> None:
        """Press a button: the platform gives a new code with it."""
        assert self.town is not None
        code = self.town.world.new_code(AGENT, card["msgid"])
        heard = Heard(
            key=f"press:{code}",
            channel="app",
            agent_id=str(AGENT),
            sender=who,
            kind=HeardKind.EVENT,
            sent_at=self.now,
            event=EventInfo("template_card_event", key, card["task_id"], code),
        )
        hearing = Hearing(self.desk)
        self.database.run(lambda work: hearing(work, heard, self.now))
        self.leaving()
