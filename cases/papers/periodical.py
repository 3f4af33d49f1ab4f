"""日报、周报、月简报: what came, what was done, what is late, each number with its cases."""

from collections.abc import Sequence
from datetime import timedelta

from cases.beijing import in_beijing
from cases.drawing.charts import Bar, Series, bars, columns
from cases.papers.facts import day, said
from cases.papers.model import Field, Figure, Kind, Paper, Prose, Section, Table
from cases.papers.period_facts import (
    CaseRow,
    Count,
    PeriodFacts,
    Step,
    by,
    count,
    ranges,
    short_moment,
)

_STEPS = ("签收", "首报", "回应", "办结")
_GROUPED = 3  # sections by level, platform and unit
_MOST_LINES = 40  # of a list in a periodical; the ledger has them all
_SCORES = ("单位", "得分", "扣分", "响应率", "解决率", "满意率")
_DAY = timedelta(days=1)
_RESTRICTED = "（限定知悉）"
_HEADS = {Kind.DAILY: "网络舆情日报", Kind.WEEKLY: "网络舆情周报", Kind.MONTHLY: "网络舆情月简报"}


def periodical(kind: Kind, facts: PeriodFacts) -> Paper:
    """Return the paper of a period. Kinds: 日报, 周报, 月简报."""
    made = {Kind.DAILY: _daily, Kind.WEEKLY: _weekly, Kind.MONTHLY: _monthly}[kind]
    sections, counts = made(facts)
    behind = [one for one in counts if one.value]
    sources = dict.fromkeys(number for one in behind for number in one.numbers)
    return Paper(
        kind,
        head=_HEADS[kind],
        title=f"{facts.institution}{_HEADS[kind]}（{facts.name}）",
        number=facts.name,
        issuer=f"{facts.institution}舆情办",
        date=day(facts.now),
        sections=(*sections, trace(behind)),
        sources=tuple(sources),
    )


Made = tuple[tuple[Section, ...], tuple[Count, ...]]


def trace(counts: Sequence[Count]) -> Table:
    """Return which cases are behind each number."""
    rows = tuple((one.name, str(one.value), ranges(one.numbers)) for one in counts)
    return Table("附：数字来源", ("数字", "件数", "件号"), (4, 1, 10), rows, "本期各数均为零。")


def totals(facts: PeriodFacts) -> tuple[Count, ...]:
    """Return the four numbers every report of a period begins with."""
    return (
        count("新登记", facts.registered),
        count("办结", facts.closed),
        count("在办", facts.open),
        count("有超时的件", facts.late_now),
    )


def said_totals(counts: Sequence[Count], facts: PeriodFacts) -> str:
    """Return the span and its numbers as a sentence."""
    span = f"{day(facts.starts)}至{day(facts.ends - _DAY / 24)}"
    numbers = "，".join(f"{one.name}{one.value}件" for one in counts)
    return f"统计时段：{span}。{numbers}。"


def _daily(facts: PeriodFacts) -> Made:
    whole = totals(facts)
    tomorrow = [one for one in facts.waiting if facts.now <= one.due_at < facts.ends + _DAY]
    top = [row for row in facts.open if row.is_top]
    return (
        Prose(Field("一、总体情况", said_totals(whole, facts))),
        _cases("新增", facts.registered, "今日没有新登记。"),
        _steps("超期", facts.late_now, "没有超期事项。"),
        _cases("重点", top, "没有重点件。"),
        _steps("明日到期", tomorrow, "到明日没有到期事项。"),
    ), (*whole, count("重点件", top), count("明日前到期", tomorrow))


def _weekly(facts: PeriodFacts) -> Made:
    whole = totals(facts)
    levels, platforms, units = _groups(facts)
    risks = [one for one in facts.waiting if one.due_at < facts.ends + 7 * _DAY]
    timings = [count for step in _STEPS for count in _timing(step, facts)]
    return (
        Prose(Field("一、总量", said_totals(whole, facts))),
        _course(facts),
        _counted("二、分级", levels, facts),
        _counted("三、平台", platforms, facts),
        _counted("四、单位", units, facts),
        _shares(facts),
        _cases("六、典型", facts.examples, "本期没有典型件。"),
        _steps("七、下期到期与超时", risks, "没有将到期或超时的事项。"),
        Prose(Field("八、下期风险研判", "", is_open=True)),
    ), (
        *whole,
        *(_named("等级", one) for one in levels),
        *(_named("平台", one) for one in platforms),
        *(_named("主办", one) for one in units),
        *timings,
    )


