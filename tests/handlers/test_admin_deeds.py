"""Deeds of the administration that the pages of a plain office do not reach."""

from datetime import timedelta

import pytest

from cases.errors import RefusalError
from cases.people import Person, Role
from cases.special_periods import PeriodKind, PeriodRules
from cases.wording.people import Way
from handlers.admin import doors, people, periods, roster, rules, units
from handlers.admin.changing import carry_out
from handlers.admin.deed import Proposed, Wish, WrongFieldsError
from handlers.admin.rules_draft import bench_of
from handlers.desk import Desk
from handlers.pages.fields import Given
from handlers.people_changes import Cause, leave
from storage.database import Database
from storage.outbox import NewMessage
from storage.states import Channel
from storage.work import Work
from tests.support.office import MORNING, Office, to

FLOOD = PeriodKind("汛期", ("防汛",), PeriodRules(through_night=True, spacing=50))


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database, periods=(FLOOD,))


def wish(office: Office, work: Work, subject: str = "", **given: str) -> Wish:
    admin = work.people.person("admin")
    assert admin is not None
    values = {name: (value,) for name, value in given.items()}
    return Wish(work, office.desk.at(work), admin, subject, Given(values), office.now)


def test_a_special_period_is_started_and_ended_by_the_very_act_of_chat(office: Office) -> None:
    with office.database.work() as work:
        asked = wish(office, work, name="汛期", until="2026-11-30")
        carry_out(asked, periods.propose(asked))
    assert "【特殊时期】汛期" in to("sunlei", office.leaving())
    with office.database.read() as work:
        (shown,) = periods.ahead(wish(office, work))
        assert shown.is_now
        assert "24:00" in shown.words
        assert [one.value for one in periods.fields(wish(office, work))[0].options] == ["汛期"]
    with office.database.work() as work:
        asked = wish(office, work, "汛期")
        carry_out(asked, periods.propose_ending(asked))
    assert "已结束" in to("sunlei", office.leaving())
    with office.database.read() as work, pytest.raises(RefusalError, match="没有在安排中"):
        periods.propose_ending(wish(office, work, "汛期"))


@pytest.mark.parametrize(
    ("name", "until", "field"),
    [
        ("雪灾", "2026-11-30", "name"),
        ("汛期", "2026-11-19", "until"),
        ("汛期", "2026-11-20", ""),
        ("汛期", "2027-12-25", ""),
        ("汛期", "2027-12-26", "until"),
        ("汛期", "", "until"),
    ],
)
def test_a_special_period_has_its_borders(
    office: Office, name: str, until: str, field: str
) -> None:
    with office.database.read() as work:
        asked = wish(office, work, name=name, until=until)
        if field:
            with pytest.raises(WrongFieldsError) as wrong:
                periods.propose(asked)
            assert set(wrong.value.faults) == {field}
        else:
            assert periods.propose(asked).kind == periods.KIND


def test_what_the_contacts_have_said_is_shown_before_it_is_overridden(office: Office) -> None:
    with office.database.work() as work:
        leave(work, office.desk, "liuyang", Cause(Way.UNSUBSCRIBED, "platform", office.now))
    given = {"name": "刘洋", "roles": "责任单位联络员", "unit": "chengguan", "deputy": "否"}
    with office.database.read() as work:
        proposed = people.propose(wish(office, work, "liuyang", state="在岗", phone="", **given))
        assert proposed.title == "恢复人员 刘洋"
        assert any("以通讯录为准" in line for line in proposed.does)
        assert "还没有同步过" in people.platform_note(work)


def test_a_unit_without_anybody_behind_says_so(office: Office) -> None:
    with office.database.work() as work:
        for one in work.people.of_unit("chengguan"):
            if one.is_deputy:
                work.people.leave(one.userid, office.now)
        given = {"name": "刘洋", "roles": "信息员", "unit": "chengguan", "deputy": "否"}
        proposed = people.propose(wish(office, work, "liuyang", state="在岗", phone="", **given))
    assert any("没有人接" in line for line in proposed.does)


def test_a_unit_nobody_belongs_to_is_taken_out_of_use_and_comes_back(office: Office) -> None:
    with office.database.work() as work:
        asked = wish(office, work, id="xin", name="新单位", state="使用")
        carry_out(asked, units.propose(asked))
        asked = wish(office, work, "xin", name="新单位", state="停用")
        number = carry_out(asked, units.propose(asked))
        assert work.people.unit("xin") is None
        change = work.admin_changes.get(number)
        assert change is not None
        carry_out(asked, units.restore(asked, change), number)
        assert work.people.unit("xin") is not None
        with pytest.raises(RefusalError, match="后来又改过"):
            units.restore(asked, change)


def test_shifts_of_chat_and_of_the_past_are_not_edited_here(office: Office) -> None:
    office.says("zhaomin", "我值班到明天8:30")
    with office.database.read() as work:
        (said,) = work.roster.shifts(MORNING, MORNING + timedelta(hours=1))
        shown = roster.week(work, MORNING.date() - timedelta(days=4), office.now)
        assert [one.may_edit for day in shown.days for one in day.shifts] == [False]
        for subject in (str(said.id), "999"):
            with pytest.raises(RefusalError):
                roster.propose(wish(office, work, subject))


def test_the_last_post_of_a_robot_is_told_in_words(office: Office) -> None:
    configured = doors.Configured(robots=("市城管局",))
    with office.database.work() as work:
        assert doors.robots(work, configured, office.now)[0].last == "30 天内没有发过"
        work.outbox.put(NewMessage("k", "x", Channel.ROBOT, "市城管局", "{}", "r", 5, office.now))
        assert doors.robots(work, configured, office.now)[0].last.endswith("排队")
        (claim,) = work.outbox.claim(office.now, "me")
        work.outbox.refused(claim, 93000, "robot not found", office.now, None)
        shown = doors.robots(work, configured, office.now)[0]
        assert shown.is_bad
        assert "没有送到" in shown.last


def test_rules_need_something_that_reads_them(office: Office) -> None:
    bare = Desk(1, "云溪市", office.desk.link_rules, office.desk.days_off, 1, office.desk.rulebook)
    with pytest.raises(RefusalError, match="不能编辑"):
        bench_of(bare)


def test_nothing_is_applied_where_all_follow_the_rules_in_force(office: Office) -> None:
    with office.database.read() as work, pytest.raises(RefusalError, match="都已按"):
        rules.propose_applying(wish(office, work))


def test_a_change_of_a_person_who_never_was_is_undone_by_deactivating(office: Office) -> None:
    given = {"name": "新人", "roles": "信息员", "unit": "", "deputy": "否", "phone": ""}
    with office.database.work() as work:
        asked = wish(office, work, userid="xinren", state="在岗", **given)
        number = carry_out(asked, people.propose(asked))
        change = work.admin_changes.get(number)
        assert change is not None
        back: Proposed = people.restore(asked, change)
        carry_out(asked, back, number)
        assert work.people.person("xinren") is None
        assert work.people.name_of("xinren") == "新人"


def test_an_unknown_person_has_an_empty_form(office: Office) -> None:
    with office.database.read() as work:
        empty = people.fields(wish(office, work))
        assert empty[0].name == "userid"
        assert Person("", "", frozenset({Role.INFORMANT})) not in work.people.people()
