"""响应率·解决率·满意率 of a unit in a month, by these definitions.

响应率: of the parts whose 签收 fell due, those signed in time and, where it fell due, first
reported in time. 解决率: of the cases closed, those not reopened and not called 未解决 in a
call-back. 满意率: of the call-backs with an answer, those 满意 or 基本满意; 未联系上 is no answer.
A rate without any case is None: nobody is marked down for what could not be measured.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from cases import events
from cases.clocks import Step
from cases.scores.material import Material

_GOOD = frozenset({"满意", "基本满意"})
_BAD = frozenset({"不满意"})
UNSOLVED = "未解决"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    good: int
    of: int

    @property
    def share(self) -> float | None:
        """The share, None where there was nothing to measure."""
        return self.good / self.of if self.of else None

    def __str__(self) -> str:
        """Return it as 75% (3/4)."""
        return f"{100 * self.good / self.of:.0f}% ({self.good}/{self.of})" if self.of else "无数据"


@dataclass(frozen=True, slots=True)
class Rates:
    """The three rates of one unit."""

    response: Rate
    solved: Rate
    satisfied: Rate


NO_RATES = Rates(Rate(0, 0), Rate(0, 0), Rate(0, 0))


def rates_of(material: Material, now: datetime) -> dict[str, Rates]:
    """Return the rates of every unit that had anything to measure."""
    answers = _call_backs(material)
    response, solved = _responses(material, now), _solved(material, answers)
    satisfied: dict[str, list[bool]] = defaultdict(list)
    for case_id, (result, _) in answers.items():
        unit = material.cases[case_id].lead_unit
        if unit is not None and result in _GOOD | _BAD:
            satisfied[unit].append(result in _GOOD)
    return {
        unit: Rates(*(_rate(part.get(unit, [])) for part in (response, solved, satisfied)))
        for unit in sorted({*response, *solved, *satisfied})
    }


def _rate(each: list[bool]) -> Rate:
    return Rate(sum(each), len(each))


def _responses(material: Material, now: datetime) -> dict[str, list[bool]]:
    slow = {
        (clock.case_id, clock.holder)
        for clock in material.clocks
        if clock.step in (Step.SIGN.value, Step.FIRST_REPORT.value)
        and clock.due_at <= now
        and clock.is_late(now)
    }
    found: dict[str, list[bool]] = defaultdict(list)
    for clock in material.clocks:
        if clock.step == Step.SIGN.value and clock.due_at <= now and clock.holder != "office":
            found[clock.holder].append((clock.case_id, clock.holder) not in slow)
    return found


def _call_backs(material: Material) -> dict[int, tuple[str, bool]]:
    """Return the latest call-back of each case: what was said, and whether it was solved."""
    return {
        one.case_id: (one.event.result, one.event.solved)
        for one in material.happened
        if isinstance(one.event, events.CalledBack)
    }


def _solved(material: Material, answers: dict[int, tuple[str, bool]]) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = defaultdict(list)
    for case in material.cases.values():
        if case.lead_unit is not None and case.closed_at is not None:
            unsolved = case.id in answers and not answers[case.id][1]
            found[case.lead_unit].append(not case.reopened and not unsolved)
    return found
