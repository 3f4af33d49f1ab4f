"""What the regular broadcasts say: morning list, evening digest, weekly summary, reminders."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing
from cases.duty import Gap, gaps
from cases.encoding import wecom_field
from cases.model import Case
from cases.statistics.figures import all_steps, percent
from cases.wording.moments import clock_time
from cases.wording.periods import span_words
from handlers.daily_line import daily_count
from handlers.desk import Desk
from handlers.on_duty import duty_officers
from handlers.tonight import risks
from storage.records import CaseCount
from storage.statistics import Bounds
from storage.work import Work

_MOST = 8
_DAY = timedelta(days=1)
_SHOWN_OF_HEAD = 16  # hexadecimal digits: 64 bits are not met by trying
_WEEK = timedelta(days=7)
_LONG_AGO = timedelta(days=30)
_AHEAD = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class _Awaited:
    """One step that is awaited: of which case, of whom, until when."""

    due_at: datetime
    case: Case
    line: str


def morning(work: Work, desk: Desk, now: datetime) -> str:
    """早报: what is open, late, and due today, and who is on duty."""
    today = at_beijing(in_beijing(now).date(), time(0))
    awaited = _awaited(work, now)
    late = [one for one in awaited if one.due_at < now]
    due = [one for one in awaited if now <= one.due_at < today + _DAY]
    officers = "、".join(person.name for person in duty_officers(work, now))
    lines = [
        f"【早报】{in_beijing(now):%m月%d日} {desk.institution}",
        (
            f"在办 {sum(work.cases.count_open().values())} 件, "
            f"超时 {len(late)} 项, 今日到期 {len(due)} 项。值班: {officers}"
        ),
    ]
    lines += [f"特殊时期: {span_words(one, now)}" for one in work.periods.all() if one.covers(now)]
    return "\n".join([*lines, *_section("超时:", late), *_section("今日到期:", due)])


def evening(work: Work, desk: Desk, now: datetime) -> str:
    """晚报: the day in numbers, what is still late, what could not be said, the daily line."""
    today = at_beijing(in_beijing(now).date(), time(0))
    registered = work.records.registered(today, now)
    closed = work.records.closed(today, now)
    late = [one for one in _awaited(work, now) if one.due_at < now]
    lines = [
        f"【晚报】{in_beijing(now):%m月%d日} {desk.institution}",
        (
            f"新登记 {len(registered)} 件{_levels(registered)}, 办结 {len(closed)} 件, "
            f"在办 {sum(work.cases.count_open().values())} 件, 超时 {len(late)} 项"
        ),
        *_section("超时:", late),
    ]
    dead = work.outbox.dead_letters()
    if dead:
        lines.append(f"发不出去的消息 {len(dead)} 条, 请管理员处理; 最近: {dead[0].reason}")
    head = work.audit.head()
    if head is not None:  # kept by whoever reads it: the end of the chain, outside the database
        lines.append(f"审计到第 {head.seq} 行, 末行 {head.hash[:_SHOWN_OF_HEAD]}")
    lines.append(daily_count(work, desk, now).words)
    return "\n".join(lines)


def weekly(work: Work, desk: Desk, now: datetime) -> str:
    """周报: last week's counts, grades and units, what is late, what falls due this week."""
    today = in_beijing(now).date()
    monday = at_beijing(today - timedelta(days=today.weekday()), time(0))
    registered = work.records.registered(monday - _WEEK, monday)
    closed = work.records.closed(monday - _WEEK, monday)
    awaited = _awaited(work, now)
    late = [one for one in awaited if one.due_at < now]
    coming = [one for one in awaited if now <= one.due_at < monday + _WEEK]
    names = {unit.id: unit.name for unit in work.people.units()}
    units = Counter(one.lead_unit for one in registered if one.lead_unit)
    said = "、".join(f"{names.get(unit, unit)} {count}" for unit, count in units.most_common(5))
    last = in_beijing(monday - _DAY)
    lines = [
        f"【周报】{in_beijing(monday - _WEEK):%m月%d日}至{last:%m月%d日} {desk.institution}",
        (
            f"登记 {len(registered)} 件{_levels(registered)}, 办结 {len(closed)} 件, "
            f"在办 {sum(work.cases.count_open().values())} 件"
        ),
        f"主办单位: {said}" if said else "主办单位: 上周没有新交办",
        *_kept(work, monday, now),
        *_section(f"超时 {len(late)} 项:", late),
        *_section(f"本周到期 {len(coming)} 项:", coming),
        *_risks(work, now, monday + _WEEK),
    ]
    return "\n".join(lines)


