"""Decisions about a case that is watched after its public answer, also once it is closed."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.ending import may_reopen
from cases.lifecycle.rules import WITH_UNITS, Rule, Rules
from cases.model import Case, State

ENDED_WELL = frozenset({State.CLOSED, State.ARCHIVED})


def _check(
    case: Case, command: commands.CheckTracking, _by: str, now: datetime
) -> list[events.Event]:
    if case.response.published_at is None:
        raise NotAllowedError(f"{case.short_number} 没有公开回应过, 不用核对。")
    if not command.has_news:
        nth = max(command.nth, case.response.looks + 1)
        return [events.TrackingChecked(nth, command.text)]
    if case.state is State.TRACKING:
        return [events.Rebounded(command.text)]
    if not may_reopen(case, now):
        raise NotAllowedError(
            f"{case.short_number} 办结已久, 请舆情办回复「{case.short_number} 重新打开」另立新件。"
        )
    why = f"答复后有新情况: {command.text}" if command.text else "答复后有新情况"
    return [events.Reopened(why, case.reopened + 1)]


def _called_back(
    _case: Case, command: commands.RecordCallBack, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.CalledBack(command.result, command.solved, command.text)]


RULES: Rules = {
    commands.CheckTracking: Rule("核对跟踪情况", ENDED_WELL | {State.TRACKING}, _check),
    commands.RecordCallBack: Rule("登记回访", WITH_UNITS | ENDED_WELL, _called_back),
}
