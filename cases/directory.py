"""A directory (名录) as a source tells it, compared with the one in force: what changes.

Nothing is written here. Roles are never lowered without being asked to: whoever reads an old table
in must not disarm an office by it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from cases.people import Person, Role, Unit

# Without these nobody grades, hears reminders, or mends the directory.
_NEEDED = (Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR, Role.DEPUTY_LEADER, Role.ADMINISTRATOR)
OF_UNIT = frozenset({Role.LIAISON, Role.UNIT_LEADER})  # what somebody is to one unit only
_CALLED = (Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR)  # who must be reached at night


class UnreadableRollError(Exception):
    """A directory cannot be read from its source; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as a source tells of them; None where the source does not say."""

    userid: str
    name: str
    roles: frozenset[Role] | None = None
    unit: str | None = None  # a unit's id; "" = of no unit
    is_deputy: bool | None = None
    phone: str | None = None  # "" = none


@dataclass(frozen=True, slots=True)
class Roll:
    """Everything one source says. `is_whole`: whoever it does not name has left."""

    units: tuple[Unit, ...]
    people: tuple[Listed, ...]
    doubts: tuple[str, ...] = ()
    is_whole: bool = False


class ChangeKind(StrEnum):
    """What becomes of a person. The value is the word of the report."""

    ADDED = "新增"
    RETURNED = "恢复"  # had left, is here again
    CHANGED = "变更"
    LEFT = "离开"


@dataclass(frozen=True, slots=True)
class Change:
    """One person before and after. `before` of one who returns is as they had left."""

    kind: ChangeKind
    before: Person | None
    after: Person | None

    @property
    def person(self) -> Person:
        """Whom it is about, as they are now, or were last."""
        return self.after or self.before or Person("", "", frozenset())


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a roll would change."""

    units: tuple[Unit, ...]  # new or changed
    people: tuple[Change, ...]
    doubts: tuple[str, ...]

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.people if change.kind is kind)


@dataclass(frozen=True, slots=True)
class Known:
    """The directory in force, and who had been in it."""

    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    gone: tuple[Person, ...] = ()


def plan(known: Known, roll: Roll, *, lower_roles: bool = False) -> Plan:
    """Return what `roll` changes of what is known, and everything doubtful about the result."""
    here = {person.userid: person for person in known.people}
    gone = {person.userid: person for person in known.gone}
    held = {unit.id: unit for unit in known.units}
    units = tuple(unit for unit in roll.units if held.get(unit.id) != unit)
    changes: list[Change] = []
    doubts = list(roll.doubts)
    for listed in roll.people:
        userid = listed.userid.casefold()
        before = here.get(userid) or gone.get(userid)
        after, lowered = _after(before, listed, lower_roles=lower_roles)
        if lowered:
            doubts.append(_not_lowered(after, lowered))
        if before is None:
            changes.append(Change(ChangeKind.ADDED, None, after))
        elif userid not in here:
            changes.append(Change(ChangeKind.RETURNED, before, after))
        elif before != after:
            changes.append(Change(ChangeKind.CHANGED, before, after))
    named = {listed.userid.casefold() for listed in roll.people}
    missing = [person for person in known.people if person.userid not in named]
    if roll.is_whole:
        changes += [Change(ChangeKind.LEFT, person, None) for person in missing]
    result = {**here, **{c.person.userid: c.after for c in changes if c.after is not None}}
    left = {c.person.userid for c in changes if c.kind is ChangeKind.LEFT}
    people = [person for userid, person in result.items() if userid not in left]
    doubts += doubts_of(tuple((held | {unit.id: unit for unit in units}).values()), people)
    return Plan(units, tuple(changes), tuple(dict.fromkeys(doubts)))


def _after(
    before: Person | None, listed: Listed, *, lower_roles: bool
) -> tuple[Person, frozenset[Role]]:
    """Return the person as the source has them, and the roles it would have taken away."""
    if before is None:
        before = Person(listed.userid.casefold(), listed.name, frozenset())
    roles = before.roles if listed.roles is None else listed.roles
    lowered = frozenset[Role]() if lower_roles else before.roles - roles
    after = replace(
        before,
        name=listed.name or before.name,
        roles=roles | lowered,
        unit_id=before.unit_id if listed.unit is None else listed.unit or None,
        is_deputy=before.is_deputy if listed.is_deputy is None else listed.is_deputy,
        phone=before.phone if listed.phone is None else listed.phone or None,
    )
    return after, lowered


