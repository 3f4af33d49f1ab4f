"""Every paper with made-up content: what templates are made of, and what an office can look at."""

from datetime import UTC, datetime, timedelta

from cases.drills.sheet import DrillSheet
from cases.model import Assignment, AssignmentState, Case, Part, Proposal, State
from cases.papers.bulletin import bulletin
from cases.papers.drill_result import drill_result
from cases.papers.facts import Facts, Reading, Timed
from cases.papers.handling_form import handling_form
from cases.papers.letters import LETTERS, letter
from cases.papers.model import Kind, Paper
from cases.papers.period_facts import CaseRow, PeriodFacts
from cases.papers.periodical import periodical
from cases.papers.reports import flash, upward
from cases.papers.special import review, special
from cases.scores.counting import ItemScore, MonthScores, UnitScore
from cases.scores.months import Month
from cases.scores.notice import Frame, Notice, notice_of
from cases.scores.rates import NO_RATES

_AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def outlines() -> tuple[Paper, ...]:
    """Return one paper of each kind that is set from a template."""
    facts = _facts()
    return (
        handling_form(facts),
        *(letter(kind, facts) for kind in LETTERS),
        *(flash(kind, facts) for kind in (Kind.FIRST_REPORT, Kind.LATER_REPORT, Kind.LAST_REPORT)),
        upward(facts),
        special(facts),
        review(facts),
        bulletin(_period(), *_scored()),
        drill_result(_drill(), "第1次", "云溪市", _AT),
        *(periodical(kind, _period()) for kind in (Kind.DAILY, Kind.WEEKLY, Kind.MONTHLY)),
    )


def _facts() -> Facts:
    part = Assignment(1, "chengguan", Part.LEAD, AssignmentState.ASSIGNED, "sunlei", _AT)
    case = Case(
        id=1,
        number="YQ-20261120-001",
        title="样例",
        state=State.ASSIGNED,
        rulebook_id=1,
        reported_by="wangxiaoyu",
        reported_at=_AT,
        proposal=Proposal("二级", lead="chengguan"),
        assignments=(part,),
    )
    readings = tuple(Reading("reads", 100 * n, _AT + timedelta(hours=n)) for n in (1, 2))
    clock = Timed("签收", "市城管局", _AT, _AT + timedelta(minutes=30), _AT + timedelta(minutes=9))
    return Facts(
        case,
        "云溪市",
        _AT + timedelta(hours=3),
        happened=(),
        units={"chengguan": "市城管局"},
        people={"wangxiaoyu": "王小雨"},
        readings=readings,
        clocks=(clock,),
    )


def _period() -> PeriodFacts:
    row = CaseRow("YQ-20261120-001", "样例", "二级", "已交办待签收", "市城管局", "微博", _AT)
    ends = _AT + timedelta(days=7)
    return PeriodFacts("2026年第47周", _AT, ends, ends, "云溪市", registered=(row,))


def _scored() -> tuple[Notice, MonthScores, dict[str, str]]:
    month, names = Month(2026, 11), {"chengguan": "市城管局"}
    unit = UnitScore("chengguan", (ItemScore("签收及时", 15, 15.0),), 0, (), NO_RATES, vetoed=False)
    scores = MonthScores(str(month), "样例 第 1 版", (unit,), _AT)
    frame = Frame("云溪市", 15, ranking=False, appeal_until=_AT)
    return notice_of(scores, month, names, frame), scores, names


def _drill() -> DrillSheet:
    return DrillSheet("样例", "", _AT, _AT, _AT, 1, "孙磊", (("001", "样例", "已办结"),), (), ())
