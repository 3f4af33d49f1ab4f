"""The pages of what is learned as values: scores, drills, reviews; who may see them."""

from dataclasses import dataclass
from datetime import datetime

from cases.drills.sheet import DrillSheet
from cases.errors import NotFoundError, RefusalError
from cases.library.lessons import Asked
from cases.model import Case
from cases.people import Person, Role, Unit
from cases.permissions import LEADERS, OFFICE, Action, authorize
from cases.review import Review
from cases.scores.counting import MonthScores, UnitScore
from cases.scores.months import Month, month_of, read_month
from cases.scores.notice import Notice
from handlers import drills as played
from handlers import lessons
from handlers import scores as counting
from handlers.desk import Desk
from handlers.pages.acts import case_known
from handlers.review import review
from handlers.score_talk import sees_all
from handlers.talk import Talk
from storage.drills import Drill
from storage.work import Work

_MONTHS = 6


@dataclass(frozen=True, slots=True)
class ScoresShown:
    """The scores of a month as one person may see them."""

    month: Month
    months: tuple[Month, ...]
    counted: MonthScores
    notice: Notice
    units: tuple[Unit, ...]
    one: UnitScore | None  # the unit whose points are shown
    name: str
    all_units: bool
    appeal_until: datetime | None


def scores(
    work: Work, desk: Desk, person: Person, asked: tuple[str, str], now: datetime
) -> ScoresShown:
    """Return the scores of a month: a unit sees its own, the office and the leaders all.

    Raises:
        RefusalError: not permitted, or no scorecard.
    """
    authorize(person, Action.SCORES)
    written, unit = asked
    month = read_month(written) or month_of(now)
    everything = sees_all(person)
    chosen = unit if everything else (person.unit_id or "")
    if unit and unit != chosen:
        raise RefusalError("别的单位的考核不能看。")
    counted = counting.month_scores(work, desk, month, now)
    one = counted.of(chosen) if chosen else None
    if chosen and one is None:
        raise NotFoundError("没有这个单位。")
    months = [month_of(now)]
    while len(months) < _MONTHS:
        months.append(months[-1].before)
    rules, _ = counting.rules_of(work, desk, month)
    names = {known.id: known.name for known in work.people.units()}
    return ScoresShown(
        month=month,
        months=tuple(months),
        counted=counted,
        notice=counting.notice(work, desk, month, now),
        units=tuple(work.people.units()),
        one=one,
        name=names.get(chosen, chosen),
        all_units=everything,
        appeal_until=counting.appeal_ends(desk, rules, work.scores.notice(str(month))),
    )


def drills(work: Work, person: Person) -> list[Drill]:
    """Return the drills there were, the latest first."""
    _may_see_drills(person)
    return work.drills.latest(50)


def _may_see_drills(person: Person) -> None:
    if not person.is_any(*OFFICE, *LEADERS, Role.ADMINISTRATOR, Role.SUPERVISOR):
        raise NotFoundError("没有这个页面。")


def drill(work: Work, person: Person, drill_id: int, now: datetime) -> DrillSheet:
    """Return the result sheet of a drill.

    Raises:
        NotFoundError: no such drill, or none the person may see.
    """
    _may_see_drills(person)
    try:
        kept = work.drills.drill(drill_id)
    except KeyError as error:
        raise NotFoundError("没有这次演练。") from error
    return played.sheet(work, kept, now)


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """A review as one person may see it."""

    case: Case
    review: Review
    may_fill: bool


def review_of(work: Work, desk: Desk, person: Person, number: str, now: datetime) -> ReviewShown:
    """Return the review of a case.

    Raises:
        NotFoundError: no such case, or none the person may know of.
    """
    case = case_known(work, person, number)
    authorize(person, Action.REVIEW, case)
    try:
        lessons.fillable(Talk(work, desk, person, "", "", now), case)
    except RefusalError:
        may_fill = False
    else:
        may_fill = True
    return ReviewShown(case, review(work, case, now), may_fill)


def fill(
    work: Work,
    desk: Desk,
    person: Person,
    given: tuple[str, dict[Asked, str]],
    now: datetime,
) -> None:
    """Keep what a case teaches.

    Raises:
        RefusalError: not closed, or not the person's to fill in.
    """
    number, said = given
    case = case_known(work, person, number)
    lessons.fill(Talk(work, desk, person, "page", "", now), case, said)
