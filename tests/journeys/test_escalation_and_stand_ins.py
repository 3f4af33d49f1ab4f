"""Nobody is told as a superior of his own silence; the record says who was passed over."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Database
from tests.conftest import AUDIT_KEY
from tests.support.office import Office, recipients, to

URL = "https://www.toutiao.com/article/7249559687354974759/"
LIAISON, DEPUTY, LEADER = "liuyang", "heqing", "tangbo"  # 市城管局
_ENDED = "SELECT slot, reason FROM timer WHERE slot LIKE 'up-%' AND reason LIKE '%经办人%'"


@pytest.fixture(scope="module")
def assigned(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """001 is 二级 and 市城管局's, not signed yet: made once, copied for each test."""
    path = tmp_path_factory.mktemp("late") / "duban.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", audit_key=AUDIT_KEY)
    made = Office(database)
    made.forwards("wangxiaoyu", "青禾路积水多日无人管 省电视台记者到场采访", URL)
    made.says("sunlei", "1")
    database.close()
    return path


@pytest.fixture
def office(assigned: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copy(assigned, tmp_path / "duban.db")
    database = Database(f"sqlite:///{tmp_path}/duban.db", audit_key=AUDIT_KEY)
    yield Office(database)
    database.close()


def notes(office: Office) -> list[tuple[str, str]]:
    with office.database.read() as work:
        rows = work._connection.exec_driver_sql(_ENDED).all()  # noqa: SLF001
    return [(slot, reason) for slot, reason in rows]


def test_a_deputy_it_was_handed_to_is_not_told_of_himself_but_the_liaison_is(
    office: Office,
) -> None:
    office.says(LIAISON, "001 交给市政科何青具体办理")
    told = office.passes(minutes=61)
    assert "升级提醒" not in to(DEPUTY, told)
    assert "市城管局 (何青) 签收时限 10:30, 已超 30 分钟" in to(LIAISON, told)
    assert [slot for slot, _ in notes(office)] == ["up-deputy"]
    assert "副职何青就是经办人, 改提醒联络员" in notes(office)[0][1]


def test_where_the_deputy_is_all_there_is_the_next_rung_follows_at_its_time(
    office: Office,
) -> None:
    with office.database.work() as work:
        work.people.leave(LIAISON, office.now)
    told = office.passes(minutes=61)
    assert "升级提醒" not in to(DEPUTY, told)
    assert LEADER not in recipients(told)
    assert "除经办人何青外没有别人" in notes(office)[0][1]
    office.now += timedelta(seconds=1)
    assert "已超 40 分钟" in to(LEADER, office.passes(minutes=9))
