"""What is doubtful in a rulebook that can be read: rules never reached, overlaps, gaps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise, product
from typing import assert_never

from cases.grading.conditions import (
    AllOf,
    Amount,
    AnyOf,
    Condition,
    Fact,
    Facts,
    Flag,
    Join,
    Not,
    OneOf,
    Origin,
    Truth,
    judge,
    leaves,
)
from cases.grading.facts import shown_number
from cases.grading.proposal import decide
from cases.grading.rulebook import GradingRules, Rule

MOST_WAYS = 400  # ways to fulfil one rule that are tried; more only repeat the same


class FindingKind(StrEnum):
    """What sort of doubt it is."""

    NEVER = "永不成立"
    UNREACHABLE = "达不到"
    ALWAYS_WITH = "重复"
    GAP = "空档"
    SHARED_BORDER = "边界重叠"


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about a rulebook. `serious` means that a rule has no effect at all."""

    kind: FindingKind
    rule: str
    words: str
    serious: bool = False


def check(rules: GradingRules) -> tuple[Finding, ...]:
    """Return everything doubtful about a rulebook, rule by rule, then number by number."""
    return (*_rule_findings(rules), *_gaps(rules), *_shared_borders(rules))


def ways(condition: Condition) -> Iterator[Facts]:
    """Yield the smallest sets of facts that fulfil a condition, at most MOST_WAYS tried."""
    for facts in islice(_ways(condition), MOST_WAYS):
        if judge(condition, facts, closed=True) is Truth.YES:
            yield facts


def _ways(condition: Condition) -> Iterator[dict[str, Fact]]:
    match condition:
        case AllOf(parts):
            for chosen in product(*(list(islice(_ways(part), MOST_WAYS)) for part in parts)):
                yield {name: fact for facts in chosen for name, fact in facts.items()}
        case AnyOf(parts):
            for part in parts:
                yield from _ways(part)
        case Not():
            yield {}
        case Flag() | OneOf() | Amount():
            yield from _leaf_ways(condition)
        case _:
            assert_never(condition)


def _leaf_ways(leaf: Flag | OneOf | Amount) -> Iterator[dict[str, Fact]]:
    if isinstance(leaf, Flag):
        yield {leaf.fact: Fact(leaf.fact, Origin.TICKED, "", truth=True)}
    elif isinstance(leaf, OneOf):
        for value in sorted(leaf.values):
            values = frozenset({value})
            yield {leaf.fact: Fact(leaf.fact, Origin.TICKED, value, values=values)}
    else:
        number = _inside(leaf)
        for name in leaf.facts:
            yield {name: Fact(name, Origin.METRIC, "", number=number)}


def _inside(amount: Amount) -> float:
    """Return a number within the borders, a whole one where there is one."""
    if not amount.low_open:
        return amount.low
    whole = amount.low + 1
    return whole if whole < amount.high else (amount.low + amount.high) / 2


def _rule_findings(rules: GradingRules) -> Iterator[Finding]:
    for rule in rules.rules:
        if rule.when is None:
            continue
        found = list(ways(rule.when))
        if not found:
            words = f"条款“{rule.says}”的条件互相矛盾，永远不会成立"
            yield Finding(FindingKind.NEVER, rule.id, words, serious=True)
            continue
        yield from _never_reached(rules, rule, found)
        yield from _never_alone(rules, rule, found)


def _never_reached(rules: GradingRules, rule: Rule, found: list[Facts]) -> Iterator[Finding]:
    """Yield when every case that fulfils a rule is already at a higher level."""
    reached = [decide(rules, facts) for facts in found]
    if any(level == rule.level for level, _ in reached):
        return
    others = sorted({reason.rule for _, reasons in reached for reason in reasons})
    words = (
        f"条款“{rule.says}”成立时总已由 {'、'.join(others)} 定为更高等级，{rule.level}这一条用不上"
    )
    yield Finding(FindingKind.UNREACHABLE, rule.id, words, serious=True)


def _never_alone(rules: GradingRules, rule: Rule, found: list[Facts]) -> Iterator[Finding]:
    """Yield when another rule of the same level holds in every case that fulfils this one."""
    for other in rules.rules:
        if other is rule or other.level != rule.level or other.when is None:
            continue
        if all(judge(other.when, facts, closed=True) is Truth.YES for facts in found):
            words = f"条款“{rule.says}”成立时 {other.id} 也总成立，等级不因它而变"
            yield Finding(FindingKind.ALWAYS_WITH, rule.id, words)


@dataclass(frozen=True, slots=True)
class _Range:
    """An amount as it stands in a rule, with the words that say where."""

    amount: Amount
    where: str


def _ranges(rules: GradingRules) -> Mapping[tuple[tuple[str, ...], Join], list[_Range]]:
    """Return all ranges by the number they speak of."""
    found: dict[tuple[tuple[str, ...], Join], list[_Range]] = {}
    spoken = [(rule.id, rule.when) for rule in rules.rules if rule.when]
    factors = rules.score.factors if rules.score else ()
    spoken += [(f"{f.id}“{s.title}”", s.when) for f in factors for s in f.steps if s.when]
    for where, when in spoken:
        for leaf in leaves(when):
            if isinstance(leaf, Amount):
                found.setdefault((leaf.facts, leaf.join), []).append(_Range(leaf, where))
    return found


def _gaps(rules: GradingRules) -> Iterator[Finding]:
    """Yield whole numbers between the ranges of one number that no rule speaks of (51–99)."""
    for ranges in _ranges(rules).values():
        ordered = sorted(ranges, key=lambda one: one.amount.low)
        reach = ordered[0]
        for one in ordered[1:]:
            first, last = _after(reach.amount), _before(one.amount)
            if first <= last:
                yield _gap(rules, (first, last), reach, one)
            if one.amount.high > reach.amount.high:
                reach = one


def _gap(rules: GradingRules, border: tuple[float, float], lower: _Range, upper: _Range) -> Finding:
    name = lower.amount.facts[0]
    first, last = (shown_number(number) for number in border)
    facts = {name: Fact(name, Origin.METRIC, "", number=border[0])}
    asked = [
        doubt.id for doubt in rules.doubts if judge(doubt.when, facts, closed=True) is Truth.YES
    ]
    titles = "、".join(rules.specs[fact].title for fact in lower.amount.facts)
    told = f"，由 {'、'.join(asked)} 询问" if asked else "，请补一条规则或 [[doubts]]"
    words = f"{titles}在 {first}–{last} 之间没有条款{told}"
    return Finding(FindingKind.GAP, f"{lower.where}、{upper.where}", words, serious=not asked)


def _after(amount: Amount) -> float:
    """Return the first whole number above a range."""
    return amount.high if amount.high_open else amount.high + 1


def _before(amount: Amount) -> float:
    """Return the last whole number below a range."""
    return amount.low if amount.low_open else amount.low - 1


def _shared_borders(rules: GradingRules) -> Iterator[Finding]:
    """Yield the numbers two ranges both claim (10–1000 and 1000–1万)."""
    for ranges in _ranges(rules).values():
        ordered = sorted(ranges, key=lambda one: one.amount.low)
        for lower, upper in pairwise(ordered):
            low, high = lower.amount, upper.amount
            if low.high == high.low and not low.high_open and not high.low_open:
                both = f"{lower.where} 与 {upper.where}"
                words = f"{shown_number(high.low)} 同时属于 {both}，取高的一档，影响等级时询问"
                yield Finding(FindingKind.SHARED_BORDER, upper.where, words)
