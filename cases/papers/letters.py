"""提示单、交办单、催办单、督办单、办结单: one matter each, in the fields that all share."""

from dataclasses import dataclass

from cases import events
from cases.papers.facts import Facts, Timed, day, moment, said
from cases.papers.handling_form import signatures, verdict
from cases.papers.model import Field, Fields, Kind, Paper, Prose

_STEPS = ("签收", "首报", "回应", "办结")


@dataclass(frozen=True, slots=True)
class _Letter:
    head: str
    asks: str  # the sentence in the body; {title}, {by}, {late}, {ended}
    has_deadlines: bool = True


_LETTERS = {
    Kind.NOTE: _Letter(
        "网络舆情提示单",
        "现将“{title}”有关情况提示贵单位，请予关注，主动了解核实，"
        "发现苗头及时反馈。本单不设办理时限。",
        has_deadlines=False,
    ),
    Kind.ASSIGNMENT: _Letter(
        "网络舆情交办单",
        "现将“{title}”交由贵单位办理。请按下列要求和时限签收、核实、处置并反馈，"
        "事件处置与新闻回应同步布置，处置与口径同步研究，处置授权与发布授权同步安排。",
    ),
    Kind.URGING: _Letter(
        "网络舆情催办单",
        "“{title}”由贵单位承办。{late}请抓紧办理并立即反馈；确有困难的，请说明原因和办结时间。",
    ),
    Kind.SUPERVISION: _Letter(
        "网络舆情督办单",
        "{by}，对“{title}”挂牌督办。请贵单位主要负责人牵头，每日报告进展；"
        "未经督办领导同意，不得自行办结。",
    ),
    Kind.ENDING: _Letter(
        "网络舆情办结单",
        "“{title}”由贵单位承办，{ended}请继续关注后续情况，有新情况及时反馈。",
        has_deadlines=False,
    ),
}
LETTERS = tuple(_LETTERS)


def letter(kind: Kind, facts: Facts) -> Paper:
    """Return the letter to the unit that leads the case.

    Args:
        kind: one of `LETTERS`.
        facts: the case.
    """
    form, case = _LETTERS[kind], facts.case
    lead = case.lead.unit_id if case.lead else case.plan.lead if case.plan else case.proposal.lead
    unit = facts.unit(lead)
    title = said(case.title)
    body = form.asks.format(
        title=title, late=_late(facts, unit), by=_ordered_by(facts), ended=_ended(facts)
    )
    deadlines = (_deadlines(facts, unit),) if form.has_deadlines else ()
    return Paper(
        kind,
        head=form.head,
        title=f"关于“{title}”的{kind.value}",
        number=case.number,
        issuer=f"{facts.institution}舆情办",
        date=day(facts.now),
        to=unit,
        sections=(
            Prose(Field("正文", body), is_letter=True),
            _matter(facts, unit),
            *deadlines,
            _outcome(facts),
        ),
        sources=(case.number,),
        note="限定知悉" if case.restricted else "",
    )


def _ordered_by(facts: Facts) -> str:
    order = facts.last(events.Supervised)
    return f"{order.by}{day(order.at)}批示" if order and order.by else "经领导批示"


def _ended(facts: Facts) -> str:
    closed = facts.last(events.Closed)
    return f"已于{day(closed.at)}办结。" if closed else "尚未办结。"


def _late(facts: Facts, unit: str) -> str:
    mine = [one for one in facts.clocks if one.holder == unit and one.ended_at is None]
    if not mine:
        return ""
    one = min(mine, key=lambda clock: clock.due_at)
    if one.due_at < facts.now:
        return f"“{one.step}”应于{moment(one.due_at)}前完成，现已超时。"
    return f"“{one.step}”应于{moment(one.due_at)}前完成，时限将到。"


def _matter(facts: Facts, unit: str) -> Fields:
    case = facts.case
    parts = [part for part in case.assignments if part.is_live]
    lead = [facts.unit(part.unit_id) for part in parts if part.part.label == "主办"]
    coop = [facts.unit(part.unit_id) for part in parts if part.part.label == "协办"]
    source = " ".join(part for part in (case.platform, case.source_media) if part)
    links = [said(page.url) for page in facts.pages]
    matter = [said(case.summary), f"诉求：{said(case.appeal)}" if case.appeal else ""]
    demands = dict.fromkeys(said(part.demand) for part in parts if part.demand)
    words = facts.lines(
        events.SignoffGranted, events.InstructionProposed, events.Supervised, events.OrderGiven
    )
    lead_id = case.lead.unit_id if case.lead else ""
    return Fields(
        "办理事项",
        (
            Field("编号", case.number),
            Field("标题", said(case.title)),
            Field("来源/链接", "\n".join(part for part in (source, *links) if part)),
            Field("摘要与诉求", "\n".join(part for part in matter if part)),
            Field("等级", case.level or f"建议{case.proposal.level}，待确认"),
            Field("批示原文", words, is_wanted=False),
            Field("主办", "、".join(lead) or unit),
            Field("协办", "、".join(coop), is_wanted=False),
            Field("抄送", "", is_wanted=False, is_open=True),
            Field("办理要求", "\n".join(demands), is_open=True),
            Field("联系人电话", facts.liaisons.get(lead_id, "")),
            Field("附件", "、".join(facts.attached), is_wanted=False),
        ),
    )


def _deadlines(facts: Facts, unit: str) -> Fields:
    fields, lead = [], facts.case.lead
    for step in _STEPS:
        mine = [one for one in facts.step(step) if one.holder == unit]
        own = lead.deadline if lead is not None and step == "办结" else None
        until = f"{moment(own)}前" if own else _until(mine[-1]) if mine else ""
        fields.append(Field(f"{step}时限", until, is_wanted=False))
    return Fields("时限（谁处置、谁回应、何时）", tuple(fields))


def _until(clock: Timed) -> str:
    return f"{moment(clock.due_at)}前" + ("（暂定）" if clock.is_provisional else "")


def _outcome(facts: Facts) -> Fields:
    closed = facts.last(events.Closed)
    back = facts.lines(events.ReplyPassed, events.ReplyReturned, events.SentBack)
    done = [facts.lines(events.Reported), verdict(facts), facts.lines(events.CloseRequested)]
    return Fields(
        "办理回执",
        (
            Field("签收人/签收时间", signatures(facts), is_wanted=False),
            Field("办理结果", "\n".join(one for one in done if one), is_wanted=False),
            Field("审核意见", back, is_wanted=False),
            Field("办结意见", facts.line(closed) if closed else "", is_wanted=False),
        ),
    )
