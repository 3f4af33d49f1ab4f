"""Which characters our font has a shape for: what it lacks would vanish from a page unsaid.

The font's own table is read ('cmap', formats 4 and 12 of the OpenType specification).
"""

import struct
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FONT = FONTS / "NotoSerifSC-subset.ttf"
LOST = "\u3014缺字\u3015"  # stands where the font has no shape
_UNICODE = ((3, 10), (0, 4), (0, 6), (3, 1), (0, 3))  # platform and encoding, the widest first
_SEGMENTS, _GROUPS = 4, 12  # formats of the table
_LAST = 0xFFFF
_UNSEEN = frozenset("\n\u200b")


def marked(text: str, path: Path = FONT) -> tuple[str, str]:
    """Return the text with `LOST` for each character without a shape, and those characters."""
    known = known_to(path)
    lost = dict.fromkeys(one for one in text if one not in _UNSEEN and ord(one) not in known)
    shown = "".join(LOST if one in lost else one for one in text) if lost else text
    return shown, "".join(lost)


@cache
def known_to(path: Path) -> frozenset[int]:
    """Return the characters that a TrueType font has shapes for.

    Raises:
        ValueError: it has no table of a kind we can read.
    """
    raw = path.read_bytes()
    count = struct.unpack_from(">H", raw, 4)[0]
    for nth in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", raw, 12 + 16 * nth)
        if tag == b"cmap":
            return _characters(raw, offset)
    raise ValueError(f"no cmap in {path.name}")


def _characters(raw: bytes, start: int) -> frozenset[int]:
    count = struct.unpack_from(">H", raw, start + 2)[0]
    tables = {}
    for nth in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", raw, start + 4 + 8 * nth)
        tables[platform, encoding] = start + offset
    for kind in _UNICODE:
        if kind in tables:
            at = tables[kind]
            form = struct.unpack_from(">H", raw, at)[0]
            if form == _GROUPS:
                return _of_groups(raw, at)
            if form == _SEGMENTS:
                return _of_segments(raw, at)
    raise ValueError("no table of Unicode characters")


def _of_groups(raw: bytes, at: int) -> frozenset[int]:
    count = struct.unpack_from(">L", raw, at + 12)[0]
    found: set[int] = set()
    for nth in range(count):
        first, last, _ = struct.unpack_from(">LLL", raw, at + 16 + 12 * nth)
        found.update(range(first, last + 1))
    return frozenset(found)


def _of_segments(raw: bytes, at: int) -> frozenset[int]:
    half = struct.unpack_from(">H", raw, at + 6)[0] // 2
    ends = struct.unpack_from(f">{half}H", raw, at + 14)
    starts = struct.unpack_from(f">{half}H", raw, at + 16 + 2 * half)
    found: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        found.update(code for code in range(first, last + 1) if code != _LAST)
    return frozenset(found)
