"""Small tools of every store: JSON as text, rows as dataclasses, inserts that never collide."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Column, Connection, Insert, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from storage.failpoints import Point, hit

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Kind = TypeVar("Kind")
_AT_ONCE = 500


def dump_json(value: object) -> str:
    """Write a JSON column: Chinese stays readable, NaN is refused."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def passed(connection: Connection, point: Point) -> None:
    """Pass a failpoint of this transaction."""
    hit(f"{connection.info['step']}.{point}")


_LOCK_NAME = text("SELECT pg_advisory_xact_lock(hashtext(:name))")


def lock_name(connection: Connection, name: str) -> None:
    """Keep other transactions out of what `name` stands for until this one ends."""
    if is_postgres(connection):  # on SQLite a transaction has everything to itself
        connection.execute(_LOCK_NAME, {"name": f"duban.{name}"})


def is_postgres(connection: Connection) -> bool:
    """Whether rows are locked one by one; on SQLite the transaction has the only write lock."""
    return connection.dialect.name == "postgresql"


def in_batches(ids: Collection[int]) -> list[list[int]]:
    """Ids in order, cut into as many as one statement may have."""
    wanted = sorted(ids)
    return [wanted[begin : begin + _AT_ONCE] for begin in range(0, len(wanted), _AT_ONCE)]


def columns_for(table: Table, kind: type) -> list[Column[Any]]:
    """The columns of `table` that the dataclass `kind` has fields for, in its order."""
    return [table.c[field.name] for field in fields(kind)]


def values_of(row: "DataclassInstance") -> dict[str, Any]:
    """The fields of a dataclass as a row. Unlike `asdict` it copies nothing: a row is only read."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


def read_as(kind: type[Kind], row: Iterable[Any]) -> Kind:
    """A row of exactly `columns_for(…, kind)` as the dataclass `kind`; JSON lists become tuples."""
    return kind(*(tuple(value) if type(value) is list else value for value in row))


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT of the dialect at hand, which can say what to do about a row that is there."""
    return _insert_into(table, connection.dialect.name)


def insert_unless(connection: Connection, table: Table, *key: str) -> Insert:
    """An INSERT that does nothing where a row with the same `key` columns is there already."""
    return _insert_unless(table, connection.dialect.name, key)


def is_new(
    connection: Connection, table: Table, key: tuple[str, ...], values: Mapping[str, object]
) -> bool:
    """Insert one row unless its key is there already; whether it was inserted."""
    # An INSERT has no count of rows that can be trusted on both engines; RETURNING can be.
    statement = _insert_unless_telling(table, connection.dialect.name, key)
    return connection.execute(statement, dict(values)).first() is not None


def insert_or_replace(connection: Connection, table: Table, *key: str) -> Insert:
    """An INSERT that overwrites the row with the same `key` columns where there is one."""
    return _insert_or_replace(table, connection.dialect.name, key)


def _insert_into(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _insert_unless(table: Table, dialect: str, key: tuple[str, ...]) -> Insert:
    return _insert_into(table, dialect).on_conflict_do_nothing(index_elements=key)


@cache
def _insert_unless_telling(
    table: Table, dialect: str, key: tuple[str, ...]
) -> ReturningInsert[tuple[Any]]:
    return _insert_unless(table, dialect, key).returning(table.c[key[0]])


@cache
def _insert_or_replace(table: Table, dialect: str, key: tuple[str, ...]) -> Insert:
    statement = _insert_into(table, dialect)
    others = {c.name: statement.excluded[c.name] for c in table.c if c.name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def insert(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Insert one row and return its id."""
    result = connection.execute(table.insert(), dict(values))
    identity: int = result.inserted_primary_key[0]  # type: ignore[index]  # an INSERT of one row has one
    return identity
