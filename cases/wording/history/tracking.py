"""Watching after the public answer, in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Tracking, _units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.TrackingChecked(nth=nth, text=text):
            return f"第 {nth} 次跟踪核对: 无新情况" + (f", {text}" if text else "")
        case events.Rebounded(text=text):
            return "跟踪发现新情况" + (f": {text}" if text else "")
        case events.CalledBack(result=result, solved=solved, text=text):
            more = ("" if solved else ", 未解决") + (f", {text}" if text else "")
            return f"回访结果: {result}{more}"
        case _:
            assert_never(event)
