"""Role × action, kept by hand and compared in full; and what the refusals say."""

from dataclasses import replace

import pytest

from cases import commands as do
from cases.errors import NotFoundError, NotPermittedError
from cases.model import Case, State
from cases.people import Person, Role
from cases.permissions import Action, authorize, may_know
from tests.support.builders import after, case_in

R = Role
OFFICE = {R.DUTY_OFFICER, R.OFFICE_DIRECTOR}
LEADERS = {R.DEPUTY_LEADER, R.CHIEF_LEADER}
UNIT = {R.LIAISON, R.UNIT_LEADER, R.SPOKESPERSON}
EVERYBODY_AT_WORK = OFFICE | LEADERS | UNIT | {R.INFORMANT}

MAY: dict[Action, set[Role]] = {
    Action.REPORT: EVERYBODY_AT_WORK,
    Action.SUPPLEMENT: EVERYBODY_AT_WORK,
    Action.SUGGEST_GRADE: EVERYBODY_AT_WORK,
    Action.WITHDRAW: OFFICE,  # a unit has it; before the 交办 also who reported it
    Action.CONFIRM_GRADE: LEADERS | {R.OFFICE_DIRECTOR},
    Action.ASSIGN: LEADERS | {R.OFFICE_DIRECTOR},
    Action.SIGNOFF: LEADERS,
    Action.TRANSFER: LEADERS | {R.OFFICE_DIRECTOR},
    Action.ADD_COOP: LEADERS | {R.OFFICE_DIRECTOR},
    Action.RULE_ON_RETURN: LEADERS | {R.OFFICE_DIRECTOR},
    Action.SIGN: UNIT,
    Action.DECLINE: UNIT,
    Action.UNIT_REPORT: UNIT,
    Action.REQUEST_CLOSE: UNIT,
    Action.CLOSE: LEADERS | {R.OFFICE_DIRECTOR},
    Action.SEND_BACK: LEADERS | {R.OFFICE_DIRECTOR},
    Action.URGE: OFFICE | LEADERS,
    Action.VIEW: set(Role),
    Action.LIST: EVERYBODY_AT_WORK | {R.ASSESSOR, R.SUPERVISOR},
    Action.PHONED: OFFICE,
    Action.DRAFT: UNIT,
    Action.REVIEW_REPLY: LEADERS | {R.OFFICE_DIRECTOR, R.REVIEWER},
    Action.ISSUE: LEADERS | {R.OFFICE_DIRECTOR},
    Action.PUBLISH: UNIT,
    Action.TRACK: UNIT | OFFICE,
    Action.WAIVE: LEADERS | {R.OFFICE_DIRECTOR},
    Action.REPORT_UP: OFFICE,
    Action.PRESS: OFFICE | LEADERS | {R.SPOKESPERSON},
    Action.INSTRUCT: LEADERS,
    Action.EXECUTE_ORDER: LEADERS | {R.OFFICE_DIRECTOR},
    Action.TO_HIGHER: LEADERS | {R.OFFICE_DIRECTOR},
    Action.STANDING: {R.ADMINISTRATOR, R.OFFICE_DIRECTOR},
    Action.EXTEND: UNIT,
    Action.RULE_ON_EXTENSION: LEADERS | {R.OFFICE_DIRECTOR},
    Action.MERGE: OFFICE,
    Action.SPLIT: OFFICE,
    Action.REOPEN: LEADERS | {R.OFFICE_DIRECTOR},
    Action.REFUSE_CASE: LEADERS | {R.OFFICE_DIRECTOR},
    Action.ASK_END: {R.OFFICE_DIRECTOR},
    Action.END_RESPONSE: LEADERS,
    Action.ARCHIVE: {R.OFFICE_DIRECTOR},
    Action.APPLY_RULES: {R.ADMINISTRATOR, R.OFFICE_DIRECTOR},
    Action.BRAKE: {R.ADMINISTRATOR, R.DUTY_OFFICER, R.OFFICE_DIRECTOR},
    Action.PERIOD: LEADERS | {R.OFFICE_DIRECTOR, R.ADMINISTRATOR},
    Action.ADMINISTER: {R.ADMINISTRATOR},
    Action.ARRANGE: {R.OFFICE_DIRECTOR, R.ADMINISTRATOR},
    Action.SUPERVISE: LEADERS | {R.SUPERVISOR},
    Action.END_SUPERVISION: LEADERS | {R.SUPERVISOR},
    Action.RESTRICT: LEADERS | {R.OFFICE_DIRECTOR},
    Action.CONSULT: OFFICE | LEADERS,
    Action.REQUEST_COOP: UNIT,
    Action.HAND_OFF: UNIT,
    Action.LET_IN: {R.ADMINISTRATOR, R.OFFICE_DIRECTOR},
    Action.GROUP: OFFICE,
    Action.DRILL: OFFICE | {R.ADMINISTRATOR},
    Action.SCORES: OFFICE | LEADERS | UNIT | {R.ASSESSOR, R.SUPERVISOR},
    Action.APPEAL: UNIT,
    Action.RULE_ON_APPEAL: LEADERS | {R.OFFICE_DIRECTOR},
    Action.GIVE_POINT: {R.ASSESSOR, R.OFFICE_DIRECTOR},
    Action.SCORE_NOTICE: {R.ASSESSOR, R.OFFICE_DIRECTOR},
    Action.LESSON: OFFICE | UNIT,
    Action.LIBRARY: OFFICE | LEADERS | UNIT | {R.REVIEWER, R.ASSESSOR, R.SUPERVISOR},
    Action.CALL_BACK: OFFICE | UNIT,
    Action.REVIEW: OFFICE | LEADERS | UNIT | {R.REVIEWER, R.ASSESSOR, R.SUPERVISOR},
    Action.IMPROVE: LEADERS | {R.OFFICE_DIRECTOR},
    Action.WRITE_PAPER: OFFICE | LEADERS,
    Action.CHECK_PAPER: LEADERS | {R.OFFICE_DIRECTOR},
}


