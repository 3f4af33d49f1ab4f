"""How a drill went: who signed when, where the chain stopped, whether a call woke somebody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """How one step of the chain went."""

    IN_TIME = "按时"
    LATE = "超时"
    NEVER = "没有做"
    AWAITED = "未到期"
    DROPPED = "不再需要"


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain: who was to do what until when, and who did it when."""

    number: str
    step: str
    who: str
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None
    done_by: str
    outcome: Outcome

    @property
    def waited(self) -> timedelta | None:
        """How long it took, real time."""
        return None if self.done_at is None else self.done_at - self.asked_at


@dataclass(frozen=True, slots=True)
class Call:
    """The duty officer was asked to telephone; `made_at` is when he said that he had."""

    number: str
    step: str
    asked_at: datetime
    made_at: datetime | None
    whom: str
    answered_at: datetime | None  # when whoever was called did what was awaited

    @property
    def woke(self) -> bool:
        """Whether the call led to the step being done."""
        return self.made_at is not None and self.answered_at is not None


@dataclass(frozen=True, slots=True)
class DrillSheet:
    """The result sheet of one drill (演练结果), for chat, page and paper."""

    name: str
    about: str
    began_at: datetime
    ended_at: datetime | None
    story_at: datetime
    speed: int
    by: str
    cases: tuple[tuple[str, str, str], ...]  # number, title, where it stands
    chain: tuple[Link, ...]  # in the order in which it was asked
    calls: tuple[Call, ...]

    @property
    def stopped_at(self) -> Link | None:
        """Where the chain stopped: the first step that was due and never done."""
        return next((link for link in self.chain if link.outcome is Outcome.NEVER), None)


def outcome_of(
    due_at: datetime, done_at: datetime | None, *, was_dropped: bool, now: datetime
) -> Outcome:
    """Return how a step went that was due at `due_at` and done, if at all, at `done_at`."""
    if done_at is not None:
        return Outcome.IN_TIME if done_at <= due_at else Outcome.LATE
    if due_at <= now:
        return Outcome.NEVER
    return Outcome.DROPPED if was_dropped else Outcome.AWAITED
