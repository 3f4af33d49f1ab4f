"""The monthly 通报 on paper: how each unit stands, and what happened behind every point."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cases.papers.facts import day, moment, said
from cases.papers.model import Field, Kind, Paper, Prose, Table
from cases.papers.period_facts import PeriodFacts, short_moment
from cases.papers.periodical import said_totals, totals, trace
from cases.scores.counting import MonthScores, Point
from cases.scores.notice import Notice, NoticeLine
from cases.scores.rates import Rate
from cases.wording.scores import short

SCORES = ("单位", "得分", "扣分", "响应率", "解决率", "满意率")
_POINTS = ("单位", "事项", "分值", "件号", "时间", "依据")
_REASONS = "四、每一分的来由"
_MOST_POINTS = 200  # on paper; the page of the scores has them all


def bulletin(
    facts: PeriodFacts, notice: Notice, scores: MonthScores, names: Mapping[str, str]
) -> Paper:
    """Return the 通报 of a month; units are ranked only where the institution wants it.

    Args:
        facts: what was counted of the month.
        notice: the scores as they are published.
        scores: the same with every point.
        names: unit id -> name.
    """
    counts = totals(facts)
    lost = [(names.get(one.unit, one.unit), point) for one in scores.units for point in one.points]
    numbers = [number for one in counts for number in one.numbers]
    numbers += [point.number for _, point in lost if point.number]
    return Paper(
        Kind.BULLETIN,
        head="网络舆情工作通报",
        title=f"关于{notice.month.said}网络舆情办理情况的通报",
        number=facts.name,
        issuer=f"{facts.institution}舆情办",
        date=day(facts.now),
        to="各责任单位",
        sections=(
            Prose(Field("一、总体情况", said_totals(counts, facts))),
            Table("二、考核得分", SCORES, (5, 2, 6, 2, 2, 2), score_rows(notice), "没有单位。"),
            Prose(Field("三、计分办法", _basis(notice))),
            Table(_REASONS, _POINTS, (4, 4, 2, 3, 4, 9), _points(lost), "本月没有扣分和加分。"),
            Prose(Field("五、工作要求", "", is_open=True)),
            Prose(Field("六、申诉", _appeal(notice.appeal_until))),
            trace([one for one in counts if one.value]),
        ),
        sources=tuple(dict.fromkeys(numbers)),
    )


def score_rows(notice: Notice) -> tuple[tuple[str, ...], ...]:
    """Return a line for each unit; its rank only where the institution ranks."""
    return tuple(
        (
            _unit(line),
            f"{line.total:g}",
            "、".join(f"{name}-{points:g}" for name, points in line.lost)
            + (f" 加分{line.bonus}" if line.bonus else ""),
            *(_share(rate) for rate in (line.response, line.solved, line.satisfied)),
        )
        for line in notice.lines
    )


def _unit(line: NoticeLine) -> str:
    return f"{line.unit}（第{line.rank}名）" if line.rank else line.unit


def _share(rate: Rate) -> str:
    return "—" if rate.share is None else f"{rate.share * 100:.0f}%"


def _basis(notice: Notice) -> str:
    basis = (
        f"满分{notice.full}分，依据{notice.rules}，由系统按办理记录计算；"
        "演练、合并、撤回和不予受理的件不计。\n"
        "响应率为按时签收、到期首报也按时的承办件占比，"
        "解决率为办结后没有重开、回访没有说未解决的件占比，"
        "满意率为回访中满意和基本满意的占比；“—”为没有数据，不扣分。"
    )
    return f"{basis}\n本月未满，以上为截至目前。" if notice.provisional else basis


def _points(lost: Sequence[tuple[str, Point]]) -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = [
        (
            unit,
            point.fact.value,
            f"{point.points:+d}",
            short(point.number) if point.number else "—",
            short_moment(point.at),
            said(point.why),
        )
        for unit, point in lost[:_MOST_POINTS]
    ]
    if len(lost) > _MOST_POINTS:
        rows.append((f"另有 {len(lost) - _MOST_POINTS} 条，见考核页", *[""] * (len(_POINTS) - 1)))
    return tuple(rows)


def _appeal(until: datetime | None) -> str:
    by = f"请于{moment(until)}前" if until is not None else "请"
    return f"对得分有异议的，{by}写明件号、事项和理由申诉；裁定成立的补回，原记录不删。"
