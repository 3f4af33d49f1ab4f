"""An existing 台账 comes in as it stands: each doubt by row and column, and no burst."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cases.beijing import in_beijing
from cases.model import State
from handlers import takeover
from handlers.takeover import Entry, Stage
from storage.database import Database
from tests.bot.test_main import folder as folder  # noqa: PLC0414 -- a fixture
from tests.conftest import AUDIT_KEY
from tests.support.office import Office, recipients, to
from tests.support.program import Ended, operate

TABLE = """编号,舆情标题,状态,责任单位,协办单位,等级,截止时间,登记人
2026-101,青禾路积水,办理中,市城管局,市住建局,二级,2027-01-05 17:00,老王
2026-102,三中食堂,已签收,市教体局,,三级,2026-01-05,老王
2026-103,小区停水,待办结,住建,,一级,明年吧,老王
2026-104,旧事,已办结,市城管局,,三级,,老王
2026-105,月球见闻,在途,月球局,,特急,,老王
2026-106,,办理中,市城管局,,三级,,老王
"""


@pytest.fixture
def site(folder: Path) -> Iterator[tuple[Path, Database]]:
    (folder / "old.csv").write_text(TABLE, "utf-8")
    operate("migrate", "--config", str(folder / "duban.toml"))
    operate("people", "import", "config/demo/directory.toml", "--apply", *where(folder))
    database = Database(f"sqlite:///{folder}/var/duban.db", audit_key=AUDIT_KEY)
    yield folder, database
    database.close()


def where(folder: Path) -> tuple[str, str]:
    return "--config", str(folder / "duban.toml")


def take_over(folder: Path, *more: str) -> Ended:
    return operate("take-over", str(folder / "old.csv"), *more, *where(folder))


def test_every_doubt_is_named_by_row_and_column_and_nothing_is_written(
    site: tuple[Path, Database],
) -> None:
    folder, database = site
    tried = take_over(folder)
    assert tried.returncode == 1
    for words in (
        "不收: 登记人",
        "第 2 行: 接管为",
        "第 3 行: 接管为",
        "已签收, 时限已过",
        "第 4 行 「截止时间」看不懂「明年吧」",
        "第 5 行 「状态」「已办结」已经结束, 不接管",
        "第 6 行 「责任单位」名录里没有「月球局」",
        "第 6 行 「状态」看不懂「在途」",
        "第 6 行 「等级」规则册里没有「特急」",
        "第 7 行 「标题」没有标题也没有内容",
        "共 6 行: 接管 4, 跳过 2, 疑点 6, 其中时限已过 1",
        "没有写入",
    ):
        assert words in tried.stdout, tried.stdout
    with database.read() as work:
        assert work.cases.find_open() == ()


def test_they_stand_where_they_stood_once_and_nobody_is_told(site: tuple[Path, Database]) -> None:
    folder, database = site
    done = take_over(folder, "--apply")
    assert "接管 4" in done.stdout
    with database.read() as work:
        cases = {case.title.split(" (")[0]: case for case in work.cases.find_open()}
        waiting = work.outbox.late_count(work.cases.find_open()[0].reported_at + timedelta(days=1))
    assert waiting == 0
    states = {title: case.state for title, case in cases.items()}
    assert states == {
        "青禾路积水": State.VERIFYING,
        "三中食堂": State.SIGNED,
        "小区停水": State.CLOSE_REQUESTED,
        "月球见闻": State.REPORTED,
    }
    first = cases["青禾路积水"]
    assert "原编号 2026-101" in first.title
    assert first.level == "二级"
    assert [part.unit_id for part in first.assignments] == ["chengguan", "zhujian"]
    assert first.lead is not None
    assert first.lead.deadline is not None
    again = take_over(folder, "--apply")
    assert "接管 0, 跳过 6" in again.stdout


def test_a_file_that_is_no_table_ends_with_2(folder: Path) -> None:
    (folder / "old.csv").write_bytes(b"\x00\x01")
    assert take_over(folder).returncode == 2


def test_what_is_late_gives_one_notice_each_and_no_backlog(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    ago = office.now - timedelta(days=9)

    for nth in range(6):
        entry = Entry(f"{nth}", f"旧事 {nth}", Stage.HANDLING, "", (), "三级", "chengguan", (), ago)
        with office.database.work() as work:
            taken = takeover.take_over(work, office.desk, entry, office.now)
        assert (taken.stage, taken.is_late) == (Stage.HANDLING, True)
    assert office.leaving() == []
    told = office.passes(minutes=5)
    assert 1 <= len(told) <= 6
    assert recipients(told) == ["liuyang"] * len(told)
    assert all(f"旧事 {nth}" in to("liuyang", told) for nth in range(6))


PUBLIC = """编号,标题,状态,责任单位,等级,回应时间,回应链接
云网[2026]7号,公园夜跑,回应中,市城管局,二级,,
WL-9,学校食堂,跟踪中,市教体局,二级,2026-11-19 09:00,https://example.gov.cn/1
WL-10,路灯不亮,跟踪中,市城管局,三级,,
WL-11,围挡过高,待办结,市住建局,二级,2026-11-18 09:00,https://example.gov.cn/2
"""


def test_what_is_being_answered_or_watched_comes_in_as_that(site: tuple[Path, Database]) -> None:
    folder, database = site
    (folder / "old.csv").write_text(PUBLIC, "utf-8")
    done = take_over(folder, "--apply")
    assert "第 4 行 「回应时间」空着, 从现在起算跟踪" in done.stdout
    assert "接管 4, 跳过 0, 疑点 1" in done.stdout
    with database.read() as work:
        cases = {case.title.split(" (")[0]: case for case in work.cases.find_open()}
        steps = {
            title: {clock.step for clock in work.clocks.running(case.id)}
            for title, case in cases.items()
        }
    assert {title: case.state for title, case in cases.items()} == {
        "公园夜跑": State.REPLY_DRAFT,
        "学校食堂": State.TRACKING,
        "路灯不亮": State.TRACKING,
        "围挡过高": State.CLOSE_REQUESTED,
    }
    published = cases["学校食堂"].response.published_at
    assert published is not None
    assert in_beijing(published).isoformat() == "2026-11-19T09:00:00+08:00"
    assert "跟踪" in steps["学校食堂"]
    assert cases["围挡过高"].response.is_answered


@pytest.mark.parametrize(
    "said", ["查 云网[2026]7号", "查2026-101", "2026-101 怎么样了", "原编号 A12 怎么样了"]
)
def test_the_old_number_finds_the_case(sqlite_database: Database, said: str) -> None:
    office = Office(sqlite_database)
    for number in ("云网[2026]7号", "2026-101", "A12"):
        entry = Entry(number, f"旧事{number}", Stage.SIGNED, "", (), "三级", "chengguan")
        with office.database.work() as work:
            takeover.take_over(work, office.desk, entry, office.now)
    (told,) = [one.text for one in office.says("sunlei", said) if one.to == "sunlei"]
    number = next(one for one in ("7号", "2026-101", "A12") if one in said)
    assert f"{number})》三级" in told


def test_the_old_number_finds_a_closed_case_too(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    entry = Entry("2026-101", "旧事", Stage.CLOSE_REQUESTED, "", (), "三级", "chengguan")
    with office.database.work() as work:
        takeover.take_over(work, office.desk, entry, office.now)
    office.says("sunlei", "2026-101 同意办结")
    (told,) = [one.text for one in office.says("sunlei", "查2026-101") if one.to == "sunlei"]
    assert "已办结" in told
