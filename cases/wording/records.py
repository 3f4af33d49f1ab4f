"""Why somebody was reminded or not, in words: rungs, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.wording.moments import clock_time

_FIXED = {"before": "到期前提醒", "due": "到期提醒", "phone-duty": "请值班员电话通知"}
_MOST = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One recorded fact about a reminder."""

    at: datetime
    text: str


def rung_in_words(slot: str) -> str:
    """Return what a rung of a ladder is called."""
    if slot in _FIXED:
        return _FIXED[slot]
    head, _, tail = slot.partition("-")
    if head == "before":
        return "到期前提醒 (更早一次)"
    if head == "late":
        return f"超时第 {tail} 次催办"
    return "升级提醒"


def section(heading: str, lines: Sequence[Line], now: datetime) -> list[str]:
    """Return the latest of these facts under a heading; nothing where there is none."""
    if not lines:
        return []
    ordered = sorted(lines, key=lambda line: line.at)
    hidden = len(ordered) - _MOST
    shown = [f"· {clock_time(line.at, now)} {line.text}" for line in ordered[-_MOST:]]
    more = [f"· … 更早 {hidden} 条略"] if hidden > 0 else []
    return [heading, *more, *shown]
