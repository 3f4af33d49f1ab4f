"""What every table shares: names of constraints, kinds of columns. Imported before any table."""

from enum import StrEnum
from typing import cast

from sqlalchemy import JSON, BigInteger, ColumnElement, Integer, Table, inspect, literal_column
from sqlalchemy import Enum as SaEnum
from sqlmodel import SQLModel

# Alembic finds a constraint by its name; without a convention each engine makes one up.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite gives out row ids only for the exact type INTEGER.
BIG = BigInteger().with_variant(Integer(), "sqlite")

JSON_VALUE = JSON()


def one_of(words: type[StrEnum], name: str) -> SaEnum:
    """A column of text that holds one of `words`, checked by the database as `name`.

    A native enum is not used: Alembic does not see a new member of it.
    """
    return SaEnum(
        words,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda kind: [word.value for word in kind],
    )


def word(value: StrEnum) -> ColumnElement[str]:
    """`value` written into the SQL itself: a partial index is not found for a bound parameter."""
    return literal_column(f"'{value.value}'")


def in_words(column: str, *values: StrEnum) -> str:
    """The condition of a partial index: `column` is one of `values`.

    SQLite compares it with the query term by term, so both have to be written the same way.
    """
    if len(values) == 1:
        return f"{column} = {values[0].value!r}"
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of `model`, for plain statements."""
    return cast("Table", inspect(model).local_table)
