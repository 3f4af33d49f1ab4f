"""Decisions about 督办, 会商, and who else works on a case."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import IN_HAND, OPEN, Rule, Rules, part_of, signed_first
from cases.model import AssignmentState, Case, State
from cases.wording.moments import clock_time


def _supervise(
    case: Case, command: commands.Supervise, _by: str, _now: datetime
) -> list[events.Event]:
    if case.supervised:
        raise NotAllowedError(f"{case.short_number} 已经挂牌督办, 不用再挂。")
    return [events.Supervised(command.kind)]


def _end_supervision(
    case: Case, _command: commands.EndSupervision, _by: str, _now: datetime
) -> list[events.Event]:
    if not case.supervised:
        raise NotAllowedError(f"{case.short_number} 没有挂牌督办。")
    return [events.SupervisionEnded()]


def _restrict(
    case: Case, command: commands.Restrict, _by: str, _now: datetime
) -> list[events.Event]:
    if case.restricted is command.on:
        stands = "已经限定知悉" if command.on else "没有限定知悉"
        raise NotAllowedError(f"{case.short_number} {stands}。")
    return [events.Restricted(command.on)]


def _call(case: Case, command: commands.CallMeeting, _by: str, now: datetime) -> list[events.Event]:
    if command.at is None or not (command.units or command.others):
        example = f"{case.short_number} 10:30在三楼会商, 住建局、城管局参加"
        raise NotAllowedError(f"会商请写明时间和参加单位, 例如: {example}")
    if command.at <= now:
        raise NotAllowedError(f"会商时间 {clock_time(command.at, now)} 已经过了, 请重新写一个。")
    return [events.MeetingCalled(command.at, command.place, command.units, command.others)]


def _conclude(
    _case: Case, command: commands.ConcludeMeeting, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.MeetingConcluded(command.text, command.units)]


def _request(
    case: Case, command: commands.RequestCoop, _by: str, _now: datetime
) -> list[events.Event]:
    part = part_of(case, command.unit)
    new = tuple(u for u in dict.fromkeys(command.units) if case.of_unit(u) is None)
    if not new:
        raise NotAllowedError(f"{case.short_number} 该单位已在承办, 可以直接联系。")
    return [events.CoopRequested(part.id, part.unit_id, new, command.reason)]


def _hand_off(case: Case, command: commands.HandOff, by: str, now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    if part.state is AssignmentState.DECLINED:
        raise NotAllowedError(f"{case.short_number} 贵单位已申请退回, 请等舆情办裁定。")
    if part.handed_to == command.to:
        raise NotAllowedError(f"{case.short_number} 已转给{command.name}, 不用再转。")
    handed = events.HandedOff(part.id, part.unit_id, command.to, command.name)
    return [*signed_first(part, by, now), handed]


RULES: Rules = {
    commands.Supervise: Rule("挂牌督办", OPEN, _supervise),
    commands.Restrict: Rule("限定知悉范围", frozenset(State), _restrict),
    commands.EndSupervision: Rule("解除督办", OPEN, _end_supervision),
    commands.CallMeeting: Rule("会商", OPEN, _call),
    commands.ConcludeMeeting: Rule("记会商结论", OPEN, _conclude),
    commands.RequestCoop: Rule("请求协办", IN_HAND, _request),
    commands.HandOff: Rule("转给科室", IN_HAND, _hand_off),
}
