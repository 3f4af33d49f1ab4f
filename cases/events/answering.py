"""What has happened about what is said in public and upward."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReplyDrafted:
    """The unit submitted a version of the public answer; every version is kept."""

    unit: str
    version: int
    draft: str  # word for word
    by: str
    instead_of_closing: bool = False  # drafted while the closing was awaited: that is off


@dataclass(frozen=True, slots=True)
class ReplyPassed:
    """The office found it in order; the leader is asked."""

    version: int
    words: str
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


@dataclass(frozen=True, slots=True)
class ReplyReturned:
    """It is to be written again."""

    version: int
    reason: str
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


@dataclass(frozen=True, slots=True)
class ReplyIssued:
    """The leader let it go out; `words` verbatim."""

    version: int
    words: str
    edited: bool = False  # the condition of an earlier agreement was found to be met
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


@dataclass(frozen=True, slots=True)
class ReplyIssuedWithEdit:
    """The leader agreed under a condition, verbatim."""

    version: int
    words: str
    by: str
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """The approved text is out; `until` is how long a rebound is looked for."""

    version: int
    channel: str
    url: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class StepWaived:
    """The office said why 回应 or 发布会 is not needed."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportedUp:
    """The 特报 has gone to the upper office."""

    text: str


@dataclass(frozen=True, slots=True)
class PressPlanned:
    """When and where the press conference will be."""

    at: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class PressHeld:
    """The press conference has been held and recorded."""

    text: str
    url: str


Answering = (
    ReplyDrafted
    | ReplyPassed
    | ReplyReturned
    | ReplyIssued
    | ReplyIssuedWithEdit
    | Published
    | StepWaived
    | ReportedUp
    | PressPlanned
    | PressHeld
)
