"""Units and people as the directory knows them now."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.base import JSON_VALUE, table_of


class UnitRow(SQLModel, table=True):
    """A unit that can be made responsible (责任单位)."""

    __tablename__ = "unit"

    id: str = Field(primary_key=True)
    name: str
    aliases: list[str] = Field(sa_type=JSON_VALUE)
    duties: list[str] = Field(sa_type=JSON_VALUE)
    areas: list[str] = Field(sa_type=JSON_VALUE)
    robot: str | None = None
    active: bool = True


class PersonRow(SQLModel, table=True):
    """A member of the institution. Who has left stays, for the history, without authority."""

    __tablename__ = "person"

    userid: str = Field(primary_key=True)
    name: str
    roles: list[str] = Field(sa_type=JSON_VALUE)
    unit_id: str | None = Field(default=None, foreign_key="unit.id", index=True)
    is_deputy: bool = False
    phone: str | None = None
    active: bool = True
    left_at: datetime | None = None


UNIT = table_of(UnitRow)
PERSON = table_of(PersonRow)
