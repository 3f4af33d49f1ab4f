"""试一试: what would become of a report, by the rules in force or a draft. Nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.case_clocks import OFFICE
from cases.chat import Intent, understand
from cases.clocks import ClockRule, Due, Origin
from cases.deadlines import due
from cases.errors import RefusalError
from cases.grading import Proposal, Reason
from cases.grading.rulebook import Level
from cases.ladder import Audience, Departure, departures, rungs, sentence
from cases.masking import classified_reason
from cases.people import Role, Unit
from cases.routing import UnitProposal
from cases.rulebook import Rulebook
from cases.special_periods import nights, spacing_at, tightened
from cases.wording.moments import clock_time
from handlers.admin.deed import Wish, WrongFieldsError
from handlers.admin.rules_draft import draft_of, in_force, read_draft
from handlers.admin.rules_words import amount_words
from handlers.desk import Desk
from handlers.post import people_of
from handlers.reminders import recipient_of
from handlers.report import Described, described, graded_for, unit_for
from handlers.talk import Talk

_LONGEST = 2000
_FROM_START = (Origin.REGISTERED, Origin.ASSIGNED)
_ANY_DAY = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder: when it would leave, to whom, and why not at once."""

    when: str
    who: str
    how: str


@dataclass(frozen=True, slots=True)
class Limit:
    """One step: when it would be due and how that is counted, and its whole ladder."""

    step: str
    amount: str
    due: str  # "" where it does not count from the beginning
    counted: tuple[str, ...]
    is_provisional: bool
    holder: str
    ladder: str  # in one sentence
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What would become of a report."""

    book: str
    title: str
    level: str
    proposed: str
    levels: tuple[str, ...]
    reasons: tuple[Reason, ...]
    asks: tuple[str, ...]
    would_change: tuple[str, ...]
    lead: str
    helpers: tuple[str, ...]
    why_unit: str
    unit_question: str
    confirms: str
    told: tuple[str, ...]
    starter: str
    limits: tuple[Limit, ...]


def try_out(wish: Wish) -> Tried:
    """Return what would become of the report in the wish's form.

    Raises:
        WrongFieldsError: naming each field that cannot be so.
    """
    text, start = _checked(wish)
    book = _book(wish)
    desk = _by(wish.desk, book)
    speaker = replace(wish.by, roles=frozenset({Role.INFORMANT}))
    talk = Talk(wish.work, desk, speaker, "", text, start)
    report = _report(talk)
    graded, unit = graded_for(talk, report), unit_for(talk, report)
    chosen = wish.given.text("level")
    level = chosen if chosen in book.clocks.level_names else graded.level
    return _tried(wish, book, report, (graded, unit), (level, start))


def _checked(wish: Wish) -> tuple[str, datetime]:
    text = wish.given.text("text")
    if not text or len(text) > _LONGEST:
        raise WrongFieldsError({"text": f"请贴一条报送, 1 到 {_LONGEST} 字"})
    if reason := classified_reason(text):
        raise WrongFieldsError({"text": f"内容像是涉密 ({reason}), 不要贴在这里"})
    try:
        written = wish.given.moment("start")
    except RefusalError as refusal:
        raise WrongFieldsError({"start": str(refusal)}) from None
    start = datetime.fromisoformat(written) if written else wish.now
    if abs(start - wish.now) > _ANY_DAY:
        raise WrongFieldsError({"start": "登记时刻应在前后 400 天以内"})
    return text, start


def _book(wish: Wish) -> Rulebook:
    kept, draft = in_force(wish.work), draft_of(wish.work)
    if wish.given.text("version") == "draft" and draft is not None:
        return read_draft(wish.desk, kept, draft.files)
    return wish.desk.rulebook(kept.id)


def _by(desk: Desk, book: Rulebook) -> Desk:
    def shelf(one: int) -> Rulebook:
        return book if one == book.id else desk.rulebook(one)

    return replace(desk, rulebook_in_force=book.id, rulebook=shelf)


def _report(talk: Talk) -> Described:
    units = talk.work.people.units()
    read = understand(talk.words, Role.INFORMANT, talk.now, talk.desk.link_rules, units=units)
    slots = read.slots if read.intent is Intent.REPORT_NEW else {}
    report = described(talk, slots, talk.words)
    first, _, rest = report.text.partition("\n")
    return replace(
        report, title=report.title or first[:60], summary=report.summary or rest or report.text
    )


def _tried(
    wish: Wish,
    book: Rulebook,
    report: Described,
    proposed: tuple[Proposal, UnitProposal],
    chosen: tuple[str, datetime],
) -> Tried:
    graded, unit = proposed
    level = book.grading.level(chosen[0])
    draft = "草稿" if book.id == 0 else f"第 {book.number} 版 (现行)"
    limits = tuple(_Limits(wish, book, level, unit.lead, chosen[1]))
    return Tried(
        book=f"{book.grading.title} {draft}",
        title=report.title,
        level=level.name,
        proposed=graded.level,
        levels=book.clocks.level_names,
        reasons=graded.reasons,
        asks=tuple(one.question for one in graded.ask),
        would_change=graded.would_change,
        lead=unit.lead.name if unit.lead else "",
        helpers=tuple(one.name for one in unit.helpers),
        why_unit=unit.reason,
        unit_question=unit.question or "",
        confirms=level.confirms.value
        + (f", 并须{level.approver}签批" if level.needs_signoff else ""),
        told=tuple(one.value for one in level.told),
        starter=level.starter,
        limits=limits,
    )


@dataclass(frozen=True, slots=True)
class _Limits:
    """Counts every step of one level from one moment."""

    wish: Wish
    book: Rulebook
    level: Level
    lead: Unit | None
    start: datetime

    def __iter__(self) -> Iterator[Limit]:
        """Yield the steps that have a time."""
        for rule in self.book.clocks.for_level(self.level.name):
            ladder = self.book.clocks.ladder_of(rule)
            if ladder is None:
                continue
            calendar = self.book.clocks.calendar(self.wish.desk.days_off)
            found = due(rule, self.start, calendar) if rule.starts in _FROM_START else None
            is_office = ladder.holder is not Audience.LIAISON
            unit = self.lead.name if self.lead else "责任单位"
            yield Limit(
                step=rule.step.value,
                amount=f"自{rule.starts}起 {amount_words(rule)}",
                due=clock_time(found.at, self.start) if found else "",
                counted=found.steps if found else (),
                is_provisional=rule.provisional,
                holder="舆情办" if is_office else unit,
                ladder=sentence(ladder),
                rungs=tuple(self._rungs(rule, found, is_office=is_office)) if found else (),
            )

    def _rungs(self, rule: ClockRule, found: Due, *, is_office: bool) -> Iterator[Rung]:
        clocks, special = self.book.clocks, self.wish.work.periods.all()
        ladder = clocks.ladder_of(rule)
        if ladder is None:
            return
        calendar = clocks.calendar(self.wish.desk.days_off)
        ladder = tightened(ladder, spacing_at(special, self.start))
        whole = rungs(ladder, self.start, found.at, calendar)
        row, quiet = clocks.row(self.level.name), nights(clocks.quiet, special)
        holder = OFFICE if is_office or self.lead is None else self.lead.id
        for one in departures(whole, row, quiet):
            yield self._rung(one, holder, found.at)

    def _rung(self, one: Departure, holder: str, due_at: datetime) -> Rung:
        rung = one.rung
        if one.leaves_at is None:
            return Rung("不发", rung.audience.value, one.reason)
        people = people_of(self.wish.work, recipient_of(rung.audience, holder), one.leaves_at)
        names = "、".join(person.name for person in people) or "现在没有人"
        deed = "请其电话通知" if rung.phone else "到期" if rung.slot == "due" else "提前提醒"
        if rung.at > due_at and not rung.phone:
            deed = "升级" if rung.slot.startswith("up-") else "再催"
        how = f"{deed}; {one.reason}" if one.reason else deed
        return Rung(clock_time(one.leaves_at, self.start), f"{rung.audience} {names}", how)
