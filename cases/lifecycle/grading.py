"""Decisions about the grade."""

import re
from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import OPEN, Rule, Rules
from cases.model import Case

_EVIDENCE = re.compile(
    "热度|热搜|热榜|传播|阅读|播放|评论|转发|转载|点赞|关注|回落|下降|回稳|平稳|平息|降温|"
    "无新增|没有新增|澄清|不属实|[0-9]"
)


def has_evidence(reason: str) -> bool:
    """Whether a reason to lower a grade says how far it is spread: figures, or their course."""
    return _EVIDENCE.search(reason) is not None


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
    if command.lowers and not has_evidence(command.reason):
        ask = f"{case.short_number} 降为{command.level}, 热度回落, 一天无新增转载"
        raise NotAllowedError(
            f"{case.short_number} 由{case.level}降为{command.level}要写明热度依据"
            f"(数据或走势), 例如: {ask}"
        )
    return [events.GradeChanged(was=case.level, level=command.level, reason=command.reason)]


def _apply_rules(
    case: Case, command: commands.ApplyRules, _by: str, _now: datetime
) -> list[events.Event]:
    if case.rulebook_id == command.rulebook:
        raise NotAllowedError(f"{case.short_number} 已经按{command.title}办理, 不用再应用。")
    return [events.RulesApplied(command.rulebook, command.title, command.moved)]


RULES: Rules = {
    commands.SuggestGrade: Rule("建议等级", OPEN, _suggest),
    commands.ConfirmGrade: Rule("定级", OPEN, _confirm_grade),
    commands.ApplyRules: Rule("改用新规则", OPEN, _apply_rules),
}
