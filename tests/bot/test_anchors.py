"""The end of the audit chain is kept outside the database: cut off or replaced, it shows."""

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from bot.anchors import (
    AnchorFile,
    AnchorKeeper,
    Keeping,
    OlderDatabaseError,
    UnreadableAnchorsError,
    anchored,
    older_than_its_anchor,
    verify,
)
from storage.audit import CHECKPOINT, Algorithm, AuditStore, BrokenRow, Sealing
from storage.database import Database
from storage.engines import parse
from tests.bot.test_main import folder as folder  # noqa: PLC0414 -- a fixture
from tests.conftest import AUDIT_KEY
from tests.support.edge import StandingClock
from tests.support.program import operate

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
KEEP = timedelta(days=186)


@pytest.fixture
def file(tmp_path: Path) -> AnchorFile:
    return AnchorFile(tmp_path / "elsewhere" / "anchors.jsonl")


def audit_rows(database: Database, count: int, now: datetime = NOW) -> None:
    with database.work() as work:
        for number in range(count):
            work.audit.append(
                actor="zhao",
                role="舆情办主任",
                action=f"act {number}",
                object_type="case",
                object_id="YQ-20261120-001",
                result="done",
                details={"n": number},
                now=now,
            )


@contextmanager
def looking_into(database: Database) -> Iterator[Connection]:
    engine = create_engine(parse(database.url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def keeper(database: Database, file: AnchorFile, clock: StandingClock) -> AnchorKeeper:
    return AnchorKeeper(database, Keeping(file, KEEP), clock)


def lines_of(file: AnchorFile) -> list[str]:
    return file.path.read_text().splitlines() if file.path.exists() else []


class TestAnchoring:
    def test_what_is_asked_of_the_chain_changes_nothing_for_what_follows(
        self, database: Database
    ) -> None:
        audit_rows(database, 3)
        with database.work() as work:
            assert work.audit.verify() is None
            work.settings.put("a", 1)  # on PostgreSQL: no cursor is declared for this
        with database.read() as work:
            assert work.settings.get("a") == 1

    def test_every_hour_the_head_is_written_once(
        self, sqlite_database: Database, file: AnchorFile
    ) -> None:
        clock = StandingClock(NOW)
        anchors = keeper(sqlite_database, file, clock)
        anchors.turn()
        assert file.last() is None
        audit_rows(sqlite_database, 3)
        for minutes, lines in ((59, 0), (1, 1), (60, 1)):
            clock.advance(minutes=minutes)
            anchors.turn()
            assert len(lines_of(file)) == lines
        assert json.loads(lines_of(file)[0])["seq"] == 3
        assert file.path.stat().st_mode & 0o777 == 0o600

    def test_at_the_end_the_last_row_is_anchored(
        self, sqlite_database: Database, file: AnchorFile
    ) -> None:
        clock = StandingClock(NOW)
        with anchored(sqlite_database, Keeping(file, KEEP), clock):
            audit_rows(sqlite_database, 2)
        last = file.last()
        assert last is not None
        assert last.seq == 2

    def test_a_torn_last_line_is_passed_over_and_ended(
        self, sqlite_database: Database, file: AnchorFile
    ) -> None:
        audit_rows(sqlite_database, 1)
        keeper(sqlite_database, file, StandingClock(NOW)).anchor(NOW)
        with file.path.open("a") as torn:
            torn.write('{"seq": 9, "ha')
        last = file.last()
        assert last is not None
        assert last.seq == 1
        audit_rows(sqlite_database, 1)
        keeper(sqlite_database, file, StandingClock(NOW)).anchor(NOW)
        assert [json.loads(line)["seq"] for line in file.path.read_text().splitlines()] == [1, 2]

    def test_a_line_that_is_no_anchor_is_named(self, file: AnchorFile) -> None:
        file.path.parent.mkdir()
        file.path.write_text('{"seq": 1, "hash": "a"}\nnonsense\n{"seq": 2, "hash": "b"}\n')
        with pytest.raises(UnreadableAnchorsError, match="第 2 行"):
            file.last()

    def test_an_unreadable_file_stops_the_start(
        self, sqlite_database: Database, file: AnchorFile
    ) -> None:
        file.path.parent.mkdir()
        file.path.write_text("nonsense\nnonsense\n")
        with (
            pytest.raises(OlderDatabaseError, match="第 1 行"),
            anchored(sqlite_database, Keeping(file, KEEP), StandingClock(NOW)),
        ):
            pass


class TestX09AnOlderCopy:
    def test_x09_a_database_replaced_by_an_older_copy_is_refused(
        self, sqlite_database: Database, file: AnchorFile, tmp_path: Path
    ) -> None:
        audit_rows(sqlite_database, 2)
        older = tmp_path / "older.db"
        with create_engine(sqlite_database.url).connect() as connection:
            connection.exec_driver_sql(f"VACUUM INTO '{older}'")
        audit_rows(sqlite_database, 2)
        keeper(sqlite_database, file, StandingClock(NOW)).anchor(NOW)
        assert older_than_its_anchor(sqlite_database, file) is None
        restored = Database(f"sqlite:///{older}", audit_key=AUDIT_KEY)
        with (
            pytest.raises(OlderDatabaseError, match=r"第 2 行.*第 4 行"),
            anchored(restored, Keeping(file, KEEP), StandingClock(NOW)),
        ):
            pass
        audit_rows(restored, 3, NOW + timedelta(minutes=1))
        assert older_than_its_anchor(restored, file) == "数据库的审计链第 4 行与外存记录不符"
        restored.close()

    def test_the_command_verifies_refuses_and_accepts(self, folder: Path) -> None:
        config = str(folder / "duban.toml")
        database = Database(f"sqlite:///{folder}/var/duban.db", audit_key=b"k" * 64)
        (folder / "var").mkdir()
        database.upgrade()
        audit_rows(database, 3)
        kept = AnchorFile(folder / "var" / "audit-anchors.jsonl")
        assert "没有外存记录可比" in operate("audit", "verify", "--config", config).stdout
        keeper(database, kept, StandingClock(NOW)).anchor(NOW)
        whole = operate("audit", "verify", "--config", config)
        assert (whole.returncode, whole.stdout) == (0, "完好: 到第 3 行, 与外存第 3 行相符\n")
        with database.read() as work:
            second = work.audit.hash_at(2)
        assert second is not None
        for words, status in (
            (f"审计到第 2 行, 末行 {second[:16]}", 0),
            (f"审计到第 3 行, 末行 {second[:16]}", 1),
            (f"审计到第 9 行, 末行 {second[:16]}", 1),
            ("审计到第 2 行", 2),
        ):
            named = operate("audit", "verify", "--said", words, "--config", config)
            assert named.returncode == status, named
        with create_engine(database.url).begin() as connection:
            connection.execute(text("DELETE FROM audit WHERE seq = 3"))
        cut = operate("audit", "verify", "--config", config)
        assert (cut.returncode, cut.stdout) == (1, "第 3 行: 末尾缺失，外存记录到第 3 行\n")
        refused = operate("serve", "--config", config)
        assert refused.returncode == 2
        assert "audit accept --reason" in refused.stderr
        silent = operate("audit", "accept", "--reason", " ", "--config", config)
        assert silent.returncode == 2
        accepted = operate("audit", "accept", "--reason", "自备份恢复", "--config", config)
        assert "新的锚点为" in accepted.stdout
        assert operate("audit", "verify", "--config", config).returncode == 0
        kept.path.write_text("nonsense\nnonsense\n")
        assert operate("audit", "verify", "--config", config).returncode == 2
        database.close()


class TestG08Retention:
    def test_g08_old_rows_leave_and_the_rest_still_verifies(
        self, database: Database, file: AnchorFile
    ) -> None:
        audit_rows(database, 5, NOW - KEEP - timedelta(seconds=1))
        audit_rows(database, 5, NOW - KEEP)
        clock = StandingClock(NOW)
        keeper(database, file, clock).turn()
        with database.read() as work:
            head = work.audit.head()
        assert head is not None
        assert head.seq == 11  # the deletion is itself a row
        assert verify(database, file) is None
        with looking_into(database) as connection:
            assert connection.execute(text("SELECT min(seq) FROM audit")).scalar_one() == 6
        clock.advance(hours=25)
        keeper(database, file, clock).turn()
        assert verify(database, file) is None
        audit_rows(database, 1)
        assert verify(database, file) is None

    def test_a_forged_beginning_shows(self, database: Database, file: AnchorFile) -> None:
        audit_rows(database, 5, NOW - KEEP - timedelta(days=1))
        audit_rows(database, 1)
        keeper(database, file, StandingClock(NOW)).turn()
        with database.work() as work:
            kept = work.settings.get(CHECKPOINT)
            assert isinstance(kept, dict)
            work.settings.put(CHECKPOINT, kept | {"seq": 4})
        assert verify(database, file) == BrokenRow(1, "开头的检查点被改动")
        for forged in ({"algorithm": "none"}, {"seq": "5"}):
            with database.work() as work:
                work.settings.put(CHECKPOINT, kept | forged)
            assert verify(database, file) == BrokenRow(1, "开头的检查点被改动")

    def test_the_last_row_always_stays(self, database: Database) -> None:
        audit_rows(database, 3, NOW - KEEP - timedelta(days=1))
        assert database.run(lambda work: work.audit.prune(NOW, NOW)) == 2
        assert database.run(lambda work: work.audit.prune(NOW, NOW)) in {0, 1}
        with database.read() as work:
            assert work.audit.verify() is None


def test_g13_a_chain_may_change_its_algorithm_on_the_way(database: Database) -> None:
    audit_rows(database, 2)
    national = Database(database.url, audit_key=AUDIT_KEY, audit_algorithm=Algorithm.SM3)
    audit_rows(national, 2)
    with national.read() as work:
        assert work.audit.verify() is None
    with looking_into(database) as connection:
        rows = connection.execute(text("SELECT algorithm FROM audit ORDER BY seq")).scalars()
        assert list(rows) == ["HMAC-SHA256"] * 2 + ["HMAC-SM3"] * 2
    national.close()


def _seq(drawn: random.Random) -> int:
    return drawn.randrange(1, 41)


def _edit(connection: Connection, drawn: random.Random) -> None:
    column = drawn.choice(["actor", "role", "action", "object_id", "result", "prev_hash", "hash"])
    change = {"seq": _seq(drawn), "with": f"{drawn.random()}"}
    connection.execute(text(f"UPDATE audit SET {column} = :with WHERE seq = :seq"), change)  # noqa: S608


def _edit_details(connection: Connection, drawn: random.Random) -> None:
    change = {"seq": _seq(drawn), "with": json.dumps({"n": drawn.random()})}
    connection.execute(text("UPDATE audit SET details = :with WHERE seq = :seq"), change)


def _edit_moment(connection: Connection, drawn: random.Random) -> None:
    moved = NOW + timedelta(seconds=drawn.randrange(1, 10_000))
    change = {"seq": _seq(drawn), "with": moved.strftime("%Y-%m-%d %H:%M:%S.%f")}
    connection.execute(text("UPDATE audit SET at = :with WHERE seq = :seq"), change)


def _delete(connection: Connection, drawn: random.Random) -> None:
    connection.execute(text("DELETE FROM audit WHERE seq = :seq"), {"seq": _seq(drawn)})


def _cut_the_end(connection: Connection, drawn: random.Random) -> None:
    connection.execute(text("DELETE FROM audit WHERE seq >= :seq"), {"seq": _seq(drawn)})


def _swap(connection: Connection, drawn: random.Random) -> None:
    one = drawn.randrange(1, 40)
    for old, new in ((one, -1), (one + 1, one), (-1, one + 1)):
        connection.execute(
            text("UPDATE audit SET seq = :new WHERE seq = :old"), {"old": old, "new": new}
        )


def _close_up(connection: Connection, drawn: random.Random) -> None:
    gone = drawn.randrange(1, 40)
    connection.execute(text("DELETE FROM audit WHERE seq = :seq"), {"seq": gone})
    for seq in range(gone + 1, 41):
        connection.execute(
            text("UPDATE audit SET seq = :new WHERE seq = :old"), {"old": seq, "new": seq - 1}
        )


def _insert(connection: Connection, drawn: random.Random) -> None:
    """A row that was never written, sealed with what is public."""
    values = {"seq": 41, "actor": f"u{drawn.random()}", "hash": "0" * 64}
    connection.execute(
        text(
            "INSERT INTO audit SELECT :seq, at, :actor, role, action, object_type, object_id,"
            " result, details, algorithm, hash, :hash FROM audit WHERE seq = 40"
        ),
        values,
    )


def _rewrite_without_the_key(connection: Connection, drawn: random.Random) -> None:
    """The whole chain again from some row on, sealed with a key that was guessed."""
    first = _seq(drawn)
    rows = connection.execute(text("SELECT * FROM audit ORDER BY seq")).mappings().all()
    before = "" if first == 1 else rows[first - 2]["hash"]
    for row in rows[first - 1 :]:
        sealed = hashlib.sha256(f"{before}\0{dict(row)}".encode()).hexdigest()
        connection.execute(
            text("UPDATE audit SET actor = 'sun', prev_hash = :b, hash = :h WHERE seq = :s"),
            {"b": before, "h": sealed, "s": row["seq"]},
        )
        before = sealed


SINS: tuple[Callable[[Connection, random.Random], None], ...] = (
    _edit,
    _edit_details,
    _edit_moment,
    _delete,
    _cut_the_end,
    _swap,
    _close_up,
    _insert,
    _rewrite_without_the_key,
)


def _is_found(connection: Connection, file: AnchorFile) -> bool:
    return AuditStore(connection, Sealing(AUDIT_KEY)).verify(file.last()) is not None


class TestG07Tampering:
    """One thousand ways to change forty rows, each found, whatever the intruder can compute."""

    @pytest.fixture
    def scene(self, sqlite_database: Database, file: AnchorFile) -> Path:
        audit_rows(sqlite_database, 40)
        keeper(sqlite_database, file, StandingClock(NOW)).anchor(NOW)
        with create_engine(sqlite_database.url).connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(sqlite_database.url.removeprefix("sqlite:///"))

    def test_g07_a_thousand_of_a_thousand_are_found(
        self, scene: Path, file: AnchorFile, tmp_path: Path
    ) -> None:
        found = 0
        drawn = random.Random(20261120)  # noqa: S311
        copy = tmp_path / "copy.db"
        shutil.copy(scene, copy)
        database = Database(f"sqlite:///{copy}", audit_key=AUDIT_KEY)
        engine = create_engine(database.url)
        for number in range(1000):
            tamper = SINS[number % len(SINS)]
            with engine.connect() as connection, connection.begin() as transaction:
                tamper(connection, drawn)
                broken = _is_found(connection, file)
                transaction.rollback()
            found += broken
        engine.dispose()
        assert verify(database, file) is None  # each was undone
        database.close()
        assert found == 1000