def _not_lowered(person: Person, lowered: Iterable[Role]) -> str:
    kept = "、".join(sorted(role.value for role in lowered))
    return f"{person.name} 现有角色 {kept}, 新名册没有写; 没有去掉, 确要去掉请加 --lower-roles"


def listed_whole(people: Iterable[Person]) -> tuple[Listed, ...]:
    """Return people as a source that says everything about them."""
    return tuple(
        Listed(p.userid, p.name, p.roles, p.unit_id or "", p.is_deputy, p.phone or "")
        for p in people
    )


_FIELDS = {
    "name": "姓名",
    "roles": "角色",
    "unit_id": "单位",
    "is_deputy": "副职 (AB 角)",
    "phone": "电话",
}


def line(change: Change, units: dict[str, str]) -> str:
    """Return one change as one line of the report; `units` gives names by id."""
    person = change.person
    head = f"{change.kind.value} {person.name} ({person.userid})"
    if change.kind is not ChangeKind.CHANGED or change.before is None or change.after is None:
        return f"{head}: {_said('roles', person, units)}, {_said('unit_id', person, units)}"
    parts = [
        f"{word} {_said(field.name, change.before, units)} → "
        f"{_said(field.name, change.after, units)}"
        for field in fields(Person)
        if (word := _FIELDS.get(field.name))
        and getattr(change.before, field.name) != getattr(change.after, field.name)
    ]
    return f"{head}: {'; '.join(parts)}"


def _said(name: str, person: Person, units: dict[str, str]) -> str:
    value = getattr(person, name)
    if name == "roles":
        return "、".join(sorted(role.value for role in person.roles)) or "没有角色"
    if name == "unit_id":
        return units.get(value, value) if value else "不属于单位"
    if name == "is_deputy":
        return "是" if value else "否"
    return str(value or "无")


def doubts_of(units: Sequence[Unit], people: Sequence[Person]) -> list[str]:
    """Return everything doubtful about a directory, one sentence for each."""
    doubts: list[str] = []
    for unit in units:
        liaisons = [p for p in people if p.unit_id == unit.id and Role.LIAISON in p.roles]
        if not [p for p in liaisons if not p.is_deputy]:
            doubts.append(f"{unit.name} 没有联络员")
        if not [p for p in liaisons if p.is_deputy]:
            doubts.append(f"{unit.name} 没有副联络员 (AB 角)")
    names = Counter(person.name for person in people)
    doubts += [f"姓名重复: {name}" for name in sorted(names) if names[name] > 1]
    doubts += [f"{p.name} 没有角色" for p in people if not p.roles]
    doubts += [_homeless(p) for p in people if p.is_any(*OF_UNIT) and p.unit_id is None]
    doubts += [
        f"没有人是{role.value}" for role in _NEEDED if not [p for p in people if role in p.roles]
    ]
    doubts += [
        f"{p.name} 是{'、'.join(r.value for r in _CALLED if r in p.roles)}, 没有填电话"
        for p in people
        if p.is_any(*_CALLED) and not p.phone
    ]
    return doubts + _shared_names(units)


def _homeless(person: Person) -> str:
    roles = "、".join(role.value for role in sorted(OF_UNIT & person.roles))
    return f"{person.name} 是{roles}, 没有单位"


def _shared_names(units: Sequence[Unit]) -> list[str]:
    """What two units are both called: nobody can say which is meant by it."""
    owners: dict[str, list[str]] = {}
    for unit in units:
        for name in dict.fromkeys((unit.name, *unit.aliases)):
            owners.setdefault(name, []).append(unit.name)
    return [
        f"「{name}」同时是{'、'.join(called)}的名称或别称"
        for name, called in owners.items()
        if len(called) > 1
    ]
