"""The corp's contacts (通讯录) as the platform shows them, read as a directory.

WeCom knows who is there and in which department; roles are the institution's own and never follow
from contacts for somebody who has any.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from cases.directory import OF_UNIT, Change, ChangeKind, Known, Listed, Roll
from cases.people import Person, Role, Unit

ROOT = 1  # the root department
_ROLE_NAMES = {role.value: role for role in Role} | {
    "联络员": Role.LIAISON,
    "办公室主任": Role.OFFICE_DIRECTOR,
}
_DEPUTY = ("(副)", "（副）")
# Fewer missing at once may have left; more looks like a visible range set wrongly.
_ALWAYS_BELIEVED = 3
_BELIEVED_SHARE = 5  # one in five


class Status(IntEnum):
    """Where a member stands with the platform (page 90196)."""

    ACTIVE = 1
    DISABLED = 2
    NOT_YET = 4  # never signed in
    LEFT = 5


@dataclass(frozen=True, slots=True)
class Department:
    """A department of the corp."""

    number: int
    name: str
    parent: int


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the corp; the name is empty where the platform withholds it."""

    userid: str
    name: str = ""
    departments: tuple[int, ...] = ()
    position: str = ""
    status: int = Status.ACTIVE
    is_visible: bool = True  # to the app: it can neither hear nor reach anybody else

    @property
    def is_here(self) -> bool:
        """Whether the member may act: visible to the app, neither disabled nor gone."""
        return self.is_visible and self.status not in (Status.DISABLED, Status.LEFT)


@dataclass(frozen=True, slots=True)
class Contacts:
    """All that could be seen of the corp at one moment."""

    departments: tuple[Department, ...]
    members: tuple[Member, ...]


def roll_of(contacts: Contacts, known: Known) -> Roll:
    """Return the contacts as a roll: new units from departments, roles only for who has none.

    Somebody's unit is the nearest department upwards that is a known unit by its name, else the
    one right below the root. Positions that name a role (责任单位联络员) give newcomers this role.
    """
    units = _Units(contacts, known.units)
    had = {person.userid: person for person in (*known.people, *known.gone)}
    people, doubts = [], []
    for member in contacts.members:
        before = had.get(member.userid.casefold())
        if not member.is_visible:
            doubts.append(f"{member.userid} 在通讯录里, 但不在应用可见范围, 没有导入")
        if not member.is_here:
            continue
        if not member.name and before is None:
            doubts.append(f"{member.userid} 的姓名平台没有给出, 暂以账号为名")
        if member.status == Status.NOT_YET:
            doubts.append(f"{member.name or member.userid} 还没有激活企业微信, 收不到消息")
        people.append(_listed(member, before, units))
    named = units.new()
    return Roll(named, tuple(people), tuple(doubts))


def _listed(member: Member, before: Person | None, units: "_Units") -> Listed:
    if before is not None and before.roles:
        is_homeless = before.unit_id is None and before.is_any(*OF_UNIT)
        unit = units.of(member.departments) if is_homeless else None
        return Listed(member.userid, member.name or before.name, unit=unit)
    position, is_deputy = member.position, False
    for mark in _DEPUTY:
        is_deputy = is_deputy or mark in position
        position = position.replace(mark, "")
    words = [word.strip() for word in position.replace("，", "、").split("、")]
    roles = frozenset(_ROLE_NAMES[word] for word in words if word in _ROLE_NAMES)
    name = member.name or member.userid
    return Listed(member.userid, name, roles, units.of(member.departments), is_deputy)


class _Units:
    """Which unit a department is, and which units would be new."""

    def __init__(self, contacts: Contacts, known: Iterable[Unit]) -> None:
        self._departments = {one.number: one for one in contacts.departments}
        self._ids = {name: u.id for u in known for name in (*u.aliases, u.name, u.id)}
        self._new: dict[str, Unit] = {}

    def of(self, numbers: Iterable[int]) -> str:
        """The id of the unit; empty for who sits in the root or nowhere."""
        lines = [self._upwards(number) for number in numbers]
        for line in lines:
            for one in line:
                if one.name in self._ids:
                    return self._ids[one.name]
        top = next((line[-1] for line in lines if line), None)
        if top is None:
            return ""
        return self._new.setdefault(top.name, Unit(top.name, top.name)).id

    def all_known(self, numbers: Iterable[int]) -> list[str]:
        """The ids of the known units these departments lie in."""
        names = (one.name for number in numbers for one in self._upwards(number))
        return [self._ids[name] for name in names if name in self._ids]

    def new(self) -> tuple[Unit, ...]:
        return tuple(self._new.values())

    def _upwards(self, number: int) -> list[Department]:
        """The department and those above it, without the root; at most once each."""
        line: list[Department] = []
        while (one := self._departments.get(number)) is not None and one not in line:
            if one.number == ROOT:
                break
            line.append(one)
            number = one.parent
        return line


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the contacts found about people of the directory."""

    changes: tuple[Change, ...]
    doubts: tuple[str, ...]
    departments: dict[str, list[int]]  # by userid: to be remembered until the next look
    too_many: int = 0  # so many would have left at once that nobody is taken to have


def look(
    contacts: Contacts, known: Known, before: Mapping[str, list[int]], returning: frozenset[str]
) -> Seen:
    """Return who of the directory has left, come back, or moved to another unit.

    Args:
        contacts: everything visible now.
        known: the directory in force.
        before: departments by userid as the last look had them; who is not in it cannot have moved.
        returning: userids that the platform itself had taken away, and may bring back.
    """
    by_userid = {member.userid.casefold(): member for member in contacts.members}
    here = {userid: member for userid, member in by_userid.items() if member.is_here}
    units = _Units(contacts, known.units)
    left = [person for person in known.people if person.userid not in here]
    too_many = len(left) if len(left) > _believed(len(known.people)) else 0
    changes = [] if too_many else [Change(ChangeKind.LEFT, person, None) for person in left]
    changes += [
        Change(ChangeKind.RETURNED, person, person)
        for person in known.gone
        if person.userid in returning and person.userid in here
    ]
    departments: dict[str, list[int]] = {}
    doubts: list[str] = []
    for person in known.people:
        if person.userid not in here:
            continue
        now = departments[person.userid] = sorted(here[person.userid].departments)
        inside = units.all_known(now)
        if person.unit_id is None or person.unit_id in inside:
            continue
        if person.unit_id in units.all_known(before.get(person.userid, ())):
            changes.append(Change(ChangeKind.CHANGED, person, _moved(person, inside)))
        elif inside:
            doubts.append(f"{person.name} 在名录里属 {person.unit_id}, 通讯录里属 {inside[0]}")
    return Seen(tuple(changes), tuple(doubts), departments, too_many)


def _moved(person: Person, inside: Sequence[str]) -> Person:
    """What they were to the old unit they are not to the new one, until somebody says so."""
    return replace(
        person,
        unit_id=inside[0] if inside else None,
        roles=person.roles - OF_UNIT,
        is_deputy=False,
    )


def _believed(count: int) -> int:
    return max(_ALWAYS_BELIEVED, count // _BELIEVED_SHARE)
