"""The case after a reminder: as it was."""

from cases import events
from cases.model import Case


def apply(case: Case, _event: events.Reminding) -> Case:
    """Return the case; a reminder is history only."""
    return case
