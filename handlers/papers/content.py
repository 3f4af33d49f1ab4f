"""What a paper says now: its facts read, its gaps filled with what people gave."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.cells import Table, cell_text
from cases.drills.marking import marked
from cases.errors import RefusalError
from cases.papers.bulletin import bulletin
from cases.papers.drill_result import drill_result
from cases.papers.facts import Facts
from cases.papers.handling_form import handling_form
from cases.papers.ledger import COLUMNS, ledger_cells
from cases.papers.letters import LETTERS, letter
from cases.papers.model import Kind, Paper, filled
from cases.papers.periodical import periodical
from cases.papers.reports import flash, upward
from cases.papers.spans import drill_named, span_named
from cases.papers.special import review, special
from handlers.desk import Desk
from handlers.drills import sheet
from handlers.papers.case_facts import case_facts
from handlers.papers.period_counts import (
    bulletin_facts,
    ledger_rows,
    month_facts,
    period_facts,
)
from storage.papers import Kept
from storage.work import Work

_WHOLE = {
    Kind.HANDLING_FORM: handling_form,
    Kind.UPWARD: upward,
    Kind.SPECIAL: special,
    Kind.REVIEW: review,
}
_LATER = "续报"
_MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """The ledger: a table, and the cases in it."""

    table: Table
    sources: tuple[str, ...]


def content(work: Work, desk: Desk, kept: Kept, version: int, now: datetime) -> Paper | Sheet:
    """Return the paper as it is now.

    Raises:
        RefusalError: its case or its period is not there.
    """
    if kept.kind is Kind.LEDGER:
        return _ledger(work, desk, kept, now)
    made = (
        _of_case(work, desk, kept, now)
        if kept.kind.is_of_case
        else _of_period(work, desk, kept, now)
    )
    return replace(filled(made, kept.fills), version=version)


def _of_case(work: Work, desk: Desk, kept: Kept, now: datetime) -> Paper:
    case = work.cases.by_number(kept.subject)
    if case is None:
        raise RefusalError(f"没有编号 {kept.subject}。")
    facts = case_facts(work, desk, case, now)
    made = _written(kept, facts)
    return replace(made, head=marked(made.head), note="演练") if case.is_drill else made


def _written(kept: Kept, facts: Facts) -> Paper:
    if kept.kind in LETTERS:
        return letter(kept.kind, facts)
    if kept.kind in _WHOLE:
        return _WHOLE[kept.kind](facts)
    nth = kept.period.removeprefix(_LATER)
    seq = int(nth) + 1 if kept.kind is Kind.LATER_REPORT and nth.isdecimal() else 0
    return flash(kept.kind, facts, 1 if kept.kind is Kind.FIRST_REPORT else seq)


def _of_period(work: Work, desk: Desk, kept: Kept, now: datetime) -> Paper:
    if kept.kind is Kind.DRILL:
        return _of_drill(work, desk, kept, now)
    span = span_named(kept.kind, kept.period)
    if span is None:
        raise RefusalError(f"没有 {kept.period} 这一期。")
    if kept.kind is Kind.BULLETIN:
        return bulletin(*bulletin_facts(work, desk, span, now))
    read = month_facts if kept.kind is Kind.MONTHLY else period_facts
    return periodical(kept.kind, read(work, desk, span, now))


def _of_drill(work: Work, desk: Desk, kept: Kept, now: datetime) -> Paper:
    try:
        drill = work.drills.drill(drill_named(kept.period))
    except KeyError:
        raise RefusalError(f"没有{kept.period}演练。") from None
    return drill_result(sheet(work, drill, now), kept.period, desk.institution, now)


def _ledger(work: Work, desk: Desk, kept: Kept, now: datetime) -> Sheet:
    span = span_named(kept.kind, kept.period)
    if span is None:
        raise RefusalError(f"没有 {kept.period} 这一期。")
    rows = ledger_rows(work, desk, span, now)
    if len(rows) > _MOST_ROWS:
        raise RefusalError(f"{span.words}有 {len(rows)} 件, 一份台账最多 {_MOST_ROWS} 件。")
    table = Table(
        name=f"{desk.institution}网络舆情台账（{span.words}）",
        slug="ledger",
        heads=COLUMNS,
        rows=tuple(tuple(cell_text(cell) for cell in ledger_cells(row)) for row in rows),
    )
    return Sheet(table, tuple(row.number for row in rows))
