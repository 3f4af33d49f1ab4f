"""What has happened to a case. Past participles; kept for ever, folded to the case as it stands."""

from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import get_args


@dataclass(frozen=True, slots=True)
class Registered:
    """A link or a matter became a case (登记)."""

    number: str
    title: str
    reporter: str
    level: str
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A repeat joined it (并入); `place` counts the reporters from 1."""

    reporter: str
    place: int


@dataclass(frozen=True, slots=True)
class Supplemented:
    """More became known (补充)."""

    text: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The report was taken back (撤回)."""

    reason: str


@dataclass(frozen=True, slots=True)
class GradeSuggested:
    """Somebody said what the grade should be."""

    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class GradeConfirmed:
    """A human fixed the grade (定级)."""

    level: str


@dataclass(frozen=True, slots=True)
class GradeChanged:
    """A human changed the grade (升级/降级)."""

    was: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignoffAsked:
    """The office decided on units; the leader's 签批 is awaited."""

    lead: str
    coop: tuple[str, ...] = ()
    demand: str = ""
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignoffGranted:
    """The leader signed it off; `words` verbatim."""

    words: str


@dataclass(frozen=True, slots=True)
class SignoffRefused:
    """The leader did not sign it off."""

    words: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """A unit became responsible (交办)."""

    assignment: int
    unit: str
    part: str
    at: datetime
    by: str
    demand: str = ""
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """The unit signed (签收)."""

    assignment: int
    unit: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Declined:
    """The unit asked to return it (退回); the office rules."""

    assignment: int
    unit: str
    reason: str
    suggest: str | None = None


@dataclass(frozen=True, slots=True)
class Upheld:
    """The office ruled that the unit keeps it."""

    assignment: int
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit was relieved of it (转办)."""

    assignment: int
    unit: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reported:
    """The unit reported; `seq` counts 首报 as 1."""

    assignment: int
    unit: str
    kind: str
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The unit said what is true (核实)."""

    assignment: int
    unit: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class CloseRequested:
    """The unit said it is done (申请办结)."""

    assignment: int
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Somebody entitled confirmed that it is done (办结)."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SentBack:
    """It was not accepted as done."""

    reason: str


@dataclass(frozen=True, slots=True)
class Urged:
    """Somebody urged the unit by hand (催办)."""

    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """The clock reminded somebody; `skipped` counts rungs that an outage left unsent."""

    step: str
    holder: str
    slot: str
    audience: str
    due_at: datetime
    skipped: int = 0


Event = (
    Registered
    | Joined
    | Supplemented
    | Withdrawn
    | GradeSuggested
    | GradeConfirmed
    | GradeChanged
    | SignoffAsked
    | SignoffGranted
    | SignoffRefused
    | Assigned
    | Signed
    | Declined
    | Upheld
    | Moved
    | Reported
    | Verified
    | CloseRequested
    | Closed
    | SentBack
    | Urged
    | Reminded
)

KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}
_MOMENTS = frozenset({"at", "deadline", "due_at"})


def pack(event: Event) -> tuple[str, dict[str, object]]:
    """Return the kind of an event and its data as JSON values."""
    data = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(event).items()
    }
    return type(event).__name__, {
        name: list(value) if isinstance(value, tuple) else value for name, value in data.items()
    }


def unpack(kind: str, data: dict[str, object]) -> Event:
    """Return the event that `pack` took apart; fields added later take their defaults.

    Raises:
        KeyError: no such kind.
    """
    cls = KINDS[kind]
    names = {field.name for field in fields(cls)}
    return cls(**{name: _value(name, value) for name, value in data.items() if name in names})  # type: ignore[arg-type]


def _value(name: str, value: object) -> object:
    if name in _MOMENTS and isinstance(value, str):
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
