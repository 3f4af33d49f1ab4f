"""The exceptions of the procedure: what each decides, leaves behind, starts, and is said to be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import commands as do
from cases import events
from cases.case_clocks import CancelAll, Settle, Start, effects
from cases.case_clocks.ending import resumed
from cases.case_clocks.extending import effects as of_extension
from cases.errors import NotAllowedError
from cases.folding import apply
from cases.lifecycle import decide
from cases.lifecycle.grading import has_evidence
from cases.model import AssignmentState, Case, State
from cases.refusal_paths import refusal_path
from cases.storm import ListedCase, list_in_words, numbers_in_words
from cases.wording.history import in_words
from cases.wording.numbers import number_said, with_day
from cases.wording.telling import Telling, notices
from tests.support.builders import NOW, after, case_in, new_case

SOON, LATER = NOW + timedelta(hours=5), NOW + timedelta(days=3)
ASK = do.AskExtension("chengguan", LATER, "需做水质检测", SOON)
TELLING = Telling(now=NOW, title="青禾路积水", source="微博 · 王小雨 报")


def asked() -> Case:
    return after(case_in(State.SIGNED), ASK)


def steps(case: Case) -> list[tuple[str, int]]:
    return [(e.step.value, e.subject.id) for e in resumed(case) if isinstance(e, Start)]


class TestExtension:
    @pytest.mark.parametrize(
        ("now", "in_time"),
        [
            (SOON - timedelta(seconds=1), True),
            (SOON, False),
            (SOON + timedelta(seconds=1), False),
        ],
    )
    def test_it_is_asked_for_before_the_deadline(self, now: object, in_time: bool) -> None:
        case = case_in(State.SIGNED)
        if in_time:
            assert decide(case, ASK, "liuyang", now)  # type: ignore[arg-type]
            return
        with pytest.raises(NotAllowedError, match="已过"):
            decide(case, ASK, "liuyang", now)  # type: ignore[arg-type]

    @pytest.mark.parametrize(("given", "again"), [(0, True), (1, True), (2, False)])
    def test_two_are_the_most(self, given: int, again: bool) -> None:
        case = replace(case_in(State.SIGNED), extensions=given)
        if again:
            assert after(case, ASK).extension is not None
            return
        with pytest.raises(NotAllowedError, match="已延期 2 次"):
            decide(case, ASK, "liuyang", NOW)

    def test_one_at_a_time(self) -> None:
        with pytest.raises(NotAllowedError, match="请等批复"):
            decide(asked(), ASK, "liuyang", NOW)

    def test_where_no_closing_is_awaited_there_is_nothing_to_extend(self) -> None:
        with pytest.raises(NotAllowedError, match="没有在算的办结时限"):
            decide(case_in(State.SIGNED), replace(ASK, due_at=None), "liuyang", NOW)

    def test_a_new_time_in_the_past_is_refused(self) -> None:
        for ruling in (do.GrantExtension("同意", NOW), do.DenyExtension("不行", NOW)):
            with pytest.raises(NotAllowedError, match="已经过了"):
                decide(asked(), ruling, "zhouguohua", NOW)

    def test_the_leaders_deadline_is_the_units_own(self) -> None:
        granted = after(asked(), do.GrantExtension("同意"))
        assert granted.lead is not None
        assert (granted.lead.deadline, granted.extensions, granted.extension) == (LATER, 1, None)
        denied = after(asked(), do.DenyExtension("今天办完", SOON))
        assert denied.lead is not None
        assert (denied.lead.deadline, denied.extensions, denied.extension) == (SOON, 0, None)

    def test_a_plain_no_moves_nothing(self) -> None:
        [denied] = decide(asked(), do.DenyExtension("不同意"), "zhouguohua", NOW)
        assert isinstance(denied, events.ExtensionDenied)
        assert [type(e) for e in of_extension(asked(), denied)] == [Settle]
        assert "仍按原时限" in notices(asked(), denied, TELLING)[0].text

    @pytest.mark.parametrize(
        "command",
        [
            do.Transfer("zhujian", "归住建"),
            do.RequestClose("chengguan", "已排干"),
            do.Withdraw("外地的事"),
        ],
    )
    def test_it_is_forgotten_with_what_it_was_for(self, command: do.Command) -> None:
        case = after(asked(), command)
        assert case.extension is None
        ends = [
            effect
            for event in decide(asked(), command, "sunlei", NOW)
            for effect in effects(case, event)
            if isinstance(effect, CancelAll)
        ]
        assert any(end.subject is None or end.subject.kind == "approval" for end in ends)

    def test_a_return_forgets_it_too(self) -> None:
        case = after(case_in(State.ASSIGNED), ASK, do.Decline("chengguan", "产权未移交"))
        assert case.extension is None


class TestMerging:
    def test_not_into_itself(self) -> None:
        with pytest.raises(NotAllowedError, match="并入自己"):
            decide(new_case(), do.Merge(new_case().number), "sunlei", NOW)

    def test_reporters_are_united_once_and_what_was_missing_is_known(self) -> None:
        joined = do.Absorb(("YQ-20261120-009",), ("lihang", "wangxiaoyu", "lihang"), ("链接",))
        case = after(new_case(), joined)
        assert (case.reporters, case.missing) == (("wangxiaoyu", "lihang"), ())
        assert after(case, do.Release("YQ-20261120-009", ("lihang",))).reporters == ("wangxiaoyu",)

    def test_nobody_is_told_of_what_nobody_works_on(self) -> None:
        event = events.Absorbed(("YQ-20261120-009",), ())
        assert notices(new_case(), event, TELLING) == ()
        [told] = notices(case_in(State.SIGNED), event, TELLING)
        assert told.text.endswith("009 与本件是同一件事, 已并入本件。")

    def test_the_unit_hears_of_a_case_taken_out(self) -> None:
        event = events.Released("YQ-20261119-009", ())
        told = notices(case_in(State.SIGNED), event, TELLING)
        assert len(told) == 2
        assert "1119-009 已从本件拆出" in told[0].text
        assert len(notices(new_case(), event, TELLING)) == 1


class TestEnds:
    def test_a_second_wish_to_end_waits_for_the_first(self) -> None:
        case = after(case_in(State.SIGNED), do.AskEnd("三天无新增"))
        with pytest.raises(NotAllowedError, match="请等批示"):
            decide(case, do.AskEnd("还是想结束"), "sunlei", NOW)
        assert after(case, do.KeepResponding("继续")).ending is None

    @pytest.mark.parametrize(
        ("later", "same"),
        [
            (timedelta(days=30, seconds=-1), True),
            (timedelta(days=30), True),
            (timedelta(days=30, seconds=1), False),
        ],
    )
    def test_thirty_days_are_the_border_of_reopening(self, later: timedelta, same: bool) -> None:
        case = case_in(State.CLOSED)
        if same:
            assert decide(case, do.Reopen("又炒起来了"), "sunlei", NOW + later)
            return
        with pytest.raises(NotAllowedError, match="另立新件"):
            decide(case, do.Reopen("又炒起来了"), "sunlei", NOW + later)

    def test_reopened_counts_and_the_extensions_begin_anew(self) -> None:
        case = after(replace(case_in(State.CLOSED), extensions=2), do.Reopen("反弹"))
        assert (case.reopened, case.extensions, case.state) == (1, 0, State.ASSIGNED)
        assert [step for step, _ in steps(case)] == ["签收", "首报", "办结"]

    def test_graded_but_never_assigned_it_goes_back_to_graded(self) -> None:
        ended = after(case_in(State.GRADED), do.EndResponse("同意终止"))
        assert after(ended, do.Reopen("反弹")).state is State.GRADED

    @pytest.mark.parametrize(
        "state", [s for s in State if s.is_open and s not in (State.TRIAGE, State.PUBLISHED)]
    )
    def test_taken_back_a_case_stands_where_it_stood(self, state: State) -> None:
        before = case_in(state)
        back = after(before, do.Withdraw("误操作"), do.Restore())
        assert replace(back, extension=None) == replace(before, extension=None)

    @pytest.mark.parametrize(
        ("passed", "stands"),
        [(timedelta(seconds=-1), True), (timedelta(0), False), (timedelta(seconds=1), False)],
    )
    def test_a_leaders_deadline_that_passed_meanwhile_counts_anew(
        self, passed: timedelta, stands: bool
    ) -> None:
        granted = after(asked(), do.GrantExtension("同意"))
        ended = after(granted, do.Withdraw("误操作"))
        (event,) = decide(ended, do.Restore(), "sunlei", LATER + passed)
        back = apply(ended, event)
        (close,) = [e for e in resumed(back) if isinstance(e, Start) and e.step.value == "办结"]
        assert close.deadline == (LATER if stands else None)
        told = notices(back, event, TELLING)[0].text
        assert ("按规定从现在重新计时" in told) is not stands

    def test_what_cannot_be_restored_is_said(self) -> None:
        with pytest.raises(NotAllowedError, match="不能恢复"):
            decide(replace(case_in(State.CLOSED), ended_from=None), do.Restore(), "sunlei", NOW)

    @pytest.mark.parametrize(
        ("state", "awaited"),
        [
            (State.REPORTED, "定级交办"),
            (State.GRADED, "定级交办"),
            (State.APPROVED, "签批"),
            (State.ASSIGNED, "签收"),
            (State.SIGNED, "首报"),
            (State.REPLY_DRAFT, "审核"),
            (State.REVIEWING, "签发"),
            (State.CLOSE_REQUESTED, "审核"),
        ],
    )
    def test_what_is_awaited_again(self, state: State, awaited: str) -> None:
        assert awaited in [step for step, _ in steps(case_in(state))]

    def test_a_unit_that_has_reported_is_not_asked_for_its_first_report_again(self) -> None:
        assert [step for step, _ in steps(case_in(State.VERIFYING))][:1] == ["办结"]

    def test_a_return_that_waits_for_its_ruling_is_the_offices_again(self) -> None:
        case = after(case_in(State.ASSIGNED), do.Decline("chengguan", "产权未移交"))
        assert steps(case)[0] == ("定级交办", case.id)

    def test_a_helper_that_has_not_signed_is_asked_again(self) -> None:
        case = after(case_in(State.VERIFYING), do.AddCoop(("zhujian",)))
        assert ("签收", case.assignments[1].id) in steps(case)

    def test_a_filed_case_awaits_nothing(self) -> None:
        assert resumed(case_in(State.CLOSED)) == ()

    def test_only_the_filing_taken_back_is_told_to_nobody(self) -> None:
        event = events.Restored(was="archived", state="closed")
        assert notices(case_in(State.CLOSED), event, TELLING) == ()
        assert notices(case_in(State.ARCHIVED), events.Archived(), TELLING) == ()

    @pytest.mark.parametrize("state", [State.WITHDRAWN, State.REFUSED, State.MERGED])
    def test_withdrawing_by_the_reporter_himself_tells_him_nothing(self, state: State) -> None:
        case = case_in(state)
        own = notices(case, events.Withdrawn("误报"), TELLING)
        office = notices(case, events.Withdrawn("误报", by_office=True), TELLING)
        assert len(office) == len(own) + len(case.reporters)


class TestMoreHands:
    def test_a_unit_that_wants_to_return_it_hands_it_to_nobody(self) -> None:
        case = after(case_in(State.ASSIGNED), do.Decline("chengguan", "产权未移交"))
        with pytest.raises(NotAllowedError, match="请等舆情办裁定"):
            decide(case, do.HandOff("chengguan", "liwei", "李伟"), "liuyang", NOW)

    def test_the_section_signs_once_and_the_unit_with_it(self) -> None:
        case = after(case_in(State.ASSIGNED), do.HandOff("chengguan", "liwei", "李伟"))
        part = case.assignments[0]
        assert (part.state, part.unsigned_section) == (AssignmentState.SIGNED, "liwei")
        signed = after(case, do.Sign("chengguan"), by="liwei")
        assert signed.assignments[0].unsigned_section is None
        assert decide(signed, do.Sign("chengguan"), "liwei", NOW) == []

    def test_supervision_before_a_unit_has_it_starts_no_clock_and_tells_the_office(self) -> None:
        event = events.Supervised("挂牌督办")
        case = apply(new_case(), event)
        assert effects(case, event) == ()
        assert len(notices(case, event, TELLING)) == 2

    def test_a_meeting_without_a_place_or_a_time_is_worded(self) -> None:
        event = events.MeetingCalled(None, "", ("zhujian",), ("宣传部",))
        text = notices(case_in(State.SIGNED), event, TELLING)[0].text
        assert "时间另行通知\n参加: zhujian、宣传部" in text
        assert in_words(event, {}) == "会商"

    def test_a_request_without_a_reason_is_worded(self) -> None:
        event = events.CoopRequested(7001, "chengguan", ("weijian",), "")
        assert "请weijian协办。" in notices(case_in(State.SIGNED), event, TELLING)[0].text

    def test_whoever_is_handed_it_sees_when_it_is_due(self) -> None:
        event = events.HandedOff(7001, "chengguan", "liwei", "李伟")
        told = replace(TELLING, dues={"签收": SOON})
        assert "时限: 签收 15:00 前" in notices(case_in(State.SIGNED), event, told)[0].text
        assert "时限" not in notices(case_in(State.SIGNED), event, TELLING)[0].text


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (events.ExtensionAsked(1, "u", LATER, "检测"), "u申请延期: 检测"),
        (events.ExtensionGranted(1, "u", LATER, "同意"), "延期同意: 同意"),
        (events.ExtensionDenied(1, "u", "不行"), "延期未同意: 不行"),
        (events.Merged("YQ-20261120-004"), "并入 1120-004"),
        (events.Absorbed(("YQ-20261120-009",), ()), "1120-009 并入本件"),
        (events.Released("YQ-20261120-009", ()), "1120-009 拆出"),
        (events.CaseRefused("诉讼", "法院"), "不予受理: 诉讼"),
        (events.EndAsked("平息"), "报请终止响应: 平息"),
        (events.ResponseEnded("同意", NOW), "终止响应: 同意"),
        (events.EndDenied("再等等"), "未同意终止响应: 再等等"),
        (events.Archived(), "归档"),
        (events.Reopened("又炒", 2), "第 2 次重开: 又炒"),
        (events.Restored("withdrawn", "reported"), "撤销「已撤回」"),
        (events.Supervised("挂牌督办"), "挂牌督办"),
        (events.SupervisionEnded(), "解除督办"),
        (events.MeetingCalled(NOW, "三楼", ()), "会商 (三楼)"),
        (events.MeetingConcluded("修复"), "会商结论: 修复"),
        (events.CoopRequested(1, "u", ("v",), ""), "u请v协办"),
        (events.HandedOff(1, "u", "liwei", "李伟"), "u转给李伟"),
        (events.SectionSigned(1, "u", "liwei", NOW), "u科室签收"),
    ],
)
def test_the_history_says_it_in_a_few_words(event: events.Event, said: str) -> None:
    assert in_words(event, {}) == said


@pytest.mark.parametrize(
    ("reason", "path"),
    [
        ("已进入诉讼, 请向法院起诉", "请向法院起诉"),
        ("法院正在审理", "请依法通过诉讼、仲裁或行政复议途径解决"),
        ("干部违纪", "请向纪检监察机关反映"),
        ("内容涉密", "请走保密渠道, 不要在网上反映"),
        ("同一事实已答复", "同一事项已有答复, 有新情况请补充"),
        ("属信访事项", "请依法逐级走信访途径"),
        ("不想管", ""),
    ],
)
def test_where_a_matter_belongs_follows_from_the_ground(reason: str, path: str) -> None:
    assert refusal_path(reason) == path


@pytest.mark.parametrize(
    ("reason", "is_evidence"),
    [("热度回落", True), ("阅读量不到3000", True), ("领导说的", False), ("", False)],
)
def test_lowering_wants_figures_or_their_course(reason: str, is_evidence: bool) -> None:
    assert has_evidence(reason) is is_evidence


class TestList:
    @pytest.mark.parametrize(
        ("numbers", "said"),
        [([], ""), ([3], "3"), ([1, 2, 3], "1-3"), ([5, 1, 2, 2], "1-2、5"), ([1, 3], "1、3")],
    )
    def test_runs_are_drawn_together(self, numbers: list[int], said: str) -> None:
        assert numbers_in_words(numbers) == said

    def test_one_line_alone_is_answered_alone(self) -> None:
        [text] = list_in_words([ListedCase(1, "007", "积水", "三级", "")], "")
        assert text.splitlines() == [
            "【待定级清单】1 件",
            "1. 007 积水 三级",
            "请一次答复, 例如「1 定三级交XX局」。",
        ]

    @pytest.mark.parametrize(("count", "parts"), [(14, 1), (15, 1), (16, 2), (30, 2), (31, 3)])
    def test_fifteen_lines_a_message(self, count: int, parts: int) -> None:
        listed = [ListedCase(n, f"{n:03d}", "积水", "三级", "住建局") for n in range(count)]
        assert len(list_in_words(listed, "10:30")) == parts


def test_a_number_is_short_on_its_own_day_only() -> None:
    assert number_said("YQ-20261120-007", NOW) == "007"
    assert number_said("YQ-20261120-007", NOW + timedelta(days=1)) == "1120-007"
    assert with_day("YQ-20261120-007") == "1120-007"
