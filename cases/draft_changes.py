"""What has changed between two versions of a text, clause by clause, then letter by letter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_CLAUSE = re.compile(r"[^，。；：！？、,;:!?\n]*[，。；：！？、,;:!?\n]?")
_MOST = 300  # characters of a clause that is compared letter by letter
_ALIKE = 0.5  # clauses less alike than this are shown as a whole: confetti cannot be read


class Kind(StrEnum):
    """What became of a piece."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind."""

    kind: Kind
    text: str


def changes(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in order; those that are not gone make up the new text.

    Those that are not new make up the old one.
    """
    before, after = _CLAUSE.findall(old), _CLAUSE.findall(new)
    found: list[Piece] = []
    for piece in _compared(before, after):
        if found and found[-1].kind is piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        elif piece.text:
            found.append(piece)
    return tuple(found)


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, new = "".join(before[i:j]), "".join(after[k:m])
        if tag == "equal":
            yield Piece(Kind.SAME, new)
        elif gone and new and max(len(gone), len(new)) <= _MOST:
            yield from _letters(gone, new)
        else:
            yield Piece(Kind.GONE, gone)
            yield Piece(Kind.NEW, new)


def _letters(gone: str, new: str) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, gone, new, autojunk=False)
    if matcher.ratio() < _ALIKE:
        yield Piece(Kind.GONE, gone)
        yield Piece(Kind.NEW, new)
        return
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(Kind.SAME, new[k:m])
            continue
        yield Piece(Kind.GONE, gone[i:j])
        yield Piece(Kind.NEW, new[k:m])
