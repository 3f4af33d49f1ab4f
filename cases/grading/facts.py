"""What a report says of a case, and the facts an officer ticked or counted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from cases.grading.conditions import Fact, Origin
from cases.grading.numbers import parse_number
from cases.grading.rulebook import GradingRules, UnknownLevelError
from cases.grading.specs import FactKind, FactSpec

Metric = int | float | bool | str

_YES = frozenset({"true", "yes", "y", "1", "是", "有", "已", "√"})
_NO = frozenset({"false", "no", "n", "0", "否", "无", "没有", "none", ""})
_NUMERALS = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report as it is graded. `metrics` holds ticked flags and numbers by name."""

    title: str = ""
    abstract: str = ""
    platform: str = ""
    source_media: str = ""  # the publisher as written
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    day: date | None = None  # of the event, Asia/Shanghai: for special periods (特殊时期)


class FactError(ValueError):
    """A ticked fact that cannot be used, said in words for the person who wrote it."""


class UnknownFactError(FactError):
    """No rulebook knows a fact of that name."""


def ticked(rules: GradingRules, metrics: Mapping[str, Metric]) -> dict[str, Fact]:
    """Return the ticked facts by name. Values that say nothing ("", null) are left out.

    Raises:
        UnknownFactError: no rulebook knows the name.
        FactError: the value is none the fact can take.
    """
    facts = {}
    for name, value in metrics.items():
        spec = rules.specs.get(name)
        if spec is None:
            if name in rules.also_known:
                continue
            raise UnknownFactError(f"没有名为 {name} 的指标或标记，可用的名称见 docs/grading.md")
        if value != "":
            facts[name] = _fact(rules, spec, value)
    return facts


def _fact(rules: GradingRules, spec: FactSpec, value: Metric) -> Fact:
    match spec.kind:
        case FactKind.FLAG:
            return _flag(spec, value)
        case FactKind.CHOICE:
            return _choice(spec, value)
        case FactKind.NUMBER:
            return _number(spec, value)
        case FactKind.LEVEL:
            return _level(rules, spec, value)
        case _:
            assert_never(spec.kind)


def _flag(spec: FactSpec, value: Metric) -> Fact:
    if isinstance(value, str):
        said = value.strip().casefold()
        if said not in _YES | _NO:
            raise FactError(f"{spec.name} 应为 true 或 false")
        return Fact(spec.name, Origin.TICKED, spec.title, truth=said in _YES)
    return Fact(spec.name, Origin.TICKED, spec.title, truth=bool(value))


def _choice(spec: FactSpec, value: Metric) -> Fact:
    if not value or (isinstance(value, str) and value.strip().casefold() in _NO):
        return Fact(spec.name, Origin.TICKED, "无")
    if value is True:  # there is one, but which was not said
        return Fact(spec.name, Origin.TICKED, spec.title, exact=False)
    choice = spec.choice(str(value))
    if choice is None:
        choices = "、".join(choice.value for choice in spec.choices)
        raise FactError(f"{spec.name} 应为 {choices} 之一")
    return Fact(spec.name, Origin.TICKED, choice.title, values=frozenset({choice.value}))


def _number(spec: FactSpec, value: Metric) -> Fact:
    number = parse_number(value) if isinstance(value, str) else value
    if number is None or isinstance(number, bool) or not math.isfinite(number) or number < 0:
        raise FactError(f"{spec.name} 应为不小于 0 的数")
    return Fact(spec.name, Origin.METRIC, f"{spec.title}{shown_number(number)}", number=number)


def _level(rules: GradingRules, spec: FactSpec, value: Metric) -> Fact:
    if value is True or (isinstance(value, str) and value.strip().casefold() in _YES - {"1"}):
        return Fact(spec.name, Origin.TICKED, spec.title, truth=True, exact=False)
    if not value or (isinstance(value, str) and value.strip().casefold() in _NO):
        return Fact(spec.name, Origin.TICKED, "无", truth=False)
    said = str(value).strip()
    if said.isdecimal():
        said = _NUMERALS.get(int(said), said)
    try:
        level = rules.level(said)
    except UnknownLevelError as error:
        if spec.name not in set(rules.facts_used()):
            return Fact(spec.name, Origin.TICKED, said)
        raise FactError(f"{spec.name}: {error}") from error
    return Fact(spec.name, Origin.TICKED, f"原为{level.name}", values=frozenset({level.name}))


def shown_number(number: float) -> str:
    """Return a number as officers write it: 30000 as 3万, 12.5 as 12.5."""
    if number >= 10_000 and number % 1000 == 0:  # noqa: PLR2004 -- 万
        return f"{number / 10_000:g}万"
    return f"{number:.15g}"
