"""值班看板, the duty board: the open cases one person may see, narrowed by what they chose."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.people import Person
from handlers.desk import Desk
from handlers.pages.listing import PAGE, Cut, Listing, listed, wanted_by
from storage.board import Wanted
from storage.work import Work

WALL_PAGE = 8  # rows that can be read from across a room


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody wants to see of the board; empty is all of it."""

    level: str = ""
    unit: str = ""  # by id
    platform: str = ""
    is_mine: bool = False
    is_overdue: bool = False
    is_wall: bool = False  # 大屏: seen by whoever passes
    page: int = 1


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen: only what occurs in the cases this person may see."""

    levels: tuple[Option, ...]
    units: tuple[Option, ...]
    platforms: tuple[Option, ...]


def duty_board(work: Work, person: Person, chosen: Chosen, now: datetime) -> Listing:
    """Return the chosen open cases this person may see, the next due first.

    The wall holds nothing whose circle was narrowed (限定知悉) and names nobody.
    """
    rows = WALL_PAGE if chosen.is_wall else PAGE
    cut = Cut(chosen.page, rows, not chosen.is_wall)
    return listed(work, person, wanted(person, chosen, now), now, cut)


def wanted(person: Person, chosen: Chosen, now: datetime) -> Wanted:
    """Return which open cases are chosen, of those this person may see."""
    return replace(
        wanted_by(person, own=chosen.is_mine),
        level=chosen.level,
        in_charge=chosen.unit,
        platform=chosen.platform,
        due_before=now if chosen.is_overdue else None,
        in_public=chosen.is_wall,
    )


def options(work: Work, desk: Desk, person: Person, chosen: Chosen) -> Options:
    """Return what this person can choose; what is chosen stays, though nothing is of it any more.

    Levels stand in the order of the rulebook in force, then those of older ones.
    """
    found = work.board.choices(wanted_by(person, own=False))
    order = [one.name for one in desk.rulebook(desk.rulebook_in_force).grading.levels]
    levels = sorted(found.levels, key=lambda name: _place(order, name))
    names = {unit.id: unit.name for unit in work.people.units()}
    units = sorted(_with(found.units, chosen.unit), key=lambda one: names.get(one, one))
    return Options(
        tuple(Option(one, one) for one in _with(levels, chosen.level)),
        tuple(Option(one, names.get(one, one)) for one in units),
        tuple(Option(one, one) for one in _with(found.platforms, chosen.platform)),
    )


def _place(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _with(found: list[str] | tuple[str, ...], chosen: str) -> list[str]:
    return [*found, *([chosen] if chosen and chosen not in found else [])]
