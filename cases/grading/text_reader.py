"""The words that show facts in a text, made ready to search with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cases.grading.media import MediaFinder
from cases.grading.specs import FactSpec
from cases.grading.words import Lexicon, normal


@dataclass(frozen=True, slots=True)
class Showing:
    """What a phrase shows when it is found: a fact, and the value or the doubt it stands for."""

    spec: FactSpec
    value: str  # "yes", "no", "maybe", or a choice


@dataclass(frozen=True, slots=True)
class Period:
    """A special period (特殊时期): month and day of its first and last day, both included."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Whether `day` lies in the period; a period may run over the turn of the year."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


class TextReader:
    """The words of a rulebook's facts made ready to search with. Build once per rulebook."""

    def __init__(
        self, specs: Mapping[str, FactSpec], finder: MediaFinder, periods: tuple[Period, ...] = ()
    ) -> None:
        self.finder = finder
        self.periods = periods
        self.lexicon = Lexicon(_showings(specs))
        self.numbers = {normal(word): spec.name for spec in specs.values() for word in spec.numbers}
        self.specs = specs


def _showings(specs: Mapping[str, FactSpec]) -> Iterator[tuple[str, Showing]]:
    for spec in specs.values():
        for value, phrases in (("yes", spec.yes), ("no", spec.no), ("maybe", spec.maybe)):
            yield from ((phrase, Showing(spec, value)) for phrase in phrases)
        for choice in spec.choices:
            yield from ((phrase, Showing(spec, choice.value)) for phrase in choice.words)
