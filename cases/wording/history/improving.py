"""Making things better after a case, in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events
from cases.beijing import BEIJING


def in_words(event: events.Improving, units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.ImprovementSet(task=task, unit=unit, text=text, deadline=deadline):
            until = f"{deadline.astimezone(BEIJING):%m-%d %H:%M}"
            return f"整改{task} {units.get(unit, unit)}: {text}, {until} 前"
        case events.ImprovementDone(task=task, text=text):
            return f"整改{task} 完成" + (f": {text}" if text else "")
        case _:
            assert_never(event)
