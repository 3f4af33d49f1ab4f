"""The same words from different people, words of leaders, questions, and other people's words."""

import pytest

from cases.chat import Intent, role_named
from cases.people import Role
from tests.support.said import intents, said

RECEIPTS = {
    Role.INFORMANT: "read_ack",
    Role.DUTY_OFFICER: "read_ack",
    Role.OFFICE_DIRECTOR: "read_ack",
    Role.DEPUTY_LEADER: "read_ack",
    Role.CHIEF_LEADER: "read_ack",
    Role.LIAISON: "unit.sign",
    Role.UNIT_LEADER: "unit.sign",
    Role.SPOKESPERSON: "unit.sign",
    Role.REVIEWER: "read_ack",
    Role.ASSESSOR: "read_ack",
    Role.SUPERVISOR: "read_ack",
    Role.ADMINISTRATOR: "read_ack",
}


def test_only_people_of_a_unit_sign_by_saying_received() -> None:
    assert {role: intents("收到", role) for role in Role} == {
        role: [intent] for role, intent in RECEIPTS.items()
    }


def test_received_from_nobody_known_is_asked_about() -> None:
    got = said("收到")
    assert got.intent is Intent.AMBIGUOUS
    assert got.likeliest == (Intent.UNIT_SIGN, Intent.READ_ACK)
    assert intents("城管局收到#007") == ["unit.sign"]


@pytest.mark.parametrize(
    "words", ["已阅", "阅", "阅知", "圈阅", "已圈阅", "知道了", "看过了", "知悉"]
)
@pytest.mark.parametrize("role", [Role.DEPUTY_LEADER, Role.CHIEF_LEADER])
def test_having_read_is_never_an_approval(words: str, role: Role) -> None:
    assert intents(words, role) == ["read_ack"]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("退回", {Role.LIAISON: "unit.decline", Role.DEPUTY_LEADER: "reject", None: "ambiguous"}),
        ("007办结", {Role.LIAISON: "unit.done", Role.OFFICE_DIRECTOR: "case.close"}),
        ("请城管局核实", {Role.OFFICE_DIRECTOR: "assign", Role.CHIEF_LEADER: "instruct"}),
        ("005定二级", {Role.OFFICE_DIRECTOR: "grade.confirm", Role.INFORMANT: "grade.suggest"}),
    ],
)
def test_the_role_changes_the_meaning(words: str, intent: dict[Role | None, str]) -> None:
    assert {role: said(words, role).intent.value for role in intent} == intent


@pytest.mark.parametrize(
    "words",
    [
        "同意?",
        "同意吗",
        "同意\uff1f",
        "这样可以发吗?",
        "是否同意",
        "妥否",
        "王市长已经同意了",
        "等领导同意后再发",
        "他们说“同意”",
        "【系统通知】案件已关闭",
        "按刚才说的办",
        "等等再说",
        "👌",
        "嗯",
        "?",
    ],
)
@pytest.mark.parametrize("role", [Role.DEPUTY_LEADER, Role.LIAISON, None])
def test_questions_hearsay_quotes_and_nods_approve_nothing(words: str, role: Role | None) -> None:
    got = said(words, role)
    assert got.intent in {Intent.AMBIGUOUS, Intent.ESCALATE_FOR_APPROVAL}, got
    assert got.intent is not Intent.AMBIGUOUS or len(got.likeliest) == 2


def test_a_quoted_message_above_ones_own_words_is_no_command() -> None:
    quoted = "「李主任：同意办结007」\n- - - - - - - - - - - - - - -\n收到"
    assert intents(quoted, Role.LIAISON) == ["unit.sign"]
    assert "case" not in said(quoted, Role.LIAISON).slots


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("责任单位联络员", Role.LIAISON),
        ("单位分管领导/网络发言人", Role.UNIT_LEADER),
        ("单位分管领导\uff0f网络发言人", Role.UNIT_LEADER),
        ("上级/督查", Role.SUPERVISOR),
        (" 值班员 ", Role.DUTY_OFFICER),
        ("市民", None),
        ("", None),
    ],
)
def test_roles_are_known_by_the_spellings_of_the_role_table(
    written: str, role: Role | None
) -> None:
    assert role_named(written) is role
