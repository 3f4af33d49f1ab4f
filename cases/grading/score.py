"""The weighted score: points of each factor, their sum, and the level the sum falls into."""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.grading.conditions import Amount, Facts, Truth, judge, span, unsettled
from cases.grading.rulebook import Band, Factor, Score, Step

HUNDREDTHS = 100  # points are added in hundredths, so that 84.9 is never 85


@dataclass(frozen=True, slots=True)
class Scored:
    """One factor scored: the step that holds, and the best step still possible."""

    factor: Factor
    step: Step
    best: Step
    lower: Step | None = None  # the step below, where the number stands on a border both claim

    @property
    def points(self) -> int:
        """Weighted points, in hundredths."""
        return self.factor.weight * self.step.points


def score(rules: Score, facts: Facts) -> tuple[Scored, ...]:
    """Return every factor scored; what nobody said counts as the lowest step."""
    return tuple(_scored(factor, facts) for factor in rules.factors)


def _scored(factor: Factor, facts: Facts) -> Scored:
    step = best = factor.steps[0]
    for higher, when in [(one, one.when) for one in factor.steps if one.when is not None]:
        if judge(when, facts, closed=True) is Truth.YES:
            step = higher
        if judge(when, facts) is not Truth.NO:
            best = higher
    best = max(step, best, key=lambda one: one.points)
    return Scored(factor, step, best, _on_border(factor, step, facts))


def _on_border(factor: Factor, step: Step, facts: Facts) -> Step | None:
    """Return the step below where the text gives the number to both (10–1000, 1000–1万)."""
    if not isinstance(step.when, Amount) or step.when.low_open:
        return None
    number, _ = span(step.when, facts, closed=True)
    if number != step.when.low:
        return None
    for other in factor.steps:
        lower = other.when
        if isinstance(lower, Amount) and lower.high == number and not lower.high_open:
            return other if lower.facts == step.when.facts and other is not step else None
    return None


def open_facts(factor: Factor, facts: Facts) -> Iterator[str]:
    """Yield the facts that keep the steps of a factor open (may repeat)."""
    for when in [step.when for step in factor.steps if step.when is not None]:
        yield from unsettled(when, facts)


def total(scored: tuple[Scored, ...]) -> int:
    """Return the sum in hundredths of a point."""
    return sum(one.points for one in scored)


def most(scored: tuple[Scored, ...]) -> int:
    """Return the sum in hundredths if every open fact turned out as bad as it can."""
    return sum(one.factor.weight * one.best.points for one in scored)


def band(rules: Score, hundredths: int) -> Band:
    """Return the highest band the sum reaches. The lowest band starts at 0."""
    for one in rules.bands:
        if hundredths >= one.at_least * HUNDREDTHS:
            return one
    return rules.bands[-1]


def on_borders(rules: Score, scored: tuple[Scored, ...]) -> Iterator[tuple[Scored, Band]]:
    """Yield each factor on a shared border whose lower step would mean another level."""
    now = total(scored)
    reached = band(rules, now)
    for one in scored:
        if one.lower:
            other = band(rules, now - one.factor.weight * (one.step.points - one.lower.points))
            if other is not reached:
                yield one, other
