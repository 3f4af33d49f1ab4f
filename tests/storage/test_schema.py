"""The tables as migrated are the tables as written down, and a migration happens whole or not."""

import os
import shutil
import textwrap
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from storage import schema
from storage.database import Database
from storage.engines import parse
from storage.errors import SchemaError
from storage.tables import METADATA
from tests.support import postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/duban.db"
        return
    url: str = request.getfixturevalue("empty_postgres")
    sweep(url)
    yield url


def sweep(url: str) -> None:
    sweeper = create_engine(parse(url))
    with sweeper.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    sweeper.dispose()


@pytest.fixture(scope="module")
def empty_postgres(postgres_server: postgres.Server, postgres_admin: Engine) -> Iterator[str]:
    name = f"duban_schema_{os.getpid()}"
    with postgres_admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_server.database(name)
    with postgres_admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def engine(empty: str) -> Iterator[Engine]:
    opened = create_engine(parse(empty))
    yield opened
    opened.dispose()


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of tomorrow: where its next revision has to be written."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder)
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    return folder / "versions" / "tomorrow.py"


NEWEST = max(path.name[:4] for path in schema.MIGRATIONS.glob("versions/[0-9]*.py"))


def revision(body: str) -> str:
    head = 'from alembic import op\nimport sqlalchemy as sa\nrevision = "tomorrow"\n'
    return f'{head}down_revision = "{NEWEST}"\ndef upgrade():\n{textwrap.indent(body, "    ")}\n'


def upgrade(url: str) -> None:
    with closing(Database(url)) as database:
        database.upgrade()


def is_current(url: str) -> bool:
    with closing(Database(url)) as database:
        return database.is_current()


def shape(engine: Engine) -> dict[str, object]:
    """What Alembic's own comparison does not look at: the names and places of all constraints."""
    seen = inspect(engine)
    every: dict[str, Any] = {
        "columns": seen.get_multi_columns(),
        "checks": seen.get_multi_check_constraints(),
        "foreign keys": seen.get_multi_foreign_keys(),
        "uniques": seen.get_multi_unique_constraints(),
        "indexes": seen.get_multi_indexes(),
    }
    shapes: dict[str, object] = {
        f"{kind} of {table}": sorted(str(one["name"]) for one in found)
        for kind, tables in every.items()
        for (_, table), found in tables.items()
        if table != "alembic_version"
    }
    keys = {str(table): key["name"] for (_, table), key in seen.get_multi_pk_constraint().items()}
    return shapes | {table: name for table, name in keys.items() if table != "alembic_version"}


def outline(engine: Engine) -> tuple[list[str], list[str]]:
    """The names of the tables, and the columns of the one that tomorrow's revision changes."""
    seen = inspect(engine)
    return sorted(seen.get_table_names()), [one["name"] for one in seen.get_columns("unit")]


def test_migrated_tables_are_those_written_down(empty: str, engine: Engine) -> None:
    upgrade(empty)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    migrated = shape(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
    assert shape(engine) == migrated
    assert len(migrated) == 6 * len(METADATA.tables)


def test_upgrading_twice_changes_nothing(empty: str, engine: Engine) -> None:
    upgrade(empty)
    assert is_current(empty)
    before = outline(engine)
    upgrade(empty)
    assert is_current(empty)
    assert outline(engine) == before


def test_an_empty_database_is_not_current(empty: str) -> None:
    assert not is_current(empty)


@pytest.mark.parametrize("said", ["DELETE FROM setting", "UPDATE setting SET value = '\"9999\"'"])
def test_a_database_of_a_newer_program_is_refused(empty: str, engine: Engine, said: str) -> None:
    upgrade(empty)
    with engine.begin() as connection:
        connection.execute(text(said))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="较新的程序"):
        upgrade(empty)
    assert not is_current(empty)


