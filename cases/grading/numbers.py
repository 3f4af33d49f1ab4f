"""Numbers as people write them in reports: 3.2万, 1.5w, 10万+, 400多, 三百余, 阅读3k."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUMBER = re.compile(
    r"(?P<about>近|约|将近|不到|不足|超过?|逾|突破|达到?|已达|高达)?"
    r"(?P<digits>[0-9]{1,12}(?:,[0-9]{3})*(?:\.[0-9]{1,4})?|[〇零一二两三四五六七八九十百千]{1,8}|数|上|几|好几)"
    r"(?P<more>多|余|几)?(?P<unit>亿|万|千|百|十|[wWkK](?![a-zA-Z]))?(?P<unit2>万)?"
    r"(?P<open>\+|多|余|以上)?"
)
_COUNTERS = "(?:个|条|次|篇|人次|人|家|位|名)?(?:的|余)?"
_AFTER_WORD = re.compile(
    r"(?:的)?(?:量|数|数量|总量|次数|人数)?(?:均|都|也|各)?(?:已|为|是|有|约|达|到|至|现|目前|累计|增至|升至|涨到|来到|最高)*[:=]?\s*$"
)
MOST_IN_TEXT = 40  # numbers looked at in one text; more is a table, not a report


@dataclass(frozen=True, slots=True)
class Written:
    """A number in the text: where it stands, its value, and whether more is meant (10万+)."""

    start: int
    end: int
    value: float
    at_least: bool


def _chinese(digits: str) -> float:
    """Return the value of 三百二十 and the like."""
    total, current = 0, 0
    for char in digits:
        if char in _DIGITS:
            current = _DIGITS[char]
        else:
            total += (current or 1) * _UNITS[char]
            current = 0
    return float(total + current)


def _value(match: re.Match[str]) -> float | None:
    digits = match["digits"]
    scale = _UNITS.get((match["unit"] or "").lower(), 1) * (_UNITS["万"] if match["unit2"] else 1)
    if digits[0] in "数上几好":
        if scale == 1:
            return None
        return float(scale) if digits == "上" else 2.0 * scale  # 数十 is at least twenty
    number = float(digits.replace(",", "")) if digits[0].isdigit() else _chinese(digits)
    number *= scale
    return max(number - 1, 0) if match["about"] in {"近", "将近", "不到", "不足"} else number


def numbers_in(text: str) -> Iterator[Written]:
    """Yield the numbers of a text (already of one width) in order, at most MOST_IN_TEXT."""
    for count, match in enumerate(_NUMBER.finditer(text)):
        if count >= MOST_IN_TEXT:
            return
        value = _value(match)
        if value is not None:
            more = bool(match["more"] or match["open"] or match["digits"][0] in "数上几好")
            more = more or (match["about"] or "") in {"超", "超过", "逾", "突破"}
            yield Written(match.start("digits"), match.end(), value, more)


def parse_number(said: str) -> float | None:
    """Return the number a text is ("5万", "10万+", "3k"), None if it is none."""
    match = _NUMBER.fullmatch(said.strip())
    return _value(match) if match else None


def counted(text: str, words: Mapping[str, str]) -> Mapping[str, Written]:
    """Return the numbers of a text by the fact whose word stands beside them.

    Args:
        text: the text in one width.
        words: word -> fact, for example 阅读 -> reads. A number belongs to the word before it
            ("阅读5万") or, where none is, to the word right after it ("5万阅读").

    Of several numbers for one fact the largest counts: each post is counted for itself.
    """
    best: dict[str, Written] = {}
    ordered = sorted(words, key=len, reverse=True)
    for written in numbers_in(text):
        fact = _before(text, written.start, words, ordered) or _after(
            text, written.end, words, ordered
        )
        if fact and (fact not in best or written.value > best[fact].value):
            best[fact] = written
    return best


def _before(text: str, start: int, words: Mapping[str, str], ordered: Sequence[str]) -> str | None:
    lead = text[max(0, start - 16) : start]
    lead = re.sub(r"(?:近|约|将近|不到|不足|超过?|逾|突破|达到?|已达|高达)$", "", lead)
    match = _AFTER_WORD.search(lead)
    lead = lead[: match.start()] if match else lead
    return next((words[word] for word in ordered if lead.endswith(word)), None)


def _after(text: str, end: int, words: Mapping[str, str], ordered: Sequence[str]) -> str | None:
    tail = text[end : end + 14]
    tail = re.sub(rf"^{_COUNTERS}", "", tail)
    return next((words[word] for word in ordered if tail.startswith(word)), None)
