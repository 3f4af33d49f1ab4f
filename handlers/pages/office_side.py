"""What the office and the leaders may do on the page of a case."""

from cases.model import Case, State
from cases.permissions import Action
from cases.response import ReplyStage
from handlers import approvals, ending, office, public_reply
from handlers.pages.fields import Field, FieldKind, Given, Option
from handlers.pages.offers import Act, while_allowed
from handlers.pages.talk import PageTalk
from handlers.pages.unit_side import unit_name, units_to_choose
from handlers.references import return_asked

_REASON = Field("reason", "理由", FieldKind.AREA)
_ASKED = {
    State.APPROVED: (Action.SIGNOFF, "同意签批"),
    State.REPLY_DRAFT: (Action.REVIEW_REPLY, "回应稿审核通过"),
    State.REVIEWING: (Action.ISSUE, "签发回应稿"),
    State.CLOSE_REQUESTED: (Action.CLOSE, "同意办结"),
}


def decision(case: Case) -> tuple[Action, str] | None:
    """Return what is to be decided where the case stands, None where nothing is."""
    reply = case.response.reply
    if case.state is State.REVIEWING and (reply is None or reply.stage is not ReplyStage.REVIEWED):
        return None
    if case.state in _ASKED:
        return _ASKED[case.state]
    if case.ending is not None and case.is_open:
        return Action.END_RESPONSE, "同意终止响应"
    if case.extension is not None and case.is_open:
        return Action.RULE_ON_EXTENSION, "同意延期"
    return None


def _decides(case: Case) -> Action | None:
    found = decision(case)
    return found[0] if found else None


def _levels(talk: PageTalk, case: Case) -> tuple[Field, ...]:
    names = [level.name for level in talk.desk.rulebook(case.rulebook_id).grading.levels]
    options = tuple(Option(name, name, name == case.working_level) for name in names)
    is_change = case.level is not None
    return (
        Field("level", "等级", FieldKind.CHOICE, options=options),
        Field("reason", "理由", is_required=is_change, hint="" if is_change else "可不填"),
    )


def _orders(talk: PageTalk, case: Case) -> tuple[Field, ...]:
    units, proposed = talk.work.people.units(), case.proposal
    helpers = tuple(Option(unit.id, unit.name, unit.id in proposed.coop) for unit in units)
    return (
        Field("lead", "主办", FieldKind.CHOICE, options=units_to_choose(units, proposed.lead)),
        Field("coop", "协办", FieldKind.MANY, is_required=False, options=helpers),
        Field("demand", "要求", is_required=False, hint="例如: 今天先排水"),
        Field("deadline", "办结时限", FieldKind.MOMENT, is_required=False, hint="不填按规则册"),
    )


def _other_units(talk: PageTalk, case: Case) -> tuple[Option, ...]:
    units = tuple(unit for unit in talk.work.people.units() if case.of_unit(unit.id) is None)
    return units_to_choose(units)


def _transfer(talk: PageTalk, case: Case) -> tuple[Field, ...]:
    options = _other_units(talk, case)
    return (Field("unit", "转给", FieldKind.CHOICE, options=options), _REASON)


def _coop(talk: PageTalk, case: Case) -> tuple[Field, ...]:
    return (Field("unit", "协办单位", FieldKind.CHOICE, options=_other_units(talk, case)),)


def _urge(talk: PageTalk, case: Case) -> tuple[Field, ...]:
    held = [part.unit_id for part in case.assignments if part.is_live]
    options = tuple(Option(unit, unit_name(talk, unit)) for unit in held)
    return (Field("unit", "催谁", FieldKind.CHOICE, options=options),)


def _grade(talk: PageTalk, case: Case, given: Given) -> str:
    slots = {"case": case.number, "level": given.text("level"), "reason": given.text("reason")}
    talk.words = f"定{slots['level']} {slots['reason']}".strip()
    return office.confirm_grade(talk, slots)


def _assign(talk: PageTalk, case: Case, given: Given) -> str:
    lead = unit_name(talk, given.text("lead"))
    coop = [unit_name(talk, unit) for unit in given.many("coop")]
    slots: dict[str, object] = {"case": case.number, "lead": lead, "coop": coop}
    slots["demand"] = given.text("demand")
    if deadline := given.moment("deadline"):
        slots["deadline"] = deadline
    talk.words = f"交{lead}" + (f", {'、'.join(coop)}协办" if coop else "")
    return office.assign(talk, slots)


