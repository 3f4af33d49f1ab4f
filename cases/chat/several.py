"""Several reports in one message, and a message quoted above one's own words: taken apart."""

import re
from itertools import pairwise

from cases.chat.pasted import QUOTE_BLOCK

_HEADING = re.compile(
    r"(?m)^[ \t]*(?:[(（]?[0-9\uff10-\uff19一二三四五六七八九十]{1,3}[)）、.\uff0e][ \t]*)?"
    r"【[^】\n]{0,12}(?:舆情|线索|快报|提示|速报|预警|专报)[^】\n]{0,8}】"
)
_TITLE = re.compile(
    r"(?m)^[ \t]*(?:[(（]?[0-9\uff10-\uff19一二三四五六七八九十]{1,3}[)）、.\uff0e][ \t]*)?"
    r"[【\[]?(?:舆情)?标题[】\]]?[ \t]*[:：]"
)
_LABEL = re.compile(r"[:：]")
_MOST = 10
_SPEAKER = re.compile(r"\A\s*[^\s:：「」]{1,20}[:：](?!//)\s*")


def separate_reports(text: str) -> tuple[str, ...]:
    """Return the block reports of one message, the whole of it where it is only one.

    Blocks begin at their headings 【舆情】, or at their 标题: where they have none. Where a label
    stands before the first heading, the headings end their blocks.
    """
    headings = list(_HEADING.finditer(text))
    if len(headings) > 1:
        if _LABEL.search(text, 0, headings[0].start()):
            return _cut(text, [_line_end(text, found.end()) for found in headings[:-1]])
        return _cut(text, [found.start() for found in headings[1:]])
    titles = list(_TITLE.finditer(text))
    return _cut(text, [found.start() for found in titles[1:]])


def quoted_and_own(text: str) -> tuple[str, str]:
    """Return the message quoted above, without its speaker, and the sender's own words."""
    found = QUOTE_BLOCK.match(text)
    if found is None:
        return "", text
    return _SPEAKER.sub("", found[1]).strip(), text[found.end() :].strip()


def _cut(text: str, places: list[int]) -> tuple[str, ...]:
    edges = [0, *places[: _MOST - 1], len(text)]
    parts = (text[start:end].strip() for start, end in pairwise(edges))
    return tuple(part for part in parts if part)


def _line_end(text: str, place: int) -> int:
    stop = text.find("\n", place)
    return len(text) if stop < 0 else stop