def test_a_migration_that_fails_half_way_leaves_no_trace(
    empty: str, engine: Engine, newer: Path
) -> None:
    upgrade(empty)
    before = outline(engine)
    newer.write_text(
        revision(
            """
            with op.batch_alter_table("unit") as batch:
                batch.add_column(sa.Column("telephone", sa.String()))
            op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
            raise RuntimeError("half way")
            """
        )
    )
    with pytest.raises(RuntimeError, match="half way"):
        upgrade(empty)
    assert outline(engine) == before
    newer.unlink()
    upgrade(empty)
    assert is_current(empty)


def tomorrow(newer: Path, url: str, *, contracts: str = "") -> None:
    """Let a program of tomorrow migrate the database, then be the program of today again."""
    said = f'contracts = "{contracts}"\n' if contracts else ""
    newer.write_text(said + revision('op.create_table("more", sa.Column("id", sa.Integer()))'))
    upgrade(url)
    newer.unlink()


def test_the_version_before_goes_on_beside_a_newer_one(empty: str, newer: Path) -> None:
    upgrade(empty)
    tomorrow(newer, empty)
    upgrade(empty)  # as each start of a replica that is not replaced yet
    with closing(Database(empty)) as database, database.work() as work:
        work.settings.put("a", 1)
        assert work.settings.get(schema.OLDEST) == schema.FIRST
    assert not is_current(empty)


@pytest.mark.parametrize(("oldest", "works"), [(NEWEST, True), ("tomorrow", False)])
def test_a_program_older_than_the_last_contraction_does_not_start(
    empty: str, newer: Path, oldest: str, *, works: bool
) -> None:
    upgrade(empty)
    tomorrow(newer, empty, contracts=oldest)
    with nullcontext() if works else pytest.raises(SchemaError, match="较新的程序"):
        upgrade(empty)


def test_changing_a_table_keeps_the_rows_that_refer_to_it(
    empty: str, engine: Engine, newer: Path
) -> None:
    upgrade(empty)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO unit VALUES ('zjj', '住建局', '[]', '[]', '[]', NULL, true)")
        )
        connection.execute(
            text(
                "INSERT INTO person (userid, name, roles, unit_id, is_deputy, active)"
                " VALUES ('li', '李', '[]', 'zjj', false, true)"
            )
        )
    newer.write_text(
        revision(
            """
            with op.batch_alter_table("unit", recreate="auto") as batch:
                batch.alter_column("name", type_=sa.String(200), existing_type=sa.String())
            """
        )
    )
    upgrade(empty)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT unit_id FROM person")).scalars().all() == ["zjj"]


def test_a_migration_that_would_lose_what_rows_name_is_undone(tmp_path: Path, newer: Path) -> None:
    url = f"sqlite:///{tmp_path}/duban.db"
    upgrade(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO person (userid, name, roles, unit_id, is_deputy, active)"
                " VALUES ('li', '李', '[]', 'gone', false, true)"
            )
        )
    newer.write_text(revision('op.create_table("more", sa.Column("id", sa.Integer()))'))
    with pytest.raises(SchemaError, match="person"):
        upgrade(url)
    assert "more" not in inspect(engine).get_table_names()
    engine.dispose()


def test_the_file_is_copied_before_it_is_changed(tmp_path: Path, newer: Path) -> None:
    path = tmp_path / "duban.db"
    url = f"sqlite:///{path}"
    upgrade(url)
    assert sorted(p.name for p in tmp_path.glob("duban.db.before*")) == []
    newer.write_text(revision('op.create_table("more", sa.Column("id", sa.Integer()))'))
    upgrade(url)
    copy = create_engine(f"sqlite:///{path}.before-tomorrow")
    tables = inspect(copy).get_table_names()
    copy.dispose()
    assert "case_file" in tables
    assert "more" not in tables


@pytest.mark.postgres
def test_replicas_that_start_together_upgrade_once(
    empty_postgres: str,
) -> None:
    url = empty_postgres
    sweep(url)
    together = threading.Barrier(3)
    done: list[bool] = []

    def start() -> None:
        together.wait()
        upgrade(url)
        done.append(is_current(url))

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True, True, True]
