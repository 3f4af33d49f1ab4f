"""Decisions about making units responsible."""

from dataclasses import asdict
from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import IN_HAND, WITH_UNITS, Rule, Rules, part_of, refusal
from cases.model import AssignmentState, Case, Part, Plan, State

_DUES = ("deadline", "report_by", "respond_by")  # the times that an order may name


def _assign(case: Case, command: commands.Assign, by: str, now: datetime) -> list[events.Event]:
    coop = tuple(dict.fromkeys(u for u in command.coop if u != command.lead))
    if command.needs_signoff:
        plan = Plan(
            command.lead,
            coop,
            command.demand,
            command.deadline,
            command.report_by,
            command.respond_by,
        )
        if plan == case.plan:
            raise NotAllowedError(f"{case.short_number} 已报领导签批, 请等批示。")
        return [events.SignoffAsked(**asdict(plan))]
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
    dues: dict[str, datetime | None] = {}
    if order is not None:
        dues = {name: getattr(order, name) for name in _DUES}
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
            **(dues if part is Part.LEAD else {}),
        )
        for nth, (unit, part) in enumerate(units)
    ]


def _grant_signoff(
    case: Case, command: commands.GrantSignoff, by: str, now: datetime
) -> list[events.Event]:
    plan = case.plan
    if plan is None:
        raise NotAllowedError(f"{case.short_number} 没有待签批的交办。")
    order = events.SignoffAsked(**asdict(plan))
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
        raise NotAllowedError(refusal(case, "转办"))
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


def _uphold(
    case: Case, command: commands.UpholdAssignment, _by: str, _now: datetime
) -> list[events.Event]:
    part = part_of(case, command.unit)
    if part.state is not AssignmentState.DECLINED:
        raise NotAllowedError(f"{case.short_number} 没有待裁定的退回申请。")
    return [events.Upheld(part.id, part.unit_id, command.reason)]


RULES: Rules = {
    commands.Assign: Rule("交办", frozenset({State.GRADED, State.APPROVED}), _assign),
    commands.GrantSignoff: Rule("签批", frozenset({State.APPROVED}), _grant_signoff),
    commands.RefuseSignoff: Rule("退回签批", frozenset({State.APPROVED}), _refuse_signoff),
    commands.Transfer: Rule("转办", IN_HAND, _transfer),
    commands.AddCoop: Rule("加协办", WITH_UNITS, _add_coop),
    commands.UpholdAssignment: Rule(
        "裁定", frozenset({State.ASSIGNED, State.SIGNED, State.VERIFYING}), _uphold
    ),
}