def _do_transfer(talk: PageTalk, case: Case, given: Given) -> str:
    unit = unit_name(talk, given.text("unit"))
    talk.words = f"转{unit}"
    slots = {"case": case.number, "units": [unit], "reason": given.text("reason")}
    return office.transfer(talk, slots)


def _do_coop(talk: PageTalk, case: Case, given: Given) -> str:
    unit = unit_name(talk, given.text("unit"))
    talk.words = f"加{unit}协办"
    return office.add_coop(talk, {"case": case.number, "coop": [unit]})


def _do_urge(talk: PageTalk, case: Case, given: Given) -> str:
    unit = unit_name(talk, given.text("unit"))
    talk.words = f"催{unit}"
    return office.urge(talk, {"case": case.number, "units": [unit]})


def _uphold(talk: PageTalk, case: Case, given: Given) -> str:
    talk.words = given.text("reason")
    return office.uphold(talk, {"case": case.number, "reason": talk.words})


def _approve(talk: PageTalk, case: Case, given: Given) -> str:
    talk.words = given.text("words") or "同意"
    return approvals.approve(talk, {"case": case.number})


def _edit(talk: PageTalk, case: Case, given: Given) -> str:
    talk.words = f"原则同意, {given.text('words')}"
    return approvals.approve_with_edit(talk, {"case": case.number})


def _reject(talk: PageTalk, case: Case, given: Given) -> str:
    talk.words = f"退回, {given.text('reason')}"
    return approvals.reject(talk, {"case": case.number, "reason": given.text("reason")})


def _label(case: Case) -> str:
    found = decision(case)
    return found[1] if found else "同意"


def _needs_edit(case: Case) -> Action | None:
    return _decides(case) if case.state in _ASKED else None


def _unanswered(talk: PageTalk, case: Case) -> bool:
    return not case.response.is_answered and public_reply.needs_answer(talk, case)


def _return_asked(_talk: PageTalk, case: Case) -> bool:
    return return_asked(case)


def _has_units(_talk: PageTalk, case: Case) -> bool:
    return case.lead is not None


def _is_graded(_talk: PageTalk, case: Case) -> bool:
    return case.level is not None and case.lead is None


ACTS = (
    Act(
        "approve",
        _label,
        _decides,
        while_allowed,
        _approve,
        lambda _talk, _case: (Field("words", "意见", is_required=False, hint="不写就是「同意」"),),
        is_main=True,
    ),
    Act(
        "edit",
        "原则同意, 改后再办",
        _needs_edit,
        while_allowed,
        _edit,
        lambda _talk, _case: (Field("words", "怎么改", FieldKind.AREA),),
    ),
    Act("reject", "退回", _decides, while_allowed, _reject, lambda _talk, _case: (_REASON,)),
    Act(
        "grade",
        lambda case: "定级" if case.level is None else "改等级",
        Action.CONFIRM_GRADE,
        while_allowed,
        _grade,
        _levels,
        is_main=lambda case: case.level is None,
    ),
    Act("assign", "交办", Action.ASSIGN, _is_graded, _assign, _orders, is_main=True),
    Act(
        "uphold",
        "裁定: 由原单位办",
        Action.RULE_ON_RETURN,
        _return_asked,
        _uphold,
        lambda _talk, _case: (_REASON,),
    ),
    Act("transfer", "转办", Action.TRANSFER, _has_units, _do_transfer, _transfer),
    Act("coop", "加协办", Action.ADD_COOP, _has_units, _do_coop, _coop),
    Act("urge", "催办", Action.URGE, _has_units, _do_urge, _urge),
    Act(
        "no_answer",
        "不需公开回应",
        Action.WAIVE,
        _unanswered,
        lambda talk, case, given: public_reply.no_answer(talk, case.number, given.text("reason")),
        lambda _talk, _case: (_REASON,),
    ),
    Act(
        "archive",
        "归档",
        lambda case: Action.ARCHIVE if case.state is State.CLOSED else None,
        lambda _talk, _case: True,
        lambda talk, case, _given: ending.archive(talk, {"case": case.number}),
    ),
    Act(
        "reopen",
        "重新打开",
        lambda case: Action.REOPEN if case.state in (State.CLOSED, State.ARCHIVED) else None,
        lambda _talk, _case: True,
        lambda talk, case, given: ending.reopen(
            talk, {"case": case.number, "reason": given.text("reason")}
        ),
        lambda _talk, _case: (_REASON,),
    ),
)
