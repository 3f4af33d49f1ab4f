"""The history of a case in lines that fit a phone: who did what, when."""

from collections.abc import Mapping
from datetime import datetime

from cases import events
from cases.families import by_kind
from cases.wording.history import (
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
from cases.wording.moments import clock_time

_RECENT = 8  # lines; the rest is on the page of the case

WORDED = by_kind(
    (
        (events.Reporting, reporting.in_words),
        (events.Grading, grading.in_words),
        (events.Assigning, assigning.in_words),
        (events.UnitWork, unit_work.in_words),
        (events.Closing, closing.in_words),
        (events.Answering, answering.in_words),
        (events.Ordering, orders.in_words),
        (events.Extending, extending.in_words),
        (events.Merging, merging.in_words),
        (events.Ending, ending.in_words),
        (events.Overseeing, overseeing.in_words),
        (events.Tracking, tracking.in_words),
        (events.Improving, improving.in_words),
        (events.Reminding, reminding.in_words),
    )
)


def timeline(
    entries: list[tuple[datetime, str, events.Event]],
    units: Mapping[str, str],
    now: datetime,
) -> str:
    """Return the history, oldest first, reminders folded, at most the latest few lines.

    Args:
        entries: moment, name of who did it ("" for the clock), event.
        units: unit id -> name.
        now: the moment of asking.
    """
    lines = [
        f"{clock_time(at, now)} {said}" + (f" ({who})" if who else "")
        for at, who, event in entries
        if (said := in_words(event, units))
    ]
    reminders = sum(isinstance(event, events.Reminded) for _, _, event in entries)
    hidden = len(lines) - _RECENT
    shown = lines[:1] + lines[hidden + 1 :] if hidden > 0 else lines
    if hidden > 0:
        shown.insert(1, f"… 中间 {hidden} 条略")
    if reminders:
        shown.append(f"已提醒 {reminders} 次")
    return "\n".join(shown)


def in_words(event: events.Event, units: Mapping[str, str]) -> str:
    """Return one event in a few words, "" for a reminder (they are counted)."""
    said = WORDED[type(event)](event, units)
    absent = getattr(event, "acting_for", "")  # who was stood in for, of a decision
    return f"{said} [代{absent}]" if absent else said
