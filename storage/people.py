"""People and units as the directory knows them now; asked anew for each act (decision 15)."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, cast, select, update

from cases.people import Person, Role, Unit
from storage.columns import columns_for, insert_or_replace, read_as
from storage.tables.people import PERSON, UNIT

_PERSON = columns_for(PERSON, Person)
_UNIT = columns_for(UNIT, Unit)


class PeopleStore:
    """The directory in one transaction. Who has left has no role and is not found."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._units: tuple[Unit, ...] | None = None  # asked for many times while one is answered

    def person(self, userid: str) -> Person | None:
        """The person with this userid, in whatever case it is written, unless they have left."""
        found = self._people(PERSON.c.userid == userid.casefold())
        return found[0] if found else None

    def name_of(self, userid: str) -> str:
        """The name of a person who is or was here; the userid itself of one who never was."""
        named = select(PERSON.c.name).where(PERSON.c.userid == userid.casefold())
        name: str | None = self._connection.execute(named).scalar_one_or_none()
        return userid if name is None else name

    def people(self) -> tuple[Person, ...]:
        """Everybody who is here."""
        return self._people()

    def gone(self) -> tuple[Person, ...]:
        """Everybody who was here and has left, as they were."""
        left = select(*_PERSON).where(~PERSON.c.active).order_by(PERSON.c.userid)
        return tuple(_person(row) for row in self._connection.execute(left))

    def names(self) -> frozenset[str]:
        """The names of everybody who is here."""
        here = select(PERSON.c.name).where(PERSON.c.active)
        return frozenset(self._connection.execute(here).scalars())

    def of_unit(self, unit_id: str) -> tuple[Person, ...]:
        """The people of a unit."""
        return self._people(PERSON.c.unit_id == unit_id)

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """The people who have a role."""
        # The value stands in the JSON text between quotes; no role is a part of another's quotes.
        return self._people(cast(PERSON.c.roles, String).contains(f'"{role.value}"'))

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with this id, unless it is no longer in use."""
        return next((unit for unit in self.units() if unit.id == unit_id), None)

    def units(self) -> tuple[Unit, ...]:
        """All units in use, by id."""
        if self._units is None:
            rows = self._connection.execute(select(*_UNIT).where(UNIT.c.active).order_by(UNIT.c.id))
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
        self._connection.execute(insert_or_replace(self._connection, PERSON, "userid"), values)

    def upsert_unit(self, unit: Unit) -> None:
        """Write a unit as it is now."""
        values = {f.name: getattr(unit, f.name) for f in fields(unit)} | {"active": True}
        self._connection.execute(insert_or_replace(self._connection, UNIT, "id"), values)
        self._units = None

    def leave(self, userid: str, now: datetime) -> bool:
        """The person has left: no authority from now on. False when they were not here."""
        gone = update(PERSON).where(PERSON.c.userid == userid.casefold(), PERSON.c.active)
        return self._connection.execute(gone.values(active=False, left_at=now)).rowcount == 1

    def retire_unit(self, unit_id: str) -> bool:
        """The unit is not used any more. False when it was not in use."""
        retired = update(UNIT).where(UNIT.c.id == unit_id, UNIT.c.active).values(active=False)
        self._units = None
        return self._connection.execute(retired).rowcount == 1

    def _people(self, *conditions: ColumnElement[bool]) -> tuple[Person, ...]:
        found = select(*_PERSON).where(PERSON.c.active, *conditions).order_by(PERSON.c.userid)
        return tuple(_person(row) for row in self._connection.execute(found))


def _person(row: Row[Any]) -> Person:
    return Person(
        userid=row.userid,
        name=row.name,
        roles=frozenset(Role(value) for value in row.roles),
        unit_id=row.unit_id,
        is_deputy=row.is_deputy,
        phone=row.phone,
    )
