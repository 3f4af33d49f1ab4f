"""The list of commands: who says what at which moment. The oracle reads it, the engine hears it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tests.support.year.moments import day_of
from tests.support.year.town import Town


class Deed(StrEnum):
    """What a command does; the value is the event by which the engine shows that it was done."""

    REGISTER = "Registered"
    CONFIRM = "GradeConfirmed"
    ASSIGN = "Assigned"
    ASK_SIGNOFF = "SignoffAsked"
    REFUSE_SIGNOFF = "SignoffRefused"
    SIGNOFF = "SignoffGranted"
    SIGN = "Signed"
    DECLINE = "Declined"
    UPHOLD = "Upheld"
    TRANSFER = "Moved"
    REPORT = "Reported"
    REPORT_UP = "ReportedUp"
    WAIVE = "StepWaived"
    PRESS = "StepWaived "  # 发布会 not held
    DRAFT = "ReplyDrafted"
    PASS = "ReplyPassed"
    ISSUE = "ReplyIssued"
    PUBLISH = "Published"
    LOOK = "TrackingChecked"
    EXTEND = "ExtensionAsked"
    GRANT = "ExtensionGranted"
    DENY = "ExtensionDenied"
    REGRADE = "GradeChanged"
    COOP = "Assigned "  # a helping unit
    MERGE = "Merged"
    WITHDRAW = "Withdrawn"
    ASK_CLOSE = "CloseRequested"
    SEND_BACK = "SentBack"
    CLOSE = "Closed"
    ZERO = "zero report"
    ASK_SWAP = "swap asked"
    SWAP = "swap agreed"
    PHONE = "Phoned"  # 电话通知 made
    MUTE = "Muted"  # 本单免打扰


ENDS = frozenset({Deed.MERGE, Deed.WITHDRAW, Deed.CLOSE})
APART = frozenset({Deed.ZERO, Deed.ASK_SWAP, Deed.SWAP})  # no case


@dataclass(frozen=True, slots=True)
class Act:
    """One command. `phase` orders what the engine does at one moment: 1 is its first beat."""

    at: int
    who: str
    deed: Deed
    text: str  # {n} stands for the number of the case, {m} for that of the other one
    case: int = -1  # numbered from 0 in the order of plotting
    unit: str = ""
    level: str = ""
    until: int = 0  # a deadline asked for; the end of what is swapped
    since: int = 0
    other: int = -1
    is_last: bool = False  # 终报
    subject: tuple[str, int] = ("", 0)  # of the clock somebody was called about
    step: str = ""
    phase: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """All commands in the order in which the engine hears them, and the numbers cases get."""

    acts: tuple[Act, ...]
    numbers: dict[int, str]
    ids: dict[int, int]  # the case's id: the order of registration

    def words(self, act: Act) -> str:
        """The command as it is typed."""
        number = self.numbers.get(act.case, "")
        return act.text.replace("{n}", number).replace("{m}", self.numbers.get(act.other, ""))


def arrange(acts: list[Act], town: Town, end: int) -> Script:
    """Put the commands in order; what is said while the engine is down waits for its return."""
    waiting = []
    for nth, act in enumerate(sorted(acts, key=lambda one: one.at)):
        heard, stop = act, town.stopped(act.at) or town.stopped(act.at - 1)
        if stop is not None:
            phase = 0 if stop.commands_first else 2
            heard = replace(act, at=stop.end, phase=phase)
        if heard.at < end:
            waiting.append((heard.at, heard.phase, nth, heard))
    ordered = tuple(one[3] for one in sorted(waiting, key=lambda one: one[:3]))
    numbers: dict[int, str] = {}
    of_day: dict[str, int] = {}
    for act in ordered:
        if act.deed is Deed.REGISTER:
            day = f"{day_of(act.at):%Y%m%d}"
            of_day[day] = of_day.get(day, 0) + 1
            numbers[act.case] = f"YQ-{day}-{of_day[day]:03}"
    known = tuple(act for act in ordered if act.case in numbers or act.deed in APART)
    ids = {case: nth for nth, case in enumerate(numbers, start=1)}
    return Script(known, numbers, ids)
