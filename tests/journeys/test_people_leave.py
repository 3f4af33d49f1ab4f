"""People leave, move and come back: authority at once, no clock without somebody who hears it."""

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cases.contacts import Contacts, Department, Member
from cases.messages import ContactChange, EventInfo, Heard, HeardKind
from cases.people import Person, Role
from handlers.hear import Hearing
from handlers.people_sync import take_over
from handlers.setup import keep_directory
from storage.database import Database
from storage.states import ClockState
from tests.conftest import AUDIT_KEY
from tests.support.office import Office, Told, recipients, to
from tests.support.outgoing import text

NUMBERS = itertools.count(1)
LIAISON, DEPUTY, LEADER = "liuyang", "heqing", "tangbo"  # 市城管局
DUTY, DIRECTOR = "zhaomin", "sunlei"
URL = "https://www.toutiao.com/article/7249559687354974759/"


@pytest.fixture(scope="module")
def assigned(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """001 is 市城管局's, not signed yet: made once, copied for each test."""
    path = tmp_path_factory.mktemp("people") / "duban.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", audit_key=AUDIT_KEY)
    made = Office(database)
    made.forwards("wangxiaoyu", "青禾路积水多日无人管 省电视台记者到场采访", URL)
    made.says(DIRECTOR, "1")  # 二级, 市城管局
    database.close()
    return path


