"""Clocks after publication (跟踪): the unit looks as often as the rulebook says."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import FOLLOW_UP, TRACK, Effects, Settle, Start, of_part
from cases.model import Case, State

_WATCHED = frozenset({State.TRACKING, State.CLOSED, State.ARCHIVED})


def effects(case: Case, event: events.Tracking) -> Effects:
    """Return what the event does to the clocks."""
    match event:
        case events.TrackingChecked():
            return (*looked(case), *next_look(case))
        case events.Rebounded():
            lead = case.lead
            told = (
                (Start(of_part(lead.id), FOLLOW_UP, lead.unit_id, nth=case.reports),)
                if lead
                else ()
            )
            return (*looked(case), *told)
        case events.CalledBack():
            return ()
        case _:
            assert_never(event)


def next_look(case: Case) -> Effects:
    """Return the clock of the look that is due next; a closed case is still looked after."""
    lead, since = case.lead, case.response.published_at
    if lead is None or since is None or case.state not in _WATCHED:
        return ()
    looks = case.response.looks + 1
    return (Start(of_part(lead.id), TRACK, lead.unit_id, nth=looks, since=since),)


def looked(case: Case) -> Effects:
    """Return the end of the look now awaited, if any."""
    return (Settle(of_part(case.lead.id), TRACK),) if case.lead else ()
