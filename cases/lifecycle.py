"""What a command does to a case, or why not: `decide` is pure and returns what then happened.

ALLOWED is the specification of State × Command (procedure: domain steps 发现/登记 … 归档 and their
exceptions). Who may ask is decided apart, in `cases.permissions`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import get_args

from cases import commands, events
from cases.errors import NotAllowedError
from cases.model import Assignment, AssignmentState, Case, Part, State

_OPEN = frozenset(s for s in State if s.is_open)
_BEFORE_UNITS = frozenset({State.REPORTED, State.TRIAGE, State.GRADED, State.APPROVED})
_WITH_UNITS = _OPEN - _BEFORE_UNITS
_IN_HAND = _WITH_UNITS - {State.CLOSE_REQUESTED}

ALLOWED: dict[type[commands.Command], frozenset[State]] = {
    commands.Join: _OPEN,
    commands.Supplement: _OPEN,
    commands.Withdraw: _BEFORE_UNITS,
    commands.SuggestGrade: _OPEN,
    commands.ConfirmGrade: _OPEN,
    commands.Assign: frozenset({State.GRADED, State.APPROVED}),
    commands.GrantSignoff: frozenset({State.APPROVED}),
    commands.RefuseSignoff: frozenset({State.APPROVED}),
    commands.Transfer: _IN_HAND,
    commands.AddCoop: _WITH_UNITS,
    commands.Sign: _WITH_UNITS,
    commands.Decline: frozenset({State.ASSIGNED, State.SIGNED, State.VERIFYING}),
    commands.UpholdAssignment: frozenset({State.ASSIGNED, State.SIGNED, State.VERIFYING}),
    commands.Report: _IN_HAND,
    commands.Verify: _IN_HAND,
    commands.RequestClose: _IN_HAND,
    commands.Close: frozenset({State.CLOSE_REQUESTED}),
    commands.SendBack: frozenset({State.CLOSE_REQUESTED}),
    commands.Urge: _IN_HAND,
    commands.Remind: _OPEN,
}

_WHAT: dict[type[commands.Command], str] = {
    commands.Join: "并入报告",
    commands.Supplement: "补充情况",
    commands.Withdraw: "撤回",
    commands.SuggestGrade: "建议等级",
    commands.ConfirmGrade: "定级",
    commands.Assign: "交办",
    commands.GrantSignoff: "签批",
    commands.RefuseSignoff: "退回签批",
    commands.Transfer: "转办",
    commands.AddCoop: "加协办",
    commands.Sign: "签收",
    commands.Decline: "退回",
    commands.UpholdAssignment: "裁定",
    commands.Report: "报告进展",
    commands.Verify: "报核实结果",
    commands.RequestClose: "申请办结",
    commands.Close: "办结",
    commands.SendBack: "退回重办",
    commands.Urge: "催办",
    commands.Remind: "提醒",
}

_NEXT: dict[State, str] = {
    State.REPORTED: "请舆情办主任先定级, 例如: 定二级, 交住建局",
    State.TRIAGE: "请舆情办主任先定级, 例如: 定二级, 交住建局",
    State.GRADED: "请舆情办主任交办, 例如: 交住建局",
    State.APPROVED: "正在等领导签批",
    State.ASSIGNED: "请责任单位先签收, 回复: 收到",
    State.SIGNED: "请责任单位核实后首报",
    State.VERIFYING: "请责任单位报核实结果",
    State.HANDLING: "请责任单位办完后申请办结",
    State.CLOSE_REQUESTED: "正在等领导确认办结",
}


def decide(case: Case, command: commands.Command, by: str, now: datetime) -> list[events.Event]:
    """Return what `command`, asked by userid `by` at `now`, makes happen to `case`.

    Raises:
        NotAllowedError: the case is not where this could happen; the message says what is next.
    """
    kind = type(command)
    if case.state not in ALLOWED[kind]:
        raise NotAllowedError(_refusal(case, kind))
    return _DECIDERS[kind](case, command, by, now)


def _refusal(case: Case, kind: type[commands.Command]) -> str:
    if not case.is_open:
        return f"{case.short_number} {case.state.label}, 不能再{_WHAT[kind]}。"
    ahead = _NEXT.get(case.state, "回复「查 " + case.short_number + "」可看进度")
    return f"{case.short_number} 现在是「{case.state.label}」, 不能{_WHAT[kind]}。{ahead}。"


def _join(case: Case, command: commands.Join, _by: str, _now: datetime) -> list[events.Event]:
    if command.reporter in case.reporters:
        return []
    return [events.Joined(reporter=command.reporter, place=len(case.reporters) + 1)]


def _supplement(
    _case: Case, command: commands.Supplement, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.Supplemented(text=command.text, known=command.missing_now_known)]


def _withdraw(
    _case: Case, command: commands.Withdraw, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.Withdrawn(reason=command.reason)]


def _suggest(
    _case: Case, command: commands.SuggestGrade, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.GradeSuggested(level=command.level, reason=command.reason)]


def _confirm_grade(
    case: Case, command: commands.ConfirmGrade, _by: str, _now: datetime
) -> list[events.Event]:
    if case.level is None:
        return [events.GradeConfirmed(level=command.level)]
    if case.level == command.level:
        raise NotAllowedError(f"{case.short_number} 已经是{case.level}, 不用再定。")
    if not command.reason:
        ask = f"升级为{command.level}, 省台要播"
        raise NotAllowedError(
            f"{case.short_number} 已定{case.level}, 改为{command.level}要写明理由, 例如: {ask}"
        )
    return [events.GradeChanged(was=case.level, level=command.level, reason=command.reason)]


def _assign(case: Case, command: commands.Assign, by: str, now: datetime) -> list[events.Event]:
    coop = tuple(dict.fromkeys(u for u in command.coop if u != command.lead))
    if command.needs_signoff:
        plan = (command.lead, coop, command.demand, command.deadline)
        known = case.plan and (
            case.plan.lead,
            case.plan.coop,
            case.plan.demand,
            case.plan.deadline,
        )
        if plan == known:
            raise NotAllowedError(f"{case.short_number} 已报领导签批, 请等批示。")
        return [events.SignoffAsked(command.lead, coop, command.demand, command.deadline)]
    return _assigned(case, command.lead, coop, by=by, now=now, order=command)


def _assigned(  # noqa: PLR0913 - one order, spelled out once
    case: Case,
    lead: str,
    coop: tuple[str, ...],
    *,
    by: str,
    now: datetime,
    order: commands.Assign | events.SignoffAsked | None = None,
) -> list[events.Event]:
    demand = order.demand if order else ""
    deadline = order.deadline if order else None
    first = case.id * 1000 + len(case.assignments) + 1
    units = [(lead, Part.LEAD), *((unit, Part.COOP) for unit in coop)]
    return [
        events.Assigned(
            assignment=first + nth,
            unit=unit,
            part=part.value,
            at=now,
            by=by,
            demand=demand,
            deadline=deadline if part is Part.LEAD else None,
        )
        for nth, (unit, part) in enumerate(units)
    ]


def _grant_signoff(
    case: Case, command: commands.GrantSignoff, by: str, now: datetime
) -> list[events.Event]:
    plan = case.plan
    if plan is None:
        raise NotAllowedError(f"{case.short_number} 没有待签批的交办。")
    order = events.SignoffAsked(plan.lead, plan.coop, plan.demand, plan.deadline)
    return [
        events.SignoffGranted(words=command.words),
        *_assigned(case, plan.lead, plan.coop, by=by, now=now, order=order),
    ]


def _refuse_signoff(
    _case: Case, command: commands.RefuseSignoff, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.SignoffRefused(words=command.words)]


def _transfer(case: Case, command: commands.Transfer, by: str, now: datetime) -> list[events.Event]:
    lead = case.lead
    if lead is None:
        raise NotAllowedError(_refusal(case, commands.Transfer))
    if lead.unit_id == command.lead:
        raise NotAllowedError(f"{case.short_number} 本来就由该单位主办, 不用转办。")
    moved: list[events.Event] = [
        events.Moved(lead.id, lead.unit_id, to=command.lead, reason=command.reason)
    ]
    coop = case.of_unit(command.lead)
    if coop is not None:  # the helper becomes the lead: one part per unit
        moved.append(events.Moved(coop.id, coop.unit_id, to=command.lead, reason="由协办改为主办"))
    return moved + _assigned(case, command.lead, (), by=by, now=now)


def _add_coop(case: Case, command: commands.AddCoop, by: str, now: datetime) -> list[events.Event]:
    new = [unit for unit in dict.fromkeys(command.units) if case.of_unit(unit) is None]
    if not new:
        raise NotAllowedError(f"{case.short_number} 已由该单位承办, 不用再加。")
    first = case.id * 1000 + len(case.assignments) + 1
    return [
        events.Assigned(first + nth, unit, Part.COOP.value, at=now, by=by)
        for nth, unit in enumerate(new)
    ]


def _part_of(case: Case, unit: str) -> Assignment:
    part = case.of_unit(unit)
    if part is None:
        raise NotAllowedError(f"{case.short_number} 没有交给贵单位, 不需要办理。")
    return part


def _sign(case: Case, command: commands.Sign, by: str, now: datetime) -> list[events.Event]:
    part = _part_of(case, command.unit)
    if part.state is AssignmentState.DECLINED:
        raise NotAllowedError(f"{case.short_number} 贵单位已申请退回, 请等舆情办裁定。")
    if part.signed_at is not None:
        return []
    return [events.Signed(part.id, part.unit_id, by=by, at=now)]


def _decline(case: Case, command: commands.Decline, _by: str, _now: datetime) -> list[events.Event]:
    part = _part_of(case, command.unit)
    if case.returns:
        raise NotAllowedError(
            f"{case.short_number} 舆情办已裁定过一次, 不能再退回; 确有困难请直接联系舆情办。"
        )
    if part.state is AssignmentState.DECLINED:
        raise NotAllowedError(f"{case.short_number} 退回申请已提交, 请等舆情办裁定。")
    if not command.reason:
        raise NotAllowedError("退回要写明理由, 例如: 退回007, 该路段由开发商管养, 建议转住建局")
    return [events.Declined(part.id, part.unit_id, command.reason, command.suggest)]


def _uphold(
    case: Case, command: commands.UpholdAssignment, _by: str, _now: datetime
) -> list[events.Event]:
    part = _part_of(case, command.unit)
    if part.state is not AssignmentState.DECLINED:
        raise NotAllowedError(f"{case.short_number} 没有待裁定的退回申请。")
    return [events.Upheld(part.id, part.unit_id, command.reason)]


def _signed_first(part: Assignment, by: str, now: datetime) -> list[events.Event]:
    # Somebody who reports has plainly received it: the report signs as well.
    if part.signed_at is not None:
        return []
    return [events.Signed(part.id, part.unit_id, by=by, at=now)]


def _report(case: Case, command: commands.Report, by: str, now: datetime) -> list[events.Event]:
    part = _part_of(case, command.unit)
    told = events.Reported(part.id, part.unit_id, command.kind, case.reports + 1, command.text)
    return [*_signed_first(part, by, now), told]


def _verify(case: Case, command: commands.Verify, by: str, now: datetime) -> list[events.Event]:
    part = _part_of(case, command.unit)
    told = events.Verified(part.id, part.unit_id, command.verdict, command.text)
    return [*_signed_first(part, by, now), told]


def _request_close(
    case: Case, command: commands.RequestClose, by: str, now: datetime
) -> list[events.Event]:
    part = _part_of(case, command.unit)
    if part.state is AssignmentState.DONE:
        raise NotAllowedError(f"{case.short_number} 贵单位的部分已报办结。")
    told = events.CloseRequested(part.id, part.unit_id, command.text)
    return [*_signed_first(part, by, now), told]


def _close(_case: Case, command: commands.Close, _by: str, now: datetime) -> list[events.Event]:
    return [events.Closed(words=command.words, at=now)]


def _send_back(
    _case: Case, command: commands.SendBack, _by: str, _now: datetime
) -> list[events.Event]:
    if not command.reason:
        raise NotAllowedError("退回要写明理由, 例如: 退回, 现场照片没有附上")
    return [events.SentBack(reason=command.reason)]


def _urge(case: Case, command: commands.Urge, _by: str, _now: datetime) -> list[events.Event]:
    part = _part_of(case, command.unit)
    return [events.Urged(unit=part.unit_id, words=command.words)]


def _remind(_case: Case, command: commands.Remind, _by: str, _now: datetime) -> list[events.Event]:
    return [
        events.Reminded(
            step=command.step,
            holder=command.holder,
            slot=command.slot,
            audience=command.audience,
            due_at=command.due_at,
            skipped=command.skipped,
        )
    ]


_DECIDERS: dict[type[commands.Command], Callable[..., list[events.Event]]] = {
    commands.Join: _join,
    commands.Supplement: _supplement,
    commands.Withdraw: _withdraw,
    commands.SuggestGrade: _suggest,
    commands.ConfirmGrade: _confirm_grade,
    commands.Assign: _assign,
    commands.GrantSignoff: _grant_signoff,
    commands.RefuseSignoff: _refuse_signoff,
    commands.Transfer: _transfer,
    commands.AddCoop: _add_coop,
    commands.Sign: _sign,
    commands.Decline: _decline,
    commands.UpholdAssignment: _uphold,
    commands.Report: _report,
    commands.Verify: _verify,
    commands.RequestClose: _request_close,
    commands.Close: _close,
    commands.SendBack: _send_back,
    commands.Urge: _urge,
    commands.Remind: _remind,
}
COMMANDS: tuple[type[commands.Command], ...] = get_args(commands.Command)
