"""Decisions about ends other than 办结, and about coming back from an end."""

from datetime import datetime, timedelta

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import BEFORE_UNITS, OPEN, Rule, Rules
from cases.model import ENDED, Case, State

REOPEN_WITHIN = timedelta(days=30)
_NOT_TAKEN_UP = BEFORE_UNITS | {State.ASSIGNED, State.SIGNED, State.VERIFYING}


def _refuse(
    case: Case, command: commands.RefuseCase, _by: str, _now: datetime
) -> list[events.Event]:
    if not command.reason or not command.path:
        example = f"{case.short_number} 不予受理, 已进入诉讼程序, 请通过司法途径解决"
        raise NotAllowedError(f"不予受理要写明理由和依法办理的途径, 例如: {example}")
    return [events.CaseRefused(command.reason, command.path)]


def _ask_end(case: Case, command: commands.AskEnd, _by: str, _now: datetime) -> list[events.Event]:
    if case.ending is not None:
        raise NotAllowedError(f"{case.short_number} 终止响应已报领导, 请等批示。")
    if not command.reason:
        example = f"{case.short_number} 终止响应, 事态平息, 三天无新增"
        raise NotAllowedError(f"终止响应要写明理由, 例如: {example}")
    return [events.EndAsked(command.reason)]


def _end(_case: Case, command: commands.EndResponse, _by: str, now: datetime) -> list[events.Event]:
    return [events.ResponseEnded(command.words, now)]


def _keep(
    case: Case, command: commands.KeepResponding, _by: str, _now: datetime
) -> list[events.Event]:
    if case.ending is None:
        raise NotAllowedError(f"{case.short_number} 没有待批的终止响应。")
    return [events.EndDenied(command.words)]


def _archive(
    _case: Case, command: commands.Archive, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.Archived(command.review)]


def may_reopen(case: Case, now: datetime) -> bool:
    """Whether the case closed so recently that it is the same case that comes back."""
    return case.closed_at is not None and now - case.closed_at <= REOPEN_WITHIN


def _reopen(case: Case, command: commands.Reopen, _by: str, now: datetime) -> list[events.Event]:
    if not may_reopen(case, now):
        raise NotAllowedError(
            f"{case.short_number} 办结已超过 {REOPEN_WITHIN.days} 天, 要另立新件并关联。"
        )
    return [events.Reopened(command.reason, case.reopened + 1)]


def _restore(case: Case, _command: commands.Restore, _by: str, now: datetime) -> list[events.Event]:
    if case.ended_from is None:
        raise NotAllowedError(f"{case.short_number} {case.state.label}, 不能恢复。")
    lapsed = tuple(
        held.id for held in case.assignments if held.deadline is not None and held.deadline <= now
    )
    return [events.Restored(case.state.value, case.ended_from.value, lapsed)]


RULES: Rules = {
    commands.RefuseCase: Rule("不予受理", _NOT_TAKEN_UP, _refuse),
    commands.AskEnd: Rule("终止响应", OPEN, _ask_end),
    commands.EndResponse: Rule("终止响应", OPEN, _end),
    commands.KeepResponding: Rule("批终止响应", OPEN, _keep),
    commands.Archive: Rule("归档", frozenset({State.CLOSED}), _archive),
    commands.Reopen: Rule("重新打开", frozenset({State.CLOSED, State.ARCHIVED}), _reopen),
    commands.Restore: Rule("恢复", ENDED, _restore),
}