def _monthly(facts: PeriodFacts) -> Made:
    sections, counts = _weekly(facts)
    lead, course, *rest = sections[:-1]
    _, _, units = _groups(facts)
    chart = [Bar(one.name, one.value, f"{one.value} 件") for one in units[:12]]
    drawn = (Figure("主办单位件数", bars("主办单位件数", chart)),) if chart else ()
    verdicts = by(facts.closed, [row.verdict for row in facts.closed])
    return (
        lead,
        course,
        *rest[:_GROUPED],
        *drawn,
        *rest[_GROUPED:],
        _counted("八、核实结论", verdicts, facts),
        Prose(Field("九、通报", "", is_open=True)),
        Table("十、考核", _SCORES, (5, 2, 6, 2, 2, 2), facts.scores, "规则里没有考核表。"),
        Table(
            "十一、案例", ("编号", "标题", "要点"), (4, 5, 10), facts.lessons, "没有填写案例要点。"
        ),
        Prose(Field("十二、下月风险研判", "", is_open=True)),
    ), (*counts, *(_named("核实", one) for one in verdicts))


def _groups(facts: PeriodFacts) -> tuple[tuple[Count, ...], tuple[Count, ...], tuple[Count, ...]]:
    rows = facts.registered
    return (
        by(rows, [row.level for row in rows]),
        by(rows, [row.platform for row in rows]),
        by(rows, [row.unit or "未交办" for row in rows]),
    )


def _named(group: str, one: Count) -> Count:
    return Count(f"{group}：{one.name}", one.numbers)


def _counted(heading: str, counts: Sequence[Count], facts: PeriodFacts) -> Table:
    total = len(facts.closed if "核实" in heading else facts.registered) or 1
    rows = tuple((one.name, str(one.value), f"{one.value * 100 / total:.0f}%") for one in counts)
    return Table(heading, ("名称", "件数", "占比"), (6, 2, 2), rows, "本期没有。")


def _timing(step: str, facts: PeriodFacts) -> tuple[Count, Count]:
    mine = [one for one in facts.due if one.step == step]
    return (
        count(f"{step}到期", mine),
        count(f"{step}超时", [one for one in mine if one.is_late(facts.now)]),
    )


def _shares(facts: PeriodFacts) -> Table:
    rows = []
    for step in _STEPS:
        mine = [one for one in facts.due if one.step == step]
        late = sum(one.is_late(facts.now) for one in mine)
        share = f"{(len(mine) - late) * 100 / len(mine):.0f}%" if mine else "—"
        rows.append((step, str(len(mine)), str(late), share))
    heads = ("环节", "到期（项）", "其中超时", "按时率")
    return Table("五、签收、首报、回应、办结时效", heads, (4, 2, 2, 2), tuple(rows))


def _course(facts: PeriodFacts) -> Figure:
    """How many came and were closed each day (each week where the period is long)."""
    days = max(1, round((facts.ends - facts.starts) / _DAY))
    came, done = [0] * days, [0] * days
    for row in facts.registered:
        came[_nth(row.registered_at - facts.starts, days)] += 1
    for row in facts.closed:
        if row.closed_at is not None:
            done[_nth(row.closed_at - facts.starts, days)] += 1
    heads = [_head(facts, nth) for nth in range(days)]
    series = [
        Series(name, [Bar(head, value) for head, value in zip(heads, values, strict=True)])
        for name, values in (("新登记", came), ("办结", done))
    ]
    return Figure("逐日情况", columns("逐日新登记和办结", series), "逐日新登记和办结件数")


def _nth(since: timedelta, days: int) -> int:
    return min(max(since // _DAY, 0), days - 1)


def _head(facts: PeriodFacts, nth: int) -> str:
    local = in_beijing(facts.starts + nth * _DAY)
    return f"{local.month}.{local.day}"


def _cases(heading: str, rows: Sequence[CaseRow], nothing: str) -> Table:
    shown = tuple(
        (
            row.number,
            said(row.title) or _RESTRICTED,
            row.level,
            row.unit or "未交办",
            row.state,
        )
        for row in rows[:_MOST_LINES]
    )
    heads = ("编号", "标题", "等级", "主办", "状态")
    return _cut(Table(heading, heads, (4, 7, 2, 3, 3), shown, nothing), len(rows))


def _steps(heading: str, steps: Sequence[Step], nothing: str) -> Table:
    shown = tuple(
        (
            one.number,
            said(one.title) or _RESTRICTED,
            f"{one.holder}{one.step}",
            short_moment(one.due_at),
        )
        for one in steps[:_MOST_LINES]
    )
    heads = ("编号", "标题", "等什么", "时限")
    return _cut(Table(heading, heads, (4, 7, 4, 3), shown, nothing), len(steps))


def _cut(table: Table, total: int) -> Table:
    if total <= len(table.rows):
        return table
    more = f"另有 {total - len(table.rows)} 项，见台账"
    last = (more, *[""] * (len(table.columns) - 1))
    return Table(table.heading, table.columns, table.weights, (*table.rows, last), table.nothing)
