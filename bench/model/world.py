"""The service's own parts on a real database, in one thread and in virtual time.

Said words are sealed, kept, opened and carried out as in service; clocks ring in the pulse,
messages leave by the sender to a platform that shows equal requests once. Only HTTP is left out.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text

from bot.gateway import Outcome, Sent, TryLater, Unknown
from bot.pulse import Pulse, Shore
from bot.sending import Manner, Sender
from bot.wecom.callback import record_of
from bot.wecom.crypto import Sealed
from bot.wecom.envelope import Form
from bot.wecom.inbound import Arrival, identify
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from bot.worker import Worker
from handlers.apology import undeliverable
from handlers.digest import gather
from handlers.hear import Hearing
from handlers.outage import tell_outage
from handlers.ringing import ring
from storage.database import Database
from storage.engines import parse
from storage.inbox import InboxRecord
from storage.states import Channel
from tests.support.edge import keyrings
from tests.support.office import MORNING, Office
from tests.support.sealing import Seal, text_message

_NEXT_MESSAGE = text("SELECT min(next_at) FROM outbox WHERE state IN ('new', 'retry', 'claimed')")
_SEAL = Seal()


@dataclass(slots=True)
class Platform:
    """Takes messages; shows a request once however often it comes, but for posts of robots."""

    clock: Callable[[], datetime]
    shown: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    troubles: list[Outcome] = field(default_factory=list)  # what becomes of the next requests

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        del recipient
        trouble = self.troubles.pop() if self.troubles else None
        if isinstance(trouble, TryLater):
            return trouble
        body = json.loads(payload)
        key = body.get("duban_key", "")
        if channel == Channel.APP and key:
            self.shown[key] = 1
        else:
            self.posts += 1
        return trouble or Sent(f"m{len(self.shown) + self.posts}")


TROUBLES: dict[str, Outcome] = {
    "no answer, carried out": Unknown("timeout"),
    "busy": TryLater(-1, "system busy", 1),
    "limit": TryLater(45009, "limit", 60, pauses_channel=True),
}


class World:
    """One institution; `url` is a migrated, empty database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.now = MORNING
        self.acked: set[str] = set()  # keys that were answered 200
        self.is_out = False  # the database does not answer
        self.platform = Platform(lambda: self.now)
        self.said = 0
        self._last: InboxRecord | None = None
        self._url, self._folder, self._starts = url, folder, 0
        self.look: Engine = create_engine(parse(url))
        self._start()

    def close(self) -> None:
        self._halt()
        self.look.dispose()

    # What happens

    def say(self, who: str, words: str) -> None:
        """Somebody sends a message; it is answered 200."""
        self.said += 1
        moment = int(self.now.timestamp())
        plain = text_message(words, sender=who, moment=moment, message_id=self.said)
        encrypted, nonce = _SEAL.encrypt(plain), f"n{self.said}"
        sealed = Sealed(encrypted, str(moment), nonce, _SEAL.sign(str(moment), nonce, encrypted))
        identity = identify(Arrival(plain, Form.XML, Channel.APP, str(moment)))
        self._keep(record_of(sealed, identity, Channel.APP, self.now))

    def repeat(self) -> None:
        """The platform delivers its last message again."""
        if self._last is not None:
            self._keep(self._last)

    def passes(self, minutes: int) -> None:
        """Time passes; what falls due is done at its moment, unless the database is away."""
        ends = self.now + timedelta(minutes=minutes)
        while not self.is_out and (moment := self._next()) <= ends:
            self.now = max(self.now, moment)
            self._turn()
        self.now = ends
        self._turn()

    def restart(self) -> None:
        """The process ends and begins again."""
        self._halt()
        self._start()
        self._turn()

    def goes_out(self) -> None:
        self.is_out = True

    def comes_back(self) -> None:
        self.is_out = False
        self._turn()

    def rows(self, query: str, **values: object) -> list[tuple[object, ...]]:
        with self.look.connect() as connection:
            return self._rows(connection, query, values)

    @staticmethod
    def _rows(
        connection: Connection, query: str, values: dict[str, object]
    ) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.execute(text(query), values)]

    def numbers(self) -> list[str]:
        return [str(row[0]) for row in self.rows("SELECT number FROM case_file ORDER BY id")]

    # How it is done

    def _keep(self, record: InboxRecord) -> None:
        self._last = record
        if self.is_out or self.lifeboat.holds(record.sender):
            self.lifeboat.take([record])
        else:
            with self.database.callback_work() as work:
                work.inbox.keep([record])
        self.acked.add(record.key)
        self._turn()

    def _turn(self) -> None:
        """Everything that is due is done, as the loops would."""
        if self.is_out:
            return
        self._pulse.beat()
        if self._worker.work_off():
            self._pulse.beat()  # what was said may have set a clock to this very moment
        self._sender.send_waiting()
        while self._next() <= self.now and self._sender.send_waiting():
            pass

    def _next(self) -> datetime:
        with self.database.read() as work:
            timer = work.timers.next_at()
        with self.look.connect() as connection:
            found = connection.execute(_NEXT_MESSAGE).scalar()
        moments = [moment for moment in (timer, _aware(found)) if moment is not None]
        later = [moment for moment in moments if moment > self.now]
        return min(later, default=self.now + timedelta(days=400))

    def _start(self) -> None:
        self._starts += 1
        self.database = Database(self._url, audit_key=b"the audit key of the model")
        desk = Office(self.database, self.now).desk
        self.lifeboat = Lifeboat(self._folder / "lifeboat")
        hearing = Hearing(desk)
        self._worker = Worker(
            self.database,
            keyrings=keyrings(),
            hear=hearing,
            apologise=lambda *_: None,
            clock=lambda: self.now,
        )
        self._pulse = Pulse(
            self.database,
            ring=lambda work, timer, now: ring(work, timer, now, desk),
            gather=lambda work, waiting, look: gather(work, desk, waiting, look),
            shore=Shore(self.lifeboat, Tally()),
            clock=lambda: self.now,
            caught_up=lambda work, since, now: tell_outage(work, desk, since, now),
        )
        self._sender = Sender(
            self.database,
            self.platform,
            owner=f"model-{self._starts}",
            clock=lambda: self.now,
            real_clock=lambda: self.now,
            on_undeliverable=lambda work, claim, why, now: undeliverable(
                work, claim, why, now, desk
            ),
            manner=Manner(threads=1),
        )

    def _halt(self) -> None:
        self._sender.stop()
        self.lifeboat.close()
        self.database.close()


def _aware(moment: object) -> datetime | None:
    """A moment as either database gives it back."""
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime.fromisoformat(f"{moment}+00:00")
