"""Decisions about cases that are one matter (合并/拆分)."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import OPEN, Rule, Rules
from cases.model import Case


def _merge(case: Case, command: commands.Merge, _by: str, _now: datetime) -> list[events.Event]:
    if command.into == case.number:
        raise NotAllowedError(f"{case.short_number} 不能并入自己, 请写另一件的编号。")
    return [events.Merged(into=command.into)]


def _absorb(case: Case, command: commands.Absorb, _by: str, _now: datetime) -> list[events.Event]:
    new = tuple(r for r in dict.fromkeys(command.reporters) if r not in case.reporters)
    return [events.Absorbed(command.numbers, new, command.known)]


def _release(
    _case: Case, command: commands.Release, _by: str, _now: datetime
) -> list[events.Event]:
    return [events.Released(command.number, command.reporters)]


RULES: Rules = {
    commands.Merge: Rule("合并", OPEN, _merge),
    commands.Absorb: Rule("并入别件", OPEN, _absorb),
    commands.Release: Rule("拆分", OPEN, _release),
}
