"""The buttons a person sees on the page of a case, and what pressing one does.

A button runs the very act that the chat runs: one permission decision, one path by which a case
changes. What has been pressed once is done once, however often the form arrives.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.errors import RefusalError
from cases.masking import classified_reason
from cases.model import Case
from cases.people import Person
from cases.permissions import Action, authorize, may_know, not_found
from handlers.desk import Desk
from handlers.hear import answer_text
from handlers.pages import office_side, paper_side, unit_side
from handlers.pages.fields import Field, FieldKind, Given
from handlers.pages.offers import Act
from handlers.pages.talk import Outcome, PageTalk, Told
from storage.states import OneTimeKind
from storage.work import Work

SAY = "say"
_REMEMBERED = timedelta(days=2)  # longer than a page may lie open
_MOST_SAID = 3
ACTS: tuple[Act, ...] = (*office_side.ACTS, *unit_side.ACTS, *paper_side.ACTS)
_BY_KEY = {act.key: act for act in ACTS}


@dataclass(frozen=True, slots=True)
class Offer:
    """A button as it is shown."""

    key: str
    label: str
    fields: tuple[Field, ...]
    is_main: bool


@dataclass(frozen=True, slots=True)
class Pressed:
    """A form that came back from the page of a case."""

    number: str
    act: str
    once: str  # made for this form: the same again does nothing
    given: Given


def case_known(work: Work, person: Person, number: str) -> Case:
    """Return the case of this full number.

    Raises:
        NotFoundError: there is none, or none this person may know of; the two are the same.
    """
    case = work.cases.by_number(number)
    if case is None or not may_know(person, case):
        raise not_found()
    authorize(person, Action.VIEW, case)
    return case


def offers(work: Work, desk: Desk, person: Person, case: Case, now: datetime) -> tuple[Offer, ...]:
    """Return what this person may do about the case now, the most likely first."""
    talk = PageTalk(work, desk, person, key="page", words="", now=now)
    found = [
        Offer(act.key, act.called(case), act.fields(talk, case), act.stands_out(case))
        for act in ACTS
        if _is_offered(talk, case, act)
    ]
    found.sort(key=lambda offer: not offer.is_main)
    if case.is_open:
        hint = "和聊天里一样说一句, 例如: 请住建局配合, 今天下班前报我"
        words = Field("words", "一句话", FieldKind.AREA, hint=hint)
        found.append(Offer(SAY, "用一句话办", (words,), is_main=False))
    return tuple(found)


def _is_offered(talk: PageTalk, case: Case, act: Act) -> bool:
    action = act.wanted(case)
    if action is None or not act.offered(talk, case):
        return False
    try:
        talk.permit(action, case)
    except RefusalError:
        return False
    return True


def may_add_files(person: Person, case: Case) -> bool:
    """Whether the person may add a file to the case."""
    try:
        authorize(person, Action.SUPPLEMENT, case)
    except RefusalError:
        return False
    return case.is_open


def press(work: Work, desk: Desk, person: Person, pressed: Pressed, now: datetime) -> Told:
    """Do what was pressed, and say what came of it.

    Raises:
        NotFoundError: the case does not exist for this person.
    """
    case = case_known(work, person, pressed.number)
    by = person.userid
    until = now + _REMEMBERED
    once = f"{by}:{pressed.act}:{pressed.once}"
    if not work.sessions.use_once(OneTimeKind.FORM, once, by=by, now=now, until=until):
        return Told("刚才已经提交过了, 没有重复办理; 结果见下。", Outcome.ANSWERED)
    talk = PageTalk(work, desk, person, key=f"page:{pressed.act}:{pressed.once}", words="", now=now)
    try:
        return talk.told(_do(talk, case, pressed), is_sentence=pressed.act == SAY)
    except RefusalError as refusal:
        denied(work, person, case, pressed.act, now)
        return Told(str(refusal), Outcome.REFUSED, tuple(talk.offered))


def _do(talk: PageTalk, case: Case, pressed: Pressed) -> str:
    reason = classified_reason(pressed.given.everything())
    if reason is not None:
        raise RefusalError(f"内容里像有涉密信息 ({reason}), 没有保存。涉密事项请走保密渠道。")
    if pressed.act == SAY:
        return _say(talk, case, pressed.given)
    act = _BY_KEY.get(pressed.act)
    if act is None:
        raise RefusalError("没有这个操作, 请刷新页面再试。")
    talk.words = act.called(case)
    return act.do(talk, case, pressed.given)


def _say(talk: PageTalk, case: Case, given: Given) -> str:
    answers = []
    for words in given.many("words")[:_MOST_SAID]:
        talk.case = talk.case or case
        talk.words = words
        answers.append(answer_text(talk, words))
    if not answers:
        raise RefusalError("请先写一句要办的事。")
    return "\n".join(answer for answer in answers if answer)


def denied(work: Work, person: Person, case: Case, what: str, now: datetime) -> None:
    """Write into the audit that somebody was refused."""
    work.audit.append(
        actor=person.userid,
        role="、".join(sorted(person.roles)),
        action=f"page.{what[:40]}",
        object_type="case",
        object_id=case.number,
        result="refused",
        details={},
        now=now,
    )
