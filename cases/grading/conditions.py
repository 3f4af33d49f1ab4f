"""Conditions of grading rules and how they are judged: yes, no, or not known yet."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import assert_never


class Truth(IntEnum):
    """How far a condition is settled. The order makes `all` a minimum and `any` a maximum."""

    NO = 0
    MAYBE = 1
    YES = 2


class Origin(StrEnum):
    """Where a fact comes from; the value is shown to the officer."""

    TICKED = "勾选"
    METRIC = "数据"
    PLATFORM = "平台"
    PUBLISHER = "发布者"
    TEXT = "文字"
    NOBODY = "未说明"


class Counted(StrEnum):
    """What a number counts (计量口径): thresholds of different units are never added."""

    ONE_POST = "one_post"
    ALL_POSTS = "all_posts"


class Join(StrEnum):
    """How several numbers become one: the largest of them, or their sum."""

    LARGEST = "max"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about one fact, and where from.

    `truth` None means: spoken of, but doubtful. `exact` False means that the values shown are
    what is known at least (a medium named in the text does not exclude another one).
    """

    name: str
    origin: Origin
    shown: str  # the words or number it rests on, as the officer wrote them
    truth: bool | None = None
    values: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    exact: bool = True
    number: float | None = None


Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes-or-no fact that must be yes."""

    fact: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A fact with named values that must show one of `values`."""

    fact: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Amount:
    """Numbers joined to one, within borders; `*_open` leaves the border itself out."""

    facts: tuple[str, ...]
    join: Join = Join.LARGEST
    low: float = 0
    low_open: bool = False
    high: float = math.inf
    high_open: bool = False
    counted: Counted = Counted.ONE_POST


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: "Condition"


Condition = Flag | OneOf | Amount | AllOf | AnyOf | Not


def leaves(condition: Condition) -> Iterator[Flag | OneOf | Amount]:
    """Yield the conditions that speak of facts, in the order written."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Flag() | OneOf() | Amount():
            yield condition
        case _:
            assert_never(condition)


def facts_of(condition: Condition) -> Iterator[str]:
    """Yield the names of the facts a condition speaks of, in the order written."""
    for leaf in leaves(condition):
        yield from leaf.facts if isinstance(leaf, Amount) else (leaf.fact,)


def judge(condition: Condition, facts: Facts, *, closed: bool = False) -> Truth:
    """Return how far a condition holds.

    Args:
        condition: what is asked.
        facts: what is known.
        closed: whether what nobody said counts as no, so that the answer is YES or NO.
    """
    match condition:
        case Flag(fact):
            return _judge_flag(facts.get(fact), closed=closed)
        case OneOf(fact, values):
            return _judge_values(facts.get(fact), values, closed=closed)
        case Amount():
            return _judge_amount(condition, facts, closed=closed)
        case AllOf(parts):
            return min(judge(part, facts, closed=closed) for part in parts)
        case AnyOf(parts):
            return max(judge(part, facts, closed=closed) for part in parts)
        case Not(part):
            return Truth(Truth.YES - judge(part, facts, closed=closed))
        case _:
            assert_never(condition)


def _judge_flag(fact: Fact | None, *, closed: bool) -> Truth:
    if fact is None or fact.truth is None:
        return Truth.NO if closed else Truth.MAYBE
    return Truth.YES if fact.truth else Truth.NO


def _judge_values(fact: Fact | None, values: frozenset[str], *, closed: bool) -> Truth:
    if fact is not None:
        if not fact.values.isdisjoint(values):
            return Truth.YES
        if fact.exact or values <= fact.excluded:
            return Truth.NO
    return Truth.NO if closed else Truth.MAYBE


def span(amount: Amount, facts: Facts, *, closed: bool = False) -> tuple[float, float]:
    """Return the least and the greatest number the facts allow; one nobody gave has no end."""
    low: list[float] = []
    high: list[float] = []
    for name in amount.facts:
        fact = facts.get(name)
        if fact is None or fact.number is None:
            low.append(0)
            high.append(0 if closed else math.inf)
        else:
            low.append(fact.number)
            high.append(fact.number if closed or fact.exact else math.inf)
    if amount.join is Join.SUM:
        return sum(low), sum(high)
    return max(low), max(high)


def _judge_amount(amount: Amount, facts: Facts, *, closed: bool) -> Truth:
    least, most = span(amount, facts, closed=closed)
    if _above(least, amount) and _below(most, amount):
        return Truth.YES
    if not _above(most, amount) or not _below(least, amount):
        return Truth.NO
    return Truth.MAYBE


def _above(number: float, amount: Amount) -> bool:
    return number > amount.low or (number == amount.low and not amount.low_open)


def _below(number: float, amount: Amount) -> bool:
    return number < amount.high or (number == amount.high and not amount.high_open)


def unsettled(condition: Condition, facts: Facts) -> Iterator[str]:
    """Yield the facts that keep a MAYBE condition from being settled, in the order written."""
    if judge(condition, facts) is not Truth.MAYBE:
        return
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from unsettled(part, facts)
        case Not(part):
            yield from unsettled(part, facts)
        case Amount(names):
            known = {name for name in names if name in facts and facts[name].exact}
            yield from (name for name in names if name not in known)
        case Flag(fact) | OneOf(fact):
            yield fact
        case _:
            assert_never(condition)
