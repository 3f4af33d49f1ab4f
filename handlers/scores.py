"""Scores counted for a month: from what happened, by the rules in force or those of the notice."""

from collections.abc import Sequence
from datetime import datetime

from cases.errors import RefusalError
from cases.rulebook import Rulebook
from cases.scores.counting import Added, Given, MonthScores, Ruling, score_units
from cases.scores.happenings import happenings
from cases.scores.months import Month
from cases.scores.notice import Frame, Notice, notice_of
from cases.scores.rates import rates_of
from cases.scores.rules import Fact, ScoreRules
from handlers.desk import Desk
from storage.scores import ScoreEntry, ScoreNotice
from storage.states import ScoreEntryKind
from storage.work import Work


def rules_of(work: Work, desk: Desk, month: Month) -> tuple[ScoreRules, Rulebook]:
    """Return the scorecard of a month: that of its notice, else the one in force.

    Raises:
        RefusalError: the rules in force have none.
    """
    notice = work.scores.notice(str(month))
    book = desk.rulebook(notice.rulebook_id if notice else desk.rulebook_in_force)
    if book.scores is None:
        raise RefusalError("现用的规则里没有考核表 (scores.toml), 请管理员导入。")
    return book.scores, book


def month_scores(work: Work, desk: Desk, month: Month, now: datetime) -> MonthScores:
    """Count the scores of all units.

    Raises:
        RefusalError: the rules have no scorecard.
    """
    rules, book = rules_of(work, desk, month)
    return counted(work, month, rules, f"{book.name} 第 {book.number} 版", now)


def counted(work: Work, month: Month, rules: ScoreRules, named: str, now: datetime) -> MonthScores:
    """Count the scores of all units by any scorecard."""
    material = work.scores.material(month.starts, month.ends)
    return MonthScores(
        month=str(month),
        rules=named,
        units=score_units(
            rules,
            happenings(material, rules, now),
            rates_of(material, now),
            added(work, work.scores.entries(str(month))),
            [unit.id for unit in work.people.units()],
        ),
        counted_at=now,
        provisional=now < month.ends,
    )


def added(work: Work, entries: Sequence[ScoreEntry]) -> Added:
    """Return what people have added, as it is counted."""
    given = [
        Given(
            id=one.id,
            fact=Fact(one.fact),
            unit=one.unit_id,
            number=work.cases.load(one.case_id).number if one.case_id else "",
            reason=one.reason,
            by=work.people.name_of(one.by),
            at=one.at,
        )
        for one in entries
        if one.kind is ScoreEntryKind.GIVEN
    ]
    upheld = [
        Ruling(one.id, one.point, one.reason, one.at)
        for one in entries
        if one.kind is ScoreEntryKind.RULING and one.upheld
    ]
    return Added(given, upheld)


def appeal_ends(desk: Desk, rules: ScoreRules, notice: ScoreNotice | None) -> datetime | None:
    """Return until when a month's points may be appealed; None while no notice is out."""
    return None if notice is None else working_days_on(desk, notice.at, rules.appeal_days)


def working_days_on(desk: Desk, start: datetime, days: int) -> datetime:
    """Return the closing of the day so many working days after `start`."""
    clocks = desk.rulebook(desk.rulebook_in_force).clocks
    return clocks.calendar(desk.days_off).count_days(start, days).at


def notice(work: Work, desk: Desk, month: Month, now: datetime) -> Notice:
    """Return the notice of a month as it is, or would be now.

    Raises:
        RefusalError: the rules have no scorecard.
    """
    rules, _ = rules_of(work, desk, month)
    out = work.scores.notice(str(month))
    until = appeal_ends(desk, rules, out) or working_days_on(desk, now, rules.appeal_days)
    frame = Frame(desk.institution, rules.total, rules.ranking, until)
    names = {unit.id: unit.name for unit in work.people.units()}
    return notice_of(month_scores(work, desk, month, now), month, names, frame)
