"""A message that must reach somebody: to whom, how urgent, in which words, and why."""

from dataclasses import dataclass
from enum import IntEnum

from cases.asks import Asks
from cases.people import Role


class Priority(IntEnum):
    """The order of leaving: the smaller the sooner."""

    CLICK = 0
    ANSWER = 1
    TOP_GRADE = 2
    ESCALATION = 3
    REMINDER = 4
    NOTICE = 5
    DIGEST = 6


@dataclass(frozen=True, slots=True)
class ToPerson:
    """One person, by userid."""

    userid: str


@dataclass(frozen=True, slots=True)
class ToRole:
    """Everybody who holds a role of the institution."""

    role: Role


@dataclass(frozen=True, slots=True)
class ToUnit:
    """The person of a unit that an audience of the ladder names: 联络员, 副职, 单位分管领导."""

    unit: str
    role: Role = Role.LIAISON
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class ToGroup:
    """The unit's group, @-mentioning its liaison: a notice, which decides nothing."""

    unit: str


Recipient = ToPerson | ToRole | ToUnit | ToGroup


@dataclass(frozen=True, slots=True)
class Choice:
    """A numbered choice: what is shown, and what the person is taken to have said by its number."""

    label: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one kind of recipient."""

    to: Recipient
    text: str
    kind: str
    reason: str  # the named reason, shown on the timeline
    priority: Priority = Priority.NOTICE
    choices: tuple[Choice, ...] = ()
    asks: Asks | None = None  # shown as a card where cards are on, by its text elsewhere
    is_optional: bool = False  # where nobody holds the role, nothing is missing
    gathers: bool = False  # joins the others of its moment to the same person in one message
