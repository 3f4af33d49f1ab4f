"""今晚谁会超时: steps due by tomorrow morning that are likely late, by the units' own history."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing
from cases.encoding import wecom_field
from cases.late_tonight import forecast
from cases.permissions import Action
from cases.wording.moments import clock_time, span
from handlers.desk import Desk
from handlers.said import Slots
from handlers.talk import Talk
from storage.work import Work

_SAMPLE = 60
_MOST = 8
_MORNING = time(8, 30)


@dataclass(frozen=True, slots=True)
class Risks:
    """What is likely late, the likeliest first, and what has too little history to say."""

    likely: tuple[str, ...]
    unknown: tuple[str, ...]


def risks(work: Work, now: datetime, until: datetime) -> Risks:
    """Return which steps that fall due by `until` are likely late, by their units' own history."""
    names = {unit.id: unit.name for unit in work.people.units()}
    likely: list[tuple[float, str]] = []
    unknown: list[str] = []
    for case in (one for one in work.cases.find_open() if not one.is_drill):
        for clock in work.clocks.running(case.id):
            if not now < clock.due_at <= until or clock.holder not in names:
                continue
            past = work.records.ended_clocks(clock.holder, clock.step, _SAMPLE)
            lengths = [one.ended_at - one.started_at for one in past if one.ended_at is not None]
            found = forecast(lengths, now - clock.started_at, clock.due_at - clock.started_at)
            who = f"{names[clock.holder]}{clock.step}"
            if found is None:
                unknown.append(f"{case.short_number} {who}")
            elif found.is_likely:
                title = wecom_field(case.title, 60)
                due = clock_time(clock.due_at, now)
                line = (
                    f"· {case.short_number} {title}: {who} {due} 到期; 该单位以往一般用"
                    f" {span(found.median)}, 慢的 {span(found.slow)} ({found.sample} 次)"
                )
                likely.append((found.share, line))
    ordered = sorted(likely, key=lambda one: -one[0])
    return Risks(tuple(line for _, line in ordered), tuple(unknown))


def forecast_text(work: Work, now: datetime) -> str:
    """Return who is likely late until tomorrow 08:30, and for whom there is no forecast."""
    until = at_beijing(in_beijing(now).date() + timedelta(days=1), _MORNING)
    found = risks(work, now, until)
    if not found.likely and not found.unknown:
        return ""
    head = f"【超时预测】到明早 8:30 可能超时 {len(found.likely)} 项"
    rest = [f"样本不足不预测: {'、'.join(found.unknown[:_MOST])}"] if found.unknown else []
    return "\n".join([head, *found.likely[:_MOST], *rest])


def forecast_said(work: Work, _desk: Desk, now: datetime) -> str:
    """What the afternoon card says."""
    return forecast_text(work, now)


def asked(talk: Talk, _slots: Slots) -> str:
    """今晚谁会超时, asked in chat."""
    talk.permit(Action.URGE)
    return forecast_text(talk.work, talk.now) or "到明早 8:30 没有要到期的事项。"
