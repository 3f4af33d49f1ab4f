"""A month's scores: points from facts, capped as the rules say; rulings add, nothing is deleted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.scores.happenings import Happening
from cases.scores.rates import NO_RATES, Rates
from cases.scores.rules import Fact, ScoreItem, ScoreRule, ScoreRules

BONUS = "加分"


@dataclass(frozen=True, slots=True)
class Given:
    """A point that a person gave, with a reason."""

    id: int
    fact: Fact
    unit: str
    number: str  # of a case, "" of none
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """An appeal that was upheld: the point it is about is given back."""

    id: int
    point: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a scorecard: what it is for, and the event behind it."""

    key: str
    item: str
    fact: Fact
    points: int
    number: str
    seq: int
    at: datetime
    why: str
    given_back: str = ""  # of a line that gives another back: the key of that one


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one item came to."""

    name: str
    full: int
    got: float


@dataclass(frozen=True, slots=True)
class UnitScore:
    """One unit's month."""

    unit: str
    items: tuple[ItemScore, ...]
    bonus: int
    points: tuple[Point, ...]
    rates: Rates
    vetoed: bool

    @property
    def total(self) -> float:
        """The points of the month, nothing where one fact vetoes all."""
        return 0.0 if self.vetoed else round(sum(i.got for i in self.items) + self.bonus, 1)


@dataclass(frozen=True, slots=True)
class Added:
    """What people have added to what is counted: points given by hand, rulings that give back."""

    given: Sequence[Given] = ()
    upheld: Sequence[Ruling] = ()


@dataclass(frozen=True, slots=True)
class MonthScores:
    """The scores of a month by one version of the rules."""

    month: str
    rules: str  # which version of which rulebook, as shown
    units: tuple[UnitScore, ...]
    counted_at: datetime
    provisional: bool = field(default=False)  # the month is not over

    def of(self, unit: str) -> UnitScore | None:
        """Return the score of one unit."""
        return next((one for one in self.units if one.unit == unit), None)


def score_units(
    rules: ScoreRules,
    found: Iterable[Happening],
    rates: Mapping[str, Rates],
    added: Added,
    units: Iterable[str],
) -> tuple[UnitScore, ...]:
    """Return the score of every unit, in the order of `units`; what has no rule costs nothing."""
    lines: dict[str, list[Point]] = defaultdict(list)
    for one in found:
        rule = rules.rule(one.fact)
        if rule is not None and one.nth > rule.over:
            lines[one.unit].append(_point(one, rule))
    for given in added.given:
        rule = rules.rule(given.fact)
        if rule is not None:
            lines[given.unit].append(_given(given, rule))
    _give_back(lines, added.upheld)
    return tuple(
        _unit_score(rules, unit, lines.get(unit, []), rates.get(unit, NO_RATES)) for unit in units
    )


def _point(one: Happening, rule: ScoreRule) -> Point:
    item = rule.item or BONUS
    return Point(one.key, item, one.fact, rule.points, one.number, one.seq, one.at, one.why)


def _given(given: Given, rule: ScoreRule) -> Point:
    key, why = f"given:{given.id}", f"{given.by}记: {given.reason}"
    item = rule.item or BONUS
    return Point(key, item, given.fact, rule.points, given.number, 0, given.at, why)


def _give_back(lines: dict[str, list[Point]], upheld: Sequence[Ruling]) -> None:
    for ruling in upheld:
        for points in lines.values():
            about = next((one for one in points if one.key == ruling.point), None)
            if about is not None:
                points.append(
                    Point(
                        key=f"ruling:{ruling.id}",
                        item=about.item,
                        fact=about.fact,
                        points=-about.points,
                        number=about.number,
                        seq=about.seq,
                        at=ruling.at,
                        why=f"申诉成立: {ruling.reason}",
                        given_back=about.key,
                    )
                )


def _unit_score(rules: ScoreRules, unit: str, points: list[Point], rates: Rates) -> UnitScore:
    sums: dict[str, int] = defaultdict(int)
    for rule in rules.rules:
        sums[rule.item or BONUS] += _capped(rule, points)
    items = tuple(_item(item, sums.get(item.name, 0), rates) for item in rules.items)
    bonus = max(0, min(rules.bonus_most, sums.get(BONUS, 0)))
    back = {one.given_back for one in points if one.given_back}
    vetoes = {rule.fact for rule in rules.rules if rule.veto}
    vetoed = any(
        one.fact in vetoes and one.key not in back and not one.given_back for one in points
    )
    return UnitScore(unit, items, bonus, tuple(points), rates, vetoed)


def _capped(rule: ScoreRule, points: list[Point]) -> int:
    whole = sum(one.points for one in points if one.fact is rule.fact)
    return max(-rule.most, min(rule.most, whole)) if rule.most else whole


def _item(item: ScoreItem, change: int, rates: Rates) -> ItemScore:
    full = float(item.points)
    if item.by_rates:
        shares = [rate.share for rate in (rates.solved, rates.satisfied) if rate.share is not None]
        full = full * sum(shares) / len(shares) if shares else full
    return ItemScore(item.name, item.points, round(max(0.0, min(item.points, full + change)), 1))
