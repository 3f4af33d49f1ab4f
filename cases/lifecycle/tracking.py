"""Decisions about a case that is watched after its public answer."""

from datetime import datetime

from cases import commands, events
from cases.lifecycle.rules import Rule, Rules
from cases.model import Case, State


def _check(
    case: Case, command: commands.CheckTracking, _by: str, _now: datetime
) -> list[events.Event]:
    if command.has_news:
        return [events.Rebounded(command.text)]
    return [events.TrackingChecked(case.response.looks + 1, command.text)]


RULES: Rules = {
    commands.CheckTracking: Rule("核对跟踪情况", frozenset({State.TRACKING}), _check),
}
