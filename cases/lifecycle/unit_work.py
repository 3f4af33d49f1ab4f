"""Decisions about the work of a unit."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import IN_HAND, WITH_UNITS, Rule, Rules, part_of
from cases.model import Assignment, AssignmentState, Case, State


def _sign(case: Case, command: commands.Sign, by: str, now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    if part.state is AssignmentState.DECLINED:
        raise NotAllowedError(f"{case.short_number} 贵单位已申请退回, 请等舆情办裁定。")
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


def _signed_first(part: Assignment, by: str, now: datetime) -> list[events.Event]:
    # Somebody who reports has plainly received it: the report signs as well.
    if part.signed_at is not None:
        return []
    return [events.Signed(part.id, part.unit_id, by=by, at=now)]


def _report(case: Case, command: commands.Report, by: str, now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    told = events.Reported(part.id, part.unit_id, command.kind, case.reports + 1, command.text)
    return [*_signed_first(part, by, now), told]


def _verify(case: Case, command: commands.Verify, by: str, now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    told = events.Verified(part.id, part.unit_id, command.verdict, command.text)
    return [*_signed_first(part, by, now), told]


def _request_close(
    case: Case, command: commands.RequestClose, by: str, now: datetime
) -> list[events.Event]:
    part = part_of(case, command.unit)
    if part.state is AssignmentState.DONE:
        raise NotAllowedError(f"{case.short_number} 贵单位的部分已报办结。")
    told = events.CloseRequested(part.id, part.unit_id, command.text)
    return [*_signed_first(part, by, now), told]


RULES: Rules = {
    commands.Sign: Rule("签收", WITH_UNITS, _sign),
    commands.Decline: Rule(
        "退回", frozenset({State.ASSIGNED, State.SIGNED, State.VERIFYING}), _decline
    ),
    commands.Report: Rule("报告进展", IN_HAND, _report),
    commands.Verify: Rule("报核实结果", IN_HAND, _verify),
    commands.RequestClose: Rule("申请办结", IN_HAND, _request_close),
}
