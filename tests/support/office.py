"""The office of 云溪市 in a real database: people speak, time passes, one sees who is told what."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bot.assembly.bench import BENCH
from cases.broadcasts import Broadcast
from cases.holidays import Overrides
from cases.messages import Heard, HeardKind, LinkCard
from cases.model import Case
from cases.papers.model import Kind
from cases.rulebook import Rulebook
from cases.special_periods import PeriodKind
from config.directory import load_directory
from config.drills import load_drills
from config.platforms import load_link_rules
from config.related_words import load_related
from config.rulebook import digest_of, parse_files, read_files
from handlers.desk import Desk
from handlers.digest import Look, gather
from handlers.hear import Hearing
from handlers.ringing import plan, ring
from handlers.setup import RulebookFiles, keep_directory, keep_rulebook
from storage.database import Database
from storage.work import Work

HOME = Path(__file__).parents[2]
DIRECTORY = HOME / "config" / "demo" / "directory.toml"
MORNING = datetime.fromisoformat("2026-11-20T10:00:00+08:00")  # a Friday


@cache
def rulebook_files(name: str) -> RulebookFiles:
    """A shipped rulebook as files."""
    files = read_files(HOME / "config" / "rulebooks" / name)
    return RulebookFiles(name, files, digest_of(files))


_DEMO = load_directory(DIRECTORY)
_LINK_RULES = load_link_rules()
_DRILLS = load_drills()
_RELATED = load_related()


@cache
def _parsed(identity: int, name: str, number: int) -> Rulebook:
    """A shipped rulebook, parsed once for all offices of the run."""
    return parse_files(identity, name, number, dict(rulebook_files(name).files))


@dataclass(frozen=True, slots=True)
class Told:
    """One message that left: to whom, in which words, how often it is said to matter."""

    to: str
    text: str
    kind: str


@dataclass(slots=True)
class Office:
    """Speak as anybody, let time pass, and read what left."""

    database: Database
    now: datetime = MORNING
    rulebook: str = "city3"
    broadcasts: tuple[Broadcast, ...] = ()
    periods: tuple[PeriodKind, ...] = ()
    cards: bool = False
    calls: bool = False
    base_url: str = ""
    most_a_minute: int = 10_000  # tests speak faster than people
    drafts: frozenset[Kind] = frozenset()
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _desk: Desk | None = None

    def __post_init__(self) -> None:
        with self.database.work() as work:
            book = rulebook_files(self.rulebook)
            in_force = keep_rulebook(work, book, by="test", now=self.now)

        @cache
        def shelf(identity: int) -> Rulebook:
            with self.database.read() as work:
                kept = work.rulebooks.get(identity)
            if kept.digest != rulebook_files(self.rulebook).digest:  # edited while the office works
                return parse_files(kept.id, kept.name, kept.number, dict(kept.content))
            return _parsed(kept.id, kept.name, kept.number)

        self._desk = Desk(
            agent_id=1000002,
            institution="云溪市",
            link_rules=_LINK_RULES,
            days_off=Overrides(),
            rulebook_in_force=in_force,
            rulebook=shelf,
            broadcasts=self.broadcasts,
            periods=self.periods,
            drills=_DRILLS,
            related=_RELATED,
            cards=self.cards,
            calls=self.calls,
            base_url=self.base_url,
            bench=BENCH,
            most_a_minute=self.most_a_minute,
            drafts=self.drafts,
        )
        with self.database.work() as work:
            keep_directory(work, self.desk, _DEMO.units, _DEMO.people, now=self.now)
            plan(work, self.desk, self.now)

    @property
    def desk(self) -> Desk:
        assert self._desk is not None
        return self._desk

    def says(self, who: str, text: str) -> list[Told]:
        """Somebody types something; what then leaves."""
        return self._heard(who, HeardKind.TEXT, text=text)

    def forwards(self, who: str, title: str, url: str, description: str = "") -> list[Told]:
        """Somebody forwards an article card."""
        return self._heard(who, HeardKind.LINK, link=LinkCard(title, description, url))

    def _heard(
        self, who: str, kind: HeardKind, *, text: str = "", link: LinkCard | None = None
    ) -> list[Told]:
        number = next(self._numbers)
        heard = Heard(
            key=f"app:{number}",
            channel="app",
            agent_id="1000002",
            sender=who,
            kind=kind,
            sent_at=self.now,
            text=text,
            link=link,
        )
        hearing = Hearing(self.desk)
        self.database.run(lambda work: hearing(work, heard, self.now))
        return self.leaving()

    def passes(self, **length: float) -> list[Told]:
        """Time passes; the clock rings whatever falls due, each at its own moment."""
        ends = self.now + timedelta(**length)
        told: list[Told] = []
        while True:
            with self.database.read() as work:
                moment = work.timers.next_at()
            if moment is None or moment > ends:
                break
            self.now = max(self.now, moment)
            told += self.rings()
        self.now = ends
        return told

    def rings(self) -> list[Told]:
        """The clock rings what is due at this moment."""
        with self.database.read() as work:
            due = work.timers.due(self.now, 500)
        for timer in due:

            def act(work: Work, timer_id: int = timer.id) -> None:
                locked = work.timers.lock(timer_id)
                if locked is not None:
                    ring(work, locked, self.now, self.desk)

            self.database.run(act)
        with self.database.work() as work:
            for waiting in work.gathering.waiting():
                gather(work, self.desk, waiting, Look(self.now))
        return self.leaving()

    def leaving(self) -> list[Told]:
        """What leaves now."""
        told: list[Told] = []
        while True:
            with self.database.work() as work:
                claims = work.outbox.claim(self.now, "test", 100)
                for claim in claims:
                    body = json.loads(claim.payload)
                    told.append(Told(claim.recipient, _words(body), claim.kind))
                    work.outbox.sent(claim, f"m{claim.id}", self.now)
            if not claims:
                return told

    def case(self, short: str = "001") -> Case:
        """The case of that number of today."""
        with self.database.read() as work:
            found = work.cases.by_number(f"YQ-{self.now:%Y%m%d}-{short}") or work.cases.by_number(
                f"YQ-{MORNING:%Y%m%d}-{short}"
            )
        assert found is not None
        return found


def _words(body: dict[str, dict[str, str]]) -> str:
    if "call" in body:
        return body["call"]["text"]
    return body["file"]["name"] if "file" in body else body["text"]["content"]


def to(who: str, told: list[Told]) -> str:
    """All that one person or group was told, as one text."""
    return "\n".join(one.text for one in told if one.to == who)


def recipients(told: list[Told]) -> list[str]:
    """Who was told something, in alphabetical order, once per message."""
    return sorted(one.to for one in told)
