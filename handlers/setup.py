"""What the database must hold before anybody can speak: the rulebook in force, units and people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.duty import Shift
from cases.people import Person, Unit
from storage.states import ShiftSource
from storage.work import Work


@dataclass(frozen=True, slots=True)
class RulebookFiles:
    """A version of a rulebook as its files, checked by whoever read them."""

    name: str
    files: dict[str, str]
    digest: str  # tells versions apart


def keep_rulebook(work: Work, book: RulebookFiles, *, by: str, now: datetime) -> int:
    """Keep this version of the rulebook unless it is known, and put it in force; return its id."""
    kept = work.rulebooks.add(book.name, book.files, digest=book.digest, by=by, now=now)
    if not kept.in_force:
        work.rulebooks.put_in_force(kept.id)
    return kept.id


def keep_directory(
    work: Work, units: Sequence[Unit], people: Sequence[Person], *, now: datetime
) -> None:
    """Bring units and people to what the directory says; whoever is not in it has left."""
    for unit in units:
        work.people.upsert_unit(unit)
    for person in people:
        work.people.upsert_person(person)
    here = {person.userid for person in people}
    for person in work.people.people():
        if person.userid not in here:
            work.people.leave(person.userid, now)


def keep_roster(work: Work, shifts: Sequence[Shift], *, by: str, now: datetime) -> int:
    """Bring what is to come of the roster to what the file says; return how many are new.

    Shifts that have begun stay: who was on duty is history.
    """
    work.roster.clear_roster(now)
    to_come = [shift for shift in shifts if shift.ends_at > now]
    return work.roster.add(to_come, source=ShiftSource.ROSTER, by=by, at=now)
