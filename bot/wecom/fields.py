"""Reads the little XML that WeCom speaks, and its JSON, strictly.

Of XML: elements, text, CDATA and the predefined entities. Nothing else exists here, so no document
type, no entity of one's own, no attribute, no comment and no instruction can do anything.
Callback and worker read with these same lines and cannot understand a message differently.
"""

import json
import re
from typing import NamedTuple

_MAX_DEPTH = 8
_MAX_ELEMENTS = 1000
_ROOT = re.compile(
    r"[ \t\r\n]*+(?:<\?xml version=\"1\.0\"(?: encoding=\"(?i:utf-8)\")? ?\?>)?"
    r"[ \t\r\n]*+<xml>"
)
_LEAF = re.compile(
    r"[ \t\r\n]*+<([A-Za-z_][0-9A-Za-z_]{0,63})>"
    r"(?:<!\[CDATA\[(?>(.*?)\]\]>)|([^<]*+))</\1>",
    re.DOTALL,
)
_EMPTY = re.compile(r"[ \t\r\n]*+<([A-Za-z_][0-9A-Za-z_]{0,63}) ?/>")
_OPEN = re.compile(r"[ \t\r\n]*+<([A-Za-z_][0-9A-Za-z_]{0,63})>")
_CLOSE = re.compile(r"[ \t\r\n]*+</([A-Za-z_][0-9A-Za-z_]{0,63})>")
_PIECE = re.compile(r"<!\[CDATA\[(?>(.*?)\]\]>)|([^<]++)", re.DOTALL)
_END = re.compile(r"[ \t\r\n]*+")
_REFERENCE = re.compile(r"&([^;&]{0,10});?")
_NUMBER = re.compile(r"#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


class MalformedError(Exception):
    """A document that is not what WeCom sends."""


class Element(NamedTuple):
    """One element: its text, or its children. A tuple, because tuples are quickly made."""

    name: str
    text: str
    children: tuple["Element", ...] = ()


Fields = dict[str, Element]


def read(document: bytes) -> Fields:
    """Return the elements directly under `<xml>` by name; raises MalformedError.

    A name that stands there twice is refused: parsers disagree about which one counts.
    """
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("not UTF-8") from None
    start = _ROOT.match(text)
    if start is None:
        raise MalformedError("no <xml>")
    children, position = _Reader(text).children(start.end(), "xml", 1)
    if not _END.fullmatch(text, position):
        raise MalformedError("something after </xml>")
    fields = {child.name: child for child in children}
    if len(fields) != len(children):
        raise MalformedError("a field stands twice")
    return fields


def text_of(fields: Fields, name: str) -> str:
    """Return the text of a field, empty if it is absent; raises MalformedError if it is nested."""
    element = fields.get(name)
    if element is None:
        return ""
    if element.children:
        raise MalformedError(f"{name} has children")
    return element.text


def read_json(document: bytes) -> dict[str, object]:
    """Return the members of a JSON object; raises MalformedError.

    Repeated names, numbers JSON does not know and halves of characters are refused.
    """
    try:
        found = json.loads(
            document.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
        )
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise MalformedError("not the JSON that WeCom sends") from None
    if not isinstance(found, dict):
        raise MalformedError("not an object")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def _no_constant(name: str) -> object:
    raise ValueError(name)


class _Reader:
    """Walks one document; counts elements so that no document costs more than it may."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._left = _MAX_ELEMENTS

    def children(self, position: int, parent: str, depth: int) -> tuple[tuple[Element, ...], int]:
        found: list[Element] = []
        while True:
            leaf = _LEAF.match(self._text, position)
            if leaf is not None:
                position = leaf.end()
                name, cdata, plain = leaf.groups()
                found.append(Element(name, cdata if cdata is not None else _plain(plain)))
            elif (close := _CLOSE.match(self._text, position)) is not None:
                if close[1] != parent:
                    raise MalformedError("elements overlap")
                return tuple(found), close.end()
            else:
                element, position = self._other(position, depth)
                found.append(element)
            self._left -= 1
            if self._left < 0:
                raise MalformedError("too many elements")

    def _other(self, position: int, depth: int) -> tuple[Element, int]:
        """An element without content, with several pieces of text, or with children."""
        empty = _EMPTY.match(self._text, position)
        if empty is not None:
            return Element(empty[1], ""), empty.end()
        start = _OPEN.match(self._text, position)
        if start is None or depth >= _MAX_DEPTH:
            raise MalformedError("unexpected text")
        pieces = self._pieces(start[1], start.end())
        if pieces is not None:
            return pieces
        children, end = self.children(start.end(), start[1], depth + 1)
        return Element(start[1], "", children), end

    def _pieces(self, name: str, position: int) -> tuple[Element, int] | None:
        """Text in several pieces, as `]]>` inside a value is written; None if it is not that."""
        texts: list[str] = []
        while (piece := _PIECE.match(self._text, position)) is not None:
            texts.append(piece[1] if piece[1] is not None else _plain(piece[2]))
            position = piece.end()
        end = f"</{name}>"
        if not texts or not self._text.startswith(end, position):
            return None
        return Element(name, "".join(texts)), position + len(end)


def _plain(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if not match[0].endswith(";"):
        raise MalformedError("a bare &")
    if match[1] in _ENTITIES:
        return _ENTITIES[match[1]]
    number = _NUMBER.fullmatch(match[1])
    if number is None:
        raise MalformedError("an entity of its own")
    code = int(number[1], 16) if number[1] else int(number[2])
    if code in _SURROGATES or not 0 < code <= _LAST_CODE_POINT:
        raise MalformedError("no such character")
    return chr(code)
