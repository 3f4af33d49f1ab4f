"""Scores in words for chat: a unit's month, the notice, appeals, first reports."""

from collections.abc import Sequence
from datetime import datetime

from cases.scores.counting import Point, UnitScore
from cases.scores.months import Month
from cases.scores.notice import Notice, NoticeLine
from cases.wording.moments import clock_time

_MOST = 10


def number(value: float) -> str:
    """Return points without a useless .0."""
    return f"{value:g}"


def unit_words(name: str, score: UnitScore, month: Month, rules: str) -> str:
    """Return one unit's month: total, items that lost something, the latest points, rates."""
    veto = " (一票否决)" if score.vetoed else ""
    lines = [f"{name} {month.said}考核: {number(score.total)} 分{veto} ({rules})"]
    lost = [f"{i.name} {number(i.got)}/{i.full}" for i in score.items if i.got < i.full]
    lines.append(f"扣分项目: {'、'.join(lost)}" if lost else "没有扣分。")
    if score.bonus:
        lines.append(f"加分 {score.bonus}")
    rates = score.rates
    lines.append(f"响应率 {rates.response}, 解决率 {rates.solved}, 满意率 {rates.satisfied}")
    lines += [point_words(point) for point in score.points[-_MOST:]]
    if len(score.points) > _MOST:
        lines.append(f"… 另有 {len(score.points) - _MOST} 条, 见考核页")
    lost_points = [point for point in score.points if point.points < 0 and point.number]
    if lost_points:
        one = lost_points[-1]
        lines.append(f"有异议请申诉, 例如: 申诉 {short(one.number)} {one.fact}, 理由")
    return "\n".join(lines)


def short(number: str) -> str:
    """Return a case's number as it is said on another day: 1120-007."""
    _, day, seq = number.split("-")
    return f"{day[4:]}-{seq}"


def point_words(point: Point) -> str:
    """Return one point: how much, for what, of which case, why."""
    case = f"{short(point.number)} " if point.number else ""
    return f"· {point.points:+d} {case}{point.fact}: {point.why}"


def notice_words(notice: Notice, now: datetime) -> str:
    """Return the monthly notice as text."""
    head = f"【考核通报】{notice.institution} {notice.month.said}"
    basis = f"满分 {notice.full} 分, 依据 {notice.rules}, 演练和合并的件不计。"
    lines = [head, basis, *(_line(line) for line in notice.lines)]
    if notice.provisional:
        lines.append("本月未满, 以上为截至目前。")
    if notice.appeal_until is not None:
        lines.append(f"有异议请在 {clock_time(notice.appeal_until, now)} 前申诉。")
    return "\n".join(lines)


def _line(line: NoticeLine) -> str:
    rank = f"{line.rank}. " if line.rank is not None else "· "
    lost = "、".join(f"{item} -{number(points)}" for item, points in line.lost)
    bonus = f", 加分 {line.bonus}" if line.bonus else ""
    said = f" ({lost})" if lost else ""
    return f"{rank}{line.unit} {number(line.total)}{said}{bonus}"


def first_reports(lines: Sequence[tuple[str, str, str]], month: Month, whose: str) -> str:
    """Return first reports: number, title, how it stands; in order of time, nobody is ranked."""
    if not lines:
        return f"{whose}{month.said}没有首报记录。"
    shown = [f"· {short(number)}《{title}》{stands}" for number, title, stands in lines[-_MOST:]]
    more = [f"… 另有 {len(lines) - _MOST} 件"] if len(lines) > _MOST else []
    return "\n".join([f"{whose}{month.said}首报 {len(lines)} 件:", *shown, *more])
