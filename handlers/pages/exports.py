"""导出: a list or the statistics as a table, and what the audit keeps of it.

Masked by default; whole only for the office and the leaders, and only with a reason. What a person
may not see on a page is in no table either: the rows come from the same questions.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.beijing import say_moment
from cases.cells import Cell, Table, cell_text
from cases.errors import NotPermittedError, NotUnderstoodError
from cases.masking import mask
from cases.people import Person
from cases.permissions import counted_for, may_export_whole
from cases.statistics.facts import How
from cases.statistics.figures import Moment, percent
from cases.wording.moments import span
from handlers.pages.numbers import NumberRow
from handlers.pages.statistics import UNIT_STEPS, Statistics
from storage.board import Listed
from storage.work import Work

MOST_ROWS = 20_000
_SHORTEST_REASON = 4
_LONGEST = 200
_HEADS = ("编号", "标题", "等级", "状态", "平台", "来源", "主办单位", "登记时间", "办结时间")
_WHOLE = ("内容", "诉求")
_DAYS = "一二三四五六日"


class TooManyError(Exception):
    """More rows than a table may have."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Who takes a table out, of what, and how."""

    person: Person
    query: str  # the filter, as it stands in the address
    is_whole: bool
    reason: str
    now: datetime

    @property
    def mark(self) -> str:
        """The watermark: by whom and when, so that a copy tells where it comes from."""
        how = "未遮盖" if self.is_whole else "已遮盖"
        who = f"{self.person.name} ({self.person.userid})"
        return f"{who} {say_moment(self.now)} 导出, {how}, 仅供工作使用"


def must_be_allowed(taken: Taken) -> None:
    """Refuse who may not take this out.

    Raises:
        NotPermittedError: neither office nor leader nor of a unit; or whole, and of a unit.
        NotUnderstoodError: whole, and no reason was given.
    """
    try:
        counted_for(taken.person)
    except NotPermittedError:
        raise NotPermittedError("导出由舆情办、领导和责任单位来做, 您的身份不能导出。") from None
    if not taken.is_whole:
        return
    if not may_export_whole(taken.person):
        raise NotPermittedError("不遮盖的导出由舆情办和领导来做, 请按默认方式导出。")
    if len(taken.reason.strip()) < _SHORTEST_REASON:
        raise NotUnderstoodError("不遮盖的导出要写明用途, 例如: 报市委宣传部月度研判。")


def case_table(work: Work, called: tuple[str, str], ids: Sequence[int], *, is_whole: bool) -> Table:
    """Return a table of cases.

    Raises:
        TooManyError: more than `MOST_ROWS`.
    """
    _must_fit(ids)
    names = {unit.id: unit.name for unit in work.people.units()}
    rows = tuple(
        _case(one, names.get(one.lead_unit or "", ""), is_whole=is_whole)
        for one in work.board.listed(ids)
    )
    return Table(*called, _HEADS + (_WHOLE if is_whole else ()), rows)


def number_table(entries: Sequence[NumberRow], unit: str, *, is_whole: bool) -> Table:
    """Return a table of what stands behind a number of the statistics.

    Raises:
        TooManyError: more than `MOST_ROWS`.
    """
    _must_fit(entries)
    rows = tuple(
        (*_case(one.case, one.unit, is_whole=is_whole), one.count, cell_text(one.said))
        for one in entries
    )
    heads = (*_HEADS, *(_WHOLE if is_whole else ()), f"计数 ({unit})", "环节情况")
    return Table("统计明细", "list", heads, rows)


def statistics_table(shown: Statistics) -> Table:
    """Return the figures of a period, one to a row: group, name, value, and its unit."""
    rows: list[tuple[Cell, ...]] = []
    rows += [("总数", one.label, one.count, one.number.what.unit) for one in shown.heads]
    groups = (
        ("等级", shown.levels),
        ("平台", shown.platforms),
        ("主办单位", shown.units),
        ("现在的状态", shown.states),
    )
    for group, figures in groups:
        rows += [(group, cell_text(one.label), one.count, "件") for one in figures]
    for step in shown.steps:
        name = step.kept.step
        rows.append((name, "按时率", percent(step.kept.share), ""))
        rows += [(name, one.label, one.count, "项") for one in step.figures]
        rows.append((name, "中位用时", _lasted(step.kept.median), ""))
        rows.append((name, "九成在此之内", _lasted(step.kept.ninety), ""))
    for line in shown.by_unit:
        for name, cell in zip(UNIT_STEPS, line.cells, strict=True):
            if cell is not None:
                kept = f"{cell[0].counts[How.IN_TIME]}/{cell[0].judged} 项按时"
                rows.append((cell_text(line.unit), f"{name}按时率", percent(cell[0].share), kept))
    for spot in shown.trend:
        rows.append((shown.grain.label, f"{spot.label} 登记", spot.registered.count, "件"))
        rows.append((shown.grain.label, f"{spot.label} 办结", spot.closed.count, "件"))
    for nth, day in enumerate(_DAYS):
        hours = [(hour, shown.hours[Moment(nth, hour)]) for hour in range(24)]
        rows += [("登记时段", f"周{day} {hour} 时", count, "件") for hour, count in hours if count]
    return Table(
        f"统计 {shown.period.words}", "statistics", ("分类", "名称", "数值", "单位"), tuple(rows)
    )


def note(work: Work, taken: Taken, table: Table, content: bytes, kind: str) -> None:
    """Write into the audit who took what out, by which filter, and the hash of the file (F08)."""
    work.audit.append(
        actor=taken.person.userid,
        role="、".join(sorted(role.value for role in taken.person.roles)),
        action="export",
        object_type="table",
        object_id=table.slug,
        result="done",
        details={
            "filter": taken.query,
            "rows": len(table.rows),
            "format": kind,
            "whole": taken.is_whole,
            "reason": taken.reason[:_LONGEST],
            "sha256": hashlib.sha256(content).hexdigest(),
        },
        now=taken.now,
    )


def _must_fit(rows: Sequence[object]) -> None:
    if len(rows) > MOST_ROWS:
        raise TooManyError


def _case(one: Listed, unit: str, *, is_whole: bool) -> tuple[Cell, ...]:
    level = one.level if one.is_graded else f"建议{one.level}"
    row = (
        one.number,
        one.title,
        level,
        one.state.label,
        one.platform,
        one.source_media,
        unit,
        say_moment(one.reported_at),
        say_moment(one.closed_at) if one.closed_at else "",
    )
    if is_whole:
        return tuple(cell_text(words) for words in (*row, one.summary, one.appeal))
    return tuple(cell_text(mask(words)) for words in row)


def _lasted(seconds: int | None) -> str:
    return "" if seconds is None else span(timedelta(seconds=seconds))
