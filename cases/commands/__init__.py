"""What people, and the clock, may ask of a case. Imperatives; who asks is told beside them.

One module for each family; a new kind goes into its family's union and into the tables of
`cases.lifecycle`.
"""

from cases.commands.answering import (
    Answering,
    DraftReply,
    HoldPress,
    IssueReply,
    IssueWithEdit,
    PassReply,
    PlanPress,
    Publish,
    ReportUp,
    ReturnReply,
    WaiveStep,
)
from cases.commands.assigning import (
    AddCoop,
    Assign,
    Assigning,
    GrantSignoff,
    RefuseSignoff,
    Transfer,
    UpholdAssignment,
)
from cases.commands.closing import Close, Closing, SendBack
from cases.commands.ending import (
    Archive,
    AskEnd,
    Ending,
    EndResponse,
    KeepResponding,
    RefuseCase,
    Reopen,
    Restore,
)
from cases.commands.extending import AskExtension, DenyExtension, Extending, GrantExtension
from cases.commands.grading import ApplyRules, ConfirmGrade, Grading, SuggestGrade
from cases.commands.improving import FinishImprovement, Improving, SetImprovement
from cases.commands.merging import Absorb, Merge, Merging, Release
from cases.commands.orders import (
    DropInstruction,
    ExecuteInstruction,
    Ordering,
    PassUpward,
    ProposeInstruction,
)
from cases.commands.overseeing import (
    CallMeeting,
    ConcludeMeeting,
    EndSupervision,
    HandOff,
    Overseeing,
    RequestCoop,
    Restrict,
    Supervise,
)
from cases.commands.reminding import Remind, Reminding, Urge
from cases.commands.reporting import Join, Reporting, Supplement, Withdraw
from cases.commands.tracking import CheckTracking, RecordCallBack, Tracking
from cases.commands.unit_work import Decline, Report, RequestClose, Sign, UnitWork, Verify

Command = (
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
    "Absorb",
    "AddCoop",
    "Answering",
    "ApplyRules",
    "Archive",
    "AskEnd",
    "AskExtension",
    "Assign",
    "Assigning",
    "CallMeeting",
    "CheckTracking",
    "Close",
    "Closing",
    "Command",
    "ConcludeMeeting",
    "ConfirmGrade",
    "Decline",
    "DenyExtension",
    "DraftReply",
    "DropInstruction",
    "EndResponse",
    "EndSupervision",
    "Ending",
    "ExecuteInstruction",
    "Extending",
    "FinishImprovement",
    "Grading",
    "GrantExtension",
    "GrantSignoff",
    "HandOff",
    "HoldPress",
    "Improving",
    "IssueReply",
    "IssueWithEdit",
    "Join",
    "KeepResponding",
    "Merge",
    "Merging",
    "Ordering",
    "Overseeing",
    "PassReply",
    "PassUpward",
    "PlanPress",
    "ProposeInstruction",
    "Publish",
    "RecordCallBack",
    "RefuseCase",
    "RefuseSignoff",
    "Release",
    "Remind",
    "Reminding",
    "Reopen",
    "Report",
    "ReportUp",
    "Reporting",
    "RequestClose",
    "RequestCoop",
    "Restore",
    "Restrict",
    "ReturnReply",
    "SendBack",
    "SetImprovement",
    "Sign",
    "SuggestGrade",
    "Supervise",
    "Supplement",
    "Tracking",
    "Transfer",
    "UnitWork",
    "UpholdAssignment",
    "Urge",
    "Verify",
    "WaiveStep",
    "Withdraw",
]
