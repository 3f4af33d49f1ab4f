"""X37, G14: a backup made under load is restored elsewhere, and nothing old leaves unasked."""

import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.anchors import AnchorFile, older_than_its_anchor
from bot.backups.archive import read_archive
from bot.backups.making import OccupiedError, Opened, make, restore
from bot.backups.sealed import Opener, Sealer, UnreadableBackupError
from storage.copies import CopyError
from storage.database import Database
from storage.outbox import NewMessage
from storage.states import BrakeScope
from tests.bot.test_main import folder as folder  # noqa: PLC0414 -- a fixture
from tests.conftest import AUDIT_KEY, migrated
from tests.storage.builders import message
from tests.support import postgres
from tests.support.program import operate

KEY = "b" * 64
CHUNK = 1 << 20
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def put(database: Database, key: str, at: datetime, priority: int = 4) -> None:
    made = message(key)
    new = NewMessage(key, made.kind, made.channel, "li", made.payload, "试", priority, at)
    database.run(lambda work: work.outbox.put(new))


def leaving(database: Database, now: datetime) -> set[str]:
    with database.work() as work:
        return {claim.key for claim in work.outbox.claim(now, "me")}


@contextmanager
def busy(database: Database) -> Iterator[None]:
    """Somebody writes messages and audit rows all the time."""
    stopping = threading.Event()

    def write() -> None:
        number = 0
        while not stopping.wait(0.005):
            number += 1
            note(database, f"busy {number}")
            put(database, f"busy {number}", datetime.now(UTC))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def note(database: Database, action: str) -> None:
    database.run(
        lambda work: work.audit.append(
            actor="zhao",
            role="",
            action=action,
            object_type="case",
            object_id="1",
            result="done",
            details={},
            now=NOW,
        )
    )


@pytest.fixture
def office(folder: Path, sqlite_template: Path) -> Iterator[tuple[str, Database]]:
    """A configuration with a key for backups, and its database."""
    (folder / "backup_key").write_text(KEY, encoding="utf-8")
    (folder / "backup_key").chmod(0o600)
    config = folder / "duban.toml"
    config.write_text(config.read_text("utf-8") + '[backup]\nkey_file = "backup_key"\n', "utf-8")
    (folder / "var").mkdir()
    shutil.copy(sqlite_template, folder / "var" / "duban.db")
    database = Database(f"sqlite:///{folder}/var/duban.db", audit_key=b"k" * 64)
    yield str(config), database
    database.close()


@pytest.fixture
def lost(office: tuple[str, Database], tmp_path: Path) -> Path:
    """A backup made under load; afterwards something happened that it does not have."""
    config, live = office
    evidence = tmp_path / "var" / "evidence" / "ab"
    evidence.mkdir(parents=True)
    (evidence / "picture.png").write_bytes(b"a picture")
    put(live, "old reminder", datetime.now(UTC))
    out = tmp_path / "elsewhere.backup"
    with busy(live):
        made = operate("backup", "--evidence", "--out", str(out), "--config", config)
    assert made.returncode == 0, made.stderr
    assert "材料 1 个文件" in made.stdout
    note(live, "only in what was lost")
    return out


def test_g14_the_file_tells_nothing_without_its_key_and_is_never_overwritten(
    office: tuple[str, Database], lost: Path
) -> None:
    config, live = office
    assert lost.stat().st_mode & 0o777 == 0o600
    assert b"old reminder" not in lost.read_bytes()
    again = operate("backup", "--out", str(lost), "--config", config)
    assert (again.returncode, "已经有了" in again.stderr) == (2, True)
    assert "完好" in operate("backup", "verify", str(lost), "--config", config).stdout
    taken = operate("restore", str(lost), "--config", config)
    assert (taken.returncode, "--replace" in taken.stderr) == (2, True)
    running = operate("restore", str(lost), "--replace", "--config", config)
    assert (running.returncode, "请先停止服务" in running.stderr) == (2, True)
    assert "old reminder" in leaving(live, datetime.now(UTC))  # untouched


def test_x37_the_runbook_restores_and_nothing_old_leaves_until_confirmed(
    office: tuple[str, Database], lost: Path, tmp_path: Path
) -> None:
    config, live = office
    live.close()
    done = operate("restore", str(lost), "--replace", "--config", config)
    assert done.returncode == 0, done.stderr
    assert "安全模式" in done.stdout
    var = tmp_path / "var"
    assert len(list(var.glob("*.replaced-*"))) == 2
    assert (var / "evidence" / "ab" / "picture.png").read_bytes() == b"a picture"
    later = datetime.now(UTC) + timedelta(minutes=1)
    put(live, "answer", later, priority=1)
    put(live, "reminder of the clock", later)
    put(live, "order", later, priority=5)
    assert leaving(live, later) == {"answer", "order"}
    assert older_than_its_anchor(live, AnchorFile(var / "audit-anchors.jsonl")) is None
    assert operate("audit", "verify", "--config", config).returncode == 0
    assert "--send all" in operate("resume", "--config", config).stdout
    assert operate("resume", "--send", "all", "--config", config).returncode == 0
    assert "old reminder" in leaving(live, later + timedelta(minutes=10))


def test_without_a_key_a_place_or_a_whole_file_it_says_what_is_missing(
    office: tuple[str, Database], folder: Path
) -> None:
    config, _ = office
    assert "--out" in operate("backup", "--config", config).stderr
    (folder / "nothing").write_bytes(b"no backup")
    refused = operate("backup", "verify", str(folder / "nothing"), "--config", config)
    assert (refused.returncode, "不是督办的备份文件" in refused.stderr) == (1, True)
    plain = Path(config)
    plain.write_text(plain.read_text("utf-8").split("[backup]")[0], "utf-8")
    keyless = operate("backup", "--out", str(folder / "x"), "--config", config)
    assert (keyless.returncode, "openssl rand" in keyless.stderr) == (2, True)


