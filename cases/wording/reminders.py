"""The words of reminders and escalations: what is awaited of whom, since when, what to answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.model import Case
from cases.notices import Choice
from cases.wording.moments import clock_time, span


@dataclass(frozen=True, slots=True)
class Awaited:
    """What one running clock waits for, in words."""

    step: str  # 签收, 首报, 办结, 定级交办, 签批, 审核
    who: str  # the unit, the office or the leader, by name
    due_at: datetime
    asks: str = ""  # which answer is wanted, where the step alone does not say


_ALMOST = timedelta(seconds=59)
_HOW = {
    "签收": "回复「收到 {n}」即签收",
    "首报": "回复例如「{n} 首报: 已到现场核实」",
    "办结": "办完请回复「{n} 已办结, …」; 办不完请先申请延期",
    "定级交办": "请回复例如「{n} 定二级, 交住建局」",
    "签批": "请提醒{who}回复「同意 {n}」或「退回 {n}, 理由」",
    "审核": "请提醒{who}回复「同意 {n}」或「退回 {n}, 理由」",
    "审稿": "审核回应稿请回复「同意 {n}」或「退回 {n}, 理由」",
    "定回应": "不需要请回复「{n} 不需公开回应, 理由」; 要回应请回复「退回 {n}, 请先报回应稿」",
    "签发": "请提醒{who}回复「同意 {n}」或「退回 {n}, 理由」",
    "发布": "照签发稿发布后请回复「{n} 已在官微发布 https://…」",
    "回应": "请报回应稿「{n} 拟回复: …」; 不需要的请舆情办回复「{n} 不需公开回应, 理由」",
    "上报": "上报后请回复「{n} 特报已报, 报至何处」",
    "发布会": "开完请回复「{n} 发布会已开, …」; 不开请回复「{n} 不开发布会, 理由」",
    "跟踪": ("答复后有无新情况? 没有请回复「{n} 跟踪无新情况」, 有请回复「{n} 跟踪有新情况: …」"),
    "整改": "办完请回复「{n} 整改完成, …」",
    "续报": "请回复例如「{n} 续报: 目前已…」",
}


def head(case: Case, title: str) -> str:
    """Number, title and level: what every message about a case begins with."""
    level = case.level or f"拟{case.proposal.level}"
    return f"{case.short_number}《{title}》{level}"


def to_holder(heading: str, number: str, awaited: Awaited, now: datetime) -> str:
    """Remind those who have to act themselves."""
    how = _HOW.get(awaited.asks or awaited.step, "请尽快办理").format(n=number, who=awaited.who)
    when = clock_time(awaited.due_at, now)
    if now < awaited.due_at:
        left = span(awaited.due_at - now + _ALMOST)  # 4:59 left is said as 5 minutes
        return f"【提醒】{heading}\n{awaited.step}时限 {when}, 还剩 {left}。\n{how}。"
    late = span(now - awaited.due_at)
    if late == "0 分钟":
        return f"【到期】{heading}\n{awaited.step}时限 {when} 已到。\n{how}。"
    return f"【超时】{heading}\n{awaited.step}时限 {when}, 已超 {late}。\n{how}。"


def by_phone(case: Case, awaited: Awaited, now: datetime) -> str:
    """What a telephone gateway says: no title, for it leaves by another network."""
    level = case.level or f"拟{case.proposal.level}"
    late = span(now - awaited.due_at)
    return (
        f"督办电话通知: {case.number} ({level}) {awaited.step}时限 "
        f"{clock_time(awaited.due_at, now)}, 已超 {late}, 请尽快在企业微信中办理。"
    )


def to_next(heading: str, number: str, awaited: Awaited, now: datetime) -> str:
    """Tell the next person of the ladder, who may act in the holder's place."""
    how = _HOW.get(awaited.asks or awaited.step, "请尽快办理").format(n=number, who=awaited.who)
    when = clock_time(awaited.due_at, now)
    late = span(now - awaited.due_at)
    return (
        f"【升级提醒】{heading}\n{awaited.who} {awaited.step}时限 {when}, 已超 {late} 未办。\n"
        f"请您过问: {how}。"
    )


def to_overseer(
    heading: str, awaited: Awaited, now: datetime, contact: str, *, reminded: int
) -> str:
    """Tell the office or a leader that somebody else is late, and whom to call.

    `reminded`: how often anybody has been reminded of it; at night perhaps never.
    """
    when = clock_time(awaited.due_at, now)
    late = span(now - awaited.due_at)
    call = f"\n请电话通知: {contact}。" if contact else ""
    return (
        f"【超时未办】{heading}\n{awaited.who} {awaited.step}时限 {when}, 已超 {late}, "
        f"{_so_far(reminded)}。{call}"
    )


def _so_far(reminded: int) -> str:
    if reminded == 0:
        return "此前还没有提醒到人"
    return "已提醒 1 次" if reminded == 1 else "已多次提醒"


INSTEAD = "\n请您定夺: 回复「同意」或「退回 + 理由」。"


def decide_instead(case: Case) -> Choice:
    """Return the tap by which the next person decides in place of one who does not answer."""
    return Choice("同意", (f"同意 {case.number}",))


def skipped(count: int) -> str:
    """Say honestly that reminders were not sent while the service was down."""
    return f"\n(此前有 {count} 次提醒因停机未发, 不再补发。)" if count else ""
