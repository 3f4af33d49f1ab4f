"""The whole engine in virtual time: real storage, handlers, pulse, sender; a recorder at the end.

Time jumps from event to event: the next command, timer or message due. The gateway, where the
platform begins, writes down what leaves. While the engine is stopped nothing beats and nothing is
heard; what was said meanwhile is carried out on its return.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, func, select, text

from bot.pulse import Pulse, Shore
from bot.sending import Manner, Sender
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from cases.asks import Asks
from cases.broadcasts import Broadcast
from cases.duty import Shift
from cases.holidays import Overrides
from cases.messages import EventInfo, Heard, HeardKind
from cases.people import Person, Role
from cases.rulebook import Rulebook
from config.directory import load_directory
from config.periods import load_periods
from config.platforms import load_link_rules
from config.rulebook import digest_of, parse_files, read_files
from handlers.apology import undeliverable
from handlers.daily_line import MERGED
from handlers.desk import Desk
from handlers.digest import gather
from handlers.hear import Hearing
from handlers.outage import tell_outage
from handlers.ringing import plan, ring
from handlers.setup import RulebookFiles, keep_directory, keep_roster, keep_rulebook
from storage.database import Database
from storage.engines import parse
from storage.errors import Unavailable
from storage.states import CardState, TimerState
from storage.tables.base import word
from storage.tables.clocks import TIMER
from storage.tables.messages import GATHERING, OUTBOX, UNSENT
from storage.work import Work
from tests.support.year.book import RULEBOOKS
from tests.support.year.moments import MINUTE, beijing, utc
from tests.support.year.periods import FILE as PERIODS
from tests.support.year.recorder import Left, Recorder
from tests.support.year.script import Act, Deed, Script
from tests.support.year.town import DIRECTORY, DUTY, Stop, Town

_KEY = b"the audit key of the year"
WITH_CARDS = frozenset({"county4"})  # the institutions that decide by cards
_PRESSED = {
    Deed.SIGN: Asks.SIGN,
    Deed.SIGNOFF: Asks.SIGNOFF,
    Deed.PASS: Asks.CHECK,
    Deed.ISSUE: Asks.ISSUE,
    Deed.CLOSE: Asks.CLOSE,
    Deed.GRANT: Asks.EXTEND,
}
_NEXT_MESSAGE = select(func.min(OUTBOX.c.next_at)).where(UNSENT).scalar_subquery()
_NEXT_TIMER = select(func.min(TIMER.c.leaves_at)).where(TIMER.c.state == word(TimerState.PENDING))
_GATHERS = select(func.count()).where(UNSENT, OUTBOX.c.owner == GATHERING).scalar_subquery()
_NEXT = select(_NEXT_TIMER.scalar_subquery(), _NEXT_MESSAGE, _GATHERS)


@dataclass(frozen=True, slots=True)
class Played:
    """What came out of a run."""

    left: list[Left]
    merged: dict[str, tuple[str, int]]  # key of what went into a digest: for whom, when
    done: dict[int, set[str]]  # command by its place: the kinds of events it brought about
    answers: dict[int, str]  # command by its place: what was answered
    open_rows: dict[str, int]  # messages by state at the end
    alarms: list[str]
    rings: int
    unavailable: int  # how often the database was found away
    presses: int  # commands given by pressing a card
    cards: int
    changes: int  # of cards
    recalls: int  # messages called back because they left as their cause ended


class Engine:
    """One institution's engine on a database of its own."""

    def __init__(  # noqa: PLR0913 - one institution, spelled out
        self,
        url: str,
        folder: Path,
        town: Town,
        rulebook: str,
        *,
        start: int,
        broadcasts: tuple[Broadcast, ...],
    ) -> None:
        self._url, self._folder = url, folder
        self._town, self._now, self._broadcasts = town, start, broadcasts
        self._recorder = Recorder(self._clock)
        self._rings = self._unavailable = self._restarts = self._presses = 0
        self._acts: tuple[Act, ...] = ()
        self._has_cards = rulebook in WITH_CARDS
        self._is_back = False
        self.database = Database(url, audit_key=_KEY)
        self.database.upgrade()
        self._desk = self._prepare(rulebook)
        self._looking = create_engine(parse(url), isolation_level="AUTOCOMMIT")
        self._look = self._looking.connect()
        self._start()

    def play(self, script: Script, end: int, told: Callable[[int, int], None]) -> Played:
        """Play the script to its end; `told` hears of progress now and then."""
        acts, nth = script.acts, 0
        self._acts = acts
        stops = list(self._town.stops)
        while True:
            timer, message = self._due()
            heard = acts[nth].at if nth < len(acts) else end
            at = max(min(timer, message, heard), self._now)
            if stops and at >= stops[0].begin:
                self._stop(stops.pop(0))
                if nth < len(acts) and (acts[nth].at, acts[nth].phase) == (self._now, 0):
                    nth = self._hear_all(script, nth, self._now, told)
                self._catch_up()
                continue
            if at >= end:
                break
            self._now = at
            if message <= at:
                self._sender.send_waiting()
                continue
            # Of what is due at one moment: commands, then the clocks, then commands of phase 2.
            is_first = heard == at and acts[nth].phase == 0
            if timer <= at and not is_first:
                self._rings += self._pulse.beat()
            else:
                nth = self._hear_all(script, nth, at, told)
        return self._result()

    def _hear_all(self, script: Script, nth: int, at: int, told: Callable[[int, int], None]) -> int:
        """Hear what is said at this moment in one phase; return the place of the next command."""
        acts = script.acts
        phase = acts[nth].phase if nth < len(acts) else 0
        while nth < len(acts) and (acts[nth].at, acts[nth].phase) == (at, phase):
            self._hear(script, nth)
            nth += 1
            if nth % 500 == 0:
                told(nth, at)
        return nth

    def close(self) -> None:
        """Give everything back."""
        self._halt()
        self._look.close()
        self._looking.dispose()
        self.database.close()

    def _clock(self) -> datetime:
        return utc(self._now)

    def _due(self) -> tuple[int, int]:
        """When the next beat has to do, and when the next message leaves.

        Beats come each second; one without a timer matters only while reminders wait for others.
        """
        timer, message, gathers = self._look.execute(_NEXT).one()
        beat = min(_whole(timer), self._now + 1) if gathers else _whole(timer)
        return beat, _whole(message)

    def _hear(self, script: Script, nth: int) -> None:
        act = script.acts[nth]
        card = self._card(script, nth) if self._has_cards else None
        if card is not None:
            self._press(nth, *card)
            return
        heard = Heard(
            key=f"app:{nth}",
            channel="app",
            agent_id="1000002",
            sender=act.who,
            kind=HeardKind.TEXT,
            sent_at=self._clock(),
            text=script.words(act),
        )
        hearing = Hearing(self._desk)
        self.database.run(lambda work: hearing(work, heard, self._clock()))

    def _card(self, script: Script, nth: int) -> tuple[str, str] | None:
        """The open card whose first button stands for the command; most press it."""
        act = script.acts[nth]
        asks = _PRESSED.get(act.deed)
        if asks is None or nth % 4 == 0:
            return None
        with self.database.read() as work:
            cards = work.cards.of_case(script.ids[act.case])
        mine = [c for c in cards if (c.userid, c.asks, c.state) == (act.who, asks, CardState.OPEN)]
        return (mine[-1].task_id, mine[-1].buttons[0].key) if mine else None

    def _press(self, nth: int, task_id: str, button: str) -> None:
        self._presses += 1
        heard = Heard(
            key=f"app:{nth}",
            channel="app",
            agent_id="1000002",
            sender=self._acts[nth].who,
            kind=HeardKind.EVENT,
            sent_at=self._clock(),
            event=EventInfo("template_card_event", button, task_id, f"p{nth}"),
        )
        hearing = Hearing(self._desk)
        self.database.run(lambda work: hearing(work, heard, self._clock()))

    def _stop(self, stop: Stop) -> None:
        """Nothing is done from the beginning to the end of a stop."""
        self._now = stop.begin - 1
        self._pulse.beat()  # the last one: from then on it was silent
        self._now = stop.begin
        if stop.is_database and not self.database.is_postgres:
            self._now += MINUTE
            with self._database_away():
                self._try(self._pulse.beat)
        else:
            self._halt()
            self.database.close()
            self.database = Database(self._url, audit_key=_KEY)
            self._start()
        self._now = stop.end

    def _catch_up(self) -> None:
        """The first beat after a stop, which tells what the stop has cost."""
        self._is_back = True
        self._rings += self._pulse.beat()
        self._is_back = False

    def _tell_outage(self, work: Work, since: datetime, now: datetime) -> None:
        if self._is_back:  # else only time has jumped
            tell_outage(work, self._desk, since, now)

    def _try(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except Unavailable:
            self._unavailable += 1

    @contextmanager
    def _database_away(self) -> Iterator[None]:
        """Somebody else holds the file's lock: no transaction of ours can begin."""
        path = self._url.removeprefix("sqlite:///")
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            holder.close()

    def _start(self) -> None:
        self._restarts += 1
        desk = self._desk
        self._lifeboat = Lifeboat(self._folder / "lifeboat")
        self._pulse = Pulse(
            self.database,
            ring=lambda work, timer, now: ring(work, timer, now, desk),
            gather=lambda work, waiting, look: gather(work, desk, waiting, look),
            shore=Shore(self._lifeboat, Tally()),
            clock=self._clock,
            caught_up=self._tell_outage,
        )
        self._sender = Sender(
            self.database,
            self._recorder,
            owner=f"year-{self._restarts}",
            clock=self._clock,
            real_clock=self._clock,
            on_undeliverable=lambda work, claim, why, now: undeliverable(
                work, claim, why, now, desk
            ),
            manner=Manner(threads=0),
        )
        self.database.run(lambda work: plan(work, desk, self._clock()))

    def _halt(self) -> None:
        self._sender.stop()
        self._lifeboat.close()

    def _prepare(self, rulebook: str) -> Desk:
        directory = load_directory(DIRECTORY)
        desk_people = [
            Person(userid, name, frozenset({Role.DUTY_OFFICER}), phone="0000-8110001")
            for userid, name in DUTY.items()
        ]
        people = [p for p in directory.people if p.userid not in DUTY] + desk_people
        shifts = [Shift(s.userid, utc(s.begin), utc(s.end)) for s in self._town.shifts]
        files = read_files(RULEBOOKS / rulebook)
        book = RulebookFiles(rulebook, files, digest_of(files))
        now = self._clock()
        with self.database.work() as work:
            in_force = keep_rulebook(work, book, by="year", now=now)
            keep_roster(work, shifts, by="year", now=now)

        @cache
        def shelf(identity: int) -> Rulebook:
            with self.database.read() as work:
                kept = work.rulebooks.get(identity)
            return parse_files(kept.id, kept.name, kept.number, dict(kept.content))

        desk = Desk(
            most_a_minute=10_000,
            agent_id=1000002,
            institution="云溪市",
            link_rules=load_link_rules(),
            days_off=Overrides(),
            rulebook_in_force=in_force,
            rulebook=shelf,
            broadcasts=self._broadcasts,
            cards=self._has_cards,
            periods=load_periods(PERIODS, [person.userid for person in people]),
        )
        with self.database.work() as work:
            keep_directory(work, desk, directory.units, people, now=now)
        return desk

    def _result(self) -> Played:
        done: dict[int, set[str]] = {}
        rows = self._look.execute(
            text("SELECT message_key, kind FROM case_event WHERE message_key LIKE 'app:%'")
        )
        for key, kind in rows:
            done.setdefault(int(key.split(":")[1]), set()).add(kind)
        merged = {
            row[0]: (row[1], beijing(_aware(row[2])))
            for row in self._look.execute(
                text(
                    "SELECT key, recipient, first_at FROM outbox"
                    " WHERE state = 'cancelled' AND ended_reason = :merged"
                ),
                {"merged": MERGED},
            )
        }
        counted = self._look.execute(text("SELECT state, count(*) FROM outbox GROUP BY state"))
        open_rows = {str(row[0]): int(row[1]) for row in counted}
        alarms = [str(row[0]) for row in self._look.execute(text("SELECT text FROM alarm"))]
        answers: dict[int, str] = {}
        for one in self._recorder.left:
            if one.key.startswith("inbox|app:"):
                nth = int(one.key.split("|")[1].split(":")[1])
                answers[nth] = answers.get(nth, "") + one.text
        return Played(
            self._recorder.left,
            merged,
            done,
            answers,
            open_rows,
            alarms,
            self._rings,
            self._unavailable,
            self._presses,
            self._recorder.cards,
            self._recorder.changes,
            self._recorder.recalls,
        )


def _whole(moment: object) -> int:
    """The first whole second at or after a moment; far away where there is none."""
    if moment is None:
        return 1 << 60
    at = _aware(moment)
    return beijing(at) + (at.microsecond > 0)


def _aware(moment: object) -> datetime:
    """A moment as either database gives it back."""
    if isinstance(moment, datetime):
        return moment
    return datetime.fromisoformat(f"{moment}+00:00")
