"""State × Command, complete by enumeration, and what each command does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import commands as do
from cases import events
from cases.case_clocks import EFFECTS
from cases.errors import NotAllowedError
from cases.event_records import KINDS, pack, unpack
from cases.folding import APPLY, fold
from cases.lifecycle import ALLOWED, COMMANDS, decide
from cases.model import AssignmentState, Case, Part, State
from cases.wording.history import WORDED
from cases.wording.telling import TOLD
from tests.support.builders import NOW, TO_STATE, after, case_in, new_case, speaker
from tests.support.state_table import ONE_OF_EACH, ROWS, STATES, TABLE


@pytest.mark.parametrize(("name", "state", "happens"), ROWS, ids=str)
def test_each_command_in_each_state_is_decided_as_the_table_says(
    name: str, state: State, happens: bool
) -> None:
    case, command = case_in(state), ONE_OF_EACH[name]
    if happens:
        assert isinstance(decide(case, command, "sunlei", NOW), list)
        return
    with pytest.raises(NotAllowedError, match="007"):
        decide(case, command, "sunlei", NOW)


def test_the_table_has_every_command_and_every_state_that_can_be_reached() -> None:
    assert {command.__name__ for command in COMMANDS} == set(ONE_OF_EACH)
    assert {line.split()[0] for line in TABLE.strip().splitlines()} == set(ONE_OF_EACH)
    assert set(STATES) == set(TO_STATE)
    assert set(ALLOWED) == set(COMMANDS)


def test_a_state_comes_about_by_the_commands_that_lead_to_it() -> None:
    assert {state: case_in(state).state for state in STATES} == {state: state for state in STATES}


@pytest.mark.parametrize("state", [State.TRIAGE, State.PUBLISHED])
def test_a_refusal_in_any_other_state_names_the_state(state: State) -> None:
    case = replace(new_case(), state=state)
    with pytest.raises(NotAllowedError, match=state.label):
        decide(case, do.Close("同意"), "zhouguohua", NOW)


class TestReports:
    def test_a_repeat_counts_the_reporters(self) -> None:
        case = after(new_case(), do.Join("lihang"))
        assert case.reporters == ("wangxiaoyu", "lihang")

    def test_the_same_reporter_twice_is_one_reporter(self) -> None:
        assert decide(new_case(), do.Join("wangxiaoyu"), "wangxiaoyu", NOW) == []

    def test_a_supplement_may_bring_what_was_missing(self) -> None:
        case = after(new_case(), do.Supplement("链接来了", ("链接",)))
        assert case.missing == ()

    def test_a_suggestion_changes_no_grade(self) -> None:
        case = after(new_case(), do.SuggestGrade("一级", "央视"))
        assert case.level is None


class TestGrade:
    def test_the_working_level_is_the_proposal_until_a_human_confirms(self) -> None:
        case = new_case()
        assert (case.level, case.working_level) == (None, "二级")
        assert after(case, do.ConfirmGrade("三级")).working_level == "三级"

    def test_the_same_grade_again_is_refused(self) -> None:
        with pytest.raises(NotAllowedError, match="已经是二级"):
            decide(case_in(State.GRADED), do.ConfirmGrade("二级"), "sunlei", NOW)

    def test_another_grade_needs_a_reason(self) -> None:
        with pytest.raises(NotAllowedError, match="理由"):
            decide(case_in(State.GRADED), do.ConfirmGrade("一级"), "sunlei", NOW)

    def test_rules_that_hold_already_are_not_applied_again(self) -> None:
        case = case_in(State.GRADED)
        with pytest.raises(NotAllowedError, match="已经按新版办理"):
            decide(case, do.ApplyRules(case.rulebook_id, "新版"), "sunlei", NOW)

    def test_a_change_keeps_the_state(self) -> None:
        case = after(case_in(State.SIGNED), do.ConfirmGrade("一级", "央视已报道"))
        assert (case.level, case.state) == ("一级", State.SIGNED)


class TestAssignment:
    def test_lead_and_helpers_are_numbered_within_the_case(self) -> None:
        case = after(case_in(State.GRADED), do.Assign("chengguan", ("zhujian", "chengguan")))
        assert [(a.id, a.unit_id, a.part) for a in case.assignments] == [
            (7001, "chengguan", Part.LEAD),
            (7002, "zhujian", Part.COOP),
        ]

    def test_a_deadline_of_the_office_is_the_leads(self) -> None:
        until = NOW + timedelta(hours=5)
        order = do.Assign("chengguan", ("zhujian",), demand="查清", deadline=until)
        case = after(case_in(State.GRADED), order)
        assert [a.deadline for a in case.assignments] == [until, None]
        assert {a.demand for a in case.assignments} == {"查清"}

    def test_sign_off_assigns_what_was_planned(self) -> None:
        until = NOW + timedelta(hours=5)
        plan = do.Assign("chengguan", ("zhujian",), deadline=until, needs_signoff=True)
        case = after(case_in(State.GRADED), plan)
        assert case.assignments == ()
        case = after(case, do.GrantSignoff("同意"), by="wangjianping")
        assert [a.unit_id for a in case.assignments] == ["chengguan", "zhujian"]
        assert (case.plan, case.assignments[0].deadline) == (None, until)

    def test_the_same_plan_twice_is_not_asked_twice(self) -> None:
        with pytest.raises(NotAllowedError, match="请等批示"):
            decide(
                case_in(State.APPROVED),
                do.Assign("chengguan", needs_signoff=True),
                "sunlei",
                NOW,
            )

    def test_another_plan_replaces_the_first(self) -> None:
        case = after(case_in(State.APPROVED), do.Assign("zhujian", needs_signoff=True))
        assert case.plan is not None
        assert case.plan.lead == "zhujian"

    def test_a_refused_sign_off_gives_it_back_to_the_office(self) -> None:
        case = after(case_in(State.APPROVED), do.RefuseSignoff("再核实"))
        assert (case.state, case.plan) == (State.GRADED, None)

    def test_a_sign_off_without_a_plan_is_refused(self) -> None:
        case = replace(case_in(State.APPROVED), plan=None)
        with pytest.raises(NotAllowedError, match="没有待签批"):
            decide(case, do.GrantSignoff("同意"), "wangjianping", NOW)

    def test_transfer_relieves_the_lead_and_asks_the_new_one(self) -> None:
        case = after(case_in(State.SIGNED), do.Transfer("zhujian", "不归城管"))
        assert case.lead is not None
        assert (case.lead.unit_id, case.state) == ("zhujian", State.ASSIGNED)
        assert case.of_unit("chengguan") is None

    def test_a_helper_that_becomes_lead_has_one_part(self) -> None:
        case = after(
            case_in(State.SIGNED), do.AddCoop(("zhujian",)), do.Transfer("zhujian", "主管")
        )
        assert [a.part for a in case.assignments if a.is_live] == [Part.LEAD]

    def test_transfer_to_the_same_unit_is_refused(self) -> None:
        with pytest.raises(NotAllowedError, match="不用转办"):
            decide(case_in(State.SIGNED), do.Transfer("chengguan", ""), "sunlei", NOW)

    def test_transfer_without_a_lead_is_refused(self) -> None:
        case = replace(case_in(State.SIGNED), assignments=())
        with pytest.raises(NotAllowedError, match="转办"):
            decide(case, do.Transfer("zhujian", ""), "sunlei", NOW)

    def test_a_helper_twice_is_refused(self) -> None:
        case = after(case_in(State.SIGNED), do.AddCoop(("zhujian",)))
        with pytest.raises(NotAllowedError, match="不用再加"):
            decide(case, do.AddCoop(("zhujian",)), "sunlei", NOW)


class TestUnits:
    def test_signing_twice_changes_nothing(self) -> None:
        assert decide(case_in(State.SIGNED), do.Sign("chengguan"), "liuyang", NOW) == []

    def test_a_helper_signs_for_itself_only(self) -> None:
        case = after(case_in(State.ASSIGNED), do.AddCoop(("zhujian",)), do.Sign("zhujian"))
        assert case.state is State.ASSIGNED
        helper = case.of_unit("zhujian")
        assert helper is not None
        assert helper.state is AssignmentState.SIGNED

    def test_a_unit_without_a_part_is_refused(self) -> None:
        with pytest.raises(NotAllowedError, match="没有交给贵单位"):
            decide(case_in(State.ASSIGNED), do.Sign("jiaoti"), "yanghui", NOW)

    @pytest.mark.parametrize(
        "command",
        [do.Report("chengguan", "首报", "x"), do.Verify("chengguan", "属实", "")],
        ids=["report", "verdict"],
    )
    def test_a_report_signs_as_well(self, command: do.Command) -> None:
        happened = decide(case_in(State.ASSIGNED), command, "liuyang", NOW)
        assert isinstance(happened[0], events.Signed)

    def test_reports_are_numbered(self) -> None:
        case = after(case_in(State.VERIFYING), do.Report("chengguan", "续报", "正在抽排"))
        assert case.reports == 2

    def test_done_by_a_helper_does_not_ask_to_close(self) -> None:
        case = after(
            case_in(State.SIGNED), do.AddCoop(("zhujian",)), do.RequestClose("zhujian", "已配合")
        )
        assert case.state is State.SIGNED
        with pytest.raises(NotAllowedError, match="已报办结"):
            decide(case, do.RequestClose("zhujian", ""), "chenjing", NOW)

    def test_sent_back_is_in_hand_again(self) -> None:
        case = after(case_in(State.CLOSE_REQUESTED), do.SendBack("照片没有附上"))
        assert case.state is State.HANDLING
        assert case.lead is not None
        assert case.lead.state is AssignmentState.SIGNED

    def test_sending_back_needs_a_reason(self) -> None:
        with pytest.raises(NotAllowedError, match="理由"):
            decide(case_in(State.CLOSE_REQUESTED), do.SendBack(""), "zhouguohua", NOW)

    def test_sent_back_without_a_lead_only_changes_the_state(self) -> None:
        case = replace(case_in(State.CLOSE_REQUESTED), assignments=())
        assert fold(case, [events.SentBack("x")]).state is State.HANDLING


class TestReturn:
    def declined(self) -> Case:
        return after(case_in(State.ASSIGNED), do.Decline("chengguan", "产权未移交", "住建局"))

    def test_a_return_needs_a_reason(self) -> None:
        with pytest.raises(NotAllowedError, match="理由"):
            decide(case_in(State.ASSIGNED), do.Decline("chengguan", ""), "liuyang", NOW)

    def test_nobody_signs_or_declines_again_while_the_office_rules(self) -> None:
        with pytest.raises(NotAllowedError, match="请等舆情办裁定"):
            decide(self.declined(), do.Sign("chengguan"), "liuyang", NOW)
        with pytest.raises(NotAllowedError, match="请等舆情办裁定"):
            decide(self.declined(), do.Decline("chengguan", "x"), "liuyang", NOW)

    def test_upheld_means_no_second_return(self) -> None:
        case = after(self.declined(), do.UpholdAssignment("chengguan", "由城管办理"))
        assert (case.returns, case.of_unit("chengguan") is not None) == (1, True)
        with pytest.raises(NotAllowedError, match="不能再退回"):
            decide(case, do.Decline("chengguan", "还是不归我们"), "liuyang", NOW)

    def test_upheld_after_signing_stays_signed(self) -> None:
        signed = after(case_in(State.SIGNED), do.Decline("chengguan", "产权未移交"))
        case = after(signed, do.UpholdAssignment("chengguan", "由城管办理"))
        part = case.of_unit("chengguan")
        assert part is not None
        assert part.state is AssignmentState.SIGNED

    def test_a_granted_return_counts_as_a_ruling_for_the_next_unit_too(self) -> None:
        case = after(self.declined(), do.Transfer("zhujian", "归住建"))
        assert case.returns == 1
        with pytest.raises(NotAllowedError, match="不能再退回"):
            decide(case, do.Decline("zhujian", "不归我们"), "chenjing", NOW)

    def test_a_ruling_nobody_asked_for_is_refused(self) -> None:
        with pytest.raises(NotAllowedError, match="没有待裁定"):
            decide(case_in(State.ASSIGNED), do.UpholdAssignment("chengguan", ""), "sunlei", NOW)


def test_a_reminder_and_an_urge_leave_the_case_as_it_is() -> None:
    case = case_in(State.ASSIGNED)
    assert after(case, ONE_OF_EACH["Remind"], ONE_OF_EACH["Urge"]) == case


@pytest.mark.parametrize("state", STATES)
def test_history_packed_and_unpacked_folds_to_the_same_case(state: State) -> None:
    case, happened = new_case(), []
    for command in TO_STATE[state]:
        new = decide(case, command, speaker(command), NOW)
        happened += new
        case = fold(case, new)
    restored = [unpack(*pack(event)) for event in happened]
    assert fold(new_case(), restored) == case_in(state)


def test_an_event_of_a_later_version_is_read_without_its_unknown_fields() -> None:
    read = unpack("Urged", {"unit": "chengguan", "words": "快", "colour": "red"})
    assert read == events.Urged("chengguan", "快")


def test_every_event_is_folded_timed_told_and_worded() -> None:
    known = set(KINDS.values())
    assert set(APPLY) == known
    assert set(EFFECTS) == known
    assert set(TOLD) == known
    assert set(WORDED) == known
