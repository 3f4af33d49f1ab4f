"""A grading rulebook as types: levels, rules of three kinds, doubts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases.grading.conditions import Condition, facts_of
from cases.grading.specs import FactSpec
from cases.grading.text_reader import TextReader
from cases.people import Role


class Audience(StrEnum):
    """Who is told when a level is confirmed (告知范围)."""

    OFFICE = "舆情办"
    UNIT_LIAISON = "责任单位联络员"
    UNIT_LEADER = "责任单位分管领导"
    DEPUTY_LEADER = "分管领导"
    CHIEF_LEADER = "主要领导"
    MEMBER_UNITS = "成员单位"
    SUPERIOR = "上级主管部门"
    SUPERIOR_LEAD = "上级统一协调"


@dataclass(frozen=True, slots=True)
class Level:
    """One level (等级): who confirms it, who signs off before 交办, who is told, who starts it."""

    name: str
    confirms: Role
    needs_signoff: bool
    approver: Role
    told: tuple[Audience, ...] = ()
    starter: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of the rules. `when` None is the sentence of the level that is left over."""

    id: str
    level: str
    says: str  # in plain words, for the chat
    clause: str  # verbatim
    source: str
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a weighted factor. `when` None is the lowest step, which always holds."""

    points: int
    title: str
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Factor:
    """One weighted factor of a score; steps from the lowest to the highest."""

    id: str
    title: str
    weight: int  # per cent
    clause: str
    source: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """From how many points a level is reached (inclusive), with its clause."""

    level: str
    at_least: int
    clause: str
    source: str


@dataclass(frozen=True, slots=True)
class Score:
    """Weighted factors and the bands their sum falls into, highest band first."""

    factors: tuple[Factor, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where the text of the rules is silent or elastic: shown and asked instead of decided."""

    id: str
    when: Condition
    could_be: str
    fact: str
    question: str
    clause: str
    source: str


class UnknownLevelError(ValueError):
    """The rulebook has no such level."""


@dataclass(frozen=True, slots=True)
class GradingRules:
    """A rulebook ready to grade with. Levels from the highest to the lowest."""

    name: str
    title: str
    levels: tuple[Level, ...]
    rules: tuple[Rule, ...]
    score: Score | None
    doubts: tuple[Doubt, ...]
    specs: Mapping[str, FactSpec]
    reader: TextReader
    also_known: frozenset[str] = frozenset()  # facts only other rulebooks speak of
    notes: tuple[str, ...] = ()  # what the office should be warned of when it picks this one

    def level(self, said: str) -> Level:
        """Return the level of that name or alias.

        Raises:
            UnknownLevelError: no level is called so.
        """
        for level in self.levels:
            if said == level.name or said in level.aliases:
                return level
        choices = "、".join(level.name for level in self.levels)
        raise UnknownLevelError(f"“{self.title}”没有“{said}”这一等级，可用：{choices}")

    def rank(self, said: str) -> int:
        """Return how serious a level is: 0 for the lowest, one more for each above it.

        Raises:
            UnknownLevelError: no level is called so.
        """
        return len(self.levels) - 1 - self.levels.index(self.level(said))

    def facts_used(self) -> Iterator[str]:
        """Yield the names of all facts the rules, factors and doubts speak of (may repeat)."""
        for condition in self.conditions():
            yield from facts_of(condition)

    def conditions(self) -> Iterator[Condition]:
        """Yield every condition of the rulebook in the order written."""
        yield from (rule.when for rule in self.rules if rule.when is not None)
        yield from (doubt.when for doubt in self.doubts)
        factors = self.score.factors if self.score else ()
        for factor in factors:
            yield from (step.when for step in factor.steps if step.when is not None)
