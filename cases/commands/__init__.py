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
from cases.commands.grading import ConfirmGrade, Grading, SuggestGrade
from cases.commands.orders import (
    DropInstruction,
    ExecuteInstruction,
    Ordering,
    PassUpward,
    ProposeInstruction,
)
from cases.commands.reminding import Remind, Reminding, Urge
from cases.commands.reporting import Join, Reporting, Supplement, Withdraw
from cases.commands.unit_work import Decline, Report, RequestClose, Sign, UnitWork, Verify

Command = Reporting | Grading | Assigning | UnitWork | Closing | Answering | Ordering | Reminding

__all__ = [
    "AddCoop",
    "Answering",
    "Assign",
    "Assigning",
    "Close",
    "Closing",
    "Command",
    "ConfirmGrade",
    "Decline",
    "DraftReply",
    "DropInstruction",
    "ExecuteInstruction",
    "Grading",
    "GrantSignoff",
    "HoldPress",
    "IssueReply",
    "IssueWithEdit",
    "Join",
    "Ordering",
    "PassReply",
    "PassUpward",
    "PlanPress",
    "ProposeInstruction",
    "Publish",
    "RefuseSignoff",
    "Remind",
    "Reminding",
    "Report",
    "ReportUp",
    "Reporting",
    "RequestClose",
    "ReturnReply",
    "SendBack",
    "Sign",
    "SuggestGrade",
    "Supplement",
    "Transfer",
    "UnitWork",
    "UpholdAssignment",
    "Urge",
    "Verify",
    "WaiveStep",
    "Withdraw",
]
