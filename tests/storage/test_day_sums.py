"""Sums that are kept are what counting from the facts gives, whatever has happened since."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.events import Event
from cases.model import Assignment, AssignmentState, Case, Part, Proposal, State
from cases.statistics.figures import day_of
from cases.statistics.sums import Sums, by_day, total
from storage.cases import NewCase, NewReport
from storage.clocks import NewDue
from storage.database import Database
from storage.errors import ConcurrentChange
from storage.stale import Kind
from storage.states import ReportKind
from storage.statistics import Bounds
from storage.work import Work
from tests.storage.builders import NOW, new_clock, open_case, reminder

DAY = timedelta(days=1)
FIRST = datetime(2026, 11, 14, 16, 0, tzinfo=UTC)  # midnight in Beijing
ALL = Bounds(FIRST, FIRST + 12 * DAY)
UNITS, LEVELS, PLATFORMS = ("zjj", "cgj", "jtj"), ("一级", "二级", "三级"), ("微博", "抖音", "")
NARROWED = [
    ALL,
    replace(ALL, unit="zjj"),
    replace(ALL, level="二级"),
    replace(ALL, platform="微博"),
    replace(ALL, unit="cgj", level="三级", platform="抖音"),
    Bounds(FIRST + 2 * DAY, FIRST + 3 * DAY),
]


def far(nth: int) -> datetime:
    """A moment of the time, whose seconds do not matter less than its days."""
    return FIRST + timedelta(hours=nth * 7, seconds=nth)


class Town:
    """Does to cases what can be done to them, in any order."""

    def __init__(self, work: Work, chance: random.Random) -> None:
        self.work, self.chance = work, chance
        if work.rulebooks.in_force() is None:
            open_case(work)  # puts one in force

    def case(self) -> Case:
        ids = [one.id for one in self.work.statistics.registered(ALL)]
        return self.work.cases.load(self.chance.choice(ids or [1]))

    def moment(self) -> datetime:
        return far(self.chance.randrange(36))

    def save(self, **changed: object) -> None:
        case = replace(self.case(), **changed)  # type: ignore[arg-type]
        self.work.cases.save(case, list[Event](), by="t", now=NOW)

    def comes(self) -> None:
        self.work.cases.add(
            NewCase(
                number=self.work.cases.take_number(NOW.date()),
                title="路灯不亮",
                state=State.REPORTED,
                rulebook_id=1,
                reported_by="wang",
                reported_at=self.moment(),
                proposal=Proposal(level=self.chance.choice(LEVELS)),
                drill=self.chance.choice([None, None, None, 1]),
            )
        )

    def graded(self) -> None:
        self.save(level=self.chance.choice([None, *LEVELS]))

    def elsewhere(self) -> None:
        self.save(platform=self.chance.choice(PLATFORMS))

    def ends(self) -> None:
        self.save(state=self.chance.choice(list(State)), closed_at=self.moment())

    def reopened(self) -> None:
        self.save(state=State.SIGNED, closed_at=None)

    def assigned(self) -> None:
        case = self.case()
        part = Assignment(
            id=case.id * 10 + self.chance.randrange(3),
            unit_id=self.chance.choice(UNITS),
            part=self.chance.choice(list(Part)),
            state=self.chance.choice([AssignmentState.ASSIGNED, AssignmentState.MOVED]),
            assigned_by="zhao",
            assigned_at=NOW,
        )
        others = tuple(one for one in case.assignments if one.id != part.id)
        self.work.cases.save(replace(case, assignments=(*others, part)), [], by="t", now=NOW)

    def awaited(self) -> None:
        steps = [one.step for one in self.work.clocks.of_case(self.case().id)]
        holder = self.chance.choice([*UNITS, "office"])
        clock = new_clock(self.case().id, self.chance.choice(["签收", "首报", "办结"]), holder)
        self.work.clocks.start(
            replace(
                clock, due_at=self.moment(), started_at=self.moment(), subject_id=99 + len(steps)
            )
        )

    def done(self) -> None:
        for clock in self.work.clocks.running(self.case().id)[:1]:
            act = self.chance.choice([self.work.clocks.settle, self.work.clocks.hand_over])
            act(clock.id, "li", self.moment())

    def later(self) -> None:
        for clock in self.work.clocks.running(self.case().id)[:1]:
            self.work.clocks.move(clock.id, NewDue(self.moment(), "natural"), NOW)

    def again(self) -> None:
        kind = self.chance.choice(list(ReportKind))
        self.work.cases.add_report(NewReport(self.case().id, kind, "wang", NOW, "又来", None))

    def reminded(self) -> None:
        for clock in self.work.clocks.running(self.case().id)[:1]:
            key = f"r{self.chance.random()}"
            self.work.outbox.put(replace(reminder(key, clock), kind="remind-D-1"))
        for claim in self.work.outbox.claim(NOW, "me", 1):
            self.work.outbox.sent(claim, "m", NOW)

    def erased(self) -> None:
        self.work.retention.erase([self.case().id])

    @property
    def deeds(self) -> list[Callable[[], None]]:
        grow = [self.comes, self.assigned, self.awaited, self.done]
        return [*grow, *grow, self.graded, self.elsewhere, self.ends, self.reopened, self.later,
                self.again, self.reminded, self.erased]  # fmt: skip


def kept_ready(database: Database, *, until: int | None = None) -> None:
    """Add up what is stale, in two steps as the service does."""
    with database.read() as work:
        days = work.stale.first(Kind.DAY, 99, until or 10**6)
    for day in days:
        with database.read() as work:
            counted = work.day_sums.count(day)
        with database.work() as work:
            work.day_sums.keep(counted)


def plain(days: dict[int, Sums]) -> dict[int, object]:
    return {day: sums.pack() for day, sums in days.items() if sums != Sums()}


def must_agree(database: Database, narrowed: Sequence[Bounds]) -> None:
    now = int((NOW + DAY).timestamp())
    with database.read() as work:
        for bounds in narrowed:
            found = work.day_sums.days(bounds, NOW + DAY)
            assert plain(found) == plain(by_day(work.statistics.facts(bounds), now)), bounds


@pytest.mark.parametrize("seed", [0])
def test_whatever_happens_kept_sums_are_those_counted_anew(database: Database, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a history, not a secret
    with database.work() as work:
        town = Town(work, chance)
        for _ in range(60):
            chance.choice(town.deeds)()
    must_agree(database, NARROWED)
    for _ in range(40):  # each change by itself, with all other days kept
        kept_ready(database)
        with database.work() as work:
            chance.choice(Town(work, chance).deeds)()
        must_agree(database, chance.sample(NARROWED[:2], 1))
    kept_ready(database)
    must_agree(database, NARROWED)
    with database.read() as work:
        assert total(work.day_sums.days(ALL, NOW).values()).cases > 5
        assert work.stale.count(Kind.DAY, 10**6) == 0


def test_a_part_beside_the_lead_is_counted_for_its_unit_as_soon_as_it_is_given(
    database: Database,
) -> None:
    given = Assignment(1, "zjj", Part.COOP, AssignmentState.ASSIGNED, "zhao", NOW)
    with database.work() as work:
        case = open_case(work)
    for parts, count in (((given,), 1), ((replace(given, state=AssignmentState.MOVED),), 0)):
        kept_ready(database)
        with database.work() as work:
            case = work.cases.save(replace(case, assignments=parts), [], by="t", now=NOW)
            found = work.day_sums.days(replace(ALL, unit="zjj"), NOW)
            assert total(found.values()).cases == count


def test_two_that_add_up_the_same_day_do_not_overwrite_each_other(database: Database) -> None:
    with database.work() as work:
        case = open_case(work)
    day = day_of(int(NOW.timestamp()))
    with database.read() as work:
        early = work.day_sums.count(day)
    with database.work() as work:
        work.cases.save(replace(case, level="一级"), [], by="t", now=NOW)
    with database.read() as work:
        late = work.day_sums.count(day)
    with database.work() as work:
        work.day_sums.keep(late)
    with pytest.raises(ConcurrentChange), database.work() as work:
        work.day_sums.keep(early)
    must_agree(database, NARROWED)
    with database.read() as work:
        assert work.day_sums.is_kept(late)
        assert not work.day_sums.is_kept(early)


def test_what_changes_while_a_day_is_added_up_is_not_lost(database: Database) -> None:
    with database.work() as work:
        case = open_case(work)
    day = day_of(int(NOW.timestamp()))
    with database.read() as work:
        counted = work.day_sums.count(day)
    with database.work() as work:
        work.cases.save(replace(case, level="一级"), [], by="t", now=NOW)
    with database.work() as work:
        work.day_sums.keep(counted)
    must_agree(database, NARROWED)
    with database.read() as work:
        assert work.stale.first(Kind.DAY, 9, day + 1) == [day]
