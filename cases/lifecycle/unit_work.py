"""Decisions about the work of a unit."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.orders import orders_answered
from cases.lifecycle.rules import IN_HAND, WITH_UNITS, Rule, Rules, part_of, signed_first
from cases.model import AssignmentState, Case, State
from cases.response import ReplyStage


def _sign(case: Case, command: commands.Sign, by: str, now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    if part.state is AssignmentState.DECLINED:
        raise NotAllowedError(f"{case.short_number} 贵单位已申请退回, 请等舆情办裁定。")
    if part.handed_to == by and part.hand_signed_at is None:
        section = events.SectionSigned(part.id, part.unit_id, by=by, at=now)
        return [*signed_first(part, by, now), section]
    if part.signed_at is not None:
        return []
    return [events.Signed(part.id, part.unit_id, by=by, at=now)]


def _decline(case: Case, command: commands.Decline, _by: str, _now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    if case.returns:
        raise NotAllowedError(
            f"{case.short_number} 舆情办已裁定过一次, 不能再退回; 确有困难请直接联系舆情办。"
        )
    if part.state is AssignmentState.DECLINED:
        raise NotAllowedError(f"{case.short_number} 退回申请已提交, 请等舆情办裁定。")
    if not command.reason:
        raise NotAllowedError("退回要写明理由, 例如: 退回007, 该路段由开发商管养, 建议转住建局")
    return [events.Declined(part.id, part.unit_id, command.reason, command.suggest)]


def _report(case: Case, command: commands.Report, by: str, now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    told = events.Reported(part.id, part.unit_id, command.kind, case.reports + 1, command.text)
    return [*signed_first(part, by, now), told, *orders_answered(case, part.unit_id, command.text)]


def _verify(case: Case, command: commands.Verify, by: str, now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    told = events.Verified(part.id, part.unit_id, command.verdict, command.text)
    said = f"{command.verdict} {command.text}".strip()
    return [*signed_first(part, by, now), told, *orders_answered(case, part.unit_id, said)]


def _request_close(
    case: Case, command: commands.RequestClose, by: str, now: datetime
) -> list[events.Event]:
    part = part_of(case, command.unit)
    if part.state is AssignmentState.DONE:
        raise NotAllowedError(f"{case.short_number} 贵单位的部分已报办结。")
    is_lead = case.lead is not None and case.lead.id == part.id
    if is_lead:
        _text_is_settled(case)
    awaits = is_lead and command.needs_answer and not case.response.is_answered
    told = events.CloseRequested(part.id, part.unit_id, command.text, awaits_answer=awaits)
    answers = orders_answered(case, part.unit_id, command.text)
    return [*signed_first(part, by, now), told, *answers]


def _text_is_settled(case: Case) -> None:
    reply = case.response.reply
    if case.response.is_under_review:
        raise NotAllowedError(f"{case.short_number} 的回应稿还在审签, 有了结果再申请办结。")
    if reply is not None and reply.stage is ReplyStage.ISSUED:
        raise NotAllowedError(
            f"{case.short_number} 的回应稿已签发, 请先发布, 发布后回复"
            f"「{case.short_number} 已在官微发布 https://…」"
        )


RULES: Rules = {
    commands.Sign: Rule("签收", WITH_UNITS, _sign),
    commands.Decline: Rule(
        "退回", frozenset({State.ASSIGNED, State.SIGNED, State.VERIFYING}), _decline
    ),
    commands.Report: Rule("报告进展", IN_HAND, _report),
    commands.Verify: Rule("报核实结果", IN_HAND, _verify),
    commands.RequestClose: Rule("申请办结", IN_HAND, _request_close),
}
