"""A unit that does not answer, a slow office, a night: who is reminded when, and no more."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.support.office import Office, recipients, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


@pytest.fixture
def assigned(office: Office) -> Office:
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    return office


@pytest.mark.parametrize(
    ("minutes", "who"),
    [
        (4.99, []),
        (5, []),  # 10 minutes before the 15 of the office are over
        (9.99, []),
        (10, ["zhaomin"]),
        (15, ["zhaomin", "zhaomin"]),
        (19.99, ["zhaomin", "zhaomin"]),
        (20, ["zhaomin"] * 3),
    ],
)
def test_a_slow_office_is_reminded_at_its_moments(
    office: Office, minutes: float, who: list[str]
) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    assert recipients(office.passes(minutes=minutes)) == who


@pytest.mark.parametrize(
    ("minutes", "last"),
    [
        (19.99, None),
        (20, "liuyang"),
        (29.99, "liuyang"),
        (30, "liuyang"),
        (59.99, "liuyang"),
        (60, "heqing"),
        (69.99, "heqing"),
        (70, "tangbo"),
        (79.99, "tangbo"),
        (80, "zhaomin"),
    ],
)
def test_a_silent_unit_is_reminded_then_its_deputy_its_leader_and_the_office(
    assigned: Office, minutes: float, last: str | None
) -> None:
    signing = [one for one in assigned.passes(minutes=minutes) if "签收时限" in one.text]
    assert (signing[-1].to if signing else None) == last


def test_the_whole_ladder_has_a_ceiling(assigned: Office) -> None:
    signing = [one for one in assigned.passes(hours=12) if "签收时限" in one.text]
    assert [one.to for one in signing] == [
        "liuyang",
        "liuyang",
        "liuyang",
        "liuyang",
        "heqing",
        "tangbo",
        "zhaomin",
        "sunlei",
        "zhouguohua",
    ]


def test_signing_ends_the_reminders_of_signing_at_once(assigned: Office) -> None:
    assigned.passes(minutes=29.99)
    assigned.says("liuyang", "收到")
    assert not [one for one in assigned.passes(hours=24) if "签收时限" in one.text]


def test_after_signing_the_reminders_go_on_for_the_next_step(assigned: Office) -> None:
    assigned.says("liuyang", "收到")
    assert "首报时限 12:00" in to("liuyang", assigned.passes(hours=1, minutes=30))


def test_one_units_signature_leaves_the_other_units_reminders_alone(office: Office) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,请城管局牵头、住建局配合")
    office.says("liuyang", "收到")
    told = office.passes(minutes=30)
    assert "签收" in to("chenjing", told)
    assert "签收时限" not in to("liuyang", told)


def test_a_regrade_counts_the_clocks_anew_and_keeps_no_backlog(assigned: Office) -> None:
    assigned.passes(minutes=25)
    told = assigned.says("zhouguohua", "001 升级为一级, 央视已报道")
    assert "由二级改为一级" in to("liuyang", told)
    # 15 minutes since the 交办 are over by ten: one notice now, then the ladder at its spacing.
    told = assigned.passes(minutes=0.01)
    assert [one.to for one in told if "签收时限" in one.text] == ["liuyang"]


def test_a_regrade_that_keeps_a_deadline_takes_up_the_new_ladder(assigned: Office) -> None:
    assigned.says("liuyang", "收到")
    assigned.now = datetime.fromisoformat("2026-11-30T08:31:00+08:00")  # 办结 was due on Friday
    assigned.rings()
    assigned.says("zhouguohua", "001 升级为一级, 央视已报道")
    # Every 2 working hours at the new grade, 4 at the old one.
    told = assigned.passes(minutes=120)
    assert [one.to for one in told if "办结时限" in one.text] == ["liuyang"]


def test_a_case_that_becomes_light_is_told_of_by_the_week_alone(assigned: Office) -> None:
    assigned.says("sunlei", "001 降为三级, 热度回落, 一天无新增转载")
    with assigned.database.read() as work:
        steps = {clock.step for clock in work.clocks.running(assigned.case().id)}
    assert "上报" not in steps
    assert "回应" in steps


def test_at_night_a_third_grade_case_waits_until_half_past_eight(sqlite_database: Database) -> None:
    night = datetime.fromisoformat("2026-11-20T21:50:00+08:00")
    office = Office(sqlite_database, now=night)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    asleep = office.passes(hours=10, minutes=39)
    assert [one for one in asleep if one.to in ("heqing", "tangbo", "sunlei")] == []
    morning = office.passes(minutes=1)
    assert "签收时限" in to("liuyang", morning)


def test_a_first_grade_case_breaks_through_the_night(sqlite_database: Database) -> None:
    night = datetime.fromisoformat("2026-11-20T23:00:00+08:00")
    office = Office(sqlite_database, now=night)
    office.forwards("wangxiaoyu", "央视报道我市青禾路积水", LINK)
    told = office.passes(minutes=35)
    assert "zhaomin" in recipients(told)
    assert "zhouguohua" in recipients(told)


def test_after_an_outage_only_the_latest_rung_leaves_and_says_so(assigned: Office) -> None:
    assigned.now = datetime.fromisoformat(
        "2026-11-20T11:12:00+08:00"
    )  # nothing beat for 72 minutes
    told = assigned.rings()
    signing = [one for one in told if "签收时限" in one.text]
    assert [one.to for one in signing] == ["tangbo"]
    assert "有 5 次提醒因停机未发" in signing[0].text


def test_a_poisonous_edit_of_time_never_reminds_early(assigned: Office) -> None:
    assigned.now = datetime.fromisoformat("2026-11-20T09:00:00+08:00")  # the clock went back
    assert assigned.rings() == []
