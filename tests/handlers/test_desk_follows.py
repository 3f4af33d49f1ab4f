"""Two processes on one database: what one changes, the other follows at its next act."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.assembly.opening import read_kept
from cases.duty import Shift
from cases.holidays import Overrides
from config.rulebook import digest_of
from handlers.letting_in import LOCAL_ADMINISTRATOR, link_for_local_administrator
from handlers.people_changes import note_owner
from handlers.setup import (
    PAGES,
    ROSTER_OWNER,
    RULES_OWNER,
    RulebookFiles,
    bookshelf,
    keep_directory,
    keep_roster,
    keep_rulebook,
)
from storage.database import Database
from storage.errors import TooNew
from storage.settings import OWN_DAYS
from storage.states import ShiftSource
from tests.conftest import AUDIT_KEY
from tests.support.office import MORNING, Office, rulebook_files, to

OLD = '"签收" = { within = "30 分钟"'
QUICK = '"签收" = { within = "20 分钟"'


def quicker() -> RulebookFiles:
    files = {n: t.replace(OLD, QUICK) for n, t in rulebook_files("city3").files.items()}
    return RulebookFiles("city3", files, digest_of(files))


def test_another_process_follows_new_rules_and_days_at_its_next_act(
    sqlite_database: Database,
) -> None:
    one = Office(sqlite_database)
    with_other = Database(sqlite_database.url, audit_key=AUDIT_KEY)
    other = Office(with_other)
    with sqlite_database.work() as work:
        keep_rulebook(work, quicker(), by="admin", now=one.now)
        work.settings.put(OWN_DAYS, {"2026-11-23": False})
    other.forwards(
        "wangxiaoyu",
        "青禾路积水 省电视台采访",
        "https://www.toutiao.com/article/7249559687354974759/",
    )
    told = to("liuyang", other.says("sunlei", "定二级,交城管局"))
    assert "10:20" in told
    with with_other.read() as work:
        desk = other.desk.at(work)
        assert desk.days_off.off == {date(2026, 11, 23)}
        assert desk.at(work) is desk
    with sqlite_database.work() as work:
        work.settings.put(OWN_DAYS, {})
    with with_other.read() as work:
        assert desk.at(work).days_off == Overrides()
    with_other.close()


def test_rules_of_a_newer_program_are_left_to_it(sqlite_database: Database) -> None:
    """A version ahead: its rulebook holds a word that this program does not know."""
    office = Office(sqlite_database)
    content = dict(rulebook_files("city3").files)
    content["clocks.toml"] = content["clocks.toml"].replace("within = ", "inside = ", 1)
    newer = RulebookFiles("city3", content, digest_of(content))
    with sqlite_database.work() as work:
        identity = keep_rulebook(work, newer, by="serve", now=office.now)
    shelf = bookshelf(sqlite_database, read_kept)
    with pytest.raises(TooNew, match=r"第 2 版.*inside"):
        shelf(identity)
    assert shelf(office.desk.rulebook_in_force).number == 1


def test_rules_edited_in_the_database_stay_when_the_files_are_read_again(
    sqlite_database: Database,
) -> None:
    office = Office(sqlite_database)
    with sqlite_database.work() as work:
        edited = keep_rulebook(work, quicker(), by="admin", now=office.now)
        work.settings.put(RULES_OWNER, "city3")
    with sqlite_database.work() as work:
        assert keep_rulebook(work, rulebook_files("city3"), by="serve", now=MORNING) == edited
    with sqlite_database.work() as work:  # another folder is a choice
        assert keep_rulebook(work, rulebook_files("county4"), by="serve", now=MORNING) != edited
        assert not work.settings.get(RULES_OWNER)


@pytest.mark.parametrize(("owner", "stays"), [(None, False), (PAGES, True)])
def test_a_roster_edited_on_the_pages_stays(
    sqlite_database: Database, owner: str | None, stays: bool
) -> None:
    Office(sqlite_database)
    mine = Shift("zhaomin", MORNING + timedelta(hours=8), MORNING + timedelta(hours=20))
    with sqlite_database.work() as work:
        work.roster.add([mine], source=ShiftSource.ROSTER, by="sunlei", at=MORNING)
        work.settings.put(ROSTER_OWNER, owner)
        keep_roster(work, (), by="serve", now=MORNING)
        assert bool(work.roster.shifts(MORNING, MORNING + timedelta(days=1))) is stays


def test_the_operators_own_days_lie_over_those_of_the_file() -> None:
    monday, sunday = date(2026, 11, 23), date(2026, 11, 22)
    filed = Overrides(off=frozenset({monday}), work=frozenset({sunday}))
    assert filed.under({}) is filed
    turned = filed.under({monday: True, sunday: False})
    assert turned == Overrides(off=frozenset({sunday}), work=frozenset({monday}))


def test_the_local_administrator_ends_at_the_next_start_once_somebody_real_administers(
    sqlite_database: Database,
) -> None:
    office = Office(sqlite_database)
    admin = "admin"
    with sqlite_database.work() as work:
        note_owner(work, imported=True)
        link_for_local_administrator(work, MORNING)
        person = work.people.person(admin)
        assert person is not None
        work.people.upsert_person(replace(person, roles=frozenset()))
        keep_directory(work, office.desk, (), (), now=MORNING)
        assert work.people.person(LOCAL_ADMINISTRATOR) is not None  # nobody else is there
        work.people.upsert_person(person)
        keep_directory(work, office.desk, (), (), now=MORNING)
        assert work.people.person(LOCAL_ADMINISTRATOR) is None
