"""Small tools of every store: JSON as text, rows as dataclasses, inserts that never collide."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.failpoints import Point, hit

Kind = TypeVar("Kind")


def dump_json(value: object) -> str:
    """Write a JSON column: Chinese stays readable, NaN is refused."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def passed(connection: Connection, point: Point) -> None:
    """Pass a failpoint of this transaction."""
    hit(f"{connection.info['step']}.{point}")


def is_postgres(connection: Connection) -> bool:
    """Whether rows are locked one by one; on SQLite the transaction has the only write lock."""
    return connection.dialect.name == "postgresql"


@cache
def columns_for(table: Table, kind: type) -> list[Column[Any]]:
    """The columns of `table` that the dataclass `kind` has fields for, in its order."""
    return [table.c[field.name] for field in fields(kind)]


def read_as(kind: type[Kind], row: Iterable[Any]) -> Kind:
    """A row of exactly `columns_for(…, kind)` as the dataclass `kind`; JSON lists become tuples."""
    return kind(*(tuple(value) if type(value) is list else value for value in row))


@cache
def _insert_unless(table: Table, dialect: str, key: tuple[str, ...]) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=key)
    return sqlite.insert(table).on_conflict_do_nothing(index_elements=key)


def insert_unless(connection: Connection, table: Table, *key: str) -> Insert:
    """An INSERT that does nothing where a row with the same `key` columns is there already."""
    return _insert_unless(table, connection.dialect.name, key)


def insert(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Insert one row and return its id."""
    result = connection.execute(table.insert(), dict(values))
    identity: int = result.inserted_primary_key[0]  # type: ignore[index]  # an INSERT of one row has one
    return identity