def opened(database: Database, folder: Path, key: str = KEY) -> Opened:
    anchors = AnchorFile(folder / "anchors.jsonl")
    return Opened(database, anchors, lambda: NOW, folder / "evidence", key)


@pytest.mark.postgres
@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="no client programs of PostgreSQL")
def test_postgresql_is_dumped_and_put_back_with_the_old_aside(
    postgres_server: postgres.Server, postgres_admin: Engine, tmp_path: Path
) -> None:
    with migrated(postgres_server, postgres_admin, "backup") as url:
        database = Database(url, audit_key=AUDIT_KEY)
        note(database, "before")
        put(database, "old", NOW)
        make(opened(database, tmp_path), tmp_path / "out", with_evidence=True)
        note(database, "after")
        with pytest.raises(OccupiedError, match="已经有内容"):
            restore(opened(database, tmp_path), tmp_path / "out", replaces=False)
        with pytest.raises(CopyError, match="请先停止所有服务"):
            restore(opened(database, tmp_path), tmp_path / "out", replaces=True)
        database.close()
        restored = restore(opened(database, tmp_path), tmp_path / "out", replaces=True)
        assert (restored.broken, restored.waiting) == (None, 1)
        assert restored.manifest.counts["outbox"] == 1
        with database.work() as work:
            assert [brake.scope for brake in work.brakes.pulled()] == [BrakeScope.RESTORED]
            head = work.audit.head()
        assert head is not None
        assert head.seq == restored.seq == 2  # what was there, and that it was restored
        database.close()
        (tmp_path / "torn").write_bytes(b"no archive")
        with pytest.raises(CopyError, match="pg_restore"):
            database.fill_from(tmp_path / "torn", "aside")
        with database.read() as work:
            assert work.audit.head() == head
        database.close()


def sealed(content: bytes, key: str = KEY) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, key)
    sealer.write(content)
    sealer.finish()
    return file.getvalue()


def opened_content(content: bytes, key: str = KEY) -> bytes:
    return Opener(io.BytesIO(content), key, Path("x")).read(1 << 30)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_what_was_sealed_is_read_again_and_never_short(size: int) -> None:
    whole = sealed(b"a" * size)
    assert opened_content(whole) == b"a" * size
    with pytest.raises(UnreadableBackupError, match=r"不完整|开头"):
        opened_content(whole[:-1])


def test_a_file_cut_between_two_chunks_with_chunks_swapped_or_a_bit_changed_is_refused() -> None:
    whole = sealed(b"a" * CHUNK + b"b" * CHUNK + b"c")
    first, size = 64, CHUNK + 16
    swapped = (
        whole[:first]
        + whole[first + size : first + 2 * size]
        + whole[first : first + size]
        + whole[first + 2 * size :]
    )
    changed = bytearray(whole)
    changed[first + 9] ^= 1
    for damaged in (whole[: first + size], whole[: first + 2 * size], swapped, bytes(changed)):
        with pytest.raises(UnreadableBackupError, match="不完整或被改动"):
            opened_content(damaged)
    with pytest.raises(UnreadableBackupError, match="密钥打不开"):
        opened_content(whole, "c" * 64)


def test_a_damaged_database_is_not_backed_up(sqlite_database: Database, tmp_path: Path) -> None:
    note(sqlite_database, "one")
    sqlite_database.close()
    file = sqlite_database.file
    assert file is not None
    content = bytearray(file.read_bytes())
    content[2 * 4096 : 12 * 4096] = bytes(10 * 4096)
    file.write_bytes(content)
    with pytest.raises(CopyError, match="已损坏"):
        make(opened(sqlite_database, tmp_path), tmp_path / "out", with_evidence=False)
    assert not (tmp_path / "out").exists()
    file.unlink()
    with pytest.raises(CopyError, match="没有数据库文件"):
        make(opened(sqlite_database, tmp_path), tmp_path / "out", with_evidence=False)


def test_a_backup_of_a_newer_program_is_refused_untouched(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with sqlite_database.work() as work:
        work._connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))  # noqa: SLF001 -- no later program exists
    out = tmp_path / "out"
    make(opened(sqlite_database, tmp_path), out, with_evidence=False)
    assert read_archive(out, KEY).schema == "9999"
    (tmp_path / "other").mkdir()
    other = Database(f"sqlite:///{tmp_path}/other/new.db", audit_key=AUDIT_KEY)
    with pytest.raises(OccupiedError, match="比程序新"):
        restore(opened(other, tmp_path), out, replaces=False)
    assert list((tmp_path / "other").iterdir()) == []


def test_a_night_s_backup_is_verified_and_only_the_newest_stay(
    office: tuple[str, Database], tmp_path: Path
) -> None:
    config, _ = office
    folder = tmp_path / "nightly"
    folder.mkdir()
    for day in range(1, 4):
        (folder / f"duban-2026010{day}-024000.backup").write_bytes(b"older")
    (folder / "mine.txt").write_bytes(b"not ours to delete")
    made = operate("backup", "nightly", str(folder), "--keep", "2", "--config", config)
    assert made.returncode == 0, made.stderr
    left = sorted(one.name for one in folder.iterdir())
    assert left[0] == "duban-20260103-024000.backup"
    assert left[2:] == ["mine.txt"]
    assert "较早的已删去" in made.stdout
