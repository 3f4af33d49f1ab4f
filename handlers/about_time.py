"""What is said about time and duty, and who answers it."""

from collections.abc import Callable
from datetime import datetime

from cases.beijing import in_beijing
from cases.chat import Intent
from cases.chat.about_time import TimeQuestion, time_question
from cases.chat.brake_words import brake_wish
from cases.chat.period_words import period_wish
from cases.chat.rules_words import rules_wish
from cases.encoding import wecom_field
from cases.permissions import Action
from cases.wording.moments import clock_time
from handlers import (
    apply_rules,
    asking,
    brake,
    broadcasts,
    duty,
    duty_changes,
    learning_talk,
    period_talk,
    quiet,
    rounds,
    rule_questions,
    said,
    tonight,
    why,
)
from handlers.references import visible_open
from handlers.said import Slots
from handlers.talk import Talk

Doer = Callable[[Talk, Slots], str]
_MOST = 10


def lists(talk: Talk, slots: Slots) -> str:
    """Which cases are due today; every other list as before."""
    if said.text(slots, "filter") == "due" and not said.texts(slots, "units"):
        return due_today(talk, slots)
    return asking.listing(talk, slots)


def due_today(talk: Talk, _slots: Slots) -> str:
    """今日到期: every step that is due before midnight, the earliest first."""
    talk.permit(Action.LIST)
    units = {unit.id: unit.name for unit in talk.work.people.units()}
    mine = talk.person.unit_id
    found: list[tuple[datetime, str]] = []
    for case in visible_open(talk):
        for clock in talk.work.clocks.running(case.id):
            if mine is not None and clock.holder != mine:
                continue
            if _is_today(clock.due_at, talk.now):
                who = units.get(clock.holder, "舆情办")
                late = ", 已超时" if clock.due_at < talk.now else ""
                title = wecom_field(case.title, 60)
                until = clock_time(clock.due_at, talk.now)
                found.append(
                    (
                        clock.due_at,
                        f"{until} {case.short_number} {title}: 等{who}{clock.step}{late}",
                    )
                )
    if not found:
        return "今天没有到期的。"
    lines = [line for _, line in sorted(found)]
    more = [f"… 另有 {len(lines) - _MOST} 项"] if len(lines) > _MOST else []
    return "\n".join([f"今日到期 {len(lines)} 项:", *lines[:_MOST], *more])


def _is_today(moment: datetime, now: datetime) -> bool:
    return in_beijing(moment).date() == in_beijing(now).date()


DOERS: dict[Intent, Doer] = {
    Intent.PHONED: quiet.phoned,
    Intent.MUTE: quiet.mute,
    Intent.WHY: why.why,
    Intent.QUERY_DEADLINE: why.deadline,
    Intent.QUERY_LIST: lists,
    Intent.ZERO_REPORT: rounds.zero_report,
    Intent.DUTY_HANDOVER: duty.handover,
    Intent.DUTY_ROSTER: duty.roster,
    Intent.DUTY_SWAP: duty_changes.swap,
    Intent.DUTY_LEAVE: duty_changes.leave,
}
_ANSWERS: dict[TimeQuestion, Doer] = {
    TimeQuestion.WHY_THEN: why.deadline,
    TimeQuestion.WHY_REMINDED: why.why,
    TimeQuestion.DUE_TODAY: due_today,
    TimeQuestion.TONIGHT: tonight.asked,
    TimeQuestion.MISSING: broadcasts.who_is_missing,
}


def at_once(talk: Talk, words: str) -> Callable[[], str] | None:
    """Return what answers set phrases about time, known in full; None where it is none."""
    if time_question(words) is TimeQuestion.PREVIEW:
        return lambda: broadcasts.preview(talk, {})
    rules = rules_wish(words)
    if rules is not None:
        return lambda: apply_rules.confirmed(talk, rules) if rules else apply_rules.shown(talk)
    brake_meant = brake_wish(words)
    if brake_meant is not None:
        return lambda: brake.wished(talk, brake_meant)
    learning = learning_talk.asked(talk, words)
    if learning is not None:
        return learning
    wish = period_wish(words)
    if wish is not None:
        return lambda: period_talk.wished(talk, wish)
    return rule_questions.asked(talk, words)


def otherwise(talk: Talk, slots: Slots) -> str | None:
    """Answer a question about time that the grammar left open; None where it is none."""
    question = time_question(talk.spoken)
    doer = _ANSWERS.get(question) if question is not None else None
    return None if doer is None else doer(talk, slots)
