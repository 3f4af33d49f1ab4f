"""Bringing the tables to the newest schema with Alembic, safely on both databases."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from storage import marking
from storage.columns import insert_or_replace
from storage.errors import SchemaError
from storage.failpoints import hit
from storage.tables.system import SETTING

MIGRATIONS = Path(__file__).parent / "migrations"
FIRST = "0001"
OLDEST = "schema.oldest"  # the revision of the oldest program that can work on the tables
_OLDEST = select(SETTING.c.value).where(SETTING.c.key == OLDEST)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('duban.schema'))")


def upgrade(url: URL) -> None:
    """Upgrade the database at `url` to the newest revision, all or nothing.

    Tables of a newer program are left as they are if it says that this one can still work on them:
    of several replicas some are a version behind while one after another is replaced.

    Raises:
        SchemaError: the tables are too new for this program, or a row names one that is not there.
    """
    engine = _open(url)
    try:
        if _is_ahead(engine):
            return
        if engine.dialect.name == "sqlite":
            _back_up(engine)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(_LOCK)  # replicas that start together upgrade one by one
            hit("migrate.open")  # M01
            if _revision(connection) != _newest():
                marking.take_away(connection)
                _run(connection)
                marking.put_back(connection)
            _note_oldest(connection)
            hit("migrate.before_commit")  # M02
            if engine.dialect.name == "sqlite":
                _check_references(connection)
        hit("migrate.after_commit")  # M03
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether the tables are at the newest revision this program knows."""
    with engine.connect() as connection:
        return _revision(connection) == _newest()


def knows(revision: str) -> bool:
    """Whether tables of this revision can be brought to what this program knows."""
    known = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {script.revision for script in known}


def _open(url: URL) -> Engine:
    is_sqlite = url.drivername == "sqlite"
    # Behind a pooler a prepared statement outlives us, in a connection that others get.
    arguments: dict[str, object] = {} if is_sqlite else {"prepare_threshold": None}
    engine = create_engine(url, poolclass=NullPool, connect_args=arguments)
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # Altering a table copies it, drops the old one and renames the copy; with foreign keys on, the
    # drop would delete every row that refers to it.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF", "busy_timeout=1000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _run(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaError(f"数据库的版本比程序新，请用较新的程序打开（{error}）") from error


def _is_ahead(engine: Engine) -> bool:
    """Whether the tables are a newer program's, and such that this one can go on."""
    with engine.connect() as connection:
        revision = _revision(connection)
        if revision is None or knows(revision):
            return False
        oldest = connection.execute(_OLDEST).scalar_one_or_none()
    if not isinstance(oldest, str) or not knows(oldest):
        raise SchemaError(f"数据库的版本比程序新，请用较新的程序打开（{revision}）")
    return True


def _note_oldest(connection: Connection) -> None:
    """Keep which program is the oldest that can work on these tables: the last `contracts` says."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()  # the newest first
    said = (getattr(script.module, "contracts", "") for script in scripts)
    oldest = next(filter(None, said), FIRST)
    if connection.execute(_OLDEST).scalar_one_or_none() != oldest:
        fact = {"key": OLDEST, "value": oldest}
        connection.execute(insert_or_replace(connection, SETTING, "key"), fact)


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise SchemaError(f"升级会使 {tables} 的 {len(broken)} 行失去所指的记录，已全部撤回")


def _back_up(engine: Engine) -> None:
    with engine.connect() as connection:
        was = _revision(connection)
    if was is None or was == _newest():
        return
    copy = f"{engine.url.database}.before-{_newest()}"
    Path(copy).unlink(missing_ok=True)
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (copy,))
    finally:
        raw.close()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
