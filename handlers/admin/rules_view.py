"""A rulebook in plain sentences: clauses verbatim with their source, limits, ladders, checks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.amounts import Unit
from cases.clocks import ClockRule, ClockRules
from cases.grading import GradingRules
from cases.grading.checking import Finding, check
from cases.grading.rulebook import Doubt, Level, Rule, Score
from cases.ladder import sentence
from cases.rulebook import Rulebook
from cases.wording.moments import clock_time
from handlers.admin.deed import Wish
from handlers.admin.rules_draft import draft_of, in_force, read_draft
from handlers.admin.rules_words import amount_words, differences, quiet_words
from storage.work import Work


@dataclass(frozen=True, slots=True)
class ShownLevel:
    """A level, who decides it, and its clauses."""

    name: str
    words: str
    told: str
    starter: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ShownLimit:
    """One step of a level; `nth` is the place of its ladder on the page."""

    step: str
    starts: str
    amount: str
    ladder: str
    nth: int
    source: str


@dataclass(frozen=True, slots=True)
class LevelLimits:
    """The steps of one level."""

    name: str
    rows: tuple[ShownLimit, ...]


@dataclass(frozen=True, slots=True)
class ShownLadder:
    """A ladder in one sentence."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class View:
    """One version of a rulebook as the page shows it."""

    title: str
    which: str
    is_current: bool
    notes: tuple[str, ...]
    document: str
    levels: tuple[ShownLevel, ...]
    score: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    work: str
    quiet: str
    limits: tuple[LevelLimits, ...]
    ladders: tuple[ShownLadder, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """The draft: who edited it last, and what differs from the version in force."""

    who: str
    when: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One version of the history."""

    id: int
    name: str
    number: int
    in_force: bool
    when: str
    who: str


def view(book: Rulebook, *, is_current: bool) -> View:
    """Return a version in plain sentences."""
    grading, clocks = book.grading, book.clocks
    which = f"第 {book.number} 版" + (" (现行)" if is_current else "")
    return View(
        title=grading.title,
        which=f"{book.name} {which}",
        is_current=is_current,
        notes=grading.notes,
        document=_document(grading),
        levels=tuple(_level(grading, one) for one in grading.levels),
        score=tuple(_score(grading.score)) if grading.score else (),
        doubts=grading.doubts,
        work="、".join(str(period) for period in clocks.periods),
        quiet=quiet_words(clocks),
        limits=tuple(_limits(clocks, name) for name in clocks.level_names),
        ladders=tuple(ShownLadder(one.name, sentence(one)) for one in clocks.ladders),
        findings=check(grading),
    )


def _document(grading: GradingRules) -> str:
    return next((rule.source for rule in grading.rules), "")


def _level(grading: GradingRules, level: Level) -> ShownLevel:
    sign = f", 交办前由{level.approver}签批" if level.needs_signoff else ""
    words = f"{level.confirms}定级{sign}, 办结由{level.approver}批"
    told = "、".join(one.value for one in level.told) or "无"
    rules = tuple(rule for rule in grading.rules if rule.level == level.name)
    return ShownLevel(level.name, words, told, level.starter, rules)


def _score(score: Score) -> Iterator[str]:
    for factor in score.factors:
        steps = "; ".join(f"{step.title} {step.points} 分" for step in factor.steps)
        yield f"{factor.title} ({factor.weight}%): {steps} 「{factor.clause}」 {factor.source}"
    for band in score.bands:
        yield f"{band.at_least} 分起为{band.level} 「{band.clause}」 {band.source}"


def _limits(clocks: ClockRules, level: str) -> LevelLimits:
    places = {one.name: nth for nth, one in enumerate(clocks.ladders, 1)}
    return LevelLimits(level, tuple(_limit(rule, places) for rule in clocks.for_level(level)))


def _limit(rule: ClockRule, places: dict[str, int]) -> ShownLimit:
    is_awaited = rule.amount.unit is not Unit.NONE
    ladder = rule.ladder if is_awaited else ""
    return ShownLimit(
        rule.step.value,
        rule.starts.value,
        amount_words(rule),
        ladder,
        places.get(ladder, 0),
        rule.source,
    )


def shown_draft(wish: Wish) -> ShownDraft | None:
    """Return the draft, None where nothing is being edited."""
    draft = draft_of(wish.work)
    if draft is None:
        return None
    kept = in_force(wish.work)
    book = read_draft(wish.desk, kept, draft.files)
    lines = differences(wish.desk.rulebook(kept.id), book)
    return ShownDraft(wish.work.people.name_of(draft.by), clock_time(draft.at, wish.now), lines)


def versions(work: Work, now: datetime) -> tuple[ShownVersion, ...]:
    """Return the versions of the rulebook in force, and of those before it, the latest first."""
    return tuple(
        ShownVersion(
            one.id,
            one.name,
            one.number,
            one.in_force,
            clock_time(one.imported_at, now),
            _WHO.get(one.imported_by) or work.people.name_of(one.imported_by),
        )
        for one in work.rulebooks.headings()
    )


_WHO = {"serve": "启动时自文件", "rules import": "rules import"}


def waiting(work: Work) -> int:
    """Return how many open cases are under other rules than those in force."""
    identity = work.rulebooks.in_force_id()
    return sum(one.rulebook_id != identity for one in work.cases.find_open())
