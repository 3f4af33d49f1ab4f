"""What a responsible unit, and whoever reported, may do on the page of a case."""

from cases.model import AssignmentState, Case
from cases.people import Unit
from cases.permissions import Action
from cases.response import ReplyStage
from handlers import extending, intake, public_reply, report, unit_acts
from handlers.pages.fields import Field, FieldKind, Given, Option
from handlers.pages.offers import Act, plain, while_allowed
from handlers.pages.talk import PageTalk
from handlers.references import in_hand, not_signed

_KINDS = ("首报", "续报", "终报", "进展")
_VERDICTS = ("属实", "部分属实", "不属实", "暂无法核实")


def units_to_choose(units: tuple[Unit, ...], chosen: str | None = None) -> tuple[Option, ...]:
    """Return all units as options."""
    return tuple(Option(unit.id, unit.name, unit.id == chosen) for unit in units)


def unit_name(talk: PageTalk, unit_id: str) -> str:
    """Return the name of a unit that was chosen; what is no unit is refused by whoever reads it."""
    unit = talk.work.people.unit(unit_id)
    return unit.name if unit else unit_id


def _text(label: str, value: str = "", hint: str = "") -> Field:
    return Field("text", label, FieldKind.AREA, value=value, hint=hint)


def _progress(_talk: PageTalk, case: Case) -> tuple[Field, ...]:
    wanted = "续报" if case.reports else "首报"
    kinds = tuple(Option(kind, kind, kind == wanted) for kind in _KINDS)
    return (
        Field("report_kind", "这是", FieldKind.CHOICE, options=kinds),
        _text("内容", hint="现场核实情况、已做的事、下一步"),
    )


def _verify(_talk: PageTalk, _case: Case) -> tuple[Field, ...]:
    verdicts = tuple(Option(one, one) for one in _VERDICTS)
    return (Field("verdict", "结论", FieldKind.CHOICE, options=verdicts), _text("情况"))


def _draft(_talk: PageTalk, case: Case) -> tuple[Field, ...]:
    reply = case.response.reply
    return (_text("回应稿全文", value=reply.text if reply else ""),)


def _published(_talk: PageTalk, _case: Case) -> tuple[Field, ...]:
    return (
        Field("channel", "发布渠道", hint="例如: 官方微博"),
        Field("url", "链接", is_required=False),
        Field("time", "发布时间", FieldKind.MOMENT, is_required=False, hint="不填就是现在"),
    )


def _extend(_talk: PageTalk, _case: Case) -> tuple[Field, ...]:
    return (
        Field("deadline", "延到", FieldKind.MOMENT),
        Field("reason", "理由", FieldKind.AREA),
    )


def _decline(talk: PageTalk, _case: Case) -> tuple[Field, ...]:
    own = talk.person.unit_id
    others = tuple(unit for unit in talk.work.people.units() if unit.id != own)
    return (
        Field("reason", "理由", FieldKind.AREA),
        Field(
            "suggest",
            "建议转给",
            FieldKind.CHOICE,
            is_required=False,
            options=(Option("", "(不建议)"), *units_to_choose(others)),
        ),
    )


def _do_verify(talk: PageTalk, case: Case, given: Given) -> str:
    slots = {"case": case.number, "verdict": given.text("verdict"), "text": given.text("text")}
    return unit_acts.verify(talk, slots)


def _do_progress(talk: PageTalk, case: Case, given: Given) -> str:
    kind = given.text("report_kind")
    talk.words = given.text("text")
    slots = {"case": case.number, "report_kind": kind if kind in _KINDS else "", "text": talk.words}
    return unit_acts.progress(talk, slots)


def _do_published(talk: PageTalk, case: Case, given: Given) -> str:
    slots = {"channel": given.text("channel"), "url": given.text("url")}
    slots |= {"case": case.number, "time": given.moment("time")}
    return public_reply.published(talk, {name: value for name, value in slots.items() if value})


def _do_extend(talk: PageTalk, case: Case, given: Given) -> str:
    slots = {"case": case.number, "deadline": given.moment("deadline")}
    return extending.extend(talk, slots | {"reason": given.text("reason")})


def _do_decline(talk: PageTalk, case: Case, given: Given) -> str:
    suggested = given.text("suggest")
    slots = {"case": case.number, "reason": given.text("reason")}
    if suggested:
        slots["suggest_unit"] = unit_name(talk, suggested)
    return unit_acts.decline(talk, slots)


def _do_supplement(talk: PageTalk, case: Case, given: Given) -> str:
    talk.words = given.text("text")
    return intake.supplement(talk, {"case": case.number})


def _may_decline(talk: PageTalk, case: Case) -> bool:
    part = case.of_unit(talk.person.unit_id or "")
    return not case.returns and part is not None and part.state is not AssignmentState.DECLINED


def _may_draft(talk: PageTalk, case: Case) -> bool:
    reply = case.response.reply
    is_lead = case.lead is not None and case.lead.unit_id == talk.person.unit_id
    return is_lead and (reply is None or reply.stage is not ReplyStage.ISSUED)


def _is_issued(_talk: PageTalk, case: Case) -> bool:
    reply = case.response.reply
    return reply is not None and reply.stage is ReplyStage.ISSUED


def _awaits_signature(talk: PageTalk, case: Case) -> bool:
    return not_signed(talk.person)(case)


def _in_hand(talk: PageTalk, case: Case) -> bool:
    return in_hand(talk.person)(case)


def _may_extend(talk: PageTalk, case: Case) -> bool:
    return case.extension is None and _in_hand(talk, case)


ACTS = (
    Act("sign", "签收", Action.SIGN, _awaits_signature, plain(unit_acts.sign), is_main=True),
    Act("progress", "报进展", Action.UNIT_REPORT, _in_hand, _do_progress, _progress, is_main=True),
    Act("verify", "报核实结果", Action.UNIT_REPORT, _in_hand, _do_verify, _verify),
    Act(
        "draft",
        "报回应稿",
        Action.DRAFT,
        _may_draft,
        lambda talk, case, given: public_reply.draft(
            talk, {"case": case.number, "draft": given.text("text")}
        ),
        _draft,
    ),
    Act(
        "published", "登记发布", Action.PUBLISH, _is_issued, _do_published, _published, is_main=True
    ),
    Act(
        "done",
        "申请办结",
        Action.REQUEST_CLOSE,
        _in_hand,
        lambda talk, case, given: unit_acts.done(
            talk, {"case": case.number, "text": given.text("text")}
        ),
        lambda _talk, _case: (_text("办理结果"),),
    ),
    Act("extend", "申请延期", Action.EXTEND, _may_extend, _do_extend, _extend),
    Act("decline", "退回 (不属本单位)", Action.DECLINE, _may_decline, _do_decline, _decline),
    Act(
        "supplement",
        "补充情况",
        Action.SUPPLEMENT,
        while_allowed,
        _do_supplement,
        lambda _talk, _case: (_text("内容", hint="文字、链接、数字都可以"),),
    ),
    Act(
        "withdraw",
        "撤回",
        Action.WITHDRAW,
        while_allowed,
        lambda talk, case, given: report.withdraw(
            talk, {"case": case.number, "reason": given.text("reason")}
        ),
        lambda _talk, _case: (Field("reason", "理由", FieldKind.AREA),),
    ),
)
