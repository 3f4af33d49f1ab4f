"""Decisions about the grade."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import OPEN, Rule, Rules
from cases.model import Case


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


RULES: Rules = {
    commands.SuggestGrade: Rule("建议等级", OPEN, _suggest),
    commands.ConfirmGrade: Rule("定级", OPEN, _confirm_grade),
}
