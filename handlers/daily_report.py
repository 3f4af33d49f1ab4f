"""督办日报: once a day, what became of every case of row 1 and of those under 挂牌督办."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cases import events
from cases.beijing import at_beijing, in_beijing
from cases.case_clocks import FOLLOW_UP
from cases.encoding import wecom_field
from cases.grading import Audience
from cases.model import Case
from cases.notices import Notice, Priority, ToRole
from cases.people import Role
from cases.wording.moments import clock_time
from handlers.desk import Desk
from storage.clocks import Clock
from storage.work import Work

_TOP_ROW = 1
_MOST = 8
_TITLE_BYTES, _REPORT_BYTES = 60, 120
_DAY = timedelta(days=1)
_TOLD = {
    Audience.DEPUTY_LEADER: Role.DEPUTY_LEADER,
    Audience.CHIEF_LEADER: Role.CHIEF_LEADER,
}
_OFFICE = (Role.OFFICE_DIRECTOR, Role.DUTY_OFFICER)


@dataclass(frozen=True, slots=True)
class _Daily:
    """One case that owes a report every day, as it stands."""

    case: Case
    said: str  # the latest report of today, "" where there is none
    clocks: tuple[Clock, ...]
    readers: frozenset[Role]  # the leaders whom the rulebook tells of this level

    @property
    def owes(self) -> bool:
        """Whether today's report is still owed."""
        return self.case.lead is not None and not self.said


def notices(work: Work, desk: Desk, now: datetime) -> tuple[Notice, ...]:
    """Return the day's summary for the office, and each leader's own; nothing without a case."""
    daily = [_as_it_stands(work, desk, case, now) for case in _of_every_day(work, desk)]
    told = [(role, daily) for role in _OFFICE]
    told += [(role, [one for one in daily if role in one.readers]) for role in _TOLD.values()]
    names = {unit.id: unit.name for unit in work.people.units()}
    return tuple(
        Notice(
            ToRole(role),
            _text(mine, names, desk.institution, now),
            "broadcast",
            "定时播报: 督办日报",
            Priority.DIGEST,
            is_optional=role not in _OFFICE,
        )
        for role, mine in told
        if mine
    )


def _of_every_day(work: Work, desk: Desk) -> list[Case]:
    return [
        case
        for case in work.cases.find_open()
        if not case.is_drill
        and (
            case.supervised
            or desk.rulebook(case.rulebook_id).clocks.row(case.working_level) == _TOP_ROW
        )
    ]


def _as_it_stands(work: Work, desk: Desk, case: Case, now: datetime) -> _Daily:
    midnight = at_beijing(in_beijing(now).date(), time(0))
    reports = [
        f"{clock_time(entry.at, now)} {wecom_field(entry.event.text, _REPORT_BYTES)}"
        for entry in work.cases.history(case.id)
        if entry.at >= midnight and isinstance(entry.event, events.Reported)
    ]
    told = desk.rulebook(case.rulebook_id).grading.level(case.working_level).told
    readers = {role for audience, role in _TOLD.items() if audience in told}
    if case.supervised:
        readers.add(Role.DEPUTY_LEADER)  # 挂牌督办: a leader ordered it
    clocks = tuple(work.clocks.running(case.id))
    return _Daily(case, reports[-1] if reports else "", clocks, frozenset(readers))


def _text(daily: Sequence[_Daily], names: dict[str, str], place: str, now: datetime) -> str:
    midnight = at_beijing(in_beijing(now).date(), time(0))
    new = sum(one.case.reported_at >= midnight for one in daily)
    late = sum(clock.due_at < now for one in daily for clock in one.clocks)
    owing = sum(one.owes for one in daily)
    lines = [
        f"【督办日报】{in_beijing(now):%m月%d日} {place}",
        f"一级和挂牌督办 {len(daily)} 件: 今日新增 {new} 件, 今日未报 {owing} 件, 超时 {late} 项",
        *(_line(one, names, now) for one in daily[:_MOST]),
    ]
    if len(daily) > _MOST:
        lines.append(f"… 另有 {len(daily) - _MOST} 件")
    return "\n".join([*lines, *_tomorrow(daily, now)])


def _line(one: _Daily, names: dict[str, str], now: datetime) -> str:
    case = one.case
    lead = case.lead
    unit = names.get(lead.unit_id, lead.unit_id) if lead else "还没交办"
    mark = " 挂牌督办" if case.supervised else ""
    head = f"· {case.short_number}《{wecom_field(case.title, _TITLE_BYTES)}》"
    head += f"{case.working_level}{mark} {unit}: "
    if one.said:
        return head + one.said
    follow_up = next((c for c in one.clocks if c.step == FOLLOW_UP.value), None)
    if follow_up is None:
        return head + case.state.label
    until = clock_time(follow_up.due_at, now)
    passed = "已超时" if follow_up.due_at < now else "为限"
    return f"{head}今日未报 (续报 {until} {passed})"


def _tomorrow(daily: Sequence[_Daily], now: datetime) -> list[str]:
    first = at_beijing(in_beijing(now).date() + _DAY, time(0))
    due = sorted(
        (clock.due_at, f"{one.case.short_number} {clock.step} {in_beijing(clock.due_at):%H:%M}")
        for one in daily
        for clock in one.clocks
        if first <= clock.due_at < first + _DAY
    )
    return [f"明日到期: {'、'.join(said for _, said in due[:_MOST])}"] if due else []
