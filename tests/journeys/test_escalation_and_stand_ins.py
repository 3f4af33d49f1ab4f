"""Nobody is told as a superior of his own silence; who decides for somebody absent is marked 代."""

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


AWAY = "我11月20日到25日出差, 由王建平代签"
DEPUTY_OF_CITY, CHIEF = "zhouguohua", "wangjianping"


def record(office: Office) -> str:
    return to("sunlei", office.says("sunlei", "查 001"))


def ask_for_time(office: Office) -> None:
    office.says(LIAISON, "收到")
    office.says(LIAISON, "001 申请延期至12月4日, 需做水质检测")


def test_who_could_decide_himself_is_marked_where_the_absent_one_was_asked(
    office: Office,
) -> None:
    office.says(DEPUTY_OF_CITY, AWAY)
    ask_for_time(office)
    assert "已同意延期" in to(CHIEF, office.says(CHIEF, "同意延期"))
    assert "[代周国华] (王建平)" in record(office)
    office.says(LIAISON, "001 已办结, 已疏通")
    office.says("sunlei", "001 不需公开回应, 已当面答复反映人")
    assert "已退回" in to(CHIEF, office.says(CHIEF, "退回, 请补照片"))
    assert record(office).count("[代周国华] (王建平)") == 2


def test_without_such_an_arrangement_he_decides_as_himself(office: Office) -> None:
    ask_for_time(office)
    office.says(CHIEF, "001 同意延期")
    assert "(王建平)" in record(office)
    assert "代周国华" not in record(office)


def test_his_own_answer_comes_before_that_of_the_absent_one(office: Office) -> None:
    office.says("sunlei", "二级办结由分管领导、主要领导全部同意")
    office.says(DEPUTY_OF_CITY, AWAY)
    office.says(LIAISON, "001 已办结, 已疏通")
    office.says("sunlei", "001 不需公开回应, 已当面答复反映人")
    assert "还要分管领导同意" in to(CHIEF, office.says(CHIEF, "同意 001"))
    assert "代周国华" not in record(office)
    assert "001 办结" in to(CHIEF, office.says(CHIEF, "同意 001"))
    assert "[代周国华] (王建平)" in record(office)


def test_a_new_grade_says_which_limits_moved(office: Office) -> None:
    said = to(LIAISON, office.says(DEPUTY_OF_CITY, "001 降为三级, 热度回落"))
    assert "新时限: " in said
    new = said.rsplit("新时限: ", 1)[1]
    assert [part.split(" ")[0] for part in new.split(", ")] == [
        "签收",
        "首报",
        "回应",
    ]  # 办结 stays
