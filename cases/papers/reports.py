"""快报、续报、终报 and 特报: what is reported upward, at once and within four hours."""

from cases import events
from cases.papers.facts import Facts, Happened, figures, moment, said
from cases.papers.handling_form import answer, tier_of, verdict, who_handles
from cases.papers.model import Field, Fields, Kind, Paper, Prose, Table

_FLASH = 300  # characters of a 快报: it is read on the way
REPORT_KINDS = {"首报": Kind.FIRST_REPORT, "终报": Kind.LAST_REPORT}
_MEASURES = (events.Assigned, events.Signed, events.Reported, events.MeetingConcluded)


def flash(kind: Kind, facts: Facts, seq: int = 0) -> Paper:
    """Return a 快报, 续报 or 终报: a report of the unit, by its number (0: the latest).

    A 续报 carries only what is new; a 快报 is within 300 characters, sources left out.
    """
    reports = facts.of(events.Reported)
    found = [one for one in reports if _seq(one) == seq] or list(reports[-1:])
    latest = found[0] if found else None
    nth = _seq(latest) if latest else 0
    name = f"续报{nth - 1}" if kind is Kind.LATER_REPORT and nth > 1 else kind.value
    text = _text(latest)
    case = facts.case
    links = "\n".join(said(page.url) for page in facts.pages)
    first = (
        Field("时间", moment(case.event_at or case.reported_at)),
        Field("地点", "", is_open=True),
        Field("经过", _short(said(case.summary) or said(case.title))),
        Field("伤亡", "", is_open=True),
        Field("来源链接", links),
        Field("已采取措施", _short(text)),
        Field("下一步", "", is_open=True),
        Field("联系人", _contact(facts)),
    )
    later = (
        Field("报告时间", moment(latest.at) if latest else ""),
        Field("新情况", text),
        Field("下一步", "", is_open=True),
        Field("联系人", _contact(facts)),
    )
    return Paper(
        kind,
        head=f"网络舆情{name}",
        title=said(case.title),
        number=case.number,
        issuer=f"{facts.institution}舆情办",
        date=moment(facts.now),
        sections=(Fields(name, first if kind is Kind.FIRST_REPORT else later),),
        sources=(case.number,),
        note="限定知悉" if case.restricted else "",
    )


def _seq(one: Happened) -> int:
    return one.event.seq if isinstance(one.event, events.Reported) else 0


def _text(one: Happened | None) -> str:
    event = one.event if one else None
    return said(event.text) if isinstance(event, events.Reported) else ""


def _short(text: str) -> str:
    most = _FLASH // 2
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _contact(facts: Facts) -> str:
    lead = facts.case.lead
    return facts.liaisons.get(lead.unit_id, "") if lead else ""


def upward(facts: Facts) -> Paper:
    """Return the 特报 with its four elements; what the record does not hold is 待补."""
    case = facts.case
    return Paper(
        Kind.UPWARD,
        head="网络舆情特报",
        title=f"关于“{said(case.title)}”的特报",
        number=case.number,
        issuer=f"{facts.institution}舆情办",
        date=moment(facts.now),
        sections=(
            Prose(Field("一、事件概述", overview(facts))),
            Prose(Field("二、影响范围", reach(facts), is_open=True)),
            Prose(Field("三、处置措施", _measures(facts))),
            Prose(Field("四、下一步工作计划", _next(facts), is_open=True)),
            _sources(facts),
        ),
        sources=(case.number,),
        note="限定知悉" if case.restricted else "",
    )


def overview(facts: Facts) -> str:
    """Return what happened in one paragraph, as reported."""
    case = facts.case
    where = "、".join(part for part in (case.platform, case.source_media) if part)
    found = f"{moment(case.reported_at)}，我办发现"
    found += f"{where}出现“{said(case.title)}”的信息。" if where else f"“{said(case.title)}”一事。"
    parts = [found]
    if case.event_at:
        parts.append(f"信息发布时间为{moment(case.event_at)}。")
    parts += [_sentence(said(case.summary))]
    if case.appeal:
        parts.append(_sentence(f"网民诉求：{said(case.appeal)}"))
    level = (
        f"已定为{case.level}。" if case.level else f"按规则建议定为{case.proposal.level}，待确认。"
    )
    checked = verdict(facts)
    return "\n".join(["".join(parts) + level, *([f"核实情况：\n{checked}"] if checked else [])])


def _sentence(text: str) -> str:
    return text if not text or text[-1] in "。！？…" else f"{text}。"


def reach(facts: Facts) -> str:
    """Return how far it has gone: tier and numbers with their moments; "" where unknown."""
    tier = tier_of(facts)
    numbers = figures(facts)
    lines = [f"首发媒体层级：{tier}。" if tier else "", numbers]
    return "\n".join(line for line in lines if line)


def _measures(facts: Facts) -> str:
    done = [facts.lines(*_MEASURES), answer(facts)]
    return "\n".join(one for one in done if one)


def _next(facts: Facts) -> str:
    waits = [one for one in facts.clocks if one.ended_at is None]
    lines = [f"{moment(one.due_at)}前，{one.holder}完成{one.step}。" for one in waits]
    return "\n".join([*lines, who_handles(facts)] if lines else [])


def _sources(facts: Facts) -> Table:
    rows = tuple((str(n), said(page.url)) for n, page in enumerate(facts.pages, start=1))
    return Table("附：链接清单", ("序号", "链接"), (1, 8), rows, "没有链接。")
