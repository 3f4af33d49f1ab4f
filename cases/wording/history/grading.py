"""The grade in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Grading, _units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.GradeSuggested(level=level):
            return f"建议{level}"
        case events.GradeConfirmed(level=level):
            return f"定{level}"
        case events.GradeChanged(was=was, level=level, reason=reason):
            return f"{was}改{level}: {reason}"
        case events.RulesApplied(title=title):
            return f"改按{title}办理"
        case _:
            assert_never(event)
