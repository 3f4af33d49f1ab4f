"""Facts found in what happened: each names its unit, its case and the event behind it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases import events
from cases.beijing import in_beijing
from cases.clocks import Step
from cases.scores.material import Material, ScoredCase, ScoredClock, ScoredEvent
from cases.scores.rules import Fact, ScoreRules

_LATE = {
    Step.SIGN.value: Fact.LATE_SIGN,
    Step.FIRST_REPORT.value: Fact.LATE_FIRST_REPORT,
    Step.FOLLOW_UP.value: Fact.LATE_FOLLOW_UP,
    Step.RESPOND.value: Fact.LATE_RESPOND,
    Step.PRESS_CONFERENCE.value: Fact.LATE_PRESS,
    Step.CLOSE.value: Fact.LATE_CLOSE,
}
SCORED_STEPS = tuple(_LATE)
COUNTED_EVENTS = (
    "ExtensionGranted",
    "ReplyReturned",
    "SentBack",
    "CalledBack",
)
_OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Happening:
    """A fact that may cost or give points."""

    fact: Fact
    unit: str
    case_id: int
    number: str
    seq: int  # of the event behind it, in the case
    at: datetime  # when it was so: a lateness at its deadline
    why: str
    nth: int = 1  # of its kind in the case

    @property
    def key(self) -> str:
        """What an appeal and its ruling name it by; the same however often it is counted."""
        return f"{self.case_id}:{self.fact.name}:{self.unit}:{self.at:%Y%m%d%H%M%S}"


def happenings(material: Material, rules: ScoreRules, now: datetime) -> tuple[Happening, ...]:
    """Return every fact found, in order of time; what the rules except is left out."""
    late = [clock for clock in material.clocks if clock.due_at <= now and clock.is_late(now)]
    found = [_of_clock(material, clock) for clock in late]
    found += _of_events(material)
    found += _found_and_handled(material, {clock.case_id for clock in late})
    kept = [one for one in found if one is not None and not _is_excepted(one, material, rules)]
    return tuple(sorted(kept, key=lambda one: (one.at, one.case_id, one.seq)))


def _is_excepted(one: Happening, material: Material, rules: ScoreRules) -> bool:
    case = material.cases[one.case_id]
    return case.level in rules.except_levels or (
        "协办" in rules.except_parts and one.unit in case.helpers and one.unit != case.lead_unit
    )


def _of_clock(material: Material, clock: ScoredClock) -> Happening | None:
    case = material.cases[clock.case_id]
    unit = case.lead_unit if clock.holder == _OFFICE else clock.holder
    fact = _LATE[clock.step]
    if unit is None or (clock.holder == _OFFICE and fact is not Fact.LATE_PRESS):
        return None
    last = material.last_seq.get(case.id, 1)
    seq = material.moments.get((case.id, clock.ended_at), last) if clock.ended_at else last
    ended = f"{in_beijing(clock.ended_at):%m-%d %H:%M} 才办" if clock.ended_at else "至今没有办"
    why = f"{clock.step}应在 {in_beijing(clock.due_at):%m-%d %H:%M} 前, {ended}"
    return Happening(fact, unit, case.id, case.number, seq, clock.due_at, why)


def _of_events(material: Material) -> Iterator[Happening | None]:
    counted: Counter[tuple[int, Fact]] = Counter()
    for one in material.happened:
        said = _said(one)
        if said is None:
            continue
        fact, why = said
        case = material.cases[one.case_id]
        counted[case.id, fact] += 1
        if case.lead_unit is not None:
            yield _happening(case, one, (fact, why), counted[case.id, fact])


def _happening(case: ScoredCase, one: ScoredEvent, what: tuple[Fact, str], nth: int) -> Happening:
    fact, why = what
    return Happening(fact, case.lead_unit or "", case.id, case.number, one.seq, one.at, why, nth)


def _said(one: ScoredEvent) -> tuple[Fact, str] | None:
    match one.event:
        case events.ExtensionGranted():
            return Fact.EXTENDED, "批准延期"
        case events.ReplyReturned(reason=reason):
            return Fact.REPLY_RETURNED, f"回应稿退回: {reason}"
        case events.SentBack(reason=reason):
            return Fact.SENT_BACK, f"办结退回: {reason}"
        case _:
            return None


def _found_and_handled(material: Material, late: set[int]) -> Iterator[Happening]:
    """A unit reported the matter itself and handled it in time."""
    for case in material.cases.values():
        is_own = case.lead_unit is not None and case.found_by == case.lead_unit
        if not is_own or case.closed_at is None or case.id in late or case.reopened:
            continue
        seq = material.moments.get((case.id, case.closed_at), 1)
        why = "本单位首报, 各环节按时办结"
        unit = case.lead_unit or ""
        yield Happening(Fact.FOUND, unit, case.id, case.number, seq, case.closed_at, why)
