"""The words of a digest: many reminders in one message, a line each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cases.payload import TEXT_BYTES

_TAPS = "括号里的数字可直接回复。"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of a digest, in one line; numbers to tap stand in brackets."""

    line: str


def digest_text(reminders: Sequence[Reminder]) -> str:
    """Return the digest, the most pressing first: late, due, then what comes.

    What does not fit into one message is counted, not cut off unsaid.
    """
    ordered = sorted(reminders, key=lambda one: _urgency(one.line))
    lines = [f"· {one.line}" for one in ordered]
    return _text(lines, _most(lines, _text))


def group_text(posts: Sequence[str]) -> str:
    """Return one post for a group instead of many notices, in the order they came.

    What does not fit is counted; each has gone to its liaison by itself in any case.
    """
    lines = [f"· {one}" for one in posts]
    return _group(lines, _most(lines, _group))


def _most(lines: Sequence[str], words: Callable[[Sequence[str], int], str]) -> int:
    """Return how many lines there is room for; a line has two bytes at least."""
    most = min(len(lines), TEXT_BYTES // 2)
    return next(n for n in range(most, -1, -1) if _fits(words(lines, n)))


def _group(lines: Sequence[str], shown: int) -> str:
    left = len(lines) - shown
    more = [f"… 另有 {left} 条。"] if left else []
    head = f"【通知汇总】本群 {len(lines)} 条:"
    return "\n".join([head, *lines[:shown], *more, "各件已另发联络员, 请私聊应用「督办」办理。"])


def _text(lines: Sequence[str], shown: int) -> str:
    left = len(lines) - shown
    more = [f"… 另有 {left} 件, 回复「我的待办」看全部。"] if left else []
    return "\n".join([f"【提醒汇总】{len(lines)} 件等您办:", *lines[:shown], *more, _TAPS])


def _fits(text: str) -> bool:
    return len(text.encode()) <= TEXT_BYTES


def _urgency(line: str) -> int:
    return next((n for n, mark in enumerate(("【超时】", "【到期】")) if line.startswith(mark)), 2)
