"""An institution of the year: the people of the demo's directory, its roster, its stops."""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.support.year.moments import DAY, HOUR, MINUTE, clock, midnight
from tests.support.year.periods import Period, read_periods

DIRECTORY = Path(__file__).parents[3] / "config" / "demo" / "directory.toml"
DUTY = {"zhaomin": "赵敏", "lina": "李娜", "wujing": "吴静", "machao": "马超"}
_MORNING, _EVENING = clock("08:30"), clock("18:00")


@dataclass(frozen=True, slots=True)
class Stop:
    """The engine is down, or its database away, from `begin` to before `end`.

    `commands_first`: whether what was said meanwhile is carried out before the first beat.
    """

    begin: int
    end: int
    is_database: bool
    commands_first: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody is on duty from `begin` to before `end`."""

    userid: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Swap:
    """From `agreed` on `stands_in` is on duty for `leaves` between `begin` and `end`."""

    agreed: int
    leaves: str
    stands_in: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A responsible unit and who hears what in it."""

    id: str
    name: str
    liaison: str
    deputy: str
    leader: str


@dataclass(slots=True)
class Town:
    """Who is who in one institution, and how its days are arranged."""

    units: list[Unit]
    holders: dict[str, str]  # the one holder of each single role
    informants: list[str]
    names: dict[str, str]
    schools: list[Unit]  # units asked in the rounds of schools
    shifts: list[Shift]
    periods: tuple[Period, ...] = ()
    swaps: list[Swap] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    _by_day: dict[int, list[Shift]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for shift in self.shifts:
            for day in range(shift.begin // DAY, shift.end // DAY + 1):
                self._by_day.setdefault(day, []).append(shift)

    def on_duty(self, moment: int) -> list[str]:
        """Who is on duty, swaps and leave followed; everybody of the desk where nobody is."""
        found: list[str] = []
        for shift in self._by_day.get(moment // DAY, []):
            if not shift.begin <= moment < shift.end:
                continue
            who = shift.userid
            for swap in self.swaps:
                agreed = swap.agreed <= moment and swap.begin <= moment < swap.end
                who = swap.stands_in if agreed and swap.leaves == who else who
            found.append(who)
        return found or list(DUTY)

    def unit(self, unit_id: str) -> Unit:
        """The unit of that id."""
        return next(unit for unit in self.units if unit.id == unit_id)

    def stopped(self, moment: int) -> Stop | None:
        """The stop that a moment lies in, if any."""
        return next((s for s in self.stops if s.begin <= moment < s.end), None)


def build(first: date, days: int, seed: int) -> Town:
    """The town of so many days from `first`, its roster running a little past both ends."""
    people = tomllib.loads(DIRECTORY.read_text(encoding="utf-8"))
    of_role: dict[tuple[str, str], list[str]] = {}
    names = dict(DUTY)
    for person in people["person"]:
        names[person["userid"]] = person["name"]
        for role in person["roles"]:
            deputy = "副" if person.get("deputy") else ""
            key = (person.get("unit", ""), deputy + role)
            of_role.setdefault(key, []).append(person["userid"])
    units = [
        Unit(
            unit["id"],
            unit["name"],
            of_role[unit["id"], "责任单位联络员"][0],
            of_role[unit["id"], "副责任单位联络员"][0],
            of_role[unit["id"], "单位分管领导"][0],
        )
        for unit in people["unit"]
    ]
    single = ("舆情办主任", "分管领导", "主要领导", "管理员")
    return Town(
        units,
        {role: of_role["", role][0] for role in single},
        of_role["", "信息员"],
        names,
        [unit for unit in units if "教" in unit.name],
        _roster(first, days),
        read_periods(first, days),
        stops=_stops(first, days, random.Random(seed)),  # noqa: S311 - a play, to be repeated
    )


def _roster(first: date, days: int) -> list[Shift]:
    people, shifts = list(DUTY), []
    for nth in range(-3, days + 7):
        day = midnight(first + timedelta(days=nth))
        by_day, by_night = people[nth % len(people)], people[(nth + 2) % len(people)]
        shifts.append(Shift(by_day, day + _MORNING, day + _EVENING))
        shifts.append(Shift(by_night, day + _EVENING, day + DAY + _MORNING))
    return shifts


def _stops(first: date, days: int, dice: random.Random) -> list[Stop]:
    """A stop about every sixth day, of ten minutes to five hours; the first of 35 minutes.

    By turns the engine is down and its database away; by turns what was said meanwhile is carried
    out before the first beat and after it.
    """
    stops = []
    for nth, day in enumerate(range(3, days - 1, 6)):
        begins = midnight(first + timedelta(days=day + dice.randrange(4)))
        begin = begins + dice.randrange(8 * HOUR, 18 * HOUR)
        length = dice.choice((10, 20, 35, 60, 120, 300)) * MINUTE if nth else 35 * MINUTE
        is_away, commands_first = nth % 3 == 1, nth % 2 == 0
        stops.append(Stop(begin, begin + length, is_away, commands_first))
    return stops
