"""What may be asked about the work of a unit."""

from dataclasses import dataclass


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
    needs_answer: bool = False  # at this level a case is answered in public before it is closed


UnitWork = Sign | Decline | Report | Verify | RequestClose
