"""What changed is made ready again each minute, past days only, and a check finds what is wrong."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from bot.keeping_ready import keep_ready, kept_ready, mend_kept
from storage.database import Database
from storage.stale import Kind
from storage.tables.kept import DAY_SUM, STALE
from tests.storage.builders import NOW, open_case

TOMORROW = NOW + timedelta(days=1)


def test_yesterday_is_added_up_and_titles_are_indexed(sqlite_database: Database) -> None:
    with sqlite_database.work() as work:
        case = open_case(work)
    assert keep_ready(sqlite_database, NOW) == 1
    assert kept_ready(sqlite_database, NOW).told == (
        "统计和搜索的存底: 0 天, 与案卷不符 0 天, 待整理 0 天、0 个标题。"
    )
    assert keep_ready(sqlite_database, TOMORROW) == 1
    with sqlite_database.work() as work:
        assert work.titles.pairs(case.id)
        assert len(work.day_sums.kept_days()) == 1
        work.cases.save(replace(case, level="一级"), [], by="t", now=TOMORROW)
    assert kept_ready(sqlite_database, TOMORROW).stale_days == 1
    assert keep_ready(sqlite_database, TOMORROW) == 1
    assert keep_ready(sqlite_database, TOMORROW) == 0


def test_what_does_not_fit_into_the_time_is_left_for_the_next_minute(
    sqlite_database: Database,
) -> None:
    with sqlite_database.work() as work:
        open_case(work)
    assert keep_ready(sqlite_database, TOMORROW, seconds=0) == 0
    assert keep_ready(sqlite_database, TOMORROW) == 2


def test_a_sum_that_was_damaged_is_found_and_mended(sqlite_database: Database) -> None:
    with sqlite_database.work() as work:
        open_case(work)
    keep_ready(sqlite_database, TOMORROW)
    assert kept_ready(sqlite_database, TOMORROW).wrong == ()
    with sqlite_database.work() as work:
        work._connection.execute(update(DAY_SUM).values(split=[]))  # noqa: SLF001 -- damage
    found = kept_ready(sqlite_database, TOMORROW)
    assert len(found.wrong) == 1
    assert mend_kept(sqlite_database, found, TOMORROW) == 1
    assert kept_ready(sqlite_database, TOMORROW).wrong == ()


def test_two_replicas_at_the_same_do_not_disturb_each_other(sqlite_database: Database) -> None:
    with sqlite_database.work() as work:
        open_case(work)
        work.stale.mark(Kind.TITLE, [1])
        work._connection.execute(  # noqa: SLF001 -- the other replica's doing
            STALE.delete().where(STALE.c.kind == Kind.TITLE)
        )
    assert keep_ready(sqlite_database, TOMORROW) == 1
