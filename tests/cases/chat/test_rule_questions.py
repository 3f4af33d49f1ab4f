"""Questions about the written rules are told from questions about a case and from reports."""

import pytest

from cases.chat.rule_questions import RuleQuestion, RuleQuestionKind, rule_question
from cases.clocks import Step

LEVELS = {"一级": "一级", "二级": "二级", "Ⅱ级": "二级", "三级": "三级"}
LIMITS, LADDER, TRIAL = (
    RuleQuestionKind.LIMITS,
    RuleQuestionKind.LADDER,
    RuleQuestionKind.TRIAL,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二级怎么催", RuleQuestion(LADDER, "二级")),
        ("二级签收怎么催?", RuleQuestion(LADDER, "二级", Step.SIGN)),
        ("签收多久提醒一次", RuleQuestion(LADDER, "", Step.SIGN)),
        ("催办规则", RuleQuestion(LADDER)),
        ("二级的时限是多少", RuleQuestion(LIMITS, "二级")),
        ("三级件时限", RuleQuestion(LIMITS, "三级")),
        ("如果今天16:00交办,二级什么时候首报", RuleQuestion(TRIAL, "二级", Step.FIRST_REPORT)),
        ("试算三级投诉办结 11月20日16:00", RuleQuestion(TRIAL, "三级", Step.CLOSE, "投诉")),
        ("如果现在登记,什么时候特报", RuleQuestion(TRIAL, "", Step.REPORT_UP)),
    ],
)
def test_it_is_understood(text: str, expected: RuleQuestion) -> None:
    assert rule_question(text, LEVELS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "001 签收怎么催",
        "为什么没提醒我",
        "这件多久提醒一次",
        "收到",
        "定二级,交住建局,办结期限11月30日",
        "如果明天还下雨怎么办",
        "如果属实,请住建局今天回应",
        "时限是多少",
        "网民问路灯坏了怎么催" + "都没人管" * 20,
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert rule_question(text, LEVELS) is None
