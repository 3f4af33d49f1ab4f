"""Open cases out of the institution's own 台账: as they stand, without telling anybody anew.

Each row goes the way every case goes, through `carry_out`, on a desk that is quiet. Its clocks
begin with the import; a deadline that has passed gives the one notice that every such clock gives.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases import commands
from cases.model import Case
from cases.people import OTHER_DOOR, Person, Role
from handlers.carry_out import carry_out
from handlers.desk import Act, Desk
from handlers.intake_import import Imported, take
from handlers.public_reply import watch_hours
from storage.intake import LEDGER
from storage.work import Work

_WORDS = "自台账导入"


class Stage(StrEnum):
    """How far a case of a 台账 has come; the value is the word in a report."""

    REPORTED = "已登记"
    GRADED = "已定级"
    ASSIGNED = "已交办"
    SIGNED = "已签收"
    HANDLING = "办理中"
    ANSWERING = "回应中"
    TRACKING = "跟踪中"
    CLOSE_REQUESTED = "待办结"


_ORDER = tuple(Stage)
_PUBLIC = frozenset({Stage.ANSWERING, Stage.TRACKING})


@dataclass(frozen=True, slots=True)
class Entry:
    """One open case as the 台账 has it; what is doubtful in it has been left out before."""

    number: str  # the institution's own, by which it is taken once
    title: str
    stage: Stage
    summary: str = ""
    urls: tuple[str, ...] = ()
    level: str = ""
    lead: str = ""  # a unit's id
    coop: tuple[str, ...] = ()
    deadline: datetime | None = None  # of 办结
    answered_at: datetime | None = None  # when the public answer went out; 跟踪 counts from it
    answer_url: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row."""

    number: str  # ours
    stage: Stage  # as far as it could be brought
    is_repeat: bool
    is_late: bool  # its deadline has passed: one notice follows


def take_over(work: Work, desk: Desk, entry: Entry, now: datetime) -> Taken:
    """Bring one case in as it stands; nobody is told.

    Raises:
        RefusalError: it cannot be registered: no text, or perhaps classified matter.
        ConcurrentChange: run it again.
    """
    quiet = replace(desk, is_quiet=True)
    title = f"{entry.title[:40]} (原编号 {entry.number})" if entry.number else entry.title
    imported = Imported(LEDGER, entry.number or entry.title, title, entry.summary, entry.urls)
    taken = take(work, quiet, imported, now)
    case = work.cases.by_number(taken.number)
    if taken.is_repeat or taken.place > 1 or case is None:
        return Taken(taken.number, Stage.REPORTED, is_repeat=True, is_late=False)
    act = Act(Person("command", LEDGER, frozenset({Role.ADMINISTRATOR})), _WORDS, "")
    # Nobody passes his own text (two persons): the text is the table's, the rest the command's.
    of_table = replace(act, by=replace(act.by, userid=f"{OTHER_DOOR}{LEDGER}"))
    reached = Stage.REPORTED
    for stage, command in _steps(quiet, case, entry, now):
        by = of_table if stage is Stage.ANSWERING else act
        case = carry_out(work, quiet, case, command, by, now=now).case
        reached = stage
    late = entry.deadline is not None and entry.deadline <= now and reached is not Stage.REPORTED
    return Taken(taken.number, reached, is_repeat=False, is_late=late)


def _steps(
    desk: Desk, case: Case, entry: Entry, now: datetime
) -> Iterator[tuple[Stage, commands.Command]]:
    """The commands that bring a case from 登记 to where it stands, as far as is known."""
    level, lead = entry.level or case.proposal.level, entry.lead
    answered = entry.answered_at or now
    graded = replace(case, level=level)
    makes: Mapping[Stage, tuple[commands.Command, ...]] = {
        Stage.GRADED: (commands.ConfirmGrade(level, _WORDS),),
        Stage.ASSIGNED: (
            commands.Assign(lead, entry.coop, demand=_WORDS, deadline=entry.deadline),
        ),
        Stage.SIGNED: (commands.Sign(lead),),
        Stage.HANDLING: (commands.Report(lead, "首报", f"{_WORDS}: 已在办理"),),
        Stage.ANSWERING: (commands.DraftReply(lead, f"{_WORDS}: 回应稿见原台账"),),
        Stage.TRACKING: (
            commands.PassReply(_WORDS, issues=True),
            commands.Publish(
                _WORDS, entry.answer_url, answered, watch_hours(desk, graded, answered)
            ),
        ),
        Stage.CLOSE_REQUESTED: (commands.RequestClose(lead, f"{_WORDS}: 已申请办结"),),
    }
    for stage in _passed(entry):
        if stage is not Stage.GRADED and not lead:
            return
        yield from ((stage, command) for command in makes[stage])


def _passed(entry: Entry) -> tuple[Stage, ...]:
    """The stages a case went through; a public answer only where the row tells of one."""
    passed = _ORDER[1 : _ORDER.index(entry.stage) + 1]
    if entry.stage is Stage.CLOSE_REQUESTED and entry.answered_at is None:
        return tuple(one for one in passed if one not in _PUBLIC)
    return passed
