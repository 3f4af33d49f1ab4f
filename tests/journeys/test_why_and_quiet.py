"""电话通知, 免打扰, 为什么: what holds reminders, and what is answered about them."""

from datetime import datetime, timedelta

import pytest

from storage.database import Database
from tests.support.office import Office, Told, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
_LEADERS = {"sunlei", "zhouguohua"}


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    return office


def signing(told: list[Told]) -> list[Told]:
    return [one for one in told if "签收时限" in one.text]


def number_of(label: str, text: str) -> str:
    shown = text.rsplit("回复数字即可: ", 1)[1].splitlines()[0].split("; ")
    return next(one.split(" = ")[0] for one in shown if one.endswith(label))


def test_the_duty_officer_is_shown_whom_to_call_and_one_tap_records_the_call(
    office: Office,
) -> None:
    asked = to("zhaomin", signing(office.passes(minutes=80)))
    assert "请电话通知: 刘洋 0000-8120101" in asked
    answer = to("zhaomin", office.says("zhaomin", number_of("已电话通知刘洋", asked)))
    assert "已电话通知刘洋" in answer
    assert "前不再向上升级" in answer
    assert "已电话通知刘洋 (签收)" in to("zhaomin", office.says("zhaomin", "查 001"))


def ladder_above(office: Office, **length: float) -> list[str]:
    return [one.to for one in signing(office.passes(**length)) if one.to in _LEADERS]


def test_without_a_call_the_office_director_hears_next(office: Office) -> None:
    office.passes(minutes=80)
    assert ladder_above(office, minutes=30) == ["sunlei"]


@pytest.mark.parametrize(("minutes", "who"), [(29.99, []), (30, ["sunlei"]), (30.01, ["sunlei"])])
def test_a_call_holds_the_climb_for_half_an_hour_and_no_longer(
    office: Office, minutes: float, who: list[str]
) -> None:
    office.passes(minutes=89)  # the office director would hear at 90 at the earliest
    office.says("zhaomin", "001 已电话通知刘洋")
    assert ladder_above(office, minutes=minutes)[:1] == who


def test_what_a_call_held_is_not_called_an_outage(office: Office) -> None:
    office.passes(minutes=80)
    office.says("zhaomin", "001 已电话通知刘洋")
    assert all("停机" not in one.text for one in office.passes(hours=3))


def test_nobody_else_may_record_a_call(office: Office) -> None:
    office.passes(minutes=80)
    told = to("wangxiaoyu", office.says("wangxiaoyu", "001 已电话通知刘洋"))
    assert "不能电话通知" in told


def test_a_call_about_nothing_late_is_refused(office: Office) -> None:
    assert "没有超时未办" in to("zhaomin", office.says("zhaomin", "001 已电话通知刘洋"))


def test_the_deadline_is_answered_step_by_step(office: Office) -> None:
    told = to("liuyang", office.says("liuyang", "001 签收什么时候到期"))
    assert "签收时限 2026-11-20 周五 10:30, 这样算出:" in told
    assert "1. 自交办起算: 2026-11-20 周五 10:00" in told
    assert "提醒: " in told


def test_why_this_time_is_the_same_question(office: Office) -> None:
    told = to("liuyang", office.says("liuyang", "001 为什么是这个时间"))
    assert "这样算出:" in told


def test_why_am_i_reminded_tells_what_was_sent_and_what_comes(office: Office) -> None:
    office.passes(minutes=45)
    told = to("liuyang", office.says("liuyang", "001 为什么提醒我"))
    assert "已提交: 签收到期提醒, 到期前提醒" in told
    assert "下一次:" in told


def test_why_was_i_not_reminded_tells_the_reason_of_what_was_cancelled(office: Office) -> None:
    office.passes(minutes=5)
    office.says("liuyang", "收到")
    told = to("liuyang", office.says("liuyang", "001 为什么没提醒我"))
    assert "没发, 取消: 签收 到期前提醒 → 联络员 (这一步已完成)" in told


def third_grade(database: Database) -> Office:
    office = Office(database)
    office.forwards("wangxiaoyu", "青禾路路灯不亮", LINK)
    office.says("sunlei", "定三级,交城管局")
    return office


def test_quiet_is_kept_up_to_the_due_time_and_no_longer(database: Database) -> None:
    office = third_grade(database)
    told = to("liuyang", office.says("liuyang", "001 免打扰到明天18点"))
    assert "免打扰最多到时限" in told
    due = datetime.fromisoformat("2026-11-20T12:00:00+08:00")
    before = office.passes(seconds=(due - office.now).total_seconds() - 1)
    assert signing(before) == []
    assert [one.to for one in signing(office.passes(seconds=1))] == ["liuyang"]
    answer = to("liuyang", office.says("liuyang", "001 为什么没提醒我"))
    assert "您要求免打扰到" in answer


