"""What may be asked about ends other than 办结, and about coming back from an end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RefuseCase:
    """It is not taken up (不予受理): why, and where the matter belongs."""

    reason: str
    path: str


@dataclass(frozen=True, slots=True)
class AskEnd:
    """Report that the response should end (终止响应); a leader has to agree."""

    reason: str


@dataclass(frozen=True, slots=True)
class EndResponse:
    """The leader ends the response; `words` verbatim."""

    words: str


@dataclass(frozen=True, slots=True)
class KeepResponding:
    """The leader does not end it; `words` verbatim."""

    words: str


@dataclass(frozen=True, slots=True)
class Archive:
    """File the closed case (归档); `review`: a 复盘 is to be written."""

    review: bool = False


@dataclass(frozen=True, slots=True)
class Reopen:
    """The matter is back (反弹重开)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Restore:
    """Take back a command that ended the case by mistake."""


Ending = RefuseCase | AskEnd | EndResponse | KeepResponding | Archive | Reopen | Restore
