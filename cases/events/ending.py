"""What happened about ends other than 办结, and about coming back from an end."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CaseRefused:
    """It was not taken up (不予受理); `path` is where the matter belongs."""

    reason: str
    path: str


@dataclass(frozen=True, slots=True)
class EndAsked:
    """The office reported that the response should end (终止响应)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ResponseEnded:
    """A leader ended the response; `words` verbatim."""

    words: str
    at: datetime
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


@dataclass(frozen=True, slots=True)
class EndDenied:
    """The leader lets the response go on; `words` verbatim."""

    words: str
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


@dataclass(frozen=True, slots=True)
class Archived:
    """The closed case was filed (归档)."""

    review: bool = False


@dataclass(frozen=True, slots=True)
class Reopened:
    """The matter came back (反弹重开); `nth` counts from 1."""

    reason: str
    nth: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A command that had ended the case was taken back; `state` is where it stands again.

    `lapsed` names the assignments whose own deadline, set by a leader, passed while it had ended:
    nobody could meet it, so the rulebook counts them anew from now.
    """

    was: str
    state: str
    lapsed: tuple[int, ...] = ()


Ending = CaseRefused | EndAsked | ResponseEnded | EndDenied | Archived | Reopened | Restored
