"""The history of a case in lines that fit a phone: who did what, when."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from cases import events
from cases.wording.moments import clock_time

_RECENT = 8  # lines; the rest is on the page of the case


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
    match event:
        case (
            events.Registered()
            | events.Joined()
            | events.Supplemented()
            | events.Withdrawn()
            | events.GradeSuggested()
            | events.GradeConfirmed()
            | events.GradeChanged()
        ):
            return _report(event)
        case (
            events.SignoffAsked()
            | events.SignoffGranted()
            | events.SignoffRefused()
            | events.Closed()
            | events.SentBack()
        ):
            return _decision(event, units)
        case events.Reminded():
            return ""
        case _:
            return _unit(event, units)


def _report(
    event: events.Registered
    | events.Joined
    | events.Supplemented
    | events.Withdrawn
    | events.GradeSuggested
    | events.GradeConfirmed
    | events.GradeChanged,
) -> str:
    match event:
        case events.Registered(level=level):
            return f"登记, 建议{level}"
        case events.Joined(place=place):
            return f"并入第 {place} 位报告"
        case events.Supplemented(text=text):
            return f"补充: {text}"
        case events.Withdrawn(reason=reason):
            return f"撤回: {reason}"
        case events.GradeSuggested(level=level):
            return f"建议{level}"
        case events.GradeConfirmed(level=level):
            return f"定{level}"
        case events.GradeChanged(was=was, level=level, reason=reason):
            return f"{was}改{level}: {reason}"
        case _:
            assert_never(event)


def _decision(
    event: events.SignoffAsked
    | events.SignoffGranted
    | events.SignoffRefused
    | events.Closed
    | events.SentBack,
    units: Mapping[str, str],
) -> str:
    match event:
        case events.SignoffAsked(lead=lead):
            return f"报请签批, 拟交{units.get(lead, lead)}"
        case events.SignoffGranted(words=words):
            return f"签批: {words}"
        case events.SignoffRefused(words=words):
            return f"签批未同意: {words}"
        case events.Closed(words=words):
            return f"办结: {words}" if words else "办结"
        case events.SentBack(reason=reason):
            return f"退回重办: {reason}"
        case _:
            assert_never(event)


def _unit(
    event: events.Assigned
    | events.Signed
    | events.Declined
    | events.Upheld
    | events.Moved
    | events.Reported
    | events.Verified
    | events.CloseRequested
    | events.Urged,
    units: Mapping[str, str],
) -> str:
    name = units.get(event.unit, event.unit)
    match event:
        case events.Assigned(part=part):
            return f"交{name}{'主办' if part == 'lead' else '协办'}"
        case events.Signed():
            return f"{name}签收"
        case events.Moved(to=to, reason=reason):
            return f"由{name}转{units.get(to, to)}: {reason}"
        case events.Urged():
            return f"催办{name}"
        case _:
            return _of_unit(event, name)


def _of_unit(
    event: events.Declined
    | events.Upheld
    | events.Reported
    | events.Verified
    | events.CloseRequested,
    name: str,
) -> str:
    match event:
        case events.Declined(reason=reason):
            return f"{name}申请退回: {reason}"
        case events.Upheld(reason=reason):
            return f"裁定仍由{name}办理: {reason}"
        case events.Reported(kind=kind, text=text):
            return f"{name}{kind}: {text}"
        case events.Verified(verdict=verdict, text=text):
            return f"{name}核实{verdict}" + (f": {text}" if text else "")
        case events.CloseRequested(text=text):
            return f"{name}申请办结" + (f": {text}" if text else "")
        case _:
            assert_never(event)
