"""今晚谁会超时: steps due by tomorrow morning that are likely late, by the units' own history."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing
from cases.case_clocks import OFFICE
from cases.encoding import wecom_field
from cases.late_tonight import Forecast, forecast
from cases.model import Case
from cases.permissions import Action
from cases.wording.moments import clock_time, span
from handlers.desk import Desk
from handlers.said import Slots
from handlers.talk import Talk
from storage.clocks import Clock
from storage.work import Work

_SAMPLE = 60
_MOST = 8
_MORNING = time(8, 30)


@dataclass(frozen=True, slots=True)
class Risks:
    """What is likely late, the likeliest first, what has too little history, and what is late."""

    likely: tuple[str, ...]
    unknown: tuple[str, ...]
    late: tuple[str, ...]
    due: int  # how many steps fall due


def risks(work: Work, now: datetime, until: datetime) -> Risks:
    """Return which steps that fall due by `until` are likely late, by their past."""
    names = {unit.id: unit.name for unit in work.people.units()} | {OFFICE: "舆情办"}
    likely: list[tuple[float, str]] = []
    unknown, late, due = [], [], 0
    for case, clock in _running(work):
        who = f"{case.short_number} {names.get(clock.holder, clock.holder)}{clock.step}"
        if clock.due_at <= now:
            late.append(who)
        if not now < clock.due_at <= until:
            continue
        due += 1
        past = work.records.ended_clocks(clock.holder, clock.step, _SAMPLE)
        lengths = [one.ended_at - one.started_at for one in past if one.ended_at is not None]
        found = forecast(lengths, now - clock.started_at, clock.due_at - clock.started_at)
        if found is None:
            unknown.append(who)
        elif found.is_likely:
            likely.append((found.share, _likely(case, who, clock, found, now)))
    ordered = sorted(likely, key=lambda one: -one[0])
    return Risks(tuple(line for _, line in ordered), tuple(unknown), tuple(late), due)


def _running(work: Work) -> list[tuple[Case, Clock]]:
    cases = [case for case in work.cases.find_open() if not case.is_drill]
    return [(case, clock) for case in cases for clock in work.clocks.running(case.id)]


def _likely(case: Case, who: str, clock: Clock, found: Forecast, now: datetime) -> str:
    owner = "该单位" if clock.holder != OFFICE else "这一步"
    return (
        f"· {who.replace(' ', f' {wecom_field(case.title, 60)}: ', 1)}"
        f" {clock_time(clock.due_at, now)} 到期; {owner}以往一般用"
        f" {span(found.median)}, 慢的 {span(found.slow)} ({found.sample} 次)"
    )


def forecast_text(work: Work, now: datetime) -> str:
    """Return who is likely late until 08:30, for whom there is no forecast, and who is late."""
    until = at_beijing(in_beijing(now).date() + timedelta(days=1), _MORNING)
    found = risks(work, now, until)
    if not found.due and not found.late:
        return ""
    head = f"【超时预测】到明早 8:30 到期 {found.due} 项, 可能超时 {len(found.likely)} 项"
    rest = [f"样本不足不预测: {_some(found.unknown)}"] if found.unknown else []
    rest += [f"已经超时 {len(found.late)} 项: {_some(found.late)}"] if found.late else []
    return "\n".join([head, *found.likely[:_MOST], *rest])


def _some(told: tuple[str, ...]) -> str:
    more = f" 等 {len(told)} 项" if len(told) > _MOST else ""
    return "、".join(told[:_MOST]) + more


def forecast_said(work: Work, _desk: Desk, now: datetime) -> str:
    """What the afternoon card says."""
    return forecast_text(work, now)


def asked(talk: Talk, _slots: Slots) -> str:
    """今晚谁会超时, asked in chat."""
    talk.permit(Action.URGE)
    nothing = "到明早 8:30 没有要到期的事项, 也没有已经超时的。"
    return forecast_text(talk.work, talk.now) or nothing
