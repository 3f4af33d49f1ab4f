"""Which clocks an event starts, settles or hands over, and the words at the edges."""

from dataclasses import replace

import pytest

from cases import commands as do
from cases import events
from cases.case_clocks import CancelAll, HandOver, Recount, Settle, Start, effects
from cases.lifecycle import decide
from cases.model import Case, State
from cases.named_people import named_complainants, named_minors
from cases.notices import ToRole, ToUnit
from cases.people import Role
from cases.wording.records import rung_in_words
from cases.wording.telling import Telling, notices
from tests.support.builders import NOW, after, case_in, new_case

TELLING = Telling(now=NOW, title="青禾路积水", source="抖音 · 王小雨 报", units={"zhujian": "住建"})


def started(case: Case, event: events.Event) -> list[str]:
    return [one.step.value for one in effects(case, event) if isinstance(one, Start)]


def settled(case: Case, event: events.Event) -> list[str]:
    return [one.step.value for one in effects(case, event) if isinstance(one, Settle)]


def test_the_clocks_of_a_unit_start_with_the_assignment() -> None:
    case = case_in(State.ASSIGNED)
    assigned = events.Assigned(7001, "chengguan", "lead", NOW, "sunlei")
    assert {"签收", "首报", "办结"} <= set(started(case, assigned))
    assert "定级交办" in settled(case, assigned)


def test_a_helper_has_only_to_sign() -> None:
    case = after(case_in(State.ASSIGNED), do.AddCoop(("zhujian",)))
    helper = events.Assigned(7002, "zhujian", "coop", NOW, "sunlei")
    assert started(case, helper) == ["签收"]


def test_a_ruling_starts_the_units_clocks_anew_and_ends_the_offices() -> None:
    declined = after(case_in(State.ASSIGNED), do.Decline("chengguan", "产权未移交"))
    upheld = events.Upheld(7001, "chengguan", "由城管办理")
    case = after(declined, do.UpholdAssignment("chengguan", "由城管办理"))
    assert started(case, upheld) == ["签收", "首报", "办结"]
    assert settled(case, upheld) == ["定级交办"]
    assert any(isinstance(one, HandOver) for one in effects(case, upheld))


def test_a_unit_that_signed_before_its_return_is_not_asked_to_sign_again() -> None:
    declined = after(case_in(State.SIGNED), do.Decline("chengguan", "产权未移交"))
    case = after(declined, do.UpholdAssignment("chengguan", "由城管办理"))
    upheld = events.Upheld(7001, "chengguan", "由城管办理")
    assert started(case, upheld) == ["首报", "办结"]


def test_a_helpers_ruling_hands_nothing_over_and_asks_only_for_a_signature() -> None:
    case = after(case_in(State.ASSIGNED), do.AddCoop(("zhujian",)))
    upheld = events.Upheld(7002, "zhujian", "请配合")
    assert not [one for one in effects(case, upheld) if isinstance(one, HandOver)]
    assert started(case, upheld) == ["签收"]
    signed = after(case, do.Sign("zhujian"))
    assert started(signed, upheld) == []


def test_a_suggestion_moves_no_clock() -> None:
    assert effects(new_case(), events.GradeSuggested("一级", "央视")) == ()


def test_a_confirmed_proposal_recounts_nothing_and_another_grade_does() -> None:
    case = case_in(State.GRADED)
    assert effects(case, events.GradeConfirmed("二级")) == ()
    assert Recount() in effects(case, events.GradeConfirmed("三级"))
    assert Recount() in effects(case, events.GradeChanged("二级", "一级", "央视"))


def test_a_refused_signoff_makes_the_office_wait_again() -> None:
    refused = events.SignoffRefused("再核实")
    assert started(case_in(State.GRADED), refused) == ["定级交办"]


def test_the_end_cancels_every_clock() -> None:
    assert CancelAll() in effects(case_in(State.CLOSED), events.Closed("同意", NOW))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("投诉人张建国反映小区停水", ("张建国",)),
        ("投诉人张某反映小区停水", ()),
        ("网民反映小区停水", ()),
    ],
)
def test_names_of_people_who_complained_are_found(text: str, names: tuple[str, ...]) -> None:
    assert named_complainants(text) == names


def test_names_of_pupils_are_found() -> None:
    assert named_minors("学生李小明的家长反映") == ("李小明",)
    assert named_minors("三中食堂停业整顿") == ()


@pytest.mark.parametrize(
    ("slot", "words"),
    [("before-2", "更早一次"), ("late-3", "第 3 次"), ("up-somebody", "升级提醒")],
)
def test_every_rung_has_a_name(slot: str, words: str) -> None:
    assert words in rung_in_words(slot)


def test_a_suggestion_before_the_grade_is_taken_by_one_word() -> None:
    said = notices(new_case(), events.GradeSuggested("一级", ""), TELLING)
    assert said[0].choices[0].says == ("YQ-20261120-007 定一级",)


def test_a_regrade_reaches_those_newly_concerned() -> None:
    telling = replace(TELLING, informed=(Role.CHIEF_LEADER,), informs_unit_leader=True)
    event = events.GradeChanged("二级", "一级", "央视已报道")
    told = [one.to for one in notices(case_in(State.SIGNED), event, telling)]
    assert ToRole(Role.CHIEF_LEADER) in told
    assert ToUnit("chengguan", Role.UNIT_LEADER) in told


def test_an_assignment_informs_whom_the_rulebook_names() -> None:
    telling = replace(TELLING, informed=(Role.DEPUTY_LEADER,), informs_unit_leader=True)
    case = case_in(State.ASSIGNED)
    lead = events.Assigned(7001, "chengguan", "lead", NOW, "sunlei")
    told = [one.to for one in notices(case, lead, telling)]
    assert ToRole(Role.DEPUTY_LEADER) in told
    assert ToUnit("chengguan", Role.UNIT_LEADER) in told
    helper = events.Assigned(7002, "zhujian", "coop", NOW, "sunlei")
    assert ToRole(Role.DEPUTY_LEADER) not in [one.to for one in notices(case, helper, telling)]


@pytest.mark.parametrize("has_lead", [True, False])
def test_a_helpers_part_done_is_told_to_the_lead(has_lead: bool) -> None:
    case = after(case_in(State.SIGNED), do.AddCoop(("zhujian",)))
    (done,) = decide(case, do.RequestClose("zhujian", ""), "chenjing", NOW)[-1:]
    if not has_lead:
        case = replace(case, assignments=case.assignments[1:])
    told = [one.to for one in notices(case, done, TELLING)]
    assert (ToUnit("chengguan") in told) is has_lead
    assert ToRole(Role.DUTY_OFFICER) in told