def _risks(work: Work, now: datetime, until: datetime) -> list[str]:
    """本周风险: what falls due this week and is likely late, by the units' own history."""
    found = risks(work, now, until)
    unsaid = f"; 样本不足不预测 {len(found.unknown)} 项" if found.unknown else ""
    if not found.likely:
        return [f"本周风险: 按以往用时没有会超时的{unsaid}"] if unsaid else []
    head = f"本周风险: 按各单位以往用时可能超时 {len(found.likely)} 项{unsaid}"
    return [head, *found.likely[:_MOST]]


def month_end(work: Work, desk: Desk, now: datetime) -> str:
    """月末提醒: the monthly brief is to be written."""
    local = in_beijing(now)
    first = at_beijing(local.date().replace(day=1), time(0))
    registered, closed = work.records.registered(first, now), work.records.closed(first, now)
    return (
        f"【月末提醒】今天是 {local.month} 月最后一个工作日, 请编发 {desk.institution}月报。\n"
        f"本月登记 {len(registered)} 件{_levels(registered)}, 办结 {len(closed)} 件。"
    )


def calendar(_work: Work, desk: Desk, now: datetime) -> str:
    """放假安排: next year is missing; nothing where it is not."""
    working = desk.rulebook(desk.rulebook_in_force).clocks.calendar(desk.days_off)
    warning = working.missing_year_warning(in_beijing(now).date())
    return f"【放假安排】{warning}" if warning else ""


def roster_gaps(work: Work, now: datetime) -> list[tuple[Gap, str]]:
    """The gaps of the next 48 hours, each with what is said about it."""
    shifts = work.roster.shifts(now - _LONG_AGO, now + _AHEAD)
    return [
        (
            gap,
            (
                f"【值班空档】{clock_time(gap.starts_at, now)} 起值班表上没有人, "
                "其间给值班员的提醒发给全部值班员。请安排, 例如回复: 今晚我值班, 18点到明早8点半"
            ),
        )
        for gap in gaps(shifts, now)
    ]


def _kept(work: Work, monday: datetime, now: datetime) -> list[str]:
    """按时率 of what was due last week, as the page of statistics counts it."""
    steps = work.statistics.steps(Bounds(monday - _WEEK, monday))
    kept = [one for one in all_steps(steps, int(now.timestamp())) if one.judged]
    said = "、".join(f"{one.step} {percent(one.share)} ({one.judged} 项)" for one in kept)
    return [f"按时率: {said}"] if said else []


def _awaited(work: Work, now: datetime) -> list[_Awaited]:
    names = {unit.id: unit.name for unit in work.people.units()}
    found = []
    for case in (one for one in work.cases.find_open() if not one.is_drill):
        for clock in work.clocks.running(case.id):
            title = wecom_field(case.title, 60)
            who = names.get(clock.holder, "舆情办")
            until = clock_time(clock.due_at, now)
            line = f"· {case.short_number} {title}: 等{who}{clock.step} {until}"
            found.append(_Awaited(clock.due_at, case, line))
    return sorted(found, key=lambda one: (one.due_at, one.case.id))


def _section(heading: str, awaited: list[_Awaited]) -> list[str]:
    if not awaited:
        return []
    more = [f"… 另有 {len(awaited) - _MOST} 项"] if len(awaited) > _MOST else []
    return [heading, *(one.line for one in awaited[:_MOST]), *more]


def _levels(cases: list[CaseCount]) -> str:
    counted = Counter(one.level for one in cases)
    said = "、".join(f"{level} {count}" for level, count in sorted(counted.items()))
    return f" ({said})" if said else ""
