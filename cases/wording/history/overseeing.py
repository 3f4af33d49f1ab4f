"""督办, 会商, and who else works on a case, in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Overseeing, units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.Supervised(kind=kind):
            return kind
        case events.SupervisionEnded():
            return "解除督办"
        case events.Restricted(on=on):
            return "限定知悉范围" if on else "解除限定知悉"
        case events.MeetingCalled(place=place):
            return f"会商 ({place})" if place else "会商"
        case events.MeetingConcluded(text=text):
            return f"会商结论: {text}"
        case _:
            return _inside(event, units)


def _inside(
    event: events.CoopRequested | events.HandedOff | events.SectionSigned,
    units: Mapping[str, str],
) -> str:
    name = units.get(event.unit, event.unit)
    match event:
        case events.CoopRequested(units=asked):
            return f"{name}请{'、'.join(units.get(unit, unit) for unit in asked)}协办"
        case events.HandedOff(name=to):
            return f"{name}转给{to}"
        case events.SectionSigned():
            return f"{name}科室签收"
        case _:
            assert_never(event)
