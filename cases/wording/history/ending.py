"""Ends other than 办结, and coming back, in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events
from cases.model import State


def in_words(event: events.Ending, _units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.CaseRefused(reason=reason):
            return f"不予受理: {reason}"
        case events.EndAsked(reason=reason):
            return f"报请终止响应: {reason}"
        case events.ResponseEnded(words=words):
            return f"终止响应: {words}"
        case events.EndDenied(words=words):
            return f"未同意终止响应: {words}"
        case events.Archived():
            return "归档"
        case events.Reopened(reason=reason, nth=nth):
            return f"第 {nth} 次重开: {reason}"
        case events.Restored(was=was):
            return f"撤销「{State(was).label}」"
        case _:
            assert_never(event)
