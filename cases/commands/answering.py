"""What may be asked about what is said in public and upward (拟稿, 审核, 签发, 发布, 特报)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DraftReply:
    """The unit submits the text of the public answer (拟稿); a new one replaces the last."""

    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class PassReply:
    """The office finds the text in order (审核通过): the leader of the level is asked."""

    words: str
    issues: bool = False  # whoever checks it may also let it go out at this level


@dataclass(frozen=True, slots=True)
class ReturnReply:
    """The text is to be written again, with a reason; the words of a leader are kept verbatim."""

    reason: str


@dataclass(frozen=True, slots=True)
class IssueReply:
    """The leader lets the text go out as it stands (签发)."""

    words: str


@dataclass(frozen=True, slots=True)
class IssueWithEdit:
    """The leader agrees under a condition (原则同意): not publishable until the edit is in."""

    condition: str


@dataclass(frozen=True, slots=True)
class Publish:
    """The approved text is out, with its link, channel and time (发布)."""

    channel: str
    url: str
    at: datetime
    watch_hours: int  # 跟踪: how long a rebound is looked for


@dataclass(frozen=True, slots=True)
class WaiveStep:
    """The office says, with a reason, that 回应 or 发布会 is not needed."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportUp:
    """The 特报 has gone to the upper office."""

    text: str


@dataclass(frozen=True, slots=True)
class PlanPress:
    """When and where the press conference will be."""

    at: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class HoldPress:
    """The press conference has been held; its record ends its clock (发布会)."""

    text: str
    url: str


Answering = (
    DraftReply
    | PassReply
    | ReturnReply
    | IssueReply
    | IssueWithEdit
    | Publish
    | WaiveStep
    | ReportUp
    | PlanPress
    | HoldPress
)
