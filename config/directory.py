"""Units and people from a TOML file: who is who, and who answers for what."""

from dataclasses import dataclass
from pathlib import Path

from cases.directory import Roll, UnreadableRollError, doubts_of, listed_whole
from cases.people import Person, Role, Unit
from config.checking import SettingsError, Table, read_table

_ROLE_NAMES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class Directory:
    """The people and units of an institution, with what is doubtful about them."""

    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    doubts: tuple[str, ...]


def load_directory(path: Path) -> Directory:
    """Read a directory file.

    Raises:
        SettingsError: with every fault at once.
    """
    faults: list[str] = []
    top = read_table(path, faults)
    units = tuple(_unit(table) for table in top.tables("unit"))
    known = {unit.id for unit in units}
    people = tuple(_person(table, known) for table in top.tables("person"))
    top.done()
    faults.extend(_twice("[[unit]] 的 id", [unit.id for unit in units]))
    faults.extend(_twice("[[person]] 的 userid", [person.userid for person in people]))
    if faults:
        raise SettingsError(faults)
    return Directory(units, people, tuple(doubts_of(units, people)))


def load_roll(path: Path) -> Roll:
    """Read a directory file as a source that names everybody.

    Raises:
        UnreadableRollError: with every fault at once.
    """
    try:
        directory = load_directory(path)
    except SettingsError as error:
        raise UnreadableRollError("; ".join(error.faults)) from error
    return Roll(directory.units, listed_whole(directory.people), is_whole=True)


def _unit(table: Table) -> Unit:
    unit = Unit(
        id=table.text("id"),
        name=table.text("name"),
        aliases=table.texts("aliases"),
        duties=table.texts("duties"),
        areas=table.texts("areas"),
        robot=table.text("robot", "") or None,
    )
    table.done()
    return unit


def _person(table: Table, units: set[str]) -> Person:
    unit = table.text("unit", "") or None
    if unit is not None and unit not in units:
        table.faults.append(f"{table.where} 的 unit: 没有单位 {unit}")
    roles = table.texts("roles")
    for name in roles:
        if name not in _ROLE_NAMES:
            known = "、".join(_ROLE_NAMES)
            table.faults.append(f"{table.where} 的 roles: 不认识「{name}」, 可用: {known}")
    person = Person(
        userid=table.text("userid").casefold(),
        name=table.text("name"),
        roles=frozenset(_ROLE_NAMES[name] for name in roles if name in _ROLE_NAMES),
        unit_id=unit,
        is_deputy=table.flag("deputy", default=False),
        phone=table.text("phone", "") or None,
    )
    table.done()
    return person


def _twice(what: str, values: list[str]) -> list[str]:
    repeated = {value for value in values if values.count(value) > 1}
    return [f"{what} 重复: {value}" for value in sorted(repeated)]
