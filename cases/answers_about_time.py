"""Answers about time, in words an officer can read: why this moment, and what happens after it."""

from cases.amounts import Amount, Basis, Unit
from cases.beijing import say_moment
from cases.clocks import ClockRule, ClockRules, Due, Step
from cases.ladder import Ladder, sentence


def why_this_time(rule: ClockRule, found: Due, ladder: Ladder | None) -> str:
    """Answer "为什么是这个时间": the rule, the counting line by line, and the reminders."""
    lines = [f"{rule.step}时限 {say_moment(found.at)}, 这样算出:"]
    lines += [f"{nth}. {step}" for nth, step in enumerate(found.steps, start=1)]
    if rule.source:
        lines.append(f"依据: {rule.source}。")
    if ladder is not None:
        lines.append(f"提醒: {rule_sentence(rule, ladder)}")
    return "\n".join(lines)


def rule_sentence(rule: ClockRule, ladder: Ladder) -> str:
    """Return one rule and its ladder in one plain sentence.

    Where both are counted in the same minutes the moments are told from the start, as officers
    say it (交办 15 分钟未签收提醒联络员); else from the deadline.
    """
    unit = Unit.MINUTES if ladder.basis is Basis.NATURAL else Unit.WORKING_MINUTES
    if rule.amount.unit is not unit:
        return f"{rule.starts}后{rule.step}时限 {rule.amount.words}; {sentence(ladder)}"
    holder = ladder.holder
    limit = rule.amount.count

    def said(minutes: int) -> str:
        return Amount(unit, minutes).words

    early = [said(limit - minutes) for minutes in ladder.before]
    first, *more = [*early, said(limit)]
    parts = [f"{rule.starts} {first}未{_deed(rule.step)}提醒{holder}"]
    parts += [f"{moment}再提醒" for moment in more]
    if ladder.repeat_times:
        every = said(ladder.repeat_every)
        parts.append(f"超时后每 {every}再催, 最多 {ladder.repeat_times} 次")
    for climb in ladder.climbs:
        deed = f"请{climb.audience}电话通知" if climb.phone else f"提醒{climb.audience}"
        parts.append(f"{said(limit + climb.after)}{deed}")
    return "; ".join(parts) + "。"


def _deed(step: Step) -> str:
    return "召开发布会" if step is Step.PRESS_CONFERENCE else step.value


def level_in_words(rules: ClockRules, level: str) -> str:
    """Return every rule of a level, one sentence a line; provisional ones are marked 暂定.

    Raises:
        UnknownLevelError: no such level.
    """
    lines = []
    for rule in rules.for_level(level):
        ladder = rules.ladder_of(rule)
        said = rule_sentence(rule, ladder) if ladder else f"{rule.amount.words}。"
        mark = " (暂定)" if rule.provisional else ""
        lines.append(f"{rule.step}{mark}: {said}")
    return "\n".join(lines)
