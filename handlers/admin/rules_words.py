"""Two versions of a rulebook, and what differs between them, one sentence each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from cases.clocks import ClockRule, ClockRules
from cases.grading import GradingRules
from cases.grading.rulebook import Level, Rule
from cases.ladder import sentence
from cases.rulebook import Rulebook

_SAME = "没有不同"
Kind = TypeVar("Kind")


def differences(old: Rulebook, new: Rulebook) -> tuple[str, ...]:
    """Return what differs, clocks first; one sentence where nothing does."""
    found = (*_clocks(old.clocks, new.clocks), *_grading(old.grading, new.grading))
    return found or (_SAME,)


def amount_words(rule: ClockRule) -> str:
    """Return how long a step has, with its marks."""
    kinds = "".join(f"; {kind} {amount.words}" for kind, amount in rule.kinds)
    later = f"; 第 {rule.later_from} 次起 {rule.later.words}" if rule.later else ""
    return f"{rule.amount.words}{kinds}{later}{' (暂定)' if rule.provisional else ''}"


def _clocks(old: ClockRules, new: ClockRules) -> Iterator[str]:
    if old.periods != new.periods:
        yield f"工作时段: {_spans(old)} → {_spans(new)}"
    if old.quiet != new.quiet:
        yield f"免打扰: {quiet_words(old)} → {quiet_words(new)}"
    before = {one.level: one for one in old.levels}
    for level in new.levels:
        if level.level not in before:
            yield f"新增等级 {level.level} 的时限"
            continue
        rules = {rule.step: rule for rule in before[level.level].rules}
        for rule in level.rules:
            yield from _rule(level.level, rules[rule.step], rule)
    yield from (f"去掉等级 {name} 的时限" for name in before if name not in new.level_names)
    yield from _ladders(old, new)


def _rule(level: str, old: ClockRule, new: ClockRule) -> Iterator[str]:
    if amount_words(old) != amount_words(new):
        yield f"{level} {new.step}: {amount_words(old)} → {amount_words(new)}"
    if old.starts != new.starts:
        yield f"{level} {new.step}: 自{old.starts}起算 → 自{new.starts}起算"
    if old.ladder != new.ladder:
        yield f"{level} {new.step}的催办: {old.ladder or '不提醒'} → {new.ladder or '不提醒'}"
    if old.source != new.source:
        yield f"{level} {new.step}的出处: {old.source or '无'} → {new.source or '无'}"


def _ladders(old: ClockRules, new: ClockRules) -> Iterator[str]:
    before = {one.name: sentence(one) for one in old.ladders}
    after = {one.name: sentence(one) for one in new.ladders}
    for name, words in after.items():
        if name not in before:
            yield f"新增阶梯「{name}」: {words}"
        elif before[name] != words:
            yield f"阶梯「{name}」: {_parts(before[name], words)}"
    yield from (f"去掉阶梯「{name}」" for name in before if name not in after)


def _parts(old: str, new: str) -> str:
    """Return only the parts of a ladder's sentence that differ."""
    was, becomes = old.rstrip("。").split("; "), new.rstrip("。").split("; ")
    gone = "; ".join(part for part in was if part not in becomes)
    come = "; ".join(part for part in becomes if part not in was)
    return f"{gone or '无'} → {come or '去掉'}"


def _spans(rules: ClockRules) -> str:
    return "、".join(str(period) for period in rules.periods)


def quiet_words(rules: ClockRules) -> str:
    """Return the quiet hours: 22:00-08:30."""
    return f"{rules.quiet.start:%H:%M}-{rules.quiet.end:%H:%M}"


def _grading(old: GradingRules, new: GradingRules) -> Iterator[str]:
    yield from _compared("条款", _by_id(old.rules), _by_id(new.rules), _rule_words)
    levels = {one.name: one for one in old.levels}, {one.name: one for one in new.levels}
    yield from _compared("等级", *levels, _level_words)
    if old.score != new.score:
        yield "评分: 因素、权重或分档有变"
    if old.doubts != new.doubts:
        yield "存疑条款有变"
    if (old.title, old.notes) != (new.title, new.notes):
        yield f"标题或说明有变: {new.title}"


def _by_id(rules: Sequence[Rule]) -> dict[str, Rule]:
    return {rule.id: rule for rule in rules}


def _compared(
    what: str, old: Mapping[str, Kind], new: Mapping[str, Kind], words: Callable[[Kind], str]
) -> Iterator[str]:
    for name in new:
        if name not in old:
            yield f"新增{what} {words(new[name])}"
        elif old[name] != new[name]:
            yield f"{what}有变: {words(old[name])} → {words(new[name])}"
    yield from (f"去掉{what} {words(old[name])}" for name in old if name not in new)


def _rule_words(rule: Rule) -> str:
    return f"{rule.level}「{rule.clause}」({rule.id})"


def _level_words(level: Level) -> str:
    sign = "须签批" if level.needs_signoff else "不须签批"
    return f"{level.name} ({level.confirms}定级, {sign}, {level.approver}批)"
