"""What people wrote, as it may stand in a cell of a table that others open (F01–F03)."""

import re
from dataclasses import dataclass

MOST = 32_767  # characters in a cell of Excel
_MORE = "…(已截断)"
# XML has no place for these; one of them would make the whole file unreadable.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a spreadsheet takes for the beginning of a formula, in full width too.
_LIVE = tuple("=+-@\t\r\n\0") + tuple(chr(ord(sign) + 0xFEE0) for sign in "=+-@")


Cell = str | int


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be written: words of people are cleaned already, numbers are our own."""

    name: str  # of the list: 值班看板
    slug: str  # the same for a file's name, by us alone
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def cell_text(words: str) -> str:
    """Return words without what no table can hold, cut with a note where a cell is too small."""
    kept = _FORBIDDEN.sub("", words)
    return kept if len(kept) <= MOST else kept[: MOST - len(_MORE)] + _MORE


def guarded(words: str) -> str:
    """Return words for CSV, where nothing else says that a cell is text: ' before what is live."""
    kept = cell_text(words)
    return f"'{kept}" if words.startswith(_LIVE) or kept.startswith(_LIVE) else kept
