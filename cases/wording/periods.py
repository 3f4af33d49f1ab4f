"""The words of special periods (特殊时期): what is different, from when to when."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from cases.beijing import in_beijing
from cases.special_periods import AS_USUAL, PeriodRules, SpecialPeriod
from cases.wording.moments import clock_time


def until_words(moment: datetime, now: datetime) -> str:
    """Return the end of a period: midnight is told as 24:00 of the day before."""
    if in_beijing(moment).time() != time(0):
        return clock_time(moment, now)
    said = clock_time(moment - timedelta(minutes=1), now)
    return said.removesuffix("23:59") + "24:00"


def span_words(period: SpecialPeriod, now: datetime) -> str:
    """Return its name with from when to when."""
    start = clock_time(period.starts_at, now)
    return f"{period.name} ({start} 至 {until_words(period.ends_at, now)})"


def differences(rules: PeriodRules, *, has_rota: bool) -> tuple[str, ...]:
    """Return what is different while it lasts, one sentence each."""
    spacing = f"新起的时限, 超时后催办间隔为平时的 {rules.spacing}%"
    rounds = "、".join(f"{clock:%H:%M}" for clock in rules.rounds)
    return (
        "值班: 按期间值班表" if has_rota else "值班: 值班表不变",
        "提醒: 夜间照发" if rules.through_night else "提醒: 夜间照旧免打扰",
        *((spacing,) if rules.spacing != AS_USUAL else ()),
        *((f"监测: 加 {rounds} 轮",) if rounds else ()),
    )


def start_words(period: SpecialPeriod, first_shifts: str, now: datetime) -> str:
    """Return what is said once when it begins."""
    has_rota = bool(first_shifts)
    said = "\n".join(f"· {one}" for one in differences(period.rules, has_rota=has_rota))
    shifts = f"\n· 首班: {first_shifts}" if first_shifts else ""
    return (
        f"【特殊时期】{span_words(period, now)}\n{said}{shifts}\n"
        f"各项时限不变。提前结束请舆情办回复「结束{period.name}值守」。"
    )


def end_words(period: SpecialPeriod, others: Iterable[SpecialPeriod], now: datetime) -> str:
    """Return what is said once when it is over; `others` last on."""
    still = "、".join(span_words(one, now) for one in others)
    if still:
        return f"【特殊时期】{period.name}已结束, 仍在{still}期间。"
    return f"【特殊时期】{period.name}已结束, 值班、夜间免打扰和监测轮次恢复平时。"