def person(*roles: Role, unit: str | None = None, userid: str = "x") -> Person:
    return Person(userid, "某人", frozenset(roles), unit_id=unit)


def insider(role: Role) -> Person:
    """Somebody of that role who may know of the case: its reporter, or of its unit."""
    return person(role, unit="chengguan", userid="wangxiaoyu")


def may(actor: Person, action: Action, case: Case | None) -> bool:
    try:
        authorize(actor, action, case)
    except (NotPermittedError, NotFoundError):
        return False
    return True


@pytest.mark.parametrize("action", list(Action))
def test_each_role_may_do_what_the_table_says_and_nothing_else(action: Action) -> None:
    case = case_in(State.ASSIGNED)
    assert {role for role in Role if may(insider(role), action, case)} == MAY[action]


def test_the_table_has_every_action() -> None:
    assert set(MAY) == set(Action)


@pytest.mark.parametrize(
    ("decider", "role", "allowed"),
    [
        (R.OFFICE_DIRECTOR, R.OFFICE_DIRECTOR, True),
        (R.DEPUTY_LEADER, R.OFFICE_DIRECTOR, False),
        (R.DEPUTY_LEADER, R.DEPUTY_LEADER, True),
        (R.DEPUTY_LEADER, R.CHIEF_LEADER, True),
        (R.CHIEF_LEADER, R.DEPUTY_LEADER, False),
        (R.CHIEF_LEADER, R.CHIEF_LEADER, True),
    ],
)
def test_a_decision_is_for_the_named_role_or_one_above(
    decider: Role, role: Role, allowed: bool
) -> None:
    case = case_in(State.CLOSE_REQUESTED)
    if allowed:
        authorize(person(role), Action.CLOSE, case, decider=decider)
        assert may_know(person(role), case)
        return
    with pytest.raises(NotPermittedError, match=decider.value):
        authorize(person(role), Action.CLOSE, case, decider=decider)


def test_c02_another_units_case_is_refused_exactly_like_one_that_does_not_exist() -> None:
    stranger = person(R.LIAISON, unit="jiaoti")
    with pytest.raises(NotFoundError) as refused:
        authorize(stranger, Action.SIGN, case_in(State.ASSIGNED))
    assert str(refused.value) == "没有找到这个编号, 请核对后再发, 例如: 查 007"


def test_a_unit_without_a_part_that_reported_it_is_told_who_acts() -> None:
    reporter = person(R.LIAISON, unit="jiaoti", userid="wangxiaoyu")
    with pytest.raises(NotPermittedError, match="承办单位签收"):
        authorize(reporter, Action.SIGN, case_in(State.ASSIGNED))


def test_a_refusal_names_who_may() -> None:
    with pytest.raises(NotPermittedError, match="舆情办主任、分管领导、主要领导"):
        authorize(insider(R.INFORMANT), Action.ASSIGN, case_in(State.GRADED))


@pytest.mark.parametrize(
    ("state", "may_reporter"),
    [(State.GRADED, True), (State.APPROVED, True), (State.ASSIGNED, False)],
)
def test_the_reporter_withdraws_until_a_unit_has_it_then_the_office(
    state: State, may_reporter: bool
) -> None:
    case = case_in(state)
    assert may(insider(R.INFORMANT), Action.WITHDRAW, case) is may_reporter
    assert may(person(R.DUTY_OFFICER), Action.WITHDRAW, case)


def test_whom_the_liaison_handed_it_to_signs_and_reports_and_nothing_else() -> None:
    case = after(case_in(State.ASSIGNED), do.HandOff("chengguan", "clerk", "小李"))
    clerk = person(R.INFORMANT, unit="chengguan", userid="clerk")
    done = {a for a in Action if may(clerk, a, case)}
    assert may_know(clerk, case)
    assert {Action.SIGN, Action.UNIT_REPORT} <= done
    assert not may(person(R.INFORMANT, unit="chengguan"), Action.SIGN, case)
    assert done.isdisjoint({Action.DECLINE, Action.REQUEST_CLOSE, Action.EXTEND, Action.HAND_OFF})


def test_only_the_first_reporter_or_the_office_withdraws() -> None:
    case = after(case_in(State.REPORTED), do.Join("lihang"))
    with pytest.raises(NotPermittedError, match="首报人"):
        authorize(person(R.INFORMANT, userid="lihang"), Action.WITHDRAW, case)


def test_a_restricted_case_is_hidden_from_its_reporters() -> None:
    case = case_in(State.REPORTED)
    hidden = replace(case, restricted=True)
    assert may_know(insider(R.INFORMANT), case)
    assert not may_know(insider(R.INFORMANT), hidden)


def test_a_spokesperson_of_the_institution_knows_a_case_once_there_is_a_reply() -> None:
    spokesperson = person(R.SPOKESPERSON)
    case = after(case_in(State.HANDLING), do.DraftReply("chengguan", "您好! 已疏通。"))
    assert not may_know(spokesperson, case_in(State.HANDLING))
    assert may_know(spokesperson, case)
    assert not may_know(spokesperson, replace(case, restricted=True))
