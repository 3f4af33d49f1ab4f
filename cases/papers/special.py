"""《舆情专报》 about one case on order, and the 复盘 that looks back on a case that is over."""

from collections.abc import Sequence
from datetime import timedelta

from cases import events
from cases.drawing.charts import Bar, Series, bars, lines
from cases.papers.facts import FIGURES, Facts, Happened, Reading, Timed, day, figures, moment, said
from cases.papers.handling_form import nature, tier_of, verdict, yes_or_no
from cases.papers.model import Field, Figure, Kind, Paper, Prose, Section, Table
from cases.papers.period_facts import short_moment
from cases.papers.reports import overview
from cases.wording.moments import span

_FEWEST = 2  # readings that make a course
_MOST_BARS = 18
_TEN_THOUSAND = 10_000


def special(facts: Facts) -> Paper:
    """Return the 专报: what is known, how it spread, what was said, judgement, advice, links."""
    case = facts.case
    links = tuple((str(n), said(p.url), p.key) for n, p in enumerate(facts.pages, start=1))
    return Paper(
        Kind.SPECIAL,
        head="网络舆情专报",
        title=f"关于“{said(case.title)}”的舆情专报",
        number=case.number,
        issuer=f"{facts.institution}舆情办",
        date=day(facts.now),
        sections=(
            Prose(Field("一、概况", overview(facts).replace("\n", " "))),
            Prose(Field("二、传播情况", _spread(facts), is_open=True)),
            *_course(facts.readings),
            Prose(Field("三、网民与媒体观点", "", is_open=True)),
            Prose(Field("四、研判", _judged(facts), is_open=True)),
            Prose(Field("五、建议", _advice(facts), is_open=True)),
            Table("附：链接清单", ("序号", "链接", "规范键"), (1, 6, 3), links, "没有链接。"),
        ),
        sources=(case.number,),
        note="限定知悉" if case.restricted else "",
    )


def _spread(facts: Facts) -> str:
    case = facts.case
    source = "、".join(part for part in (case.platform, case.source_media) if part)
    parts = (
        ("首发", f"{source} {moment(case.event_at)}".strip()),
        ("媒体层级", tier_of(facts)),
        ("首页刊载", yes_or_no(facts, "front_page")),
        ("大V介入", yes_or_no(facts, "celebrity")),
        ("性质", nature(facts)),
    )
    lines_ = [f"{label}：{text}" for label, text in parts if text]
    return "\n".join([*lines_, *([figures(facts)] if facts.readings else [])])


def _course(readings: Sequence[Reading]) -> tuple[Section, ...]:
    """The course of the number that was read most often, where it was read twice at least."""
    names = [one.name for one in readings if one.name in FIGURES]
    most = max(dict.fromkeys(names), key=names.count, default="")
    points = [one for one in readings if one.name == most]
    if len(points) < _FEWEST:
        return ()
    is_large = max(one.value for one in points) >= _TEN_THOUSAND
    unit, by = ("（万）", _TEN_THOUSAND) if is_large else ("", 1)
    steps = [Bar(short_moment(one.at), one.value / by, f"{one.value:,.0f}") for one in points]
    svg = lines(f"{FIGURES[most]}走势", [Series(f"{FIGURES[most]}{unit}", steps)])
    return (Figure("走势图", svg, f"{FIGURES[most]}数走势（以各次补充的数字为准）"),)


def _judged(facts: Facts) -> str:
    reasons = "；".join(said(one) for one in facts.case.proposal.reasons)
    level = facts.case.level or f"建议{facts.case.proposal.level}"
    lines_ = [f"等级：{level}。", f"依据：{reasons}。" if reasons else "", verdict(facts)]
    return "\n".join(line for line in lines_ if line)


def _advice(facts: Facts) -> str:
    demands = dict.fromkeys(said(part.demand) for part in facts.case.assignments if part.demand)
    return "\n".join(demands)


def review(facts: Facts) -> Paper:
    """Return the 复盘: cause, course, what the rules demanded beside what happened, lessons."""
    case = facts.case
    return Paper(
        Kind.REVIEW,
        head="网络舆情复盘",
        title=f"“{said(case.title)}”办理情况复盘",
        number=case.number,
        issuer=f"{facts.institution}舆情办",
        date=day(facts.now),
        sections=(
            Prose(Field("一、起因", _cause(facts), is_open=True)),
            Table("二、时间线", ("时间", "事项", "距上一步"), (2, 7, 3), _course_of(facts)),
            Table(
                "三、规定与实际",
                ("环节", "责任", "应于", "实际", "结果"),
                (3, 4, 4, 3, 4),
                tuple(_demanded(one, facts) for one in facts.clocks),
            ),
            *_waits(facts.clocks, facts),
            Prose(Field("四、亮点", said(facts.lesson.worked), is_open=True)),
            Prose(Field("五、问题", _late(facts), is_open=True)),
            Prose(Field("六、整改", _improving(facts), is_open=True)),
            Table(
                "整改任务",
                ("序号", "责任单位", "事项", "期限", "完成情况"),
                (1, 3, 6, 3, 4),
                _tasks(facts),
                "没有布置整改任务。",
            ),
            Prose(Field("七、可复用口径", _wording(facts), is_open=True)),
            Prose(Field("八、标签", "、".join(map(said, facts.lesson.tags)), is_wanted=False)),
        ),
        sources=(case.number,),
        note="限定知悉" if case.restricted else "",
    )


