"""What can happen to clocks: starting, settling, cancelling, counting anew."""

from dataclasses import dataclass
from datetime import datetime

from cases.clocks import Step
from cases.model import Case

GRADE_AND_ASSIGN = Step("定级交办")
SIGNOFF = Step("签批")
REVIEW = Step("审核")
SIGN = Step("签收")
FIRST_REPORT = Step("首报")
CLOSE = Step("办结")
ISSUE = Step("签发")
PUBLISH = Step("发布")
REPORT_UP = Step("上报")
RESPOND = Step("回应")
PRESS_CONFERENCE = Step("发布会")
FOLLOW_UP = Step("续报")
TRACK = Step("跟踪")

OFFICE = "office"  # the holder of the office's own clocks


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clock belongs to: the case itself, or one unit's assignment."""

    kind: str  # case, assignment
    id: int


@dataclass(frozen=True, slots=True)
class Start:
    """Start a clock; `deadline` is a leader's own and overrides the rulebook."""

    subject: Subject
    step: Step
    holder: str
    deadline: datetime | None = None
    nth: int = 1  # 续报, 跟踪: which one of the series; later ones may be slower
    since: datetime | None = None  # what it counts from, where that is not now


@dataclass(frozen=True, slots=True)
class Settle:
    """The step has been done: its clock ends, no reminder of it leaves any more."""

    subject: Subject
    step: Step


@dataclass(frozen=True, slots=True)
class CancelAll:
    """Nothing is awaited any more: of one subject, or of the whole case."""

    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Ensure:
    """Start a clock of the whole case that counts from `since`, unless it runs."""

    subject: Subject
    step: Step
    holder: str
    since: datetime


@dataclass(frozen=True, slots=True)
class HandOver:
    """The duty goes to another holder, who has until the same moment."""

    subject: Subject
    step: Step
    holder: str


@dataclass(frozen=True, slots=True)
class Postpone:
    """The step has another moment by a leader's word (延期)."""

    subject: Subject
    step: Step
    until: datetime


@dataclass(frozen=True, slots=True)
class Recount:
    """The grade is another: every running clock is counted anew from its own start."""


Effect = Start | Settle | CancelAll | Ensure | HandOver | Postpone | Recount
Effects = tuple[Effect, ...]


def whole(case: Case) -> Subject:
    """Return the case itself as what a clock belongs to."""
    return Subject("case", case.id)


def of_part(assignment: int) -> Subject:
    """Return one unit's assignment as what a clock belongs to."""
    return Subject("assignment", assignment)


def of_approval(assignment: int) -> Subject:
    """Return what a leader is asked about one unit's assignment."""
    return Subject("approval", assignment)


def of_end(case: Case) -> Subject:
    """Return what a leader is asked about the end of the case; below its assignments' ids."""
    return Subject("approval", case.id * 1000)


def of_task(case: Case, task: int) -> Subject:
    """Return what a review asks for, the `task`-th of the case."""
    return Subject("task", case.id * 1000 + task)


def ended_part(assignment: int) -> tuple[CancelAll, CancelAll]:
    """Return the end of all that is awaited of a part, and of what was asked about it."""
    return (CancelAll(of_part(assignment)), CancelAll(of_approval(assignment)))


def is_lead(case: Case, which: int) -> bool:
    """Whether the assignment with this id is the 主办 one."""
    return case.lead is not None and case.lead.id == which
