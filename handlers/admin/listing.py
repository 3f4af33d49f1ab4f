"""What the pages of the administration list: changes, people by unit."""

from dataclasses import dataclass
from datetime import datetime

from cases.directory import doubts_of
from cases.people import Person, Unit
from cases.wording.moments import clock_time
from cases.wording.people import Way
from handlers.admin import days, roster, rules
from handlers.admin.everything import KINDS, may
from handlers.admin.people import masked
from handlers.people_changes import taken_by_platform
from storage.admin import AdminChange
from storage.work import Work

_PAGE = 30
_LONGEST = 60
_DAYS = {"None": "按原安排", "True": "上班", "False": "放假"}
_NAMES = {
    "name": "姓名",
    "roles": "角色",
    "unit": "单位",
    "deputy": "副职",
    "here": "在岗",
    "duties": "职责词",
    "aliases": "别称",
    "areas": "属地",
    "robot": "群机器人",
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change as the list shows it; `restores` says what taking it back would bring."""

    id: int
    title: str
    when: str
    who: str
    restores: str
    undone_by: int | None
    may_undo: bool


def changes(
    work: Work, person: Person, now: datetime, before: int | None = None
) -> tuple[tuple[ShownChange, ...], int | None]:
    """Return the latest changes this person may see, and where the older ones begin."""
    found = work.admin_changes.latest(_PAGE, before)
    shown = tuple(
        _shown(work, one, now)
        for one in found
        if (kind := KINDS.get(one.kind)) is not None and may(person, kind.action)
    )
    return shown, found[-1].id if len(found) == _PAGE else None


def _shown(work: Work, one: AdminChange, now: datetime) -> ShownChange:
    may_undo = KINDS[one.kind].restore is not None and one.undone_by is None
    return ShownChange(
        one.id,
        one.title,
        clock_time(one.at, now),
        work.people.name_of(one.by),
        _restores(one) if may_undo else "",
        one.undone_by,
        may_undo,
    )


def _restores(one: AdminChange) -> str:
    """Return what it was before, in a few words; phones are not told."""
    if one.kind == rules.IN_FORCE:
        return "之前的那一版规则, 作为新的一版"
    if one.kind == days.KIND:
        were = {_DAYS.get(repr(was), "") for was in one.before.values()}
        return f"{len(one.before)} 天, {'、'.join(sorted(were))}"
    if one.kind == roster.KIND:
        count = len(_list(one.before.get("shifts")))
        return f"原来的 {count} 班" if count else "去掉加上的班"
    if not one.before:
        return "之前没有"
    if one.before.get("here") is False:
        return "停用"
    changed = {name: was for name, was in one.before.items() if was != one.after.get(name)}
    parts = (
        "原电话" if name == "phone" else f"{_NAMES.get(name, name)} {_said(was)}"
        for name, was in changed.items()
    )
    text = "; ".join(parts)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value) or "无"


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """Somebody of the directory; the phone is masked."""

    userid: str
    name: str
    roles: str
    is_deputy: bool
    phone: str
    platform: str  # what the contacts have said, "" where nothing


@dataclass(frozen=True, slots=True)
class Directory:
    """The directory by units, narrowed by what was asked."""

    groups: tuple[tuple[Unit | None, tuple[ShownPerson, ...]], ...]
    units: tuple[Unit, ...]
    gone: tuple[ShownPerson, ...]
    doubts: tuple[str, ...]
    count: int


def directory(work: Work, asked: str) -> Directory:
    """Return everybody, or those whose name, account, unit or role holds what was asked."""
    units, people = work.people.units(), work.people.people()
    wanted = asked.strip().casefold()
    names = {unit.id: unit for unit in units}
    found = [one for one in people if _matches(one, names, wanted)]
    groups: list[tuple[Unit | None, tuple[ShownPerson, ...]]] = []
    for unit in (None, *units):
        inside = tuple(
            _person(work, one) for one in found if one.unit_id == (unit.id if unit else None)
        )
        is_named = unit is not None and wanted in unit.name.casefold()
        if inside or (is_named if wanted else unit is not None):
            groups.append((unit, inside))
    gone = [one for one in work.people.gone() if _matches(one, names, wanted)]
    shown_gone = tuple(_person(work, one) for one in gone)
    doubts = () if wanted else tuple(doubts_of(units, people))
    return Directory(tuple(groups), units, shown_gone, doubts, len(people))


def _matches(person: Person, units: dict[str, Unit], wanted: str) -> bool:
    unit = units.get(person.unit_id or "")
    words = (person.name, person.userid, unit.name if unit else "", *person.roles)
    return not wanted or any(wanted in word.casefold() for word in words)


def _person(work: Work, person: Person) -> ShownPerson:
    way = taken_by_platform(work, person.userid)
    return ShownPerson(
        person.userid,
        person.name,
        "、".join(sorted(role.value for role in person.roles)) or "没有角色",
        person.is_deputy,
        masked(person.phone),
        f"通讯录: {Way[way].value}" if way else "",
    )