@pytest.fixture
def office(assigned: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copy(assigned, tmp_path / "duban.db")
    database = Database(f"sqlite:///{tmp_path}/duban.db", audit_key=AUDIT_KEY)
    yield Office(database)
    database.close()


def event(
    office: Office, name: str, *, sender: str = "sys", contact: ContactChange | None = None
) -> list[Told]:
    heard = Heard(
        key=f"event:{next(NUMBERS)}",
        channel="app",
        agent_id="1000002",
        sender=sender,
        kind=HeardKind.EVENT,
        sent_at=office.now,
        event=EventInfo(name, contact=contact),
    )
    hearing = Hearing(office.desk)
    office.database.run(lambda work: hearing(work, heard, office.now))
    return office.leaving()


def contacts(office: Office, *without: str, **moved: int) -> Contacts:
    """The corp as the directory has it: each unit is a department."""
    with office.database.read() as work:
        units, people = work.people.units(), work.people.people()
    numbers = {unit.id: nth for nth, unit in enumerate(units, start=2)}
    departments = [Department(numbers[unit.id], unit.name, 1) for unit in units]
    members = [
        Member(p.userid.upper(), p.name, (moved.get(p.userid, numbers.get(p.unit_id or "", 1)),))
        for p in people
        if p.userid not in without
    ]
    root = [Department(1, "云溪市", 0), Department(99, "市档案馆", 1)]
    return Contacts((*root, *departments), tuple(members))


def sync(office: Office, seen: Contacts) -> list[Told]:
    office.database.run(lambda work: take_over(work, office.desk, seen, office.now))
    return office.leaving()


def person(office: Office, userid: str) -> Person | None:
    with office.database.read() as work:
        return work.people.person(userid)


def alarms(office: Office) -> list[str]:
    with office.database.read() as work:
        return [alarm.kind for alarm in work.alarms.sounding()]


def test_c10_a_liaison_who_leaves_loses_authority_and_the_deputy_takes_over_at_once(
    office: Office,
) -> None:
    told = event(office, "unsubscribe", sender=LIAISON)
    assert "您还没有登记" in to(LIAISON, office.says(LIAISON, "收到"))
    taken = to(DEPUTY, told)
    assert "【接办】市城管局联络员刘洋已退出应用可见范围或被停用" in taken
    assert "· 001《青禾路积水多日无人管 省电视台记者到场…》签收 10:30、首报 12:00" in taken
    for officer in (DUTY, DIRECTOR):
        said = to(officer, told)
        assert "刘洋 (市城管局责任单位联络员) 已退出应用可见范围或被停用, 其权限已停止" in said
        assert "市城管局在办的 001 由副联络员何青 接办, 时限不变" in said
    assert "已签收 001" in to(DEPUTY, office.says(DEPUTY, "收到 001"))


def test_the_clocks_have_passed_in_the_same_transaction_and_ring_for_the_deputy(
    office: Office,
) -> None:
    with office.database.read() as work:
        before = work.clocks.running_of("chengguan")
    event(office, "unsubscribe", sender=LIAISON)
    with office.database.read() as work:
        after = work.clocks.running_of("chengguan")
        ended = [work.clocks.get(clock.id) for clock in before]
    assert [(c.step, c.due_at) for c in after] == [(c.step, c.due_at) for c in before]
    assert all(clock and clock.state is ClockState.MOVED for clock in ended)
    told = office.passes(minutes=60)
    assert LIAISON not in recipients(told)
    assert "还剩 10 分钟" in to(DEPUTY, told)


def test_what_had_rung_does_not_ring_again(office: Office) -> None:
    office.passes(minutes=35)  # before, due
    event(office, "unsubscribe", sender=LIAISON)
    told = to(DEPUTY, office.passes(minutes=6))
    assert "还剩" not in told
    assert "已超 10 分钟" in told


def test_what_was_still_unsent_to_them_is_withdrawn_with_a_reason(office: Office) -> None:
    with office.database.work() as work:
        work.outbox.put(text("k", to=LIAISON))
    told = event(office, "unsubscribe", sender=LIAISON)
    assert LIAISON not in recipients(told)
    assert "另有 1 条还没发出的消息已撤下 (交办通知)" in to(DUTY, told)


def test_without_deputy_office_and_administrator_hear_the_next_step(office: Office) -> None:
    event(office, "unsubscribe", sender=DEPUTY)
    told = event(office, "change_contact", contact=ContactChange("delete_user", LIAISON))
    for officer in (DUTY, DIRECTOR):
        said = to(officer, told)
        assert "刘洋 (市城管局责任单位联络员) 已从企业微信通讯录删除" in said
        assert "市城管局没有联络员, 也没有副联络员 (AB 角)。在办的 001 没有人接办" in said
        assert "提醒暂时改发单位分管领导唐波" in said
        assert "python main.py people import" in said
    assert "people.no_liaison" in alarms(office)
    assert "还剩 10 分钟" in to(LEADER, office.passes(minutes=25))


def test_a_deputy_who_leaves_is_missed_too(office: Office) -> None:
    with office.database.read() as work:
        before = work.clocks.running_of("chengguan")
    told = event(office, "unsubscribe", sender=DEPUTY)
    assert "市城管局现在没有副联络员 (AB 角)" in to(DUTY, told)
    with office.database.read() as work:
        assert work.clocks.running_of("chengguan") == before


def test_a_deputy_who_was_the_last_is_said_as_such(office: Office) -> None:
    event(office, "unsubscribe", sender=LIAISON)
    told = event(office, "unsubscribe", sender=DEPUTY)
    assert "市城管局没有联络员, 也没有副联络员" in to(DIRECTOR, told)


def test_nobody_at_all_is_said_too(office: Office) -> None:
    event(office, "unsubscribe", sender=DEPUTY)
    event(office, "unsubscribe", sender=LEADER)
    told = event(office, "unsubscribe", sender=LIAISON)
    assert "提醒现在没有人能收到, 请值班员电话联系该单位" in to(DUTY, told)


def test_a_deleted_account_does_not_come_back_by_itself(office: Office) -> None:
    event(office, "change_contact", contact=ContactChange("delete_user", LIAISON))
    told = event(office, "change_contact", contact=ContactChange("create_user", LIAISON))
    assert "权限没有自动恢复" in to(DIRECTOR, told)
    assert person(office, LIAISON) is None


def test_whoever_left_the_visible_range_comes_back_with_it(office: Office) -> None:
    event(office, "unsubscribe", sender=LIAISON)
    told = event(office, "subscribe", sender=LIAISON)
    assert "刘洋 又在企业微信通讯录里了, 原有角色 (责任单位联络员) 已恢复" in to(DIRECTOR, told)
    assert person(office, LIAISON) is not None
    assert "人员变动" not in to(DIRECTOR, event(office, "subscribe", sender=LIAISON))
    assert person(office, "nobody") is None


def test_who_comes_back_is_told_the_first_steps_once_and_a_stranger_whom_to_ask_once(
    office: Office,
) -> None:
    event(office, "unsubscribe", sender=LIAISON)
    first = to(LIAISON, event(office, "subscribe", sender=LIAISON))
    assert "收到" in first
    event(office, "unsubscribe", sender=LIAISON)
    assert to(LIAISON, event(office, "subscribe", sender=LIAISON)) == ""
    told = event(office, "subscribe", sender="nobody")
    assert [(one.to, "请联系管理员陈管理" in one.text) for one in told] == [("nobody", True)]
    assert event(office, "subscribe", sender="nobody") == []
    assert person(office, "nobody") is None


@pytest.mark.parametrize("status", [2, 5])
def test_a_disabled_account_has_no_authority_until_it_is_active_again(
    office: Office, status: int
) -> None:
    change = ContactChange("update_user", LIAISON, status=status)
    event(office, "change_contact", contact=change)
    assert person(office, LIAISON) is None
    event(office, "change_contact", contact=replace(change, status=1))
    assert person(office, LIAISON) is not None


def test_an_account_that_is_renamed_keeps_what_it_was(office: Office) -> None:
    change = ContactChange("update_user", LIAISON, new_userid="LiuYang2")
    event(office, "change_contact", contact=change)
    assert person(office, LIAISON) is None
    renamed = person(office, "liuyang2")
    assert renamed is not None
    assert renamed.roles == {Role.LIAISON}
    assert "已签收 001" in to("liuyang2", office.says("liuyang2", "收到"))
    event(office, "change_contact", contact=replace(change, userid="nobody"))
    assert person(office, "liuyang2") == renamed


def test_only_the_platform_itself_can_say_that_the_contacts_changed(office: Office) -> None:
    change = ContactChange("delete_user", LIAISON)
    assert event(office, "change_contact", sender="wangxiaoyu", contact=change) == []
    assert person(office, LIAISON) is not None
    assert event(office, "change_contact", contact=ContactChange("update_party", "")) == []
    assert event(office, "change_contact") == []


def test_a_change_of_departments_asks_for_a_look_at_once(office: Office) -> None:
    sync(office, contacts(office))
    change = ContactChange("update_user", LIAISON, departments=(3,))
    event(office, "change_contact", contact=change)
    with office.database.read() as work:
        assert work.settings.get("contacts.synced_at") == ""


def test_c10_the_sync_finds_who_is_no_longer_there(office: Office) -> None:
    assert sync(office, contacts(office)) == []
    told = sync(office, contacts(office, LIAISON))
    assert "已不在企业微信通讯录或应用可见范围" in to(DUTY, told)
    assert person(office, LIAISON) is None
    assert sync(office, contacts(office, LIAISON)) == []
    office.now += timedelta(minutes=15)
    everybody = contacts(office)
    back = replace(everybody, members=(*everybody.members, Member(LIAISON, "刘洋", (1,))))
    assert "已恢复" in to(DUTY, sync(office, back))


def test_a_liaison_who_moves_is_liaison_of_neither(office: Office) -> None:
    sync(office, contacts(office))
    told = sync(office, contacts(office, liuyang=99))
    assert "刘洋 (市城管局责任单位联络员) 在企业微信通讯录里已调到别的部门" in to(DUTY, told)
    assert "【接办】" in to(DEPUTY, told)
    moved = person(office, LIAISON)
    assert moved is not None
    assert (moved.unit_id, moved.roles) == (None, frozenset())


def test_where_directory_and_contacts_never_agreed_nobody_is_moved(office: Office) -> None:
    assert sync(office, contacts(office, liuyang=3)) == []
    assert alarms(office) == ["people.unit_doubt"]
    assert sync(office, contacts(office)) == []
    assert alarms(office) == []


def test_many_missing_at_once_look_like_a_wrong_visible_range(office: Office) -> None:
    sync(office, contacts(office))
    everybody = contacts(office)
    few = replace(everybody, members=everybody.members[:5])
    assert sync(office, few) == []
    assert alarms(office) == ["people.too_many_left"]
    assert person(office, LIAISON) is not None
    sync(office, everybody)
    assert alarms(office) == []


def test_the_last_of_a_role_is_missed(office: Office) -> None:
    told = event(office, "unsubscribe", sender="zhouguohua")
    assert "现在没有人是分管领导" in to(DIRECTOR, told)


def test_what_was_given_to_a_section_goes_back(office: Office) -> None:
    office.says(LIAISON, "收到 001")
    clerk = Person("xiaoli", "李小丽", frozenset({Role.INFORMANT}), "chengguan")
    with office.database.work() as work:
        work.people.upsert_person(clerk)
    assert "已转给李小丽" in to(LIAISON, office.says(LIAISON, "001 交给李小丽具体办理"))
    told = event(office, "unsubscribe", sender="xiaoli")
    assert "转给李小丽具体办理的 001 已交回刘洋" in to(DUTY, told)
    assert "【转办】001" in to(LIAISON, told)


def test_two_liaisons_leave_each_other_nothing_to_take_over(office: Office) -> None:
    second = Person("second", "第二人", frozenset({Role.LIAISON}), "chengguan")
    with office.database.work() as work:
        work.people.upsert_person(second)
    told = event(office, "unsubscribe", sender=LIAISON)
    assert "由第二人 接办" in to(DUTY, told)
    assert to(DEPUTY, told) == ""


def test_the_directory_file_does_not_bring_back_whom_the_platform_took(office: Office) -> None:
    with office.database.read() as work:
        units, people = work.people.units(), work.people.people()
    sync(office, contacts(office))
    sync(office, contacts(office, heqing=99))
    event(office, "unsubscribe", sender=LIAISON)
    with office.database.work() as work:
        notes = keep_directory(work, office.desk, units, people, now=office.now)
    assert person(office, LIAISON) is None
    moved = person(office, DEPUTY)
    assert moved is not None
    assert moved.unit_id is None
    assert "刘洋 还在名录文件里" in notes[1]
    assert "何青 在通讯录里已调离名录文件写的单位" in notes[0]
