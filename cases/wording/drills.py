"""Drills in words for chat: what can be played, what begins, how it went."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cases.drills.scenario import Scenario
from cases.drills.sheet import DrillSheet, Link, Outcome
from cases.wording.moments import clock_time

_MOST = 14  # lines of a message; the page has all
_HOUR = 60


def catalogue(scenarios: Sequence[Scenario]) -> str:
    """Return which drills can be begun, and how."""
    if not scenarios:
        return "还没有演练场景。"
    lines = [f"· {one.name}: {one.about}" for one in scenarios]
    example = f"开始演练 {scenarios[0].name}"
    fast = f"开始演练 {scenarios[-1].name} 按1小时=1分钟"
    return "\n".join(["可以演练的场景:", *lines, f"开始请回复: {example}; 要快一些: {fast}"])


def speed_words(speed: int) -> str:
    """Return how fast the time of a drill passes."""
    if speed == 1:
        return "按实际时间"
    whole, rest = divmod(speed, _HOUR)
    length = f"{whole} 小时" if whole and not rest else f"{speed} 分钟"
    return f"{length}为实际 1 分钟"


def begun(name: str, about: str, speed: int, story: str) -> str:
    """Return what those who take part are told at the beginning."""
    return (
        f"演练「{name}」开始: {about}\n"
        f"演练里现在是 {story}, {speed_words(speed)}。"
        "演练的消息都以【演练】开头, 请按真的办; 真实情况照常报, 不要写【演练】。\n"
        "结束请舆情办回复: 结束演练"
    )


def span_words(length: timedelta) -> str:
    """Return how long something took, to the second below an hour."""
    seconds = int(length.total_seconds())
    minutes, rest = divmod(seconds, _HOUR)
    if minutes >= _HOUR:
        hours, minutes = divmod(minutes, _HOUR)
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"


def sheet_words(sheet: DrillSheet, now: datetime) -> str:
    """Return the result sheet as a message."""
    ended = f"{clock_time(sheet.ended_at, now)} 结束" if sheet.ended_at else "还在进行"
    began = clock_time(sheet.began_at, now)
    lines = [f"演练「{sheet.name}」结果 ({began} 开始, {ended}, {speed_words(sheet.speed)})"]
    lines += [f"{number}《{title}》{stands}" for number, title, stands in sheet.cases]
    shown = sheet.chain[:_MOST]
    lines += [_link(link, now) for link in shown]
    if len(sheet.chain) > len(shown):
        lines.append(f"… 另有 {len(sheet.chain) - len(shown)} 步, 见结果页")
    return "\n".join([*lines, *verdict(sheet)])


def verdict(sheet: DrillSheet) -> list[str]:
    """Return the lines that sum a drill up: the chain, the calls, the counts."""
    if not sheet.chain:
        return ["没有登记任何件: 第一步就没有走通。"]
    stopped = sheet.stopped_at
    where = f"卡在{stopped.who}{stopped.step}" if stopped else "没有卡住的环节"
    counts = {kind: sum(link.outcome is kind for link in sheet.chain) for kind in Outcome}
    said = "、".join(f"{kind} {count}" for kind, count in counts.items() if count)
    return [f"合计: {said}。{where}。", _calls(sheet)]


def _link(link: Link, now: datetime) -> str:
    done = ""
    if link.done_at is not None and link.waited is not None:
        done = f" {clock_time(link.done_at, now)} {link.done_by}, 用 {span_words(link.waited)}"
    return f"· {link.who}{link.step}: {link.outcome}{done}"


def _calls(sheet: DrillSheet) -> str:
    if not sheet.calls:
        return "没有走到电话通知这一步。"
    woke = [call for call in sheet.calls if call.woke]
    made = [call for call in sheet.calls if call.made_at is not None]
    if woke:
        names = "、".join(dict.fromkeys(call.whom for call in woke))
        return f"电话通知 {len(sheet.calls)} 次, 打通后办了的: {names}。"
    if made:
        return f"电话通知 {len(sheet.calls)} 次, 打了 {len(made)} 次, 打后仍没有办。"
    return f"电话通知 {len(sheet.calls)} 次, 值班员一次也没有登记打过: 夜里没有人被叫醒。"
