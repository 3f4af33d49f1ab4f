"""A database made by every released version is brought to the newest schema with nothing lost."""

import gzip
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.backups.trying import Tried, TryError, try_upgrade
from bot.keeping_ready import keep_ready, kept_ready
from cases.model import State
from cases.statistics.sums import total
from storage.database import Database
from storage.schema import MIGRATIONS
from storage.statistics import Bounds
from tests.conftest import AUDIT_KEY, migrated
from tests.support import older_postgres, postgres

HOME = Path(__file__).parents[2]
KEPT = sorted((HOME / "tests" / "data" / "databases").glob("*.db.gz"))
OLDEST = [path for path in KEPT if path.name.startswith("v")]
NEEDS_CLIENTS = pytest.mark.skipif(
    shutil.which("pg_dump") is None, reason="no client programs of PostgreSQL"
)


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name.removesuffix(".db.gz"))
def test_a_database_of_an_older_version_is_upgraded_and_read(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "duban.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    database = Database(f"sqlite:///{path}", audit_key=AUDIT_KEY)
    database.upgrade()
    assert database.is_current()
    with database.read() as work:
        assert work.audit.verify() is None
        found = [work.cases.by_number(f"YQ-20261120-00{nth}") for nth in (1, 2, 3)]
        states = [case.state for case in found if case is not None]
        assert states == [State.SIGNED, State.CLOSED, State.REPORTED]
        assert len(work.cases.find_open()) == 2
        assert found[0] is not None
        assert found[0].reporters == ("wangxiaoyu", "lihang")
        assert work.clocks.running(found[0].id) != []
        assert len(work.cases.history(found[0].id)) > 4
    must_be_made_ready(database)
    database.close()


def must_be_made_ready(database: Database) -> None:
    """All that was there before sums and titles were kept is added up and indexed."""
    later = datetime(2027, 1, 1, tzinfo=UTC)
    year = Bounds(datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC))
    with database.read() as work:
        counted = total(work.day_sums.days(year, later).values())
        assert work.day_sums.kept_days() == []
    assert keep_ready(database, later) > 3
    with database.read() as work:
        assert work.day_sums.kept_days() != []
        assert total(work.day_sums.days(year, later).values()) == counted
        assert counted.cases == 3
        titles = [one.title for one in work.board.listed(work.titles.having("积水", 9))]
    assert titles
    assert kept_ready(database, later).told.endswith("不符 0 天, 待整理 0 天、0 个标题。")


@pytest.mark.parametrize("kept", OLDEST, ids=lambda path: path.name.removesuffix(".db.gz"))
def test_a_newer_program_is_tried_on_a_copy_and_changes_nothing(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "duban.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    database = Database(f"sqlite:///{path}", audit_key=AUDIT_KEY)
    assert try_upgrade(database) == Tried(2, is_whole=True)
    assert not database.is_current()
    assert [one.name for one in tmp_path.iterdir() if one.is_dir()] == []
    database.close()
    stranger = Database(f"sqlite:///{path}", audit_key=b"another key")
    with pytest.raises(TryError, match="审计链"):
        try_upgrade(stranger)
    stranger.close()


def test_a_database_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none.db", audit_key=AUDIT_KEY)
    assert try_upgrade(database) == Tried(0, is_whole=True)
    database.close()


@pytest.mark.postgres
@NEEDS_CLIENTS
@pytest.mark.parametrize("name", ["v0.1.0", "schema-0012"])
def test_on_postgresql_an_older_database_is_tried_in_one_of_its_own_and_upgraded(
    name: str, postgres_server: postgres.Server, postgres_admin: Engine, tmp_path: Path
) -> None:
    kept = next(one for one in KEPT if one.name == f"{name}.db.gz")
    file = tmp_path / "duban.db"
    file.write_bytes(gzip.decompress(kept.read_bytes()))
    with empty(postgres_server, postgres_admin) as url:
        older_postgres.filled(url, file)
        with closing(Database(url, audit_key=AUDIT_KEY)) as database:
            assert try_upgrade(database) == Tried(2, is_whole=True)
            assert not database.is_current()
            assert scratches(postgres_admin) == 0
            database.upgrade()
            assert database.is_current()
            with database.read() as work:
                assert work.audit.verify() is None
                assert len(work.cases.find_open()) == 2
                found = work.cases.by_number("YQ-20261120-001")
                assert found is not None
                assert found.reporters == ("wangxiaoyu", "lihang")
        with closing(Database(url, audit_key=b"another key")) as stranger:
            with pytest.raises(TryError, match="审计链"):
                try_upgrade(stranger)
            assert scratches(postgres_admin) == 0


@pytest.mark.postgres
@NEEDS_CLIENTS
def test_an_account_that_may_make_no_database_is_told_that_half_was_tried(
    postgres_server: postgres.Server, postgres_admin: Engine
) -> None:
    with (
        migrated(postgres_server, postgres_admin, "modest") as url,
        modest(postgres_admin) as role,
        closing(Database(re.sub("//[^@]*@", f"//{role}@", url))) as database,
    ):
        assert try_upgrade(database) == Tried(0, is_whole=False)


@contextmanager
def modest(admin: Engine) -> Iterator[str]:
    """A role that owns what the tests' own role owns, and may make no database."""
    role = f"modest_{os.getpid()}"
    with admin.connect() as connection:
        mine = connection.exec_driver_sql("SELECT current_user").scalar_one()
        connection.exec_driver_sql(f'CREATE ROLE {role} LOGIN IN ROLE "{mine}"')
    yield role
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP ROLE {role}")


@contextmanager
def empty(server: postgres.Server, admin: Engine) -> Iterator[str]:
    """The URL of a database without tables, dropped in the end."""
    name = f"duban_older_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.database(name)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def scratches(admin: Engine) -> int:
    with admin.connect() as connection:
        asked = "SELECT count(*) FROM pg_database WHERE datname LIKE 'duban_try_%%'"
        count: int = connection.exec_driver_sql(asked).scalar_one()
        return count


def test_every_released_version_is_kept_and_every_schema_since() -> None:
    names = {path.name.removesuffix(".db.gz") for path in KEPT}
    changes = (HOME / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## ([0-9][^ ]*) - ", changes, re.MULTILINE)
    missing = {f"v{version}" for version in released} - names
    assert missing == set(), "python -m bench.kept_database --release"
    files = (MIGRATIONS / "versions").glob("0*.py")
    since = {f"schema-{path.name[:4]}" for path in files if path.name[:4] > "0008"}
    assert since - names == set(), "python -m bench.kept_database"
