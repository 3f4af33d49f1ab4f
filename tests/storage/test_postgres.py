"""What can go wrong with a server that is not part of the process."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage import engines
from storage.copies import CopyError
from storage.database import Database
from storage.engines import parse
from storage.errors import CommitUnknown, ConcurrentChange, Unavailable
from storage.work import Work
from tests.conftest import AUDIT_KEY
from tests.storage.builders import NOW, heard
from tests.storage.test_database import PATIENCE, keep, waiting, within

pytestmark = pytest.mark.postgres

_OURS = text(
    "SELECT pid FROM pg_stat_activity"
    " WHERE application_name = 'duban' AND datname = :name AND pid <> pg_backend_pid()"
)
_BOUNDS = text(
    "SELECT max(setting) FILTER (WHERE name = 'statement_timeout'),"
    " max(setting) FILTER (WHERE name = 'lock_timeout'),"
    " max(setting) FILTER (WHERE name = 'idle_in_transaction_session_timeout'),"
    " current_setting('timezone') FROM pg_settings"
)
_TERMINATE = text("SELECT pg_terminate_backend(:pid)")


def backends(admin: Engine, database: Database) -> list[int]:
    with admin.connect() as connection:
        rows = connection.execute(_OURS, {"name": parse(database.url).database})
        return [row[0] for row in rows]


def terminate_all(admin: Engine, database: Database) -> None:
    for pid in backends(admin, database):
        with admin.connect() as connection:
            connection.execute(_TERMINATE, {"pid": pid})


@contextmanager
def hanging(pids: list[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_a_connection_that_was_cut_is_an_outage_and_the_next_one_works(
    postgres_database: Database, postgres_admin: Engine
) -> None:
    def keep_while_cut(work: Work) -> None:
        keep(work)
        terminate_all(postgres_admin, postgres_database)
        keep(work)

    with pytest.raises(Unavailable):
        postgres_database.run(keep_while_cut)
    postgres_database.run(lambda work: work.inbox.keep([heard("b")]))
    assert waiting(postgres_database) == 1


def test_a_commit_that_got_no_answer_says_so(
    postgres_database: Database, postgres_admin: Engine
) -> None:
    def put_and_cut(work: Work) -> None:
        work.settings.put("a", 1)
        terminate_all(postgres_admin, postgres_database)

    with pytest.raises(CommitUnknown):
        postgres_database.run(put_and_cut)
    with postgres_database.read() as work:
        assert work.settings.get("a") is None


def test_a_callback_gives_up_in_time_when_the_server_hangs(
    postgres_database: Database, postgres_admin: Engine
) -> None:
    with postgres_database.callback_work() as work:
        keep(work)
    with (
        hanging(backends(postgres_admin, postgres_database)),
        within(PATIENCE),
        pytest.raises(Unavailable),
        postgres_database.callback_work() as work,
    ):
        work.inbox.keep([heard("b")])
    with postgres_database.callback_work() as work:
        work.inbox.keep([heard("c")])
    with postgres_database.read() as work:
        assert work.inbox.has("c")


def test_a_callback_gives_up_in_time_when_a_row_is_locked(postgres_database: Database) -> None:
    with postgres_database.work() as work:
        work.inbox.keep([heard("a")])
        with (
            within(PATIENCE),
            pytest.raises(Unavailable),
            postgres_database.callback_work() as other,
        ):
            other.inbox.keep([heard("a")])


def test_a_server_that_accepts_and_never_answers_is_an_outage_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        mute = Database(f"postgresql://duban@127.0.0.1:{port}/duban")
        with within(PATIENCE), pytest.raises(Unavailable), mute.callback_work():
            pass
        mute.close()


def test_a_server_that_is_not_there_is_an_outage_at_once(tmp_path: Path) -> None:
    nowhere = Database(f"postgresql://duban@/duban?host={tmp_path}")
    for enter in (nowhere.work, nowhere.callback_work, nowhere.read):
        with within(PATIENCE), pytest.raises(Unavailable), enter():
            pass
    nowhere.close()


def test_when_every_connection_is_in_use_a_callback_gives_up_in_time(
    postgres_database: Database,
) -> None:
    with ExitStack() as stack:
        for _ in range(16):
            stack.enter_context(postgres_database.callback_work())
        with within(PATIENCE), pytest.raises(Unavailable), postgres_database.callback_work():
            pass


def test_listening_to_a_server_that_is_not_there_can_be_stopped(tmp_path: Path) -> None:
    nowhere = Database(f"postgresql://duban@/duban?host={tmp_path}")
    nowhere.listen()
    assert not nowhere.wake.wait(0.2)
    with within(3):
        nowhere.close()


def test_two_that_wait_for_each_other_are_both_done_in_the_end(
    postgres_database: Database,
) -> None:
    with postgres_database.work() as work:
        work.settings.put("a", 0)
        work.settings.put("b", 0)
    both = threading.Barrier(2)
    tries: list[str] = []

    def put_in_order(first: str, second: str) -> None:
        def act(work: Work) -> None:
            work.settings.put(first, 1)
            tries.append(first)
            if len(tries) <= 2:
                both.wait()
            work.settings.put(second, 1)

        postgres_database.run(act)

    threads = [threading.Thread(target=put_in_order, args=order) for order in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tries) >= 3  # the one that lost was done again
    with postgres_database.read() as work:
        assert (work.settings.get("a"), work.settings.get("b")) == (1, 1)


def test_a_deadlock_is_a_lost_race(postgres_database: Database) -> None:
    with pytest.raises(ConcurrentChange), postgres_database.work() as work:
        work.settings._connection.exec_driver_sql(  # noqa: SLF001
            "DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$"
        )


def test_a_commit_in_one_process_wakes_another(
    postgres_database: Database, postgres_url: str
) -> None:
    other = Database(postgres_url, audit_key=AUDIT_KEY)
    other.listen()
    assert other.wake.wait(5)  # it rings once when it begins to listen
    with within(2):
        postgres_database.run(keep)
        assert other.wake.wait(5)
    other.close()


def test_whoever_listens_hears_again_after_the_connection_was_cut(
    postgres_database: Database, postgres_admin: Engine, postgres_url: str
) -> None:
    other = Database(postgres_url, audit_key=AUDIT_KEY)
    other.listen()
    assert other.wake.wait(5)
    terminate_all(postgres_admin, postgres_database)
    assert other.wake.wait(10)  # it listens again
    postgres_database.run(lambda work: work.inbox.keep([heard("b")]))
    assert other.wake.wait(5)
    other.close()


@pytest.mark.parametrize("patience", [engines.ORDINARY, engines.CALLBACK])
def test_behind_a_pooler_each_transaction_brings_its_own_bounds(
    postgres_url: str, patience: engines.Patience
) -> None:
    pooled = engines.open_postgres(parse(postgres_url), patience, direct=False)
    with pooled.connect() as connection:
        bounds = connection.execute(_BOUNDS).one()
        wire = connection.connection.driver_connection
        assert wire is not None
        assert "statement_timeout" not in wire.info.dsn  # a pooler refuses it, or forgets it
    assert bounds == (f"{patience.statement}", f"{patience.lock}", f"{patience.idle}", "UTC")
    pooled.dispose()


def test_nothing_is_dumped_through_a_pooler(postgres_url: str, tmp_path: Path) -> None:
    """pg_dump leaves its connection without a search path, and others would get it."""
    pooled = Database(postgres_url, audit_key=AUDIT_KEY, direct=False)
    with pytest.raises(CopyError, match="数据库本身的地址"):
        pooled.copy_to(tmp_path / "dump")
    with pytest.raises(CopyError, match="数据库本身的地址"):
        pooled.fill_from(tmp_path / "dump", "aside")
    pooled.close()


def test_behind_a_pooler_nothing_is_prepared_and_nobody_listens(postgres_url: str) -> None:
    pooled = Database(postgres_url, audit_key=AUDIT_KEY, direct=False)
    pooled.listen()
    pooled.run(keep)
    assert waiting(pooled) == 1
    assert pooled.wake.wait(0)
    pooled.run(lambda work: work.inbox.done(1, "ok", NOW))
    pooled.close()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_address_means_psycopg(scheme: str) -> None:
    url = parse(f"{scheme}://duban:secret@db/duban")
    assert url.drivername == "postgresql+psycopg"
    assert (url.host, url.database) == ("db", "duban")
