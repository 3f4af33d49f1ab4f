"""The facts of a period, and the rows of the ledger, each number from the cases behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases.errors import RefusalError
from cases.model import Part
from cases.papers.bulletin import score_rows
from cases.papers.facts import lesson_lines, said
from cases.papers.ledger import LedgerRow
from cases.papers.period_facts import CaseRow, PeriodFacts, Step
from cases.papers.spans import Span
from cases.scores.counting import MonthScores
from cases.scores.months import Month
from cases.scores.notice import Notice
from handlers.desk import Desk
from handlers.papers.case_facts import holder_name
from handlers.scores import month_scores, notice
from storage.paper_counts import CountedCase, CountedClock, CountedPart
from storage.work import Work

_TOP_ROWS = (1, 2)
_EXAMPLES = 6
_CLOSE = "办结"
_MOST_LESSONS = 20


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns what is counted into the lines of a paper."""

    work: Work
    desk: Desk
    units: Mapping[str, str]

    def row(self, case: CountedCase) -> CaseRow:
        """A case as a line."""
        return CaseRow(
            number=case.number,
            title="" if case.restricted else case.title,
            level=case.working_level,
            state=case.state.label,
            unit=self.name(case.lead_unit or ""),
            platform=case.platform,
            registered_at=case.reported_at,
            closed_at=case.closed_at,
            verdict=case.verdict or "",
            is_top=case.supervised or self._weight(case) in _TOP_ROWS,
        )

    def name(self, unit: str) -> str:
        """A unit by name."""
        return self.units.get(unit, unit)

    def rows(self, cases: Iterable[CountedCase]) -> tuple[CaseRow, ...]:
        """Cases as lines."""
        return tuple(self.row(case) for case in cases)

    def steps(
        self, clocks: Iterable[CountedClock], cases: Mapping[int, CountedCase]
    ) -> tuple[Step, ...]:
        """Clocks as lines, with the titles of their cases."""
        return tuple(
            Step(
                number=case.number,
                title="" if case.restricted else case.title,
                step=clock.step,
                holder=holder_name(self.work, clock.holder, dict(self.units)),
                due_at=clock.due_at,
                ended_at=clock.ended_at,
            )
            for clock in clocks
            if (case := cases.get(clock.case_id)) is not None
        )

    def _weight(self, case: CountedCase) -> int:
        try:
            return self.desk.rulebook(case.rulebook_id).clocks.row(case.working_level)
        except LookupError:
            return 0


def _reader(work: Work, desk: Desk) -> _Reader:
    return _Reader(work, desk, {unit.id: unit.name for unit in work.people.units()})


def period_facts(work: Work, desk: Desk, span: Span, now: datetime) -> PeriodFacts:
    """Return what is counted of a period."""
    counts, reader = work.counts, _reader(work, desk)
    registered, closed, still = (
        counts.registered(span.starts, span.ends),
        counts.closed(span.starts, span.ends),
        counts.open(),
    )
    due, waiting = counts.due(span.starts, span.ends), counts.waiting()
    cases = counts.of_cases(dict.fromkeys(one.case_id for one in (*due, *waiting)))
    notable = [row for row in reader.rows((*registered, *closed)) if row.is_top]
    examples = tuple({row.number: row for row in notable}.values())
    return PeriodFacts(
        name=span.words,
        starts=span.starts,
        ends=span.ends,
        now=now,
        institution=desk.institution,
        registered=reader.rows(registered),
        closed=reader.rows(closed),
        open=reader.rows(still),
        due=reader.steps((one for one in due if one.due_at <= now), cases),
        waiting=reader.steps(waiting, cases),
        examples=examples[:_EXAMPLES],
    )


def month_facts(work: Work, desk: Desk, span: Span, now: datetime) -> PeriodFacts:
    """Return the same of a month, with its scorecard and what its closed cases teach."""
    facts = period_facts(work, desk, span, now)
    return replace(
        facts,
        scores=_scores(work, desk, _month(span), now),
        lessons=_lessons(work, work.counts.closed(span.starts, span.ends)),
    )


def _scores(work: Work, desk: Desk, month: Month, now: datetime) -> tuple[tuple[str, ...], ...]:
    try:
        return score_rows(notice(work, desk, month, now))
    except RefusalError:  # the rules have no scorecard
        return ()


def _month(span: Span) -> Month:
    year, month = span.name.split("-")
    return Month(int(year), int(month))


def bulletin_facts(
    work: Work, desk: Desk, span: Span, now: datetime
) -> tuple[PeriodFacts, Notice, MonthScores, Mapping[str, str]]:
    """Return what the 通报 of a month is written from.

    Raises:
        RefusalError: the rules have no scorecard.
    """
    month = _month(span)
    return (
        period_facts(work, desk, span, now),
        notice(work, desk, month, now),
        month_scores(work, desk, month, now),
        {unit.id: unit.name for unit in work.people.units()},
    )


def _lessons(work: Work, closed: Iterable[CountedCase]) -> tuple[tuple[str, str, str], ...]:
    found = []
    for case in closed:
        kept = None if case.restricted else work.library.lesson(case.id)
        if kept is not None and (lines := lesson_lines(kept.lesson)):
            found.append((case.number, said(case.title), lines))
    return tuple(found[:_MOST_LESSONS])


def ledger_rows(work: Work, desk: Desk, span: Span, now: datetime) -> tuple[LedgerRow, ...]:
    """Return the cases registered in a month, for the ledger."""
    counts, reader = work.counts, _reader(work, desk)
    cases = counts.registered(span.starts, span.ends)
    ids = [case.id for case in cases]
    links = counts.links_of(ids)
    clocks: dict[int, list[CountedClock]] = {}
    for clock in counts.clocks_of(ids):
        clocks.setdefault(clock.case_id, []).append(clock)
    parts: dict[int, list[CountedPart]] = {}
    for part in counts.parts_of(ids):
        parts.setdefault(part.case_id, []).append(part)
    return tuple(
        _ledger_row(
            reader.row(case),
            case,
            _Around(
                [replace(one, unit_id=reader.name(one.unit_id)) for one in parts.get(case.id, [])],
                [one for one in clocks.get(case.id, []) if (one.ended_at or now) > one.due_at],
                [one.due_at for one in clocks.get(case.id, []) if one.step == _CLOSE],
                links.get(case.id, ""),
            ),
        )
        for case in cases
    )


@dataclass(frozen=True, slots=True)
class _Around:
    """What the ledger shows of a case besides itself."""

    parts: list[CountedPart]  # units by name
    late: list[CountedClock]
    closes: list[datetime]
    link: str


def _ledger_row(row: CaseRow, case: CountedCase, around: _Around) -> LedgerRow:
    lead = next((one for one in around.parts if one.part is Part.LEAD), None)
    return LedgerRow(
        number=row.number,
        title=case.title,
        level=row.level,
        state=row.state,
        platform=row.platform,
        media=case.source_media,
        registered_at=row.registered_at,
        lead=lead.unit_id if lead else "",
        coop=tuple(one.unit_id for one in around.parts if one.part is Part.COOP),
        assigned_at=lead.assigned_at if lead else None,
        signed_at=lead.signed_at if lead else None,
        verdict=row.verdict,
        due_at=max(around.closes, default=None),
        closed_at=row.closed_at,
        late_steps=tuple(dict.fromkeys(one.step for one in around.late)),
        extensions=case.extensions,
        is_supervised=case.supervised,
        link=around.link,
        is_restricted=case.restricted,
    )
