"""The words of a digest: many reminders in one message, a line each."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of a digest, in one line; numbers to tap stand in brackets."""

    line: str


def digest_text(reminders: Sequence[Reminder]) -> str:
    """Return the digest, the most pressing first: late, due, then what comes."""
    ordered = sorted(reminders, key=lambda one: _urgency(one.line))
    lines = [f"· {one.line}" for one in ordered]
    return "\n".join([f"【提醒汇总】{len(lines)} 件等您办:", *lines, "括号里的数字可直接回复。"])


def _urgency(line: str) -> int:
    return next((n for n, mark in enumerate(("【超时】", "【到期】")) if line.startswith(mark)), 2)
