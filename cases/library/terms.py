"""What a case is found by: its words, what they are related to, pairs and single characters."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.library.tokens import characters, pairs, plain, words

EVERY = "*"  # a term that every case has: counting it counts the cases
TOGETHER = "+"  # 老板+工钱: both are there, wherever
CLOSE = "~"  # the text names the matter by a word that means it
_HINTED = "^"  # or by what people say of it; whatever is close is hinted at too
_PAIR = "+"
SINGLE = "."  # one character: alone it says little, among many it tells the nearest
_SHORT = 30  # characters of a question that is also searched by pairs and single characters
_MOST = 9  # of one term: a word said often says no more
_MOST_SINGLE = 40  # characters of a case: of its title and tags first
TITLE, TAG, BODY = 3, 4, 1


@dataclass(frozen=True, slots=True)
class Related:
    """Groups of words of the field that mean nearly the same (停水, 断水, 没水).

    `hints`: by the first word of a group, what people say of the matter (老板+工钱).
    """

    groups: tuple[tuple[str, ...], ...] = ()
    hints: tuple[tuple[str, ...], ...] = ()

    def named_in(self, text: str) -> tuple[str, ...]:
        """Return the groups, by their first word, of which any word is in the text."""
        said = plain(text)
        return tuple(group[0] for group in self.groups if _any_in(group, said))

    def hinted_in(self, text: str) -> tuple[str, ...]:
        """Return the groups that the text names or hints at."""
        said = plain(text)
        hinted = [first for first, *hints in self.hints if _any_in(hints, said)]
        return tuple(dict.fromkeys([*self.named_in(text), *hinted]))


def _any_in(group: Iterable[str], said: str) -> bool:
    return any(
        word in said or (TOGETHER in word and all(part in said for part in word.split(TOGETHER)))
        for word in group
    )


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
    whole = f"{document.title}\n{tags}\n{document.body}"
    singles = list(dict.fromkeys(characters(whole)))[:_MOST_SINGLE]
    counted.update({f"{SINGLE}{one}": 1 for one in singles})
    return {term: min(weight, _MOST) for term, weight in counted.items()}


def asked_terms(query: str, related: Related) -> dict[str, float]:
    """Return the terms a question is searched by, with how much each one counts."""
    found = {term: _WEIGHTS.get(term[0], 2.0) for term in _terms(query, related)}
    if len(query) <= _SHORT:
        return found
    # A long text has words enough; its many pairs would only cost time.
    return {term: weight for term, weight in found.items() if term[0] != _PAIR}


def asked_singles(query: str) -> dict[str, float]:
    """Return the single characters of a short question, for what is only near it."""
    short = characters(query) if len(query) <= _SHORT else ()
    return {f"{SINGLE}{one}": _WEIGHTS[SINGLE] for one in short}


_WEIGHTS: Mapping[str, float] = {CLOSE: 1.5, _HINTED: 1.5, _PAIR: 0.7, SINGLE: 0.2}


def _terms(text: str, related: Related) -> Iterable[str]:
    yield from words(text)
    yield from (f"{CLOSE}{group}" for group in related.named_in(text))
    yield from (f"{_HINTED}{group}" for group in related.hinted_in(text))
    yield from (f"{_PAIR}{pair}" for pair in dict.fromkeys(pairs(text)))
