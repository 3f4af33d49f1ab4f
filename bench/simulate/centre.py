"""A life of one case in the pure centre: commands decided and folded, clocks started and rung."""

import itertools
import random
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from cases import events
from cases.case_clocks import CancelAll, Effect, Ensure, Postpone, Settle, Start, Subject, effects
from cases.clocks import RULED, Step
from cases.commands import Command
from cases.deadlines import due
from cases.errors import NotAllowedError
from cases.event_records import pack, unpack
from cases.folding import fold
from cases.ladder import Rung, rungs
from cases.lifecycle import ALLOWED, decide
from cases.model import ENDED, State
from config.rulebook_clocks import load_shipped_clocks
from tests.support.builders import NOW, new_case
from tests.support.state_table import ONE_OF_EACH

_RULES = load_shipped_clocks("city3")
_CALENDAR = _RULES.calendar()
_UNITS = ("chengguan", "zhujian", "weijian")
_PEOPLE = ("sunlei", "zhouguohua", "liuyang", "lihang")
_COMMANDS: tuple[Command, ...] = tuple(ONE_OF_EACH.values())
STEPS = 40
# A life is long and comes to most things if its ends are rare and what leads on is frequent.
_RARE = frozenset({"Withdraw", "RefuseCase", "Merge", "EndResponse", "Archive", "Restore"})
_FREQUENT = frozenset(
    {
        *("ConfirmGrade", "Assign", "GrantSignoff", "Sign", "Report", "Verify", "DraftReply"),
        *("PassReply", "IssueReply", "Publish", "RequestClose", "Close", "AskExtension"),
        *("GrantExtension", "Decline", "UpholdAssignment", "CheckTracking", "Reopen"),
    }
)
_AFTERWARDS = (Step.TRACK, Step.IMPROVE)
_ENDED_WELL = (State.CLOSED, State.ARCHIVED)


class BrokenError(AssertionError):
    """Something that must hold of every case does not."""


@dataclass(slots=True)
class Running:
    """A clock that runs, and what is still to ring of it."""

    started: datetime
    due: datetime
    waiting: list[Rung]


class Life:
    """One case from its registration on, as a seed has it."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self.now = NOW
        self.case = self._first = new_case()
        self.history: list[events.Event] = []
        self.clocks: dict[tuple[Subject, Step], Running] = {}
        self.rung = self.refused = 0

    def play(self, steps: int = STEPS) -> None:
        """Live through so many steps; raises BrokenError."""
        for _ in range(steps):
            if self._dice.random() < 0.25:
                self._passes()
            else:
                self._asks()
        packed = [unpack(*pack(event)) for event in self.history]
        _demand(packed == self.history, "history is not what was packed")
        _demand(fold(self._first, packed) == self.case, "history does not fold to the case")

    def _asks(self) -> None:
        command, by = self._command(), self._dice.choice(_PEOPLE)
        try:
            happened = decide(self.case, command, by, self.now)
        except NotAllowedError as refusal:
            _demand(str(refusal) != "", f"{type(command).__name__} is refused without a word")
            self.refused += 1
            return
        allowed = self.case.state in ALLOWED[type(command)]
        _demand(allowed, f"{type(command).__name__} happens in {self.case.state}")
        again = decide(self.case, command, by, self.now)
        _demand(again == happened, f"{type(command).__name__} is decided in two ways")
        self._follow(happened)

    def _follow(self, happened: list[events.Event]) -> None:
        """What happened is folded into the case and moves its clocks."""
        for event in happened:
            self.case = fold(self.case, [event])
            self.history.append(event)
            for effect in effects(self.case, event):
                self._takes_effect(effect)
        self._check()

    def _command(self) -> Command:
        """One that may be asked where the case stands; now and then any other."""
        known = _COMMANDS
        if self._dice.random() < 0.8:
            known = tuple(one for one in _COMMANDS if self.case.state in ALLOWED[type(one)])
        names = [type(one).__name__ for one in known]
        weights = [0.1 if n in _RARE else 4 if n in _FREQUENT else 1 for n in names]
        (command,) = self._dice.choices(known, weights)
        return self._aimed(command)

    def _aimed(self, command: Command) -> Command:
        """The command for one of the units and levels, mostly for a unit that has the case."""
        lead = self.case.lead.unit_id if self.case.lead else _UNITS[0]
        units = (*_UNITS, *[lead] * 6)
        names = {field.name for field in fields(command)}
        changed: dict[str, object] = {
            name: self._dice.choice(units if name == "unit" else _UNITS)
            for name in ("unit", "lead")
            if name in names
        }
        if "until" in names:  # nobody asks for a moment that has passed
            changed["until"] = self.now + timedelta(days=3)
        if "level" in names:
            changed["level"] = self._dice.choice(_RULES.level_names)
        return replace(command, **changed)  # type: ignore[arg-type]  # by name, as just looked up

    def _takes_effect(self, effect: Effect) -> None:
        match effect:
            case Start(subject, step, deadline=deadline, since=since):
                self._start(subject, step, since or self.now, deadline)
            case Ensure(subject, step, since=since) if (subject, step) not in self.clocks:
                self._start(subject, step, since, None)
            case Postpone(subject, step, until) if (subject, step) in self.clocks:
                self._start(subject, step, self.clocks[subject, step].started, until)
            case Settle(subject, step):
                self.clocks.pop((subject, step), None)
            case CancelAll(subject):
                kept = {} if subject is None else self.clocks
                self.clocks = {key: one for key, one in kept.items() if key[0] != subject}
            case _:
                pass

    def _start(
        self, subject: Subject, step: Step, since: datetime, deadline: datetime | None
    ) -> None:
        level, is_ruled = self.case.working_level, step in RULED
        found = due(_RULES.rule(level, step), since, _CALENDAR) if is_ruled else None
        moment = deadline or (found.at if found else None)
        if moment is None:
            self.clocks.pop((subject, step), None)
            return
        _demand(deadline is not None or moment >= since, f"{step} is due before it starts")
        ladder = _RULES.ladder_for_deadline(level, step)
        climbs = rungs(ladder, since, moment, _CALENDAR) if ladder else ()
        _demand(
            all(one.at <= two.at for one, two in itertools.pairwise(climbs)),
            f"the ladder of {step} is not in the order of time",
        )
        _demand(len({one.slot for one in climbs}) == len(climbs), f"{step}: a slot stands twice")
        self.clocks[subject, step] = Running(since, moment, list(climbs))

    def _passes(self) -> None:
        self.now += timedelta(minutes=self._dice.choice((5, 30, 120, 600, 2880)))
        for key, clock in self.clocks.items():
            while clock.waiting and clock.waiting[0].at <= self.now:
                one = clock.waiting.pop(0)
                _demand(one.at > clock.started or one.slot == "due", f"{key}: {one} rings early")
                self.rung += 1

    def _check(self) -> None:
        ended = self.case.state in ENDED
        # A closed case is still looked after: 跟踪 to its last look, 整改 until it is done.
        after = _AFTERWARDS if self.case.state in _ENDED_WELL else ()
        left = [key for key in self.clocks if key[1] not in after]
        _demand(not (ended and left), f"{self.case.state}, and runs: {left}")
        ids = [part.id for part in self.case.assignments]
        _demand(len(set(ids)) == len(ids), "two assignments of one id")
        parts = {part.id for part in self.case.assignments}
        strangers = [
            subject
            for subject, _ in self.clocks
            if subject.kind == "assignment" and subject.id not in parts
        ]
        _demand(not strangers, f"clocks of nobody: {strangers}")


def _demand(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise BrokenError(otherwise)
