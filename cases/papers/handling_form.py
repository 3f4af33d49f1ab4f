"""《网络舆情突发事件处置表》: everything about one case in the order of the form (source 23)."""

from cases import events
from cases.papers.facts import Facts, day, figures, lesson_lines, moment, said
from cases.papers.model import Field, Fields, Kind, Paper

TIERS = {
    "central": "中央级媒体",
    "portal": "全国大型门户",
    "province": "省内媒体",
    "province_site": "省重点新闻网站",
    "city_site": "市内网站",
    "none": "无",
}
_NATURE = (("sensitive", "敏感"), ("sudden", "突发"), ("group", "群体性"), ("inciting", "煽动性"))
_EXCEPTIONS = (
    events.GradeChanged,
    events.ExtensionAsked,
    events.ExtensionGranted,
    events.ExtensionDenied,
    events.Declined,
    events.Moved,
    events.Upheld,
)
_DECIDED = (
    events.SignoffGranted,
    events.SignoffRefused,
    events.InstructionProposed,
    events.ReplyIssued,
    events.ReplyIssuedWithEdit,
    events.Supervised,
    events.ResponseEnded,
    events.EndDenied,
)


def handling_form(facts: Facts) -> Paper:
    """Return the form as far as the record fills it; what it does not hold is 待补."""
    case = facts.case
    return Paper(
        Kind.HANDLING_FORM,
        head="网络舆情突发事件处置表",
        title=said(case.title),
        number=case.number,
        issuer=f"{facts.institution}舆情办",
        date=day(facts.now),
        sections=(_header(facts), _matter(facts), _judged(facts), _done(facts), _ended(facts)),
        sources=(case.number,),
    )


def _header(facts: Facts) -> Fields:
    case = facts.case
    reporters = "、".join(facts.person(one) for one in case.reporters)
    confirmed = case.level or "未确认"
    return Fields(
        "表头",
        (
            Field("编号", case.number),
            Field("填表单位/人", f"{facts.institution}舆情办"),
            Field("发现时间", moment(case.reported_at)),
            Field("发现渠道（轮次）", f"{reporters}上报" if reporters else "", is_open=True),
            Field("等级（建议/确认）", f"建议{case.proposal.level}；{confirmed}"),
            Field("密级提示", secrecy(facts)),
        ),
    )


def secrecy(facts: Facts) -> str:
    """Return who may read the paper."""
    if facts.case.restricted:
        return "限定知悉：仅限经办人员阅存，不得转发"
    return "内部资料，注意保管；涉密内容不写入本表"


def _matter(facts: Facts) -> Fields:
    case = facts.case
    source = "、".join(part for part in (case.platform, case.source_media) if part)
    tier = tier_of(facts)
    where = "\n".join(f"{said(page.url)}\n（{page.key}）" for page in facts.pages)
    named = [facts.unit(part.unit_id) for part in case.assignments if part.is_live]
    return Fields(
        "基本情况",
        (
            Field("标题", said(case.title)),
            Field("首发平台/媒体及层级", f"{source}（{tier}）" if source and tier else source),
            Field("链接（原始+规范键）", where),
            Field("发布者（公开昵称）", author_of(facts), is_wanted=False),
            Field("发布时间", moment(case.event_at)),
            Field("主要内容", said(case.summary)),
            Field("网民诉求", said(case.appeal)),
            Field("涉及单位/地域", "、".join(dict.fromkeys(named or units_named(facts)))),
            Field("是否敏感/突发/群体性/煽动性", nature(facts)),
            Field("大V介入", yes_or_no(facts, "celebrity")),
            Field("转载情况", "", is_open=True),
            Field("数据（阅/转/评/赞，时间戳）", figures(facts)),
            Field("评论倾向", "", is_open=True),
            Field("截图附件号", "、".join(facts.attached)),
        ),
    )


def tier_of(facts: Facts) -> str:
    """Return the tier of the medium in words, "" where nobody has said it."""
    return TIERS.get(str(facts.case.facts.get("media_tier", "")), "")


def author_of(facts: Facts) -> str:
    """Return the names that the pages themselves show."""
    return "、".join(dict.fromkeys(said(page.author) for page in facts.pages if page.author))


def units_named(facts: Facts) -> list[str]:
    """Return the units that the report named."""
    named = facts.case.facts.get("units", ())
    return [said(str(one)) for one in named] if isinstance(named, list | tuple) else []


