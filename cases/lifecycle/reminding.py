"""Decisions about reminding."""

from datetime import datetime

from cases import commands, events
from cases.lifecycle.rules import IN_HAND, OPEN, Rule, Rules, part_of
from cases.model import Case, State


def _urge(case: Case, command: commands.Urge, _by: str, _now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    return [events.Urged(unit=part.unit_id, words=command.words)]


def _remind(_case: Case, command: commands.Remind, _by: str, _now: datetime) -> list[events.Event]:
    return [
        events.Reminded(
            step=command.step,
            holder=command.holder,
            slot=command.slot,
            audience=command.audience,
            due_at=command.due_at,
            skipped=command.skipped,
        )
    ]


RULES: Rules = {
    commands.Urge: Rule("催办", IN_HAND, _urge),
    # A closed case is still looked after: 跟踪 to its last look, 整改 until it is done.
    commands.Remind: Rule("提醒", OPEN | {State.CLOSED, State.ARCHIVED}, _remind),
}
