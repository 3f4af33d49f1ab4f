"""007复盘, 007 整改: 住建局 12月5日前 …, 整改完成: looking back on a case in chat."""

from datetime import datetime

from cases import commands
from cases.beijing import at_beijing, in_beijing
from cases.chat.review_words import ReviewDeed, ReviewWish
from cases.chat.times import END_OF_WORK, find_moments
from cases.clocks import Step
from cases.errors import RefusalError
from cases.masking import mask
from cases.model import Case
from cases.people import Unit
from cases.permissions import Action
from cases.review import review_words
from cases.wording.moments import clock_time
from handlers import review
from handlers.references import case_written
from handlers.talk import Talk

_EXAMPLE = "整改: 住建局 12月5日前 更换管网"
_LEFT = " ,、。;:前之在请要"


def wished(talk: Talk, wish: ReviewWish) -> str:
    """Carry out what is wanted of reviews, and answer.

    Raises:
        RefusalError: it may not be done, or not now.
    """
    match wish.deed:
        case ReviewDeed.SHOW:
            return _show(talk, wish)
        case ReviewDeed.SET:
            return _set(talk, wish)
        case ReviewDeed.DONE:
            return _done(talk, wish)


def _show(talk: Talk, wish: ReviewWish) -> str:
    case = case_written(talk, wish.case)
    talk.permit(Action.REVIEW, case)
    talk.is_about_drill = talk.is_about_drill or case.is_drill
    page = f"\n复盘页: {talk.desk.page_of(case.number)}/review" if talk.desk.base_url else ""
    return review_words(review.review(talk.work, case, talk.now)) + page


def _set(talk: Talk, wish: ReviewWish) -> str:
    case = case_written(talk, wish.case)
    talk.permit(Action.IMPROVE, case)
    unit, rest = _unit_in(talk, case, wish.text)
    until, text = _deadline_in(rest, talk.now, case)
    number = len(review.tasks_of(talk.work.cases.history(case.id))) + 1
    command = commands.SetImprovement(number, unit.id, mask(text), until)
    talk.do(case, Action.IMPROVE, command)
    by = clock_time(until, talk.now)
    return f"{case.short_number} 整改{number}已布置给{unit.name}, {by} 前完成, 到期会提醒。"


def _unit_in(talk: Talk, case: Case, text: str) -> tuple[Unit, str]:
    """Return the unit named first, else the one that led the case, and the rest of the words."""
    units = talk.work.people.units()
    named = sorted(
        (
            (text.index(name), -len(name), unit, name)
            for unit in units
            for name in (unit.name, unit.name.removeprefix("市"), *unit.aliases)
            if name and name in text
        ),
        key=lambda one: one[:2],
    )
    if named:
        _, _, unit, name = named[0]
        return unit, text.replace(name, "", 1)
    lead = case.lead.unit_id if case.lead else ""
    found = next((unit for unit in units if unit.id == lead), None)
    if found is None:
        raise RefusalError(f"请写明哪个单位整改, 例如: {case.short_number} {_EXAMPLE}")
    return found, text


def _deadline_in(text: str, now: datetime, case: Case) -> tuple[datetime, str]:
    found = find_moments(text, now)
    if not found:
        raise RefusalError(f"请写明整改到哪天, 例如: {case.short_number} {_EXAMPLE}")
    moment = found[0]
    until = moment.at
    if not moment.has_clock:  # a day means its working hours
        until = at_beijing(in_beijing(until).date(), END_OF_WORK)
    rest = text[: moment.start] + text[moment.end :]
    return until, rest.strip(_LEFT)


def _done(talk: Talk, wish: ReviewWish) -> str:
    unit = talk.person.unit_id or ""
    mine = [
        clock
        for clock in talk.work.clocks.running_of(unit)
        if clock.step == Step.IMPROVE.value and clock.case_id is not None
    ]
    found = [(talk.work.cases.load(clock.case_id or 0), clock.subject_id % 1000) for clock in mine]
    fitting = [
        (case, task)
        for case, task in found
        if (not wish.case or case.number.replace("-", "").endswith(wish.case.replace("-", "")))
        and wish.number in (0, task)
    ]
    if not fitting:
        raise RefusalError("贵单位没有这一项未完成的整改。")
    if len(fitting) > 1:
        said = "、".join(f"{case.number} 整改{task}" for case, task in fitting)
        example = said.split("、", 1)[0]
        raise RefusalError(f"请写明哪一项: {said}, 例如: {example}完成")
    case, task = fitting[0]
    command = commands.FinishImprovement(task, unit, mask(wish.text))
    talk.do(case, Action.REVIEW, command)
    return f"{case.short_number} 整改{task}完成已记录, 已告知舆情办。"
