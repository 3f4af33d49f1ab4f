"""People and units as the directory knows them now; asked anew for each act (decision 15)."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, String, bindparam, cast, select, update

from cases.people import Person, Role, Unit
from storage.columns import columns_for, insert_or_replace, read_as
from storage.tables.people import PERSON, UNIT

_PERSON = columns_for(PERSON, Person)
_UNIT = columns_for(UNIT, Unit)
# Written once: these are asked several times for every message and every timer.
_HERE = select(*_PERSON).where(PERSON.c.active).order_by(PERSON.c.userid)
_ONE = _HERE.where(PERSON.c.userid == bindparam("which"))
_OF_UNIT = _HERE.where(PERSON.c.unit_id == bindparam("which"))
# The value stands in the JSON text between quotes; no role is a part of another's quotes.
_WITH_ROLE = _HERE.where(cast(PERSON.c.roles, String).contains(bindparam("which")))
_NAME = select(PERSON.c.name).where(PERSON.c.userid == bindparam("which"))
_NAMES = select(PERSON.c.name).where(PERSON.c.active)
_UNITS = select(*_UNIT).where(UNIT.c.active).order_by(UNIT.c.id)


class PeopleStore:
    """The directory in one transaction. Who has left has no role and is not found."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # Asked for many times while one message is answered or one timer rings.
        self._units: tuple[Unit, ...] | None = None
        self._names: frozenset[str] | None = None
        self._found: dict[tuple[Select[Any], str | None], tuple[Person, ...]] = {}

    def person(self, userid: str) -> Person | None:
        """The person with this userid, in whatever case it is written, unless they have left."""
        found = self._people(_ONE, userid.casefold())
        return found[0] if found else None

    def name_of(self, userid: str) -> str:
        """The name of a person who is or was here; the userid itself of one who never was."""
        found = self._connection.execute(_NAME, {"which": userid.casefold()})
        name: str | None = found.scalar_one_or_none()
        return userid if name is None else name

    def people(self) -> tuple[Person, ...]:
        """Everybody who is here."""
        return self._people(_HERE)

    def gone(self) -> tuple[Person, ...]:
        """Everybody who was here and has left, as they were."""
        left = select(*_PERSON).where(~PERSON.c.active).order_by(PERSON.c.userid)
        return tuple(_person(row) for row in self._connection.execute(left))

    def names(self) -> frozenset[str]:
        """The names of everybody who is here."""
        if self._names is None:
            self._names = frozenset(self._connection.execute(_NAMES).scalars())
        return self._names

    def of_unit(self, unit_id: str) -> tuple[Person, ...]:
        """The people of a unit."""
        return self._people(_OF_UNIT, unit_id)

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """The people who have a role."""
        return self._people(_WITH_ROLE, f'"{role.value}"')

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with this id, unless it is no longer in use."""
        return next((unit for unit in self.units() if unit.id == unit_id), None)

    def units(self) -> tuple[Unit, ...]:
        """All units in use, by id."""
        if self._units is None:
            rows = self._connection.execute(_UNITS)
            self._units = tuple(read_as(Unit, row) for row in rows)
        return self._units

    def upsert_person(self, person: Person) -> None:
        """Write a person as they are now; one who had left is here again."""
        values = {f.name: getattr(person, f.name) for f in fields(person)} | {
            "userid": person.userid.casefold(),
            "roles": sorted(person.roles),
            "active": True,
            "left_at": None,
        }
        self._found.clear()
        self._names = None
        self._connection.execute(insert_or_replace(self._connection, PERSON, "userid"), values)

    def upsert_unit(self, unit: Unit) -> None:
        """Write a unit as it is now."""
        values = {f.name: getattr(unit, f.name) for f in fields(unit)} | {"active": True}
        self._connection.execute(insert_or_replace(self._connection, UNIT, "id"), values)
        self._units = None

    def leave(self, userid: str, now: datetime) -> bool:
        """The person has left: no authority from now on. False when they were not here."""
        self._found.clear()
        self._names = None
        gone = update(PERSON).where(PERSON.c.userid == userid.casefold(), PERSON.c.active)
        return self._connection.execute(gone.values(active=False, left_at=now)).rowcount == 1

    def retire_unit(self, unit_id: str) -> bool:
        """The unit is not used any more. False when it was not in use."""
        retired = update(UNIT).where(UNIT.c.id == unit_id, UNIT.c.active).values(active=False)
        self._units = None
        return self._connection.execute(retired).rowcount == 1

    def _people(self, chosen: Select[Any], which: str | None = None) -> tuple[Person, ...]:
        found = self._found.get((chosen, which))
        if found is None:
            rows = self._connection.execute(chosen, {} if which is None else {"which": which})
            found = self._found[chosen, which] = tuple(_person(row) for row in rows)
        return found


def _person(row: Row[Any]) -> Person:
    return Person(
        userid=row.userid,
        name=row.name,
        roles=frozenset(Role(value) for value in row.roles),
        unit_id=row.unit_id,
        is_deputy=row.is_deputy,
        phone=row.phone,
    )
