"""The case library: closed cases are put in, similar ones are found and shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from cases.drills.marking import MARK
from cases.encoding import wecom_field
from cases.library.against import Contradiction, contradictions
from cases.library.ranking import ASKED, NEAREST, UNASKED, Match, ranked
from cases.library.terms import Document, asked_singles, asked_terms, terms_of
from cases.model import Case, State
from cases.people import Person
from cases.permissions import may_know
from cases.response import ReplyStage
from cases.wording.numbers import number_said
from handlers.desk import Desk
from storage.work import Work

AT_ASSIGNING = 2  # similar cases shown to the office at most
_IN_ANSWER = 3
_LOOKED_AT = 20
_TITLE_BYTES = 60
_LESSON_BYTES = 240
_DAY = timedelta(days=1)
_IN_LIBRARY = frozenset({State.CLOSED, State.ARCHIVED})


@dataclass(frozen=True, slots=True)
class Past:
    """A past case like the one asked about."""

    case: Case
    score: float
    wording: str  # what was said in public, and what is worth saying again
    lesson: str


def follow(work: Work, desk: Desk, before: Case, after: Case) -> None:
    """Put a case into the library when it closes, take it out when it is no longer closed."""
    was, is_in = _belongs(before), _belongs(after)
    if is_in and not was:
        put(work, desk, after)
    elif was and not is_in:
        work.library.forget(after.id)


def _belongs(case: Case) -> bool:
    return case.state in _IN_LIBRARY and not case.is_drill and not case.restricted


def put(work: Work, desk: Desk, case: Case) -> None:
    """Let a closed case be found by what it says and teaches now."""
    work.library.index(case.id, terms_of(_document(work, case), desk.related))


def _document(work: Work, case: Case) -> Document:
    kept = work.library.lesson(case.id)
    lesson = kept.lesson if kept else None
    told = (lesson.cause, lesson.worked, lesson.failed, lesson.wording) if lesson else ()
    parts = (case.summary, case.appeal, case.verdict or "", published_text(case), *told)
    return Document(case.title, "\n".join(p for p in parts if p), lesson.tags if lesson else ())


def published_text(case: Case) -> str:
    """Return what was said in public, "" where nothing was."""
    reply = case.response.reply
    return reply.text if reply is not None and reply.stage is ReplyStage.PUBLISHED else ""


def similar(
    work: Work, desk: Desk, about: str, *, but: int = 0, least: float = UNASKED
) -> Iterator[Past]:
    """Yield the closed cases most like what is asked about, the most alike first.

    Args:
        work: the transaction.
        desk: the related words of the institution.
        about: a question, or what a case says.
        but: the case itself, which is none of them.
        least: how much of the question must agree.
    """
    asked = asked_terms(about, desk.related)
    if least == NEAREST:
        asked |= asked_singles(about)
    found = work.library.find(asked)
    best = ranked(asked, found.holding, found.rows, found.all_cases)
    alike = [one for one in best if one.is_like(least) and one.case_id != but]
    return (_past(work, one) for one in alike[:_LOOKED_AT])


def _past(work: Work, match: Match) -> Past:
    case, kept = work.cases.load(match.case_id), work.library.lesson(match.case_id)
    lesson = kept.lesson if kept else None
    said = [published_text(case)] + ([lesson.wording] if lesson else [])
    lines = (
        [("起因", lesson.cause), ("有效做法", lesson.worked), ("不足", lesson.failed)]
        if lesson
        else []
    )
    told = "; ".join(f"{label}: {text}" for label, text in lines if text)
    return Past(case, match.score, "\n".join(one for one in said if one), told)


def about(case: Case) -> str:
    """Return what a case is compared by."""
    return f"{case.title.removeprefix(MARK)}\n{case.summary}\n{case.appeal}"


def at_assigning(work: Work, desk: Desk, case: Case, now: datetime) -> tuple[str, ...]:
    """Return at most two lines about past cases like this one, for whoever assigns it."""
    if case.is_drill or case.restricted:
        return ()
    found = islice(similar(work, desk, about(case), but=case.id), AT_ASSIGNING)
    return tuple(outcome_line(work, one, now) for one in found)


def outcome_line(work: Work, past: Past, now: datetime) -> str:
    """Return one past case: number, title, unit, how it ended and how long it took."""
    case = past.case
    unit = work.people.unit(case.lead.unit_id) if case.lead else None
    took = ""
    if case.closed_at is not None:
        days = (case.closed_at - case.reported_at) / _DAY
        took = f", 用 {days:.0f} 天" if days >= 1 else f", 用 {max(1, round(days * 24))} 小时"
    verdict = f", {case.verdict}" if case.verdict else ""
    answered = ", 已公开回应" if case.response.published else ""
    who = f" {unit.name}" if unit else ""
    title = wecom_field(case.title, _TITLE_BYTES)
    name = f"{number_said(case.number, now)}《{title}》{who}"
    return f"{name} {case.state.label}{took}{verdict}{answered}"


def answer(work: Work, desk: Desk, person: Person, question: tuple[str, int], now: datetime) -> str:
    """Answer 「案例 停水」: the most alike, with outcome and lesson, of those one may know."""
    asked, but = question
    alike = similar(work, desk, asked, but=but, least=UNASKED if but else ASKED)
    found = [one for one in alike if may_know(person, one.case)]
    near = [] if but else _near(work, desk, person, asked, found)
    if not found and not near:
        return "案例库里没有找到类似的。可以换个说法再查, 例如: 案例 停水"
    lines: list[str] = []
    if found:
        count = len(found)
        is_all = count <= _IN_ANSWER
        lines.append(f"找到类似的 {count} 件:" if is_all else f"最相近的 {_IN_ANSWER} 件:")
        lines += [line for one in found[:_IN_ANSWER] for line in _shown(work, one, now)]
    if near:
        lines.append(("另外, " if found else "没有很像的, ") + "用字接近的 (不一定是一回事):")
        lines += [line for one in near for line in _shown(work, one, now)]
    return "\n".join(lines)


def _near(
    work: Work, desk: Desk, person: Person, asked: str, found: Sequence[Past]
) -> Sequence[Past]:
    """Return what is nearest by its characters where too little is really like the question."""
    room = _IN_ANSWER - len(found)
    if room <= 0:
        return ()
    known = {one.case.id for one in found}
    near = similar(work, desk, asked, least=NEAREST)
    fits = (one for one in near if one.case.id not in known and may_know(person, one.case))
    return tuple(islice(fits, room))


def _shown(work: Work, past: Past, now: datetime) -> tuple[str, ...]:
    line = f"· {outcome_line(work, past, now)}"
    return (line, f"  {wecom_field(past.lesson, _LESSON_BYTES)}") if past.lesson else (line,)


def wordings(work: Work, desk: Desk, asked: str, now: datetime, *, but: int = 0) -> list[str]:
    """Return what was said in public before about the like: it is public, whoever asks."""
    alike = similar(work, desk, asked, but=but, least=UNASKED if but else ASKED)
    found = [one for one in alike if one.wording]
    return [
        f"{number_said(p.case.number, now)}: {wecom_field(p.wording, _LESSON_BYTES)}"
        for p in found[:AT_ASSIGNING]
    ]


def against(work: Work, desk: Desk, case: Case, text: str) -> Sequence[Contradiction]:
    """Return what in a new text is against what was said before in like cases, or in this one."""
    found = islice(similar(work, desk, about(case), but=case.id), _IN_ANSWER)
    said = [(one.case.number, one.wording) for one in found if one.wording]
    own = published_text(case)
    return contradictions(text, [*([(case.number, own)] if own else []), *said])
