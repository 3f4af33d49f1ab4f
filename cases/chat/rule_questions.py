"""Questions about the written rules of time, of no case: limits, reminders, 如果…什么时候到期."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases.clocks import RULED, Step

_LONGEST = 40  # characters; whoever asks about a rule asks briefly


class RuleQuestionKind(StrEnum):
    """What is asked."""

    LIMITS = "时限"
    LADDER = "催办"
    TRIAL = "试算"


@dataclass(frozen=True, slots=True)
class RuleQuestion:
    """What is asked, of which level ("" where none is named) and step (None likewise)."""

    kind: RuleQuestionKind
    level: str = ""
    step: Step | None = None
    demand: str = ""  # 咨询, 投诉


_STEPS = {"特报": Step.REPORT_UP, "新闻发布会": Step.PRESS_CONFERENCE} | {
    step.value: step for step in RULED
}
_TRIAL = re.compile("^试算|^(?:如果|假如|假设|要是).*(?:什么时候|何时|几点|哪天|到期)")
_LADDER = re.compile(
    "怎么(?:催|提醒|升级)|(?:催办|提醒|升级)(?:的)?(?:规则|规定|阶梯|办法)"
    "|(?:隔)?多久(?:再)?(?:提醒|催)|(?:催|提醒)几次"
)
_LIMITS = re.compile("(?:时限|期限)(?:都)?(?:是|有)?(?:多少|多长|哪些|什么|几天|规定|要求)?[?]?$")
_OF_A_CASE = re.compile("[0-9]{3}|[这本]件|这个|我")


def rule_question(text: str, levels: Mapping[str, str]) -> RuleQuestion | None:
    """Return what is asked about the written rules, None where it is something else.

    Args:
        text: what was typed.
        levels: how the levels are called -> their names.
    """
    said = unicodedata.normalize("NFKC", text).strip()
    if len(said) > _LONGEST:
        return None
    level = next((levels[word] for word in _longest(levels) if word in said), "")
    step = next((_STEPS[word] for word in _longest(_STEPS) if word in said), None)
    demand = next((word for word in ("咨询", "投诉") if word in said), "")
    if _TRIAL.match(said) and step is not None:
        return RuleQuestion(RuleQuestionKind.TRIAL, level, step, demand)
    if _OF_A_CASE.search(said):
        return None
    if _LADDER.search(said):
        return RuleQuestion(RuleQuestionKind.LADDER, level, step)
    if level and _LIMITS.search(said):
        return RuleQuestion(RuleQuestionKind.LIMITS, level, step)
    return None


def _longest(words: Mapping[str, object]) -> list[str]:
    return sorted(words, key=len, reverse=True)