def _tasks(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """Each follow-up task with its owner, its deadline and what came of it."""
    done = {
        one.event.task: one
        for one in facts.of(events.ImprovementDone)
        if isinstance(one.event, events.ImprovementDone)
    }
    return tuple(
        (
            str(one.task),
            facts.unit(one.unit),
            said(one.text),
            short_moment(one.deadline),
            _task_stands(one, done.get(one.task), facts),
        )
        for one in _set(facts)
    )


def _set(facts: Facts) -> list[events.ImprovementSet]:
    found = facts.of(events.ImprovementSet)
    return [one.event for one in found if isinstance(one.event, events.ImprovementSet)]


def _task_stands(task: events.ImprovementSet, done: Happened | None, facts: Facts) -> str:
    if done is None:
        return "超期未完成" if task.deadline < facts.now else "办理中"
    what = said(done.event.text) if isinstance(done.event, events.ImprovementDone) else ""
    late = "（超期）" if done.at > task.deadline else ""
    return f"{short_moment(done.at)} 完成{late}" + (f"：{what}" if what else "")


def _improving(facts: Facts) -> str:
    tasks = len(_set(facts))
    done = len(facts.of(events.ImprovementDone))
    return f"布置整改 {tasks} 项，已完成 {done} 项，见下表。" if tasks else ""


def _cause(facts: Facts) -> str:
    if facts.lesson.cause:
        return said(facts.lesson.cause)
    found = facts.last(events.Verified)
    event = found.event if found else None
    return said(event.text) if isinstance(event, events.Verified) else ""


def _course_of(facts: Facts) -> tuple[tuple[str, str, str], ...]:
    """Each step with how long the one before it was ago, and how often was reminded meanwhile."""
    rows, before, reminded = [], facts.case.reported_at, 0
    for one in facts.happened:
        if isinstance(one.event, events.Reminded):
            reminded += 1
            continue
        what = facts.line(one).split("\u3000", 1)[1]
        waited = span(one.at - before) if one.at - before >= timedelta(minutes=1) else ""
        often = f"提醒 {reminded} 次" if reminded else ""
        rows.append((short_moment(one.at), what, "，".join(w for w in (waited, often) if w)))
        before, reminded = one.at, 0
    return tuple(rows)


def _waits(clocks: Sequence[Timed], facts: Facts) -> tuple[Section, ...]:
    taken = [
        Bar(
            f"{one.holder}{one.step}",
            length.total_seconds() / 60,
            f"{span(length)} / {span(one.due_at - one.started_at)}",
        )
        for one in clocks
        if (length := (one.ended_at or facts.now) - one.started_at) > timedelta()
    ][:_MOST_BARS]
    if not taken:
        return ()
    drawn = bars("各环节用时 (实际 / 规定)", taken)
    return (Figure("各环节用时", drawn, "各环节从起算到完成的用时，与规定的时限并列"),)


def _demanded(one: Timed, facts: Facts) -> tuple[str, str, str, str, str]:
    late = one.late(facts.now)
    waits = one.ended_at is None
    result = f"超时 {span(late)}" if late >= timedelta(minutes=1) else "未到期" if waits else "按时"
    due = short_moment(one.due_at) + ("（暂定）" if one.is_provisional else "")
    done = short_moment(one.ended_at) if one.ended_at else "未完成"
    return one.step, one.holder, due, done, result


def _late(facts: Facts) -> str:
    late = [one for one in facts.clocks if one.late(facts.now) >= timedelta(minutes=1)]
    lines_ = [f"{one.holder}{one.step}超时 {span(one.late(facts.now))}。" for one in late]
    return "\n".join([said(facts.lesson.failed), *lines_] if facts.lesson.failed else lines_)


def _wording(facts: Facts) -> str:
    if facts.lesson.wording:
        return said(facts.lesson.wording)
    published = facts.last(events.Published)
    drafts = facts.of(events.ReplyDrafted)
    if published is None or not drafts or not isinstance(published.event, events.Published):
        return ""
    version = published.event.version
    texts = [
        said(one.event.draft)
        for one in drafts
        if isinstance(one.event, events.ReplyDrafted) and one.event.version == version
    ]
    return "\n".join(texts[-1:])
