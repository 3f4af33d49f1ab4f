"""Decisions about what people report."""

from datetime import datetime

from cases import commands, events
from cases.lifecycle.rules import OPEN, Rule, Rules
from cases.model import Case


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
    return [events.Withdrawn(command.reason, by_office=command.by_office)]


RULES: Rules = {
    commands.Join: Rule("并入报告", OPEN, _join),
    commands.Supplement: Rule("补充情况", OPEN, _supplement),
    commands.Withdraw: Rule("撤回", OPEN, _withdraw),
}
