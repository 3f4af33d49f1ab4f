"""What people, and the clock, may ask of a case. Imperatives; who asks is told beside them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Join:
    """The same link again, from `reporter` (并入)."""

    reporter: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """More about the case: words and metrics, never overwriting earlier ones (补充)."""

    text: str
    missing_now_known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the report back (误报/撤回)."""

    reason: str


@dataclass(frozen=True, slots=True)
class SuggestGrade:
    """Say what the grade should be; only a human of the named role decides."""

    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmGrade:
    """Fix the grade (定级), or change it with a reason (升级/降级)."""

    level: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Assign:
    """Make units responsible (交办): the lead, then those who help."""

    lead: str
    coop: tuple[str, ...] = ()
    demand: str = ""
    deadline: datetime | None = None
    needs_signoff: bool = False  # the rulebook demands 签批 at this level


@dataclass(frozen=True, slots=True)
class GrantSignoff:
    """The leader signs the assignment off (签批); `words` verbatim."""

    words: str


@dataclass(frozen=True, slots=True)
class RefuseSignoff:
    """The leader does not sign it off; the office decides anew."""

    words: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Give the lead to another unit (转办)."""

    lead: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddCoop:
    """Add helping units (加协办)."""

    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """The unit has received it (签收)."""

    unit: str


@dataclass(frozen=True, slots=True)
class Decline:
    """The unit says it is not its duty (退回): a reason is required, a suggestion wanted."""

    unit: str
    reason: str
    suggest: str | None = None


@dataclass(frozen=True, slots=True)
class UpholdAssignment:
    """The office rules that the unit keeps it; it may not be returned again."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The unit reports (首报, 续报, 终报, 进展)."""

    unit: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Verify:
    """The unit says what is true: 属实, 部分属实, 不属实."""

    unit: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class RequestClose:
    """The unit says it is done (申请办结); that closes nothing."""

    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Close:
    """Confirm that it is done (办结); `words` verbatim."""

    words: str


@dataclass(frozen=True, slots=True)
class SendBack:
    """Not done yet: back to the unit with a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Urge:
    """Remind the unit now (催办)."""

    unit: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Remind:
    """A timer has rung: remind `audience` of `step`, and say how many earlier rungs are skipped."""

    step: str
    holder: str
    slot: str
    audience: str
    due_at: datetime
    skipped: int = 0


Command = (
    Join
    | Supplement
    | Withdraw
    | SuggestGrade
    | ConfirmGrade
    | Assign
    | GrantSignoff
    | RefuseSignoff
    | Transfer
    | AddCoop
    | Sign
    | Decline
    | UpholdAssignment
    | Report
    | Verify
    | RequestClose
    | Close
    | SendBack
    | Urge
    | Remind
)
