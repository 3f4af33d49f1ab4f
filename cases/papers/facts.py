"""What is known of a case when a paper is written about it, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cases import events
from cases.beijing import in_beijing
from cases.library.lessons import Lesson
from cases.masking import mask
from cases.model import Case
from cases.papers.model import fit
from cases.wording.history import in_words

NO_LESSON = Lesson()
FIGURES = {
    "reads": "阅读",
    "plays": "播放",
    "comments": "评论",
    "replies": "跟帖",
    "reposts": "转发",
    "likes": "点赞",
    "favorites": "收藏",
    "total": "相关篇条",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of the case, when, and who did it ("" = the clock)."""

    at: datetime
    by: str
    event: events.Event


@dataclass(frozen=True, slots=True)
class Page:
    """A link of the case."""

    url: str
    key: str  # the canonical key: two addresses of one page have the same
    author: str = ""  # the name the page itself shows


@dataclass(frozen=True, slots=True)
class Reading:
    """A number somebody read off a page."""

    name: str
    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Timed:
    """A step that was awaited: of whom, until when, and when it was done."""

    step: str
    holder: str  # in words
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    is_provisional: bool = False

    def late(self, now: datetime) -> timedelta:
        """How long after its due the step was done, or is still waiting; zero where in time."""
        return max((self.ended_at or now) - self.due_at, timedelta())


@dataclass(frozen=True, slots=True)
class Facts:
    """A case with its past and surroundings, as values."""

    case: Case
    institution: str
    now: datetime
    happened: tuple[Happened, ...]
    units: Mapping[str, str]  # id -> name
    people: Mapping[str, str]  # userid -> name
    pages: tuple[Page, ...] = ()
    readings: tuple[Reading, ...] = ()
    clocks: tuple[Timed, ...] = ()
    attached: tuple[str, ...] = ()  # evidence: numbers and names
    heard_back: tuple[str, ...] = ()  # results of calling back
    lesson: Lesson = NO_LESSON  # what people have said that it teaches
    liaisons: Mapping[str, str] = field(default_factory=dict)  # unit id -> names and phones

    def of(self, *kinds: type[events.Event]) -> tuple[Happened, ...]:
        """What happened of these kinds, in order."""
        return tuple(one for one in self.happened if isinstance(one.event, kinds))

    def last(self, *kinds: type[events.Event]) -> Happened | None:
        """What happened last of these kinds."""
        found = self.of(*kinds)
        return found[-1] if found else None

    def lines(self, *kinds: type[events.Event]) -> str:
        """Everything of these kinds, a line each: when, what, who."""
        return "\n".join(self.line(one) for one in self.of(*kinds))

    def line(self, one: Happened) -> str:
        """One event as a line of a paper."""
        words = said(in_words(one.event, self.units))
        who = f"（{one.by}）" if one.by else ""
        return f"{moment(one.at)}　{words}{who}"

    def step(self, name: str) -> tuple[Timed, ...]:
        """The clocks of one step, in order."""
        return tuple(one for one in self.clocks if one.step == name)

    def unit(self, identity: str | None) -> str:
        """The name of a unit, "" for none."""
        return self.units.get(identity, identity) if identity else ""

    def person(self, userid: str | None) -> str:
        """The name of a person, "" for none."""
        return self.people.get(userid, userid) if userid else ""


def said(text: str) -> str:
    """Return what people wrote as a paper may repeat it: masked, and fit for every file."""
    return fit(mask(text)).strip()


def lesson_lines(lesson: Lesson) -> str:
    """Return what a case teaches, a line for each thing that was said."""
    parts = (
        ("起因", lesson.cause),
        ("有效做法", lesson.worked),
        ("不足", lesson.failed),
        ("口径", lesson.wording),
        ("标签", "、".join(lesson.tags)),
    )
    return "\n".join(f"{label}：{said(text)}" for label, text in parts if text)


def moment(at: datetime | None) -> str:
    """Return a moment as papers write it: 2026年11月20日10时05分; "" for none."""
    if at is None:
        return ""
    local = in_beijing(at)
    return f"{day(at)}{local.hour}时{local.minute:02d}分"


def day(at: datetime) -> str:
    """Return a day as papers write it: 2026年11月20日."""
    local = in_beijing(at)
    return f"{local.year}年{local.month}月{local.day}日"


def figures(facts: Facts) -> str:
    """Return the latest numbers of the case with when they were read; "" where there are none."""
    latest = {one.name: one for one in facts.readings if one.name in FIGURES}
    return "\n".join(
        f"{FIGURES[name]} {one.value:,.0f}（{moment(one.at)}）" for name, one in latest.items()
    )
