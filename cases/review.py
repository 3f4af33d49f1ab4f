"""Looking back on a case (复盘): what was demanded beside what happened, how long each waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.drawing.charts import Bar, bars
from cases.drills.sheet import Outcome
from cases.library.lessons import Asked, Lesson
from cases.wording.moments import span

_MOST_BARS = 24


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, and how long nothing had happened before it."""

    at: datetime
    what: str
    who: str
    waited: timedelta
    seq: int  # of the event


@dataclass(frozen=True, slots=True)
class Demand:
    """One step the rules demanded, beside what happened."""

    step: str
    who: str
    began_at: datetime
    due_at: datetime
    done_at: datetime | None
    ended_at: datetime | None  # when it was done, or no longer awaited
    outcome: Outcome
    basis: str  # how the deadline was counted, in one line

    def took(self, now: datetime) -> timedelta:
        """How long it took, or was awaited, or has been so far."""
        return (self.ended_at or now) - self.began_at


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be made better (整改): by whom, until when, and whether it is done."""

    number: int
    unit: str
    text: str
    deadline: datetime
    done_at: datetime | None
    done_text: str


@dataclass(frozen=True, slots=True)
class Review:
    """The whole review, for chat, page and paper."""

    number: str
    title: str
    level: str
    unit: str
    began_at: datetime
    ended_at: datetime | None
    moments: tuple[Moment, ...]
    demands: tuple[Demand, ...]
    lesson: Lesson
    tasks: tuple[Task, ...]
    counted_at: datetime

    @property
    def late(self) -> tuple[Demand, ...]:
        """The steps done too late, or not at all."""
        return tuple(one for one in self.demands if one.outcome in (Outcome.LATE, Outcome.NEVER))

    @property
    def longest(self) -> Moment | None:
        """Where nothing happened for longest."""
        return max(self.moments, key=lambda one: one.waited, default=None)

    def drawing(self) -> str:
        """Return the waiting time of each step as SVG: what it took of what the rules gave."""
        shown = [_bar(one, self.counted_at) for one in self.demands[:_MOST_BARS]]
        return bars("各环节用时 (实际 / 规定)", shown)


def _bar(one: Demand, now: datetime) -> Bar:
    took, given = one.took(now), one.due_at - one.began_at
    late = "  超时" if one.outcome in (Outcome.LATE, Outcome.NEVER) else ""
    shown = f"{span(took)} / {span(given)}{late}"
    return Bar(f"{one.who}{one.step}", took.total_seconds() / 60, shown)


def review_words(review: Review) -> str:
    """Return the review as a message: what took longest, what was late, what is open."""
    began, ended = review.began_at, review.ended_at or review.counted_at
    whole = f"{review.level} {review.unit}, 共用 {span(ended - began)}"
    lines = [f"{review.number}《{review.title}》复盘: {whole}", _late_words(review.late)]
    longest = review.longest
    if longest is not None and longest.waited > timedelta():
        lines.append(f"等得最久: {span(longest.waited)}, 之后才{longest.what}")
    lines += [f"{what}: {said}" for what in Asked if (said := review.lesson.said(what))]
    lines += [_task_words(one) for one in review.tasks]
    if not review.tasks:
        lines.append("要整改请回复例如「整改: 住建局 12月5日前 更换老旧管网」(带上编号)")
    return "\n".join(lines)


def _late_words(late: Sequence[Demand]) -> str:
    if not late:
        return "各环节都在规定时限内。"
    said = "、".join(f"{one.who}{one.step}{one.outcome}" for one in late)
    return f"与规定不符 {len(late)} 项: {said}"


def _task_words(one: Task) -> str:
    stands = "已完成" if one.done_at else "办理中"
    return f"整改{one.number} {one.unit}: {one.text} ({stands})"
