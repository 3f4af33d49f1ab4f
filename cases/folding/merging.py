"""The case after what happened about cases that are one matter (合并/拆分)."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.folding.parts import ended
from cases.model import Case, State


def apply(case: Case, event: events.Merging) -> Case:
    """Return the case after the event."""
    match event:
        case events.Merged(into=into):
            return replace(ended(case, State.MERGED), merged_into=into)
        case events.Absorbed(reporters=reporters, known=known):
            missing = tuple(one for one in case.missing if one not in known)
            return replace(case, reporters=(*case.reporters, *reporters), missing=missing)
        case events.Released(reporters=reporters):
            left = tuple(one for one in case.reporters if one not in reporters)
            return replace(case, reporters=left)
        case _:
            assert_never(event)
