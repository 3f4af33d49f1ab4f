"""What a command does to a case, or why not: `decide` is pure and returns what then happened.

ALLOWED is the specification of State × Command (procedure: domain steps 发现/登记 … 归档 and their
exceptions), gathered from the families. Who may ask is decided apart, in `cases.permissions`.
"""

from datetime import datetime
from typing import get_args

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle import (
    answering,
    assigning,
    closing,
    ending,
    extending,
    grading,
    improving,
    merging,
    orders,
    overseeing,
    reminding,
    reporting,
    tracking,
    unit_work,
)
from cases.lifecycle.rules import Rules, refusal
from cases.model import Case, State

COMMANDS: tuple[type[commands.Command], ...] = get_args(commands.Command)
_RULES: Rules = {
    **reporting.RULES,
    **grading.RULES,
    **assigning.RULES,
    **unit_work.RULES,
    **closing.RULES,
    **answering.RULES,
    **orders.RULES,
    **extending.RULES,
    **merging.RULES,
    **ending.RULES,
    **overseeing.RULES,
    **tracking.RULES,
    **improving.RULES,
    **reminding.RULES,
}
ALLOWED: dict[type[commands.Command], frozenset[State]] = {
    kind: rule.states for kind, rule in _RULES.items()
}


def decide(case: Case, command: commands.Command, by: str, now: datetime) -> list[events.Event]:
    """Return what `command`, asked by userid `by` at `now`, makes happen to `case`.

    Raises:
        NotAllowedError: the case is not where this could happen; the message says what is next.
    """
    rule = _RULES[type(command)]
    if case.state not in rule.states:
        raise NotAllowedError(refusal(case, rule.what))
    return rule.decide(case, command, by, now)
