"""What an older SQLite file holds, in a PostgreSQL database of the same schema."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, Boolean, Column, DateTime, Engine, MetaData, Table, create_engine, text

from storage.engines import parse
from storage.schema import MIGRATIONS


def filled(url: str, file: Path) -> None:
    """Bring the empty database at `url` to the schema of `file` and copy its rows."""
    old, new = create_engine(f"sqlite:///{file}"), create_engine(parse(url))
    with old.connect() as rows:
        revision = rows.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with new.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        _copy(old, new)
    old.dispose()
    new.dispose()


def _copy(old: Engine, new: Engine) -> None:
    there = MetaData()
    there.reflect(new)
    with old.connect() as rows, new.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        for table in there.sorted_tables:
            if table.name == "alembic_version":
                continue
            found = rows.exec_driver_sql(f'SELECT * FROM "{table.name}"').mappings().all()  # noqa: S608
            if found:
                connection.execute(table.insert(), [_values(table, dict(row)) for row in found])
        connection.execute(_SEQUENCES)


_SEQUENCES = text(
    """DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT table_name, column_name FROM information_schema.columns
      WHERE table_schema = 'public' AND is_identity = 'YES' LOOP
      EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L),
        (SELECT coalesce(max(%I), 0) + 1 FROM %I), false)',
        one.table_name, one.column_name, one.column_name, one.table_name);
    END LOOP; END $$"""
)


def _values(table: Table, row: dict[str, object]) -> dict[str, object]:
    return {name: _value(table.columns[name], value) for name, value in row.items()}


def _value(column: Column[Any], value: object) -> object:
    if isinstance(column.type, Boolean) and isinstance(value, int):
        return bool(value)
    if isinstance(column.type, DateTime) and isinstance(value, str):
        return datetime.fromisoformat(value)
    if isinstance(column.type, JSON) and isinstance(value, str):
        return json.loads(value)
    return value