def yes_or_no(facts: Facts, name: str) -> str:
    """Return 是 or 否 where somebody has said it, "" where nobody has."""
    value = facts.case.facts.get(name)
    return "" if value is None else ("是" if value else "否")


def nature(facts: Facts) -> str:
    """Return the four signs of the form, as far as somebody has ticked them."""
    ticked = [(label, yes_or_no(facts, name)) for name, label in _NATURE]
    return "；".join(f"{label}：{value}" for label, value in ticked if value)


def _judged(facts: Facts) -> Fields:
    case = facts.case
    graded = facts.last(events.GradeConfirmed, events.GradeChanged)
    first = next(iter(facts.of(events.Verified)), None)
    plan = case.plan
    demand = "\n".join(dict.fromkeys(said(p.demand) for p in case.assignments if p.demand))
    return Fields(
        "研判",
        (
            Field("真实性初核", facts.line(first) if first else ""),
            Field("影响范围", "", is_open=True),
            Field("发展趋势", "", is_open=True),
            Field("定级依据（条款）", "\n".join(said(one) for one in case.proposal.reasons)),
            Field("定级人/时间", f"{graded.by}　{moment(graded.at)}" if graded else ""),
            Field("拟办意见", demand or (said(plan.demand) if plan else ""), is_open=True),
            Field("领导批示（人/时/原文）", facts.lines(*_DECIDED), is_wanted=False),
        ),
    )


def _done(facts: Facts) -> Fields:
    return Fields(
        "处置",
        (
            Field("交办时间/时限", given_out(facts)),
            Field("牵头/协办", who_handles(facts)),
            Field("签收人/时间", signatures(facts)),
            Field("首报/续报/终报", facts.lines(events.Reported)),
            Field("核实结果", verdict(facts)),
            Field("处置措施", facts.lines(events.CloseRequested)),
            Field("回应（拟稿/审核/签发/发布渠道/时间/链接）", answer(facts)),
            Field("会商记录", facts.lines(events.MeetingConcluded), is_wanted=False),
            Field("升级/延期/退回记录", facts.lines(*_EXCEPTIONS), is_wanted=False),
            Field("跟踪情况（反弹否）", facts.lines(events.TrackingChecked, events.Rebounded)),
        ),
    )


def given_out(facts: Facts) -> str:
    """Return when each unit was made responsible, and until when it has to be done."""
    lines = []
    closing = {clock.holder: moment(clock.due_at) for clock in facts.step("办结")}
    for part in facts.case.assignments:
        until = moment(part.deadline) or closing.get(facts.unit(part.unit_id), "")
        due = f"，办结时限{until}" if until else ""
        lines.append(f"{moment(part.assigned_at)}交{facts.unit(part.unit_id)}{due}")
    return "\n".join(lines)


def who_handles(facts: Facts) -> str:
    """Return 牵头 and 协办 by name."""
    return "\n".join(
        f"{part.part.label}：{facts.unit(part.unit_id)}"
        for part in facts.case.assignments
        if part.is_live
    )


def signatures(facts: Facts) -> str:
    """Return who signed for each unit, and when."""
    return "\n".join(
        f"{facts.unit(part.unit_id)} {facts.person(part.signed_by)}　{moment(part.signed_at)}"
        for part in facts.case.assignments
        if part.signed_at is not None
    )


def verdict(facts: Facts) -> str:
    """Return what is true, as the units have found."""
    return facts.lines(events.Verified)


def answer(facts: Facts) -> str:
    """Return what became of the public answer, step by step."""
    steps = facts.lines(
        events.ReplyDrafted,
        events.ReplyPassed,
        events.ReplyReturned,
        events.ReplyIssued,
        events.ReplyIssuedWithEdit,
        events.StepWaived,
    )
    out = [
        f"{moment(event.at)}　发布（{said(event.channel) or '渠道未填'}）{said(event.url)}"
        for event in (one.event for one in facts.of(events.Published))
        if isinstance(event, events.Published)
    ]
    return "\n".join(part for part in (steps, *out) if part)


def _ended(facts: Facts) -> Fields:
    archived = facts.last(events.Archived)
    return Fields(
        "办结归档",
        (
            Field("办结时间", moment(facts.case.closed_at)),
            Field("满意度/回访", "\n".join(facts.heard_back)),
            Field("案例要点", lesson_lines(facts.lesson), is_open=True),
            Field("考核结果", "", is_open=True),
            Field("归档人", f"{archived.by}　{moment(archived.at)}" if archived else ""),
        ),
    )
