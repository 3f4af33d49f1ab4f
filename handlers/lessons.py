"""案例要点 in chat and on the page: one question at a time, each may be skipped."""

from datetime import timedelta

from cases.errors import RefusalError
from cases.library.lessons import QUESTIONS, Asked, Lesson, labelled
from cases.masking import mask
from cases.model import Case, State
from cases.notices import Choice
from cases.permissions import LEADERS, OFFICE, Action
from handlers import library
from handlers.references import case_written
from handlers.talk import Talk
from storage.library import KeptLesson

_WAITS = timedelta(hours=24)
_CLOSED = frozenset({State.CLOSED, State.ARCHIVED})


def begin(talk: Talk, written: str) -> str:
    """填案例要点: ask the first question nobody has answered.

    Raises:
        RefusalError: not closed, or not the speaker's to fill in.
    """
    case = _case_meant(talk, written)
    return _ask(talk, case, of(talk, case))


def _case_meant(talk: Talk, written: str) -> Case:
    if written:
        return fillable(talk, case_written(talk, written))
    kept = _asked(talk)
    if kept is None:
        raise RefusalError("请写明哪一件, 例如: 1120-007 案例要点")
    return fillable(talk, talk.work.cases.load(kept.case_id))


def fillable(talk: Talk, case: Case) -> Case:
    """Return the case if the speaker may fill in what it teaches.

    Raises:
        RefusalError: not closed, a drill, or not the speaker's to fill in.
    """
    talk.permit(Action.LESSON, case)
    is_lead = case.lead is not None and case.lead.unit_id == talk.person.unit_id
    if not is_lead and not talk.person.is_any(*OFFICE, *LEADERS):
        raise RefusalError(f"{case.short_number} 的案例要点由主办单位或舆情办填写。")
    if case.state not in _CLOSED:
        raise RefusalError(
            f"{case.short_number} 现在是「{case.state.label}」, 办结以后再填案例要点。"
        )
    if case.is_drill:
        raise RefusalError("演练不进案例库。")
    return case


def of(talk: Talk, case: Case) -> Lesson:
    """Return what has been said of a case so far."""
    kept = talk.work.library.lesson(case.id)
    return kept.lesson if kept else Lesson()


def _ask(talk: Talk, case: Case, lesson: Lesson) -> str:
    what = lesson.next
    if what is None:
        talk.work.library.keep(case.id, lesson, by=talk.person.userid, now=talk.now)
        library.put(talk.work, talk.desk, case)
        return f"{case.short_number} 案例要点已存入案例库, 谢谢。"
    talk.work.library.ask(case.id, lesson, what, of=talk.person.userid, now=talk.now)
    nth = list(Asked).index(what) + 1
    said = (
        f"{case.short_number} 案例要点 {nth}/{len(Asked)}: {QUESTIONS[what]}\n直接回复「{what}: …」"
    )
    skip = Choice("跳过这一条", (f"{case.number} 跳过",))
    talk.say(said, (skip, Choice("都跳过", (f"{case.number} 都跳过",))), case)
    return ""


def skip(talk: Talk, written: str, *, everything: bool) -> str:
    """跳过: the question is not asked again; all that are left, where all are skipped."""
    case = _case_meant(talk, written)
    lesson = of(talk, case)
    left = [one for one in Asked if not lesson.said(one)] if everything else [lesson.next]
    return _ask(talk, case, lesson.skipping(*(one for one in left if one is not None)))


def is_asked(talk: Talk) -> bool:
    """Whether the speaker is being asked one of the questions."""
    return _asked(talk) is not None


def is_answer(talk: Talk, words: str) -> bool:
    """Whether words name a question (起因: …) while the speaker is being asked."""
    named = labelled(words)
    return named is not None and _asked(talk) is not None


def answered(talk: Talk, words: str) -> str:
    """Take words that name their question as its answer, and ask on."""
    kept, named = _asked(talk), labelled(words)
    if kept is None or named is None:
        raise RefusalError("请写明哪一件, 例如: 1120-007 案例要点")
    case = fillable(talk, talk.work.cases.load(kept.case_id))
    return _ask(talk, case, kept.lesson.answered(named[0], mask(named[1])))


def _asked(talk: Talk) -> KeptLesson | None:
    return talk.work.library.asked_of(talk.person.userid, talk.now - _WAITS)


def free_words(talk: Talk) -> str:
    """Take words that mean nothing by themselves as the answer to the question asked, if any."""
    kept = _asked(talk)
    if kept is None or not kept.asked:
        return ""
    case = fillable(talk, talk.work.cases.load(kept.case_id))
    lesson = kept.lesson.answered(Asked(kept.asked), mask(talk.words.strip()))
    return _ask(talk, case, lesson) or " "


def fill(talk: Talk, case: Case, said: dict[Asked, str]) -> None:
    """Keep what the page was given, all at once; what is empty stays as it was."""
    fillable(talk, case)
    lesson = of(talk, case)
    for what, text in said.items():
        if text.strip():
            lesson = lesson.answered(what, mask(text.strip()))
    talk.work.library.keep(case.id, lesson, by=talk.person.userid, now=talk.now)
    library.put(talk.work, talk.desk, case)
