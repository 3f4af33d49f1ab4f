"""Papers drafted by themselves, at the moment that the procedure needs them.

Here they are only ordered, by a row in the transaction of what happened: somebody else prints
them afterwards, and then their checker is asked.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cases import events
from cases.beijing import in_beijing
from cases.broadcasts import BroadcastKind
from cases.model import Case
from cases.papers.model import Kind
from cases.papers.spans import drill_name, span_at
from cases.people import Role
from handlers.desk import Desk
from storage.papers import NewPaper
from storage.states import PaperState
from storage.work import Work

_TOP_ROWS = (1, 2)
_LEADERS_CHECK = frozenset({Kind.UPWARD, Kind.SPECIAL, Kind.SUPERVISION})
_URGED_AT = "up-unit-leader"  # the rung at which 单位分管领导 is told: 《催办单》 goes with it
_REPORTS = {"首报": Kind.FIRST_REPORT, "终报": Kind.LAST_REPORT}
_LATER = "续报"
_BRIEF_UNTIL = 5  # of the month: 月简报 of the last one is due then
_DAY = timedelta(days=1)


def follow(
    work: Work, desk: Desk, case: Case, happened: Iterable[events.Event], now: datetime
) -> None:
    """Order the papers that what happened calls for; note that a 特报 has gone out."""
    for event in happened:
        if isinstance(event, events.ReportedUp):
            _sent_up(work, case, event.text, now)
        for kind, period in _called_for(desk, case, event):
            if kind in desk.drafts and case.drill is None:
                order_of_case(work, desk, case, kind, period, now=now)


def order_of_case(  # noqa: PLR0913 - what is ordered, of what, for whom
    work: Work,
    desk: Desk,
    case: Case,
    kind: Kind,
    period: str = "",
    *,
    now: datetime,
    by: str = "",
    way: str = "",
) -> int:
    """Order a paper about a case; return its number."""
    wanted = NewPaper(kind, case.number, period, case.id, checker_of(desk, case, kind).value)
    return work.papers.order(wanted, by=by, now=now, way=way).id


def order_of_period(  # noqa: PLR0913 - likewise
    work: Work, kind: Kind, name: str, *, now: datetime, by: str = "", way: str = ""
) -> int:
    """Order a paper about a period, by the period's name; return its number."""
    wanted = NewPaper(kind, "", name, None, Role.OFFICE_DIRECTOR.value)
    return work.papers.order(wanted, by=by, now=now, way=way).id


def order_of_drill(work: Work, desk: Desk, drill: int, now: datetime, by: str = "") -> int:
    """Order the result sheet of a drill; return its number, 0 where none is drafted by itself."""
    if not by and Kind.DRILL not in desk.drafts:
        return 0
    return order_of_period(work, Kind.DRILL, drill_name(drill), now=now, by=by)


def checker_of(desk: Desk, case: Case, kind: Kind) -> Role:
    """Return who checks a paper: what goes to leaders or upward, who decides at the level."""
    if kind not in _LEADERS_CHECK:
        return Role.OFFICE_DIRECTOR
    return desk.rulebook(case.rulebook_id).grading.level(case.working_level).approver


def after_broadcast(work: Work, desk: Desk, kind: BroadcastKind, slot: datetime) -> None:
    """Order the periodical that belongs to a broadcast which has just been said."""
    if kind is BroadcastKind.DAILY_REPORT and Kind.DAILY in desk.drafts:
        order_of_period(work, Kind.DAILY, span_at(Kind.DAILY, slot).name, now=slot)
    if kind is BroadcastKind.WEEKLY and Kind.WEEKLY in desk.drafts:
        last_week = span_at(Kind.WEEKLY, slot - 7 * _DAY)
        order_of_period(work, Kind.WEEKLY, last_week.name, now=slot)
    is_early = in_beijing(slot).day <= _BRIEF_UNTIL
    if kind is BroadcastKind.MORNING and is_early and Kind.MONTHLY in desk.drafts:
        before = span_at(Kind.MONTHLY, span_at(Kind.MONTHLY, slot).starts - _DAY)
        if work.papers.find(Kind.MONTHLY, "", before.name) is None:
            order_of_period(work, Kind.MONTHLY, before.name, now=slot)


def _called_for(desk: Desk, case: Case, event: events.Event) -> tuple[tuple[Kind, str], ...]:
    match event:
        case events.Registered() | events.GradeConfirmed() | events.GradeChanged():
            wants = _is_top(desk, case) and not case.response.reported_up
            return ((Kind.UPWARD, ""),) if wants else ()
        case events.Assigned(part="lead"):
            row = desk.rulebook(case.rulebook_id).clocks.row(case.working_level)
            return ((Kind.ASSIGNMENT if row else Kind.NOTE, ""),)
        case events.Verified() if _is_top(desk, case):
            return ((Kind.SPECIAL, ""),)
        case events.Reported(kind=kind, seq=seq) if _is_top(desk, case):
            flash = _REPORTS.get(kind, Kind.FIRST_REPORT if seq == 1 else Kind.LATER_REPORT)
            return ((flash, f"{_LATER}{seq - 1}" if flash is Kind.LATER_REPORT else ""),)
        case _:
            found = _ONE_OF_EACH.get(type(event))
            is_meant = not isinstance(event, events.Archived) or event.review
            is_meant = is_meant and not (
                isinstance(event, events.Reminded) and event.slot != _URGED_AT
            )
            return ((found, ""),) if found is not None and is_meant else ()


_ONE_OF_EACH: dict[type[events.Event], Kind] = {
    events.Reminded: Kind.URGING,
    events.Supervised: Kind.SUPERVISION,
    events.Closed: Kind.HANDLING_FORM,
    events.ResponseEnded: Kind.HANDLING_FORM,
    events.Archived: Kind.REVIEW,
}


def _is_top(desk: Desk, case: Case) -> bool:
    return desk.rulebook(case.rulebook_id).clocks.row(case.working_level) in _TOP_ROWS


def _sent_up(work: Work, case: Case, to: str, now: datetime) -> None:
    """特报已报: its paper has gone out, whoever had checked it."""
    paper = work.papers.find(Kind.UPWARD, case.number, "")
    if paper is not None and paper.state is not PaperState.SENT:
        work.papers.sent(paper.id, to, by="", now=now)
