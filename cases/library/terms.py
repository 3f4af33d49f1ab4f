"""What a case is found by: its words, what they are related to, pairs of characters."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.library.tokens import pairs, plain, words

EVERY = "*"  # a term that every case has: counting it counts the cases
_RELATED = "~"
_PAIR = "+"
_SHORT = 30  # characters of a question that is also searched by pairs
_MOST = 9  # of one term: a word said often says no more
TITLE, TAG, BODY = 3, 4, 1


@dataclass(frozen=True, slots=True)
class Related:
    """Groups of words of the field that mean nearly the same (停水, 断水, 没水)."""

    groups: tuple[tuple[str, ...], ...] = ()

    def named_in(self, text: str) -> tuple[str, ...]:
        """Return the groups, by their first word, of which any word is in the text."""
        said = plain(text)
        return tuple(group[0] for group in self.groups if any(word in said for word in group))


@dataclass(frozen=True, slots=True)
class Document:
    """What of a case is searched: never who posted or reported it."""

    title: str
    body: str  # summary, appeal, verdict, the public answer, the lesson
    tags: tuple[str, ...] = ()


def terms_of(document: Document, related: Related) -> dict[str, int]:
    """Return every term of a case with its weight."""
    counted: Counter[str] = Counter({EVERY: 1})
    tags = " ".join(document.tags)
    for text, weight in ((document.title, TITLE), (tags, TAG), (document.body, BODY)):
        for term in _terms(text, related):
            counted[term] += weight
    return {term: min(weight, _MOST) for term, weight in counted.items()}


def asked_terms(query: str, related: Related) -> dict[str, float]:
    """Return the terms a question is searched by, with how much each one counts."""
    found = {term: _WEIGHTS.get(term[0], 2.0) for term in _terms(query, related)}
    if len(query) <= _SHORT:
        return found
    # A long text has words enough; its many pairs would only cost time.
    return {term: weight for term, weight in found.items() if term[0] != _PAIR}


_WEIGHTS: Mapping[str, float] = {_RELATED: 3.0, _PAIR: 0.7}


def _terms(text: str, related: Related) -> Iterable[str]:
    yield from words(text)
    yield from (f"{_RELATED}{group}" for group in related.named_in(text))
    yield from (f"{_PAIR}{pair}" for pair in dict.fromkeys(pairs(text)))