def test_quiet_of_one_is_not_quiet_of_others(sqlite_database: Database) -> None:
    office = third_grade(sqlite_database)
    office.says("heqing", "001 免打扰到 11:59")
    assert "liuyang" in [one.to for one in signing(office.passes(hours=1, minutes=59))]


def test_the_top_grades_cannot_be_silenced(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", "央视报道我市青禾路积水", LINK)
    office.says("wangjianping", "定一级")
    office.says("wangjianping", "001 交城管局")
    office.says("wangjianping", "同意 001")
    told = to("liuyang", office.says("liuyang", "001 免打扰到 18:00"))
    assert "提醒不能关" in told


def test_what_is_late_cannot_be_silenced(sqlite_database: Database) -> None:
    office = third_grade(sqlite_database)
    office.says("liuyang", "收到")
    office.passes(days=30)
    assert "没有可免的提醒" in to("liuyang", office.says("liuyang", "001 免打扰"))


def test_a_moment_gone_by_is_refused(sqlite_database: Database) -> None:
    office = third_grade(sqlite_database)
    assert "已经过了" in to("liuyang", office.says("liuyang", "001 免打扰到今天9点"))


def test_due_today_is_listed_in_order(office: Office) -> None:
    told = to("sunlei", office.says("sunlei", "今日到期"))
    assert told.startswith("今日到期")
    assert "10:30 001" in told


def test_at_night_the_duty_officer_is_not_told_that_others_were_reminded(
    sqlite_database: Database,
) -> None:
    office = Office(sqlite_database, now=datetime.fromisoformat("2026-11-20T21:50:00+08:00"))
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    night = [one for one in office.passes(hours=4) if one.to == "zhaomin"]
    assert any("超时未办" in one.text for one in night)
    assert all("已多次提醒" not in one.text for one in night)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("为什么是这个时间", "这样算出:"),
        ("为什么没提醒我", "给您的提醒"),
        ("免打扰到 11:30", "002 11:30 前不提醒您"),
    ],
)
def test_asked_which_case_a_number_chooses_it_and_the_question_stands(
    sqlite_database: Database, words: str, answer: str
) -> None:
    office = third_grade(sqlite_database)
    office.forwards("wangxiaoyu", "双桥巷井盖松动", LINK.replace("59/", "60/"))
    office.says("sunlei", "002 定三级,交城管局")
    asked = to("liuyang", office.says("liuyang", words))
    number = next(
        part.split(" = ")[0]
        for part in asked.rsplit("回复数字即可: ", 1)[1].split("; ")
        if "002" in part
    )
    told = to("liuyang", office.says("liuyang", number))
    assert answer in told
    assert "002" in told


def test_the_office_may_ask_why_a_colleague_was_not_reminded(office: Office) -> None:
    office.passes(minutes=25)
    told = to("sunlei", office.says("sunlei", "001 为什么没提醒刘洋"))
    assert "给刘洋的提醒:" in told
    assert "发给刘洋的:\n· 10:20 已提交: 签收到期提醒, 到期前提醒" in told
    assert "定级交办" not in told, "the office's own step concerns the office"


def test_nobody_else_asks_about_colleagues(office: Office) -> None:
    told = to("heqing", office.says("heqing", "001 为什么没提醒刘洋"))
    assert "别人收到的提醒由舆情办和领导查" in told


def test_what_an_outage_swallowed_is_told_rung_by_rung(office: Office) -> None:
    office.now += timedelta(minutes=31)  # nothing beat meanwhile
    office.passes(seconds=1)
    told = to("liuyang", office.says("liuyang", "001 为什么没提醒我"))
    assert "10:31 签收: 停机未发: 10:20 到期前提醒" in told


def test_a_call_to_a_colleague_for_whom_nobody_waits_is_not_recorded(office: Office) -> None:
    office.passes(minutes=80)
    told = to("zhaomin", office.says("zhaomin", "001 已电话通知陈静"))
    assert "现在超时的是签收, 等的是刘洋, 不是陈静, 没有登记。" in told
    assert "001 已电话通知刘洋" in told
    assert "已电话通知" not in to("zhaomin", office.says("zhaomin", "查 001"))


@pytest.mark.parametrize(
    "words", ["001 已电话通知 刘洋", "001 已电话通知: 刘洋", "001 已电话通知王师傅"]
)
def test_a_call_is_recorded_with_a_blank_before_the_name_and_for_who_is_not_listed(
    office: Office, words: str
) -> None:
    office.passes(minutes=80)
    told = to("zhaomin", office.says("zhaomin", words))
    assert f"已电话通知{words[-3:].strip()} (001 签收)" in told
