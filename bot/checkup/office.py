"""Checks of what the institution keeps: holidays, directory, roster, alarms, open questions."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.checkup.finding import Finding, Verdict, ok
from bot.tenant import QUESTIONS, read_answer
from cases.beijing import in_beijing
from cases.directory import doubts_of
from cases.duty import gaps
from cases.holidays import Overrides, is_known
from cases.wording.moments import clock_time
from storage.work import Work

_NOVEMBER = 11  # the State Council's notice for the next year comes out then
_AHEAD = timedelta(days=7)
_MOST = 10


def holidays(now: datetime, own: Overrides) -> Iterator[Finding]:
    """Whether working days are known: of this year and, from November, of the next."""
    today = in_beijing(now).date()
    years = [today.year] + ([today.year + 1] if today.month >= _NOVEMBER else [])
    for year in years:
        if is_known(year, own):
            yield ok("节假日", f"{year} 年放假和调休安排已知")
            continue
        yield Finding(
            "节假日",
            Verdict.BAD if year == today.year else Verdict.WARN,
            f"{year} 年放假和调休安排还不知道",
            "按工作日计算的时限会按周一至周五推算, 遇节假日就不准, 并标为推算",
            "国务院通知发布后写进配置 [institution] calendar 的文件, 或升级督办",
        )


def directory(work: Work) -> Iterator[Finding]:
    """What is doubtful about people and units."""
    people = work.people.people()
    doubts = doubts_of(work.people.units(), people)
    for doubt in doubts[:_MOST]:
        yield Finding(
            "名录",
            Verdict.BAD if doubt.startswith("没有人是") else Verdict.WARN,
            doubt,
            "该收到提醒或审批的人可能收不到",
            "改名录后运行 python main.py people import 名册文件 --apply",
        )
    if len(doubts) > _MOST:
        yield Finding("名录", Verdict.WARN, f"另有 {len(doubts) - _MOST} 处, 见 people check")
    if not doubts:
        yield ok("名录", f"{len(people)} 人, 没有可疑之处")


def roster(work: Work, now: datetime) -> Iterator[Finding]:
    """Whether somebody is on duty at any moment of the next week."""
    shifts = work.roster.shifts(now, now + _AHEAD)
    if not shifts:
        yield ok("值班表", "没有排班, 给值班员的消息发给所有值班员")
        return
    found = gaps(shifts, now, _AHEAD)
    for gap in found[:_MOST]:
        since, until = clock_time(gap.starts_at, now), clock_time(gap.ends_at, now)
        yield Finding(
            "值班表",
            Verdict.WARN,
            f"{since} 至 {until} 没有人值班",
            "这段时间给值班员的消息会发给所有值班员",
            "在聊天里说「我值班」, 或补齐值班表文件",
        )
    if not found:
        yield ok("值班表", "未来 7 天每时每刻都有人值班")


def alarms(work: Work) -> Iterator[Finding]:
    """What sounds now: held channels, dead letters, quarantined callbacks."""
    sounding = work.alarms.sounding()
    for alarm in sounding[:_MOST]:
        held = alarm.kind.startswith("outbox.held")
        times = f" ({alarm.count} 次)" if alarm.count > 1 else ""
        yield Finding(
            "告警",
            Verdict.BAD if held else Verdict.WARN,
            f"{alarm.text}{times}",
            "通道暂停期间消息不会丢, 但谁也收不到" if held else "需要有人看过并处理",
            "按上面的话处理; 处理好后系统自动恢复" if held else "处理后告警会解除, 或由管理员解除",
        )
    if len(sounding) > _MOST:
        yield Finding("告警", Verdict.WARN, f"另有 {len(sounding) - _MOST} 条")
    if not sounding:
        yield ok("告警", "没有未解除的告警")


def tenant(work: Work) -> Iterator[Finding]:
    """What the real tenant has answered; until then the careful way holds."""
    for one in QUESTIONS:
        answer = read_answer(work, one.id)
        if answer:
            yield ok(f"平台 {one.id}", f"{one.text}: {answer}")
            continue
        yield Finding(
            f"平台 {one.id}",
            Verdict.WARN,
            f"还没有在本企业核实: {one.text}",
            f"核实之前: {one.until_then}",
            f"核实后运行 python main.py doctor --record {one.id}=结果",
        )
