"""Grades as people say them, brought to the words of the rulebooks."""

import re

LEVEL = r"(?:特别重大|特大|重大|较大|一般|轻微|(?:[一二三四1-4]|IV|I{1,3})\s?级(?!别|联))"
_NUMERALS = {
    "1": "一",
    "2": "二",
    "3": "三",
    "4": "四",
    "I": "一",
    "II": "二",
    "III": "三",
    "IV": "四",
}
# Rank within its own family of names; 0 is the gravest.
_RANKS = {
    **{f"{numeral}级": rank for rank, numeral in enumerate("一二三四")},
    **{name: rank for rank, name in enumerate(("特别重大", "重大", "较大", "一般", "轻微"))},
}
_LEVEL = re.compile(LEVEL)


def level_named(written: str) -> str:
    """Return the rulebooks' word for a level: 3级 and III级 are 三级, 特大 is 特别重大."""
    if written == "特大":
        return "特别重大"
    if not written.endswith("级"):
        return written
    numeral = written[:-1].strip()
    return _NUMERALS.get(numeral, numeral) + "级"


def levels_in(text: str) -> list[str]:
    """Return the levels named in `text`, in order."""
    return [level_named(match[0]) for match in _LEVEL.finditer(text)]


def is_graver(one: str, other: str) -> bool:
    """Whether level `one` is graver than `other`."""
    return _RANKS[one] < _RANKS[other]
