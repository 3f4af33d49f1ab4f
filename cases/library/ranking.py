"""Which past cases are most like a question: rare words in common count most.

The formula is BM25 without the length of the text.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.library.terms import CLOSE, SINGLE

ASKED, UNASKED = 2.7, 3.0  # how much must agree where somebody asks, and where nobody did
NEAREST = 0.0  # where somebody asks and nothing is like it: the best there is
_FEWEST = 2  # characters in common that are shown at all
_WITHOUT_A_MATTER = 8.0  # where nobody asked and no group of related words is shared: four words
_SATURATION = 1.2


@dataclass(frozen=True, slots=True)
class Match:
    """A case found: how telling what agrees is, and how much of the question agrees."""

    case_id: int
    score: float
    agrees: float  # the sum of what the terms in common count, single characters left out
    singles: int  # characters in common
    is_close: bool  # both name the same matter by words that mean it

    def is_like(self, least: float) -> bool:
        """Whether enough agrees; where nobody asked the matter has to be the same as well."""
        if least == NEAREST:
            return self.agrees > 0 or self.singles >= _FEWEST
        if self.agrees < least:
            return False
        return least < UNASKED or self.is_close or self.agrees >= _WITHOUT_A_MATTER


def rarity(holding: int, all_cases: int) -> float:
    """Return how much a term tells: nearly nothing that every case has, most what few have."""
    return math.log(1 + (all_cases - holding + 0.5) / (holding + 0.5))


def ranked(
    asked: Mapping[str, float],
    holding: Mapping[str, int],
    rows: Iterable[tuple[str, int, int]],
    all_cases: int,
) -> list[Match]:
    """Return the cases found, the best first, later cases before earlier ones.

    Args:
        asked: term -> how much it counts in the question.
        holding: term -> how many cases have it.
        rows: term, case id, weight in that case.
        all_cases: how many cases are in the library.
    """
    scores: dict[int, float] = defaultdict(float)
    agrees: dict[int, float] = defaultdict(float)
    singles: Counter[int] = Counter()
    close: set[int] = set()
    for term, case_id, weight in rows:
        told = asked[term] * rarity(holding[term], all_cases)
        scores[case_id] += told * weight * (1 + _SATURATION) / (weight + _SATURATION)
        if term[0] == SINGLE:
            singles[case_id] += 1
            continue
        agrees[case_id] += asked[term]
        if term[0] == CLOSE:
            close.add(case_id)
    found = [
        Match(one, score, agrees[one], singles[one], one in close) for one, score in scores.items()
    ]
    return sorted(found, key=lambda one: (-one.score, -one.case_id))
