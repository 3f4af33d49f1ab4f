"""What has happened to a case. Past participles; kept for ever, folded to the case as it stands.

One module for each family; a new kind goes into its family's union and is then asked for by the
tables of `cases.lifecycle`, `cases.folding`, `cases.case_clocks` and `cases.wording`.
"""

from cases.events.answering import (
    Answering,
    PressHeld,
    PressPlanned,
    Published,
    ReplyDrafted,
    ReplyIssued,
    ReplyIssuedWithEdit,
    ReplyPassed,
    ReplyReturned,
    ReportedUp,
    StepWaived,
)
from cases.events.assigning import (
    Assigned,
    Assigning,
    Moved,
    SignoffAsked,
    SignoffGranted,
    SignoffRefused,
    Upheld,
)
from cases.events.closing import Closed, Closing, SentBack
from cases.events.grading import GradeChanged, GradeConfirmed, GradeSuggested, Grading
from cases.events.orders import (
    InstructionDropped,
    InstructionExecuted,
    InstructionProposed,
    OrderAnswered,
    OrderGiven,
    Ordering,
    PassedUpward,
)
from cases.events.reminding import Reminded, Reminding, Urged
from cases.events.reporting import Joined, Registered, Reporting, Supplemented, Withdrawn
from cases.events.unit_work import CloseRequested, Declined, Reported, Signed, UnitWork, Verified

Event = Reporting | Grading | Assigning | UnitWork | Closing | Answering | Ordering | Reminding

__all__ = [
    "Answering",
    "Assigned",
    "Assigning",
    "CloseRequested",
    "Closed",
    "Closing",
    "Declined",
    "Event",
    "GradeChanged",
    "GradeConfirmed",
    "GradeSuggested",
    "Grading",
    "InstructionDropped",
    "InstructionExecuted",
    "InstructionProposed",
    "Joined",
    "Moved",
    "OrderAnswered",
    "OrderGiven",
    "Ordering",
    "PassedUpward",
    "PressHeld",
    "PressPlanned",
    "Published",
    "Registered",
    "Reminded",
    "Reminding",
    "ReplyDrafted",
    "ReplyIssued",
    "ReplyIssuedWithEdit",
    "ReplyPassed",
    "ReplyReturned",
    "Reported",
    "ReportedUp",
    "Reporting",
    "SentBack",
    "Signed",
    "SignoffAsked",
    "SignoffGranted",
    "SignoffRefused",
    "StepWaived",
    "Supplemented",
    "UnitWork",
    "Upheld",
    "Urged",
    "Verified",
    "Withdrawn",
]
