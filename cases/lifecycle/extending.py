"""Decisions about more time (延期): before expiry, with a reason, at most two."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import IN_HAND, OPEN, Rule, Rules, part_of
from cases.model import Case, Extension
from cases.wording.moments import clock_time

MOST_EXTENSIONS = 2  # P24: a third is a red mark


def _ask(case: Case, command: commands.AskExtension, _by: str, now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    due_at = command.due_at
    if case.extension is not None:
        raise NotAllowedError(f"{case.short_number} 延期申请已提交, 请等批复。")
    if due_at is None:
        raise NotAllowedError(f"{case.short_number} 贵单位没有在算的办结时限, 不用延期。")
    if case.extensions >= MOST_EXTENSIONS:
        raise NotAllowedError(
            f"{case.short_number} 已延期 {MOST_EXTENSIONS} 次, 不能再延。请如期办结, "
            "确有困难请直接联系舆情办。"
        )
    if now >= due_at:
        raise NotAllowedError(
            f"{case.short_number} 办结时限 {clock_time(due_at, now)} 已过, 不能再申请延期。"
            "请尽快办结, 或直接联系舆情办。"
        )
    if not command.reason:
        example = f"{case.short_number} 申请延期至明天下班前, 需做水质检测"
        raise NotAllowedError(f"延期要写明理由, 例如: {example}")
    if command.until <= due_at:
        raise NotAllowedError(
            f"{case.short_number} 现在的办结时限是 {clock_time(due_at, now)}, 请写一个更晚的时间。"
        )
    return [events.ExtensionAsked(part.id, part.unit_id, command.until, command.reason)]


def _asked(case: Case) -> Extension:
    if case.extension is None:
        raise NotAllowedError(f"{case.short_number} 没有待批的延期申请。")
    return case.extension


def _ahead(case: Case, until: datetime, now: datetime) -> None:
    if until <= now:
        raise NotAllowedError(
            f"{case.short_number} 时限 {clock_time(until, now)} 已经过了, 请重新写一个。"
        )


def _grant(
    case: Case, command: commands.GrantExtension, _by: str, now: datetime
) -> list[events.Event]:
    asked = _asked(case)
    until = command.until or asked.until
    _ahead(case, until, now)
    return [events.ExtensionGranted(asked.assignment, asked.unit, until, command.words)]


def _deny(
    case: Case, command: commands.DenyExtension, _by: str, now: datetime
) -> list[events.Event]:
    asked = _asked(case)
    if command.until is not None:
        _ahead(case, command.until, now)
    denied = events.ExtensionDenied(asked.assignment, asked.unit, command.words, command.until)
    return [denied]


RULES: Rules = {
    commands.AskExtension: Rule("申请延期", IN_HAND, _ask),
    commands.GrantExtension: Rule("批延期", OPEN, _grant),
    commands.DenyExtension: Rule("批延期", OPEN, _deny),
}
