"""Past cases graded again: what would have moved, and what more would have been sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases.grading.facts import ReportFacts
from cases.grading.proposal import propose
from cases.grading.rulebook import Audience, GradingRules, UnknownLevelError


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case as it was: its number, its report, and the level that was confirmed ("" unknown)."""

    number: str
    report: ReportFacts
    level: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A case that would have had another level."""

    number: str
    before: str
    after: str
    because: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What a rulebook would have made of past cases.

    `told` counts the notices to each audience, more (or fewer, below 0) than was sent;
    `signoffs` likewise. `weight` says how many cases each rule alone decides: that many would
    have had another level without it.
    """

    total: int
    levels: tuple[tuple[str, int], ...]
    moved: tuple[Moved, ...]
    asked: int
    told: tuple[tuple[Audience, int], ...]
    signoffs: int
    weight: tuple[tuple[str, int], ...]


def replay(rules: GradingRules, past: Sequence[PastCase]) -> Replay:
    """Grade past cases again by a rulebook.

    Cases whose level was not recorded, or is none of this rulebook's, count for the levels
    but cannot be called moved.

    Raises:
        FactError: a ticked fact of a case cannot be used.
    """
    proposals = [propose(rules, case.report) for case in past]
    levels = Counter(proposal.level for proposal in proposals)
    moved: list[Moved] = []
    told: Counter[Audience] = Counter()
    signoffs = 0
    for case, proposal in zip(past, proposals, strict=True):
        try:
            before, after = rules.level(case.level), rules.level(proposal.level)
        except UnknownLevelError:
            continue
        if before.name == after.name:
            continue
        because = proposal.reasons[0].says or proposal.reasons[0].fact
        moved.append(Moved(case.number, before.name, after.name, because))
        told.update(after.told)
        told.subtract(before.told)
        signoffs += after.needs_signoff - before.needs_signoff
    return Replay(
        total=len(past),
        levels=tuple((level.name, levels[level.name]) for level in rules.levels),
        moved=tuple(moved),
        asked=sum(bool(proposal.ask) for proposal in proposals),
        told=tuple((audience, count) for audience, count in told.items() if count),
        signoffs=signoffs,
        weight=_weights(rules, past, [proposal.level for proposal in proposals]),
    )


def _weights(
    rules: GradingRules, past: Sequence[PastCase], levels: Sequence[str]
) -> tuple[tuple[str, int], ...]:
    """Return for each rule how many cases would have another level without it."""
    weights = []
    for rule in rules.rules:
        if rule.when is None:
            continue
        others = tuple(other for other in rules.rules if other is not rule)
        without = replace(rules, rules=others)
        changed = sum(
            propose(without, case.report).level != level
            for case, level in zip(past, levels, strict=True)
        )
        weights.append((rule.id, changed))
    return tuple(weights)
