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
from cases.events.ending import (
    Archived,
    CaseRefused,
    EndAsked,
    EndDenied,
    Ending,
    Reopened,
    ResponseEnded,
    Restored,
)
from cases.events.extending import Extending, ExtensionAsked, ExtensionDenied, ExtensionGranted
from cases.events.grading import GradeChanged, GradeConfirmed, GradeSuggested, Grading, RulesApplied
from cases.events.improving import ImprovementDone, ImprovementSet, Improving
from cases.events.merging import Absorbed, Merged, Merging, Released
from cases.events.orders import (
    InstructionDropped,
    InstructionExecuted,
    InstructionProposed,
    OrderAnswered,
    OrderGiven,
    Ordering,
    PassedUpward,
    SeatGranted,
)
from cases.events.overseeing import (
    CoopRequested,
    HandedOff,
    MeetingCalled,
    MeetingConcluded,
    Overseeing,
    Restricted,
    SectionSigned,
    Supervised,
    SupervisionEnded,
)
from cases.events.reminding import Reminded, Reminding, Urged
from cases.events.reporting import Joined, Registered, Reporting, Supplemented, Withdrawn
from cases.events.tracking import CalledBack, Rebounded, Tracking, TrackingChecked
from cases.events.unit_work import CloseRequested, Declined, Reported, Signed, UnitWork, Verified

Event = (
    Reporting
    | Grading
    | Assigning
    | UnitWork
    | Closing
    | Answering
    | Ordering
    | Extending
    | Merging
    | Ending
    | Overseeing
    | Tracking
    | Improving
    | Reminding
)

__all__ = [
    "Absorbed",
    "Answering",
    "Archived",
    "Assigned",
    "Assigning",
    "CalledBack",
    "CaseRefused",
    "CloseRequested",
    "Closed",
    "Closing",
    "CoopRequested",
    "Declined",
    "EndAsked",
    "EndDenied",
    "Ending",
    "Event",
    "Extending",
    "ExtensionAsked",
    "ExtensionDenied",
    "ExtensionGranted",
    "GradeChanged",
    "GradeConfirmed",
    "GradeSuggested",
    "Grading",
    "HandedOff",
    "ImprovementDone",
    "ImprovementSet",
    "Improving",
    "InstructionDropped",
    "InstructionExecuted",
    "InstructionProposed",
    "Joined",
    "MeetingCalled",
    "MeetingConcluded",
    "Merged",
    "Merging",
    "Moved",
    "OrderAnswered",
    "OrderGiven",
    "Ordering",
    "Overseeing",
    "PassedUpward",
    "PressHeld",
    "PressPlanned",
    "Published",
    "Rebounded",
    "Registered",
    "Released",
    "Reminded",
    "Reminding",
    "Reopened",
    "ReplyDrafted",
    "ReplyIssued",
    "ReplyIssuedWithEdit",
    "ReplyPassed",
    "ReplyReturned",
    "Reported",
    "ReportedUp",
    "Reporting",
    "ResponseEnded",
    "Restored",
    "Restricted",
    "RulesApplied",
    "SeatGranted",
    "SectionSigned",
    "SentBack",
    "Signed",
    "SignoffAsked",
    "SignoffGranted",
    "SignoffRefused",
    "StepWaived",
    "Supervised",
    "SupervisionEnded",
    "Supplemented",
    "Tracking",
    "TrackingChecked",
    "UnitWork",
    "Upheld",
    "Urged",
    "Verified",
    "Withdrawn",
]
