"""Whole copies of a database, of one moment, taken while others write; and putting them back."""

import os
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, NullPool, create_engine, func, inspect, select, text

from storage.audit import Anchor
from storage.tables import METADATA
from storage.tables.system import AUDIT

_BUSY_SECONDS = 5.0
_HEAD = select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'duban' AND pid <> pg_backend_pid()"
)


class CopyError(Exception):
    """A copy could not be made or put back; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy holds."""

    schema: str  # the revision of its tables
    head: Anchor | None  # the end of its audit chain
    counts: Mapping[str, int]  # rows by table


def copy(url: URL, file: Path) -> Contents:
    """Write all of one moment to `file`: a SQLite database, or an archive of pg_dump.

    Raises:
        CopyError: the copy is not sound, or pg_dump is missing or refuses.
    """
    return _copy_sqlite(url, file) if url.drivername == "sqlite" else _dump(url, file)


def settle(file: Path) -> None:
    """Fold the log of a SQLite file into it, so that it is one file that may be moved.

    Raises:
        CopyError: another process has it open.
    """
    with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise CopyError(f"{file} 正在使用 ({error}), 请先停止服务") from error
        if mode != "delete":
            raise CopyError(f"{file} 正在使用, 请先停止服务")


def _copy_sqlite(url: URL, file: Path) -> Contents:
    source = Path(url.database or "")
    if not source.is_file():
        raise CopyError(f"没有数据库文件 {source}")
    with (
        closing(sqlite3.connect(source, timeout=_BUSY_SECONDS)) as live,
        closing(sqlite3.connect(file)) as made,
    ):
        live.backup(made)  # in one step: of one moment, and beside a log nobody waits for it
    settle(file)
    _check(file)
    engine = create_engine(url.set(database=str(file)), poolclass=NullPool)
    with engine.connect() as connection:
        return _contents(connection)


def _check(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        try:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise CopyError(f"数据库已损坏, 不能备份: {found}; 请尽快从先前的备份恢复")


def _dump(url: URL, file: Path) -> Contents:
    engine = create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        # What we count and what is dumped is the same moment.
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        contents = _contents(connection)
        options = ("-Fc", "-n", "public", f"--snapshot={snapshot}", "-f", str(file))
        _client(url, "pg_dump", *options)
    return contents


def restore_postgres(url: URL, file: Path, aside: str) -> None:
    """Put an archive of pg_dump into the database; what stood there becomes the schema `aside`.

    Raises:
        CopyError: a service runs on it, or pg_restore is missing or refuses: then all is as before.
    """
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        if connection.execute(_OTHERS).scalar_one():
            raise CopyError("还有服务连着这个数据库, 请先停止所有服务")
        _set_aside(connection, aside)
    try:
        restore_into(url, file)
    except CopyError:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public")
            connection.exec_driver_sql(f'ALTER SCHEMA "{aside}" RENAME TO public')
        raise


def restore_into(url: URL, file: Path) -> None:
    """Put an archive of pg_dump into a database without tables, all of it or nothing.

    Raises:
        CopyError: pg_restore is missing or refuses.
    """
    _client(
        url, "pg_restore", "-n", "public", "--no-owner", "--no-privileges",
        "--single-transaction", "--exit-on-error", str(file),
    )  # fmt: skip


def has_tables(url: URL) -> bool:
    """Whether the PostgreSQL database holds anything of ours."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT to_regclass('public.audit')").scalar() is not None


def _set_aside(connection: Connection, aside: str) -> None:
    connection.exec_driver_sql(f'ALTER SCHEMA public RENAME TO "{aside}"')
    connection.exec_driver_sql("CREATE SCHEMA public")


def _contents(connection: Connection) -> Contents:
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    head = connection.execute(_HEAD).one_or_none()
    there = frozenset(inspect(connection).get_table_names())
    counts = {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in METADATA.sorted_tables
        if table.name in there  # the tables may be an older program's
    }
    return Contents(revision, Anchor(*head) if head is not None else None, counts)


def _client(url: URL, program: str, *options: str) -> None:
    """Run a program of PostgreSQL; the password goes by its environment, where nobody lists it."""
    address = url.set(drivername="postgresql", password=None)
    target = address.render_as_string(hide_password=False)
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    command = [program, "--no-password", f"--dbname={target}", *options]
    try:
        ended = subprocess.run(  # noqa: S603 -- a fixed program; the rest comes from the settings
            command, capture_output=True, text=True, check=False, env=os.environ | password
        )
    except FileNotFoundError as error:
        raise CopyError(f"这台机器没有 {program}, 请安装 PostgreSQL 的客户端程序") from error
    if ended.returncode != 0:
        raise CopyError(f"{program} 没有成功: {ended.stderr.strip()}")
