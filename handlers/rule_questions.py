"""二级签收怎么催, 二级的时限是多少, 如果今天16:00交办…: answered from the rules in force."""

from collections.abc import Callable

from cases.answers_about_time import rule_sentence, why_this_time
from cases.chat.rule_questions import RuleQuestion, RuleQuestionKind, rule_question
from cases.chat.times import find_moments
from cases.clocks import ClockRule, ClockRules, Step
from cases.deadlines import due, for_kind
from cases.errors import RefusalError
from cases.permissions import Action
from handlers.talk import Talk

_SHOWN = (Step.SIGN, Step.FIRST_REPORT)  # where no step is named


def asked(talk: Talk, words: str) -> Callable[[], str] | None:
    """Return what answers a question about the written rules; None where it is none."""
    grading = talk.desk.rulebook(talk.desk.rulebook_in_force).grading
    levels = {word: one.name for one in grading.levels for word in (one.name, *one.aliases)}
    question = rule_question(words, levels)
    return None if question is None else lambda: _answer(talk, question)


def _answer(talk: Talk, question: RuleQuestion) -> str:
    talk.permit(Action.VIEW)
    rules = talk.desk.rulebook(talk.desk.rulebook_in_force).clocks
    if question.kind is RuleQuestionKind.TRIAL:
        return _trial(talk, rules, question)
    if question.kind is RuleQuestionKind.LIMITS and question.step is None:
        return _limits(rules, question.level)
    return _ladders(rules, question)


def _ladders(rules: ClockRules, question: RuleQuestion) -> str:
    levels = (question.level,) if question.level else rules.level_names
    steps = (question.step,) if question.step else _SHOWN
    lines = [
        f"{level} {step}{_mark(rule)}: {_said(rules, rule)}"
        for level in levels
        for step in steps
        for rule in [rules.rule(level, step)]
    ]
    if question.step is None:
        lines.append(f"别的环节请写明, 例如: {levels[-1]}办结怎么催")
    return "\n".join(lines)


def _said(rules: ClockRules, rule: ClockRule) -> str:
    ladder = rules.ladder_of(rule)
    return rule_sentence(rule, ladder) if ladder else f"{rule.amount.words}, 不提醒。"


def _mark(rule: ClockRule) -> str:
    return " (暂定)" if rule.provisional else ""


def _limits(rules: ClockRules, level: str) -> str:
    lines = [
        f"{rule.step}: {rule.starts}后 {rule.amount.words}{_mark(rule)}"
        for rule in rules.for_level(level)
    ]
    return "\n".join(
        [f"{level}的时限 ({rules.name}):", *lines, f"催办请问, 例如: {level}签收怎么催"]
    )


def _trial(talk: Talk, rules: ClockRules, question: RuleQuestion) -> str:
    step = question.step
    if not question.level or step is None:
        names = "、".join(rules.level_names)
        raise RefusalError(
            f"请写明等级 ({names}), 例如: 如果今天16:00交办, {rules.level_names[-1]}什么时候首报"
        )
    moments = [m for m in find_moments(talk.spoken, talk.now) if m.has_clock or m.has_day]
    start = moments[0].at if moments else talk.now
    calendar = rules.calendar(talk.desk.days_off)
    lines = []
    for rule in rules.asked(question.level, step):
        one = for_kind(rule, question.demand)
        found = due(one, start, calendar)
        if found is not None:
            lines.append(why_this_time(one, found, rules.ladder_of(one)))
    return "\n".join([f"试算 {question.level} {step}:", *lines]) if lines else _none(question)


def _none(question: RuleQuestion) -> str:
    return f"{question.level}的{question.step}没有固定时限。"
