"""A database made by every released version is brought to the newest schema with nothing lost."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.backups.trying import TryError, try_upgrade
from bot.keeping_ready import keep_ready, kept_ready
from cases.model import State
from cases.statistics.sums import total
from storage.database import Database
from storage.statistics import Bounds

KEPT = sorted((Path(__file__).parents[1] / "data" / "databases").glob("*.db.gz"))
AUDIT_KEY = b"the audit key of the tests"


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


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name.removesuffix(".db.gz"))
def test_a_newer_program_is_tried_on_a_copy_and_changes_nothing(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "duban.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    database = Database(f"sqlite:///{path}", audit_key=AUDIT_KEY)
    assert try_upgrade(database) == 2
    assert not database.is_current()
    assert [one.name for one in tmp_path.iterdir() if one.is_dir()] == []
    database.close()
    stranger = Database(f"sqlite:///{path}", audit_key=b"another key")
    with pytest.raises(TryError, match="审计链"):
        try_upgrade(stranger)
    stranger.close()


def test_a_database_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none.db", audit_key=AUDIT_KEY)
    assert try_upgrade(database) == 0
    database.close()


def test_every_released_version_is_kept() -> None:
    assert [path.name for path in KEPT] == ["v0.1.0.db.gz", "v0.4.0.db.gz"]
