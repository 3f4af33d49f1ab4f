"""Standing arrangements as kept: who stands in for whom (代), and where several are asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.approvals import Kind, Mode, Panel
from cases.people import Person, Role
from storage.work import Work

DELEGATES = "delegates"
PANELS = "panels"


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody decides in another's place, from one moment to another."""

    absent: str  # userid
    stand_in: str  # userid
    starts: datetime
    ends: datetime


def stand_ins(work: Work, now: datetime) -> tuple[StandIn, ...]:
    """Return who stands in for whom at this moment."""
    kept = work.settings.get(DELEGATES)
    if not isinstance(kept, Mapping):
        return ()
    read = (
        StandIn(
            absent,
            str(one["to"]),
            datetime.fromisoformat(str(one["from"])),
            datetime.fromisoformat(str(one["until"])),
        )
        for absent, one in kept.items()
        if isinstance(one, Mapping)
    )
    return tuple(one for one in read if one.starts <= now < one.ends)


def acts_for(work: Work, person: Person, now: datetime) -> tuple[Person, ...]:
    """Return for whom the person decides now; whoever has left cannot be stood in for."""
    absent = (one.absent for one in stand_ins(work, now) if one.stand_in == person.userid)
    return tuple(found for userid in absent if (found := work.people.person(userid)) is not None)


def present(work: Work, people: tuple[Person, ...], now: datetime) -> tuple[Person, ...]:
    """Return the same people, whoever is absent replaced by who stands in."""
    absent = {one.absent: one.stand_in for one in stand_ins(work, now)}
    if not absent:
        return people
    here = {}
    for person in people:
        other = work.people.person(absent.get(person.userid, person.userid))
        here[(other or person).userid] = other or person
    return tuple(here.values())


def panel(work: Work, level: str, kind: Kind, decider: Role) -> Panel:
    """Return who decides this kind of question at this level: one role unless set otherwise."""
    kept = work.settings.get(PANELS)
    set_so = kept.get(f"{level} {kind.value}") if isinstance(kept, Mapping) else None
    if not isinstance(set_so, Mapping) or not isinstance(set_so["roles"], list):
        return Panel(Mode.ANY, (decider,))
    return Panel(Mode(str(set_so["mode"])), tuple(Role(str(role)) for role in set_so["roles"]))
