"""Decisions about making things better after a case (整改)."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import Rule, Rules
from cases.model import Case, State

_ENDED_WELL = frozenset({State.CLOSED, State.ARCHIVED})


def _set(
    case: Case, command: commands.SetImprovement, _by: str, now: datetime
) -> list[events.Event]:
    if command.deadline <= now:
        raise NotAllowedError("整改的时限已经过了, 请重新写一个。")
    if not command.text:
        example = f"{case.short_number} 整改: 住建局 12月5日前 更换老旧管网"
        raise NotAllowedError(f"请写明要整改什么, 例如: {example}")
    return [events.ImprovementSet(command.task, command.unit, command.text, command.deadline)]


def _finish(
    _case: Case, command: commands.FinishImprovement, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.ImprovementDone(command.task, command.unit, command.text)]


RULES: Rules = {
    commands.SetImprovement: Rule("布置整改", _ENDED_WELL, _set),
    commands.FinishImprovement: Rule("报整改完成", _ENDED_WELL, _finish),
}
