"""SVG elements as text: escaped, without what XML 1.0 forbids, numbers as short as they can be."""

import re
import unicodedata
from collections.abc import Mapping

from cases.encoding import as_seen

WIDTH = 360.0  # of every chart, in units of its own
TEXT = 12.0  # the size of words in it
INK, SOFT, LINE = "#1b2530", "#5a6673", "#dde2e8"
FIRST, SECOND, WARN = "#1f4e79", "#c98a1b", "#a3201a"
FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

# What XML 1.0 has no place for: a title with one of these would spoil the whole document.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_NARROW = 0.56  # the width of a letter or digit in widths of a Chinese character


def escaped(words: str) -> str:
    """Return words as they may stand in an element or in an attribute; nothing unseen in them."""
    return _FORBIDDEN.sub("", as_seen(words)).translate(_ENTITIES)


def number(value: float) -> str:
    """Return a coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def element(name: str, attributes: Mapping[str, str | float], *inside: str) -> str:
    """Return one element. `inside` is SVG already; attributes are escaped here."""
    said = "".join(
        f' {key}="{escaped(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def words_at(x: float, y: float, words: str, **looks: str | float) -> str:
    """Return words that begin at (x, y); `anchor`, `fill`, `size` and `weight` as looks."""
    attributes: dict[str, str | float] = {
        "x": x,
        "y": y,
        "fill": looks.get("fill", INK),
        "font-size": looks.get("size", TEXT),
    }
    if "anchor" in looks:
        attributes["text-anchor"] = looks["anchor"]
    if "weight" in looks:
        attributes["font-weight"] = looks["weight"]
    return element("text", attributes, escaped(words))


def width_of(words: str, size: float = TEXT) -> float:
    """Return about how wide words are: a Chinese character is as wide as it is high."""
    wide = sum(unicodedata.east_asian_width(one) in "WFA" for one in words)
    return size * (wide + (len(words) - wide) * _NARROW)


def fitted(words: str, room: float, size: float = TEXT) -> str:
    """Return words, cut with … where they are wider than the room."""
    if width_of(words, size) <= room:
        return words
    kept = words
    while kept and width_of(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept}…"


def linked(href: str, said: str, *inside: str) -> str:
    """Return a part of a chart that says what it is, and leads somewhere unless `href` is empty."""
    title = element("title", {}, escaped(said))
    if not href:
        return element("g", {}, title, *inside)
    return element("a", {"href": href, "aria-label": said}, title, *inside)


def chart(said: str, height: float, inside: list[str], *, leads: bool) -> str:
    """Return the whole drawing; `said` is what it is called for who cannot see it."""
    attributes: dict[str, str | float] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "chart",
        "viewBox": f"0 0 {number(WIDTH)} {number(height)}",
        "width": WIDTH,
        "height": height,
        "font-family": FONT,
        "role": "group" if leads else "img",
        "aria-label": said,
    }
    return element("svg", attributes, *(inside or [element("g", {})]))
