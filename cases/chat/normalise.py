"""Fold what people type into one spelling, and remember where every character came from."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 1000  # characters looked at; a WeCom text holds 2048 bytes: 680 Chinese characters
LINK_MARK = 0xE000  # private use: one character stands for one link …
CASE_MARK = 0xE200  # … and one for one case number, so that their digits mean nothing else
HIDDEN = "\ue400"  # stands for every character inside quotation marks
_MARKS = 200

LINK = f"[{chr(LINK_MARK)}-{chr(LINK_MARK + _MARKS)}]"
CASE = f"[{chr(CASE_MARK)}-{chr(CASE_MARK + _MARKS)}]"

_DASHES = dict.fromkeys("‐‑‒–—―−﹣", "-")  # noqa: RUF001 - these look-alikes are what is folded
_KEPT = re.compile(r"[\n -~、。《》【】「」『』“”‘’\u4e00-\u9fff]*\Z")
_RUN = re.compile(r"[ \n]{2}|([^0-9A-Za-z\n -])\1{3}")
_IS_PLAIN = re.compile(r"[0-9A-Za-z]").match
_SAME = 3  # so many of one sign say as much as more of them
_BLANKS = (" ", "\n")
_QUOTED = re.compile(
    r"“[^“”\n]{0,200}”|‘[^‘’\n]{0,200}’|「[^「」]{0,400}」|『[^『』]{0,400}』|\"[^\"\n]{1,200}\""
)


@dataclass(frozen=True, slots=True)
class Clean:
    """Folded text; `at[i]` is where character i stood as typed, the last entry the end."""

    text: str
    at: tuple[int, ...]


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    if char in _DASHES:
        return "-"
    category = unicodedata.category(char)
    if char in "\t\u3000" or category == "Zs":
        return " "
    if char != "\n" and category in {"Cf", "Cc", "Cs", "Co"}:
        return ""  # zero-width and direction marks hide in pasted numbers
    return unicodedata.normalize("NFKC", char)


def clean(raw: str, spans: tuple[tuple[int, int], ...] = ()) -> Clean:
    """Fold `raw` to NFKC without invisible characters, each span of `spans` to one link mark."""
    size = min(len(raw), LONGEST)
    if not spans and size == len(raw) and _KEPT.match(raw) and not _RUN.search(raw):
        return Clean(raw, tuple(range(size + 1)))
    text: list[str] = []
    at: list[int] = []
    ends = {start: (end, chr(LINK_MARK + number)) for number, (start, end) in enumerate(spans)}
    position = 0
    while position < size:
        following, folded = ends.get(position) or (position + 1, _fold(raw[position]))
        if folded in _BLANKS and text and text[-1] in _BLANKS:
            text[-1] = min(text[-1], folded)  # a run of blanks is one, a line end if it holds one
        elif folded and not (text[-_SAME:] == [folded] * _SAME and not _IS_PLAIN(folded)):
            text.append(folded)
            at.extend([position] * len(folded))
        position = following
    for start, (_end, mark) in ends.items():
        if start >= position:  # a link is not lost for standing far behind
            text += [" ", mark]
            at += [start, start]
    return Clean("".join(text), (*at, len(raw)))


def mask(source: Clean, spans: list[tuple[int, int]], first: int) -> Clean:
    """Replace each span by one private character, counted from `first`."""
    text: list[str] = []
    at: list[int] = []
    position = 0
    for number, (start, end) in enumerate(spans[:_MARKS]):
        text += [source.text[position:start], chr(first + number)]
        at += [*source.at[position:start], source.at[start]]
        position = end
    return Clean("".join([*text, source.text[position:]]), (*at, *source.at[position:]))


def hide_quotes(text: str) -> str:
    """Blank out what stands in quotation marks: somebody else's words are never a command (C07)."""
    if not any(mark in text for mark in '“‘「『"'):
        return text
    return _QUOTED.sub(lambda match: HIDDEN * len(match[0]), text)
