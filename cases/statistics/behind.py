"""Which facts stand behind one number: the same question for the number and for its list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cases.statistics.facts import CaseFact, Counts, How, StepFact


class What(StrEnum):
    """What is counted; the value stands in addresses."""

    CASES = "cases"  # registered in the period
    CLOSED = "closed"  # 办结 in the period, whenever registered
    REPEATS = "repeats"  # further reports of a case of the period
    REMINDERS = "reminders"  # sent about a case of the period
    STEPS = "steps"  # whose deadline lies in the period

    @property
    def label(self) -> str:
        """The word on the page."""
        return _LABELS[self]

    @property
    def unit(self) -> str:
        """What it is counted in."""
        return _UNITS[self]


_LABELS = {
    What.CASES: "登记",
    What.CLOSED: "办结",
    What.REPEATS: "重复上报",
    What.REMINDERS: "发出的提醒",
    What.STEPS: "时限",
}
_UNITS = {
    What.CASES: "件",
    What.CLOSED: "件",
    What.REPEATS: "次",
    What.REMINDERS: "条",
    What.STEPS: "项",
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the page, as the question it answers. None and "" ask nothing."""

    what: What = What.CASES
    level: str | None = None
    platform: str | None = None
    lead: str | None = None
    state: str | None = None
    since: int | None = None  # counted from this moment …
    until: int | None = None  # … to before this one
    weekday: int | None = None
    hour: int | None = None
    step: str = ""
    how: How | None = None
    is_judged: bool = False  # only what is in time or late
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is counted of a time."""

    cases: Sequence[CaseFact]  # registered then
    closed: Sequence[CaseFact]  # closed then, whenever registered
    steps: Sequence[StepFact]  # due then
    counts: Counts  # of the registered ones


def steps_behind(number: Number, facts: Iterable[StepFact], now: int) -> list[StepFact]:
    """Return the steps behind a number of steps."""
    return [
        fact
        for fact in facts
        if fact.step == number.step
        and number.how in (None, fact.how(now))
        and not (number.is_judged and fact.how(now) is How.RUNNING)
        and number.holder in ("", fact.holder)
    ]
