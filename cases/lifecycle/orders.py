"""Decisions about leaders' free orders and decisions passed upward."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import OPEN, WITH_UNITS, Rule, Rules
from cases.model import Assignment, Case, Part, State
from cases.response import Instruction

_CAN_BE_GIVEN = WITH_UNITS | {State.GRADED, State.APPROVED}
_ASKED = frozenset({State.APPROVED, State.REVIEWING, State.CLOSE_REQUESTED})


def _propose(
    case: Case, command: commands.ProposeInstruction, by: str, now: datetime
) -> list[events.Event]:
    if command.deadline is not None and command.deadline <= now:
        raise NotAllowedError("批示里的时限已经过了, 请重新写一个。")
    units = tuple(dict.fromkeys(command.units))
    if not units and case.lead is not None:
        units = (case.lead.unit_id,)
    if not units:
        raise NotAllowedError(
            f"{case.short_number} 还没有责任单位, 请写明交给谁, 例如: 请住建局阅处"
        )
    return [
        events.InstructionProposed(
            number=case.response.instructions + 1,
            by=by,
            words=command.words,
            units=units,
            lead=command.lead,
            demand=command.demand,
            deadline=command.deadline,
        )
    ]


def _pending(case: Case, number: int) -> Instruction:
    pending = case.response.instruction
    if pending is None or pending.number != number:
        raise NotAllowedError(f"{case.short_number} 没有待办的批示, 可能已经有人处理。")
    return pending


def _execute(
    case: Case, command: commands.ExecuteInstruction, by: str, now: datetime
) -> list[events.Event]:
    task = _pending(case, command.number)
    happened: list[events.Event] = [events.InstructionExecuted(task.number, task.words)]
    if case.state is State.APPROVED:  # the leader's own order decides what was to be signed off
        happened.append(events.SignoffGranted(task.words))
    known = [part for unit in task.units if (part := case.of_unit(unit)) is not None]
    added = _added(case, task, by, now)
    happened += added
    happened += [_order(task, one.assignment, one.unit, again=False) for one in added]
    happened += [
        _order(task, part.id, part.unit_id, again=_has_reported(case, part)) for part in known
    ]
    return happened


def _added(case: Case, task: Instruction, by: str, now: datetime) -> list[events.Assigned]:
    new = [unit for unit in task.units if case.of_unit(unit) is None]
    if case.lead is None:  # the unit named to lead comes first, else the one named first
        leads = task.lead if task.lead in new else new[0]
        new.sort(key=lambda unit: unit != leads)
    first = case.id * 1000 + len(case.assignments) + 1
    return [
        events.Assigned(
            assignment=first + nth,
            unit=unit,
            part=(Part.LEAD if case.lead is None and nth == 0 else Part.COOP).value,
            at=now,
            by=by,
            demand=task.demand,
        )
        for nth, unit in enumerate(new)
    ]


def _has_reported(case: Case, part: Assignment) -> bool:
    return case.reports > 0 and part.signed_at is not None


def _order(task: Instruction, assignment: int, unit: str, *, again: bool) -> events.OrderGiven:
    return events.OrderGiven(
        assignment, unit, task.by, task.words, task.demand, task.deadline, again=again
    )


def _drop(
    case: Case, command: commands.DropInstruction, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.InstructionDropped(_pending(case, command.number).number)]


def _pass_upward(
    case: Case, command: commands.PassUpward, _by: str, _now: datetime
) -> list[events.Event]:
    if case.response.decider == command.to:
        raise NotAllowedError(f"{case.short_number} 已报{command.to}阅示, 请等批示。")
    return [events.PassedUpward(command.to, command.words)]


def orders_answered(case: Case, unit: str, text: str) -> list[events.Event]:
    """Return that the unit's report answers every order it had: each leader is told."""
    open_orders = [order for order in case.response.orders if order.unit == unit]
    leaders = dict.fromkeys(order.by for order in open_orders)
    return [events.OrderAnswered(unit, to=leader, text=text) for leader in leaders]


RULES: Rules = {
    commands.ProposeInstruction: Rule("批示", OPEN, _propose),
    commands.ExecuteInstruction: Rule("办理批示", _CAN_BE_GIVEN, _execute),
    commands.DropInstruction: Rule("撤销批示", OPEN, _drop),
    commands.PassUpward: Rule("报请阅示", _ASKED, _pass_upward),
}
