"""Clocks and cases that are one matter: a merged case awaits nothing more."""

from cases import events
from cases.case_clocks.effects import CancelAll, Effects
from cases.model import Case


def effects(_case: Case, event: events.Merging) -> Effects:
    """Return what the event does to the clocks."""
    return (CancelAll(),) if isinstance(event, events.Merged) else ()
