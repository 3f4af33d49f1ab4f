"""Who is asked, what an event answers, and what a reminder of it wants."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from cases import commands as do
from cases import events
from cases.approvals import (
    Answer,
    Ask,
    Kind,
    Mode,
    Panel,
    Result,
    asks_for,
    awaited,
    changes,
    next_decider,
)
from cases.case_clocks import Ensure, HandOver, effects
from cases.errors import NotAllowedError
from cases.event_records import pack, unpack
from cases.folding import apply, fold
from cases.lifecycle import decide
from cases.model import State
from cases.people import Role
from cases.response import NOTHING_SAID, ReplyStage
from cases.wording.history import in_words
from cases.wording.telling import Telling, notices
from tests.support.builders import NOW, after, case_in, new_case

DEPUTY, CHIEF, DIRECTOR = Role.DEPUTY_LEADER, Role.CHIEF_LEADER, Role.OFFICE_DIRECTOR
TELLING = Telling(now=NOW, title="青禾路积水", source="抖音")


@pytest.mark.parametrize(
    ("mode", "granted", "seats"),
    [
        (Mode.ANY, (), (DEPUTY, CHIEF)),
        (Mode.ANY, (DEPUTY,), ()),
        (Mode.ALL, (), (DEPUTY, CHIEF)),
        (Mode.ALL, (CHIEF,), (DEPUTY,)),
        (Mode.ALL, (DEPUTY, CHIEF), ()),
        (Mode.ORDER, (), (DEPUTY,)),
        (Mode.ORDER, (DEPUTY,), (CHIEF,)),
        (Mode.ORDER, (DEPUTY, CHIEF), ()),
    ],
)
def test_who_is_asked_next(mode: Mode, granted: tuple[Role, ...], seats: tuple[Role, ...]) -> None:
    assert Panel(mode, (DEPUTY, CHIEF)).seats(granted) == seats


_CLOSE = events.CloseRequested(7001, "chengguan", "")
_CLOSE_WAITS = events.CloseRequested(7001, "chengguan", "", awaits_answer=True)
_CLOSE_COOP = events.CloseRequested(7002, "zhujian", "")
# Kept by hand: what each event asks (?) and answers: + granted, ~ conditional, - refused,
# x withdrawn.
CHANGES = [
    (State.APPROVED, events.SignoffAsked("chengguan"), "x signoff, ? signoff"),
    (State.ASSIGNED, events.SignoffGranted("同意"), "+ signoff, + upward"),
    (State.GRADED, events.SignoffRefused("不行"), "- signoff, - upward"),
    (State.REVIEWING, events.PassedUpward("主要领导", "请阅示"), "? upward"),
    (State.WITHDRAWN, events.Withdrawn("外地"), "x *"),
    (State.REPLY_DRAFT, events.ReplyDrafted("chengguan", 1, "…", "x"), "x draft, ? draft"),
    (State.REVIEWING, events.ReplyPassed(1, "好"), "+ draft, ? draft"),
    (State.REVIEWING, events.ReplyIssued(1, "好"), "+ draft, + upward"),
    (State.HANDLING, events.ReplyIssuedWithEdit(1, "改", "x"), "~ draft, ~ upward"),
    (State.HANDLING, events.ReplyReturned(1, "改"), "- draft, - upward"),
    (State.CLOSE_REQUESTED, _CLOSE, "x extension, x close, ? close"),
    (State.CLOSE_REQUESTED, _CLOSE_WAITS, "x extension"),
    (State.SIGNED, _CLOSE_COOP, "x extension"),
    (State.CLOSE_REQUESTED, events.StepWaived("回应", "无"), "x close, ? close"),
    (State.CLOSE_REQUESTED, events.StepWaived("发布会", "无"), ""),
    (State.HANDLING, events.StepWaived("回应", "无"), ""),
    (State.CLOSED, events.Closed("同意", NOW), "+ close, x *"),
    (State.HANDLING, events.SentBack("缺照片"), "- close, - upward"),
    (State.ASSIGNED, events.Urged("chengguan", ""), ""),
]
_SIGNS = {
    Result.GRANTED: "+",
    Result.CONDITIONAL: "~",
    Result.REFUSED: "-",
    Result.WITHDRAWN: "x",
}


@pytest.mark.parametrize(("state", "event", "said"), CHANGES, ids=str)
def test_each_event_asks_and_answers_what_the_table_says(
    state: State, event: events.Event, said: str
) -> None:
    case = replace(new_case(), state=state)
    written = []
    for change in changes(case, event, (DEPUTY,)):
        match change:
            case Ask(kind=kind):
                written.append(f"? {kind.value}")
            case Answer(kind=kind, result=result):
                written.append(f"{_SIGNS[result]} {kind.value if kind else '*'}")
    assert ", ".join(written) == said


def test_at_another_grade_another_leader_is_asked() -> None:
    changed = events.GradeChanged("二级", "一级", "央视")
    anew = (Answer(Kind.DRAFT, Result.WITHDRAWN), Ask(Kind.DRAFT, (CHIEF,)))
    assert changes(case_in(State.REVIEWING), changed, (CHIEF,)) == anew
    assert changes(case_in(State.REPLY_DRAFT), changed, (CHIEF,)) == ()
    assert changes(case_in(State.HANDLING), changed, (CHIEF,)) == ()
    waits = after(case_in(State.SIGNED), do.RequestClose("chengguan", "", needs_answer=True))
    assert changes(waits, changed, (CHIEF,)) == ()


def test_every_kind_has_the_word_of_the_office() -> None:
    assert [kind.label for kind in Kind] == ["定级", "签批", "签发", "延期", "办结", "阅示"]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (State.APPROVED, Kind.SIGNOFF),
        (State.REPLY_DRAFT, Kind.DRAFT),
        (State.REVIEWING, Kind.DRAFT),
        (State.CLOSE_REQUESTED, Kind.CLOSE),
        (State.HANDLING, None),
    ],
)
def test_what_is_awaited_where_the_case_stands(state: State, kind: Kind | None) -> None:
    assert awaited(replace(new_case(), state=state)) is kind


def test_a_reminder_asks_for_the_answer_that_is_wanted_now() -> None:
    assert asks_for(case_in(State.REPLY_DRAFT), "审核") == "审稿"
    assert asks_for(case_in(State.REPLY_DRAFT), "签收") == ""
    assert asks_for(case_in(State.CLOSE_REQUESTED), "审核") == ""
    waits = after(case_in(State.SIGNED), do.RequestClose("chengguan", "", needs_answer=True))
    assert asks_for(waits, "审核") == "定回应"


def test_the_next_person_decides_where_a_leader_does_not_answer() -> None:
    case = case_in(State.CLOSE_REQUESTED)
    assert next_decider(case, "审核", DEPUTY) is CHIEF
    assert next_decider(case, "审核", CHIEF) is None
    assert next_decider(case, "签收", DEPUTY) is None
    assert next_decider(case_in(State.REPLY_DRAFT), "审核", DEPUTY) is None


class TestDecisions:
    def test_only_the_lead_drafts(self) -> None:
        case = after(case_in(State.SIGNED), do.AddCoop(("zhujian",)))
        with pytest.raises(NotAllowedError, match="主办单位统一"):
            decide(case, do.DraftReply("zhujian", "…"), "chenjing", NOW)

    def test_who_asked_to_return_it_drafts_nothing(self) -> None:
        case = after(case_in(State.ASSIGNED), do.Decline("chengguan", "不归我们"))
        with pytest.raises(NotAllowedError, match="申请退回"):
            decide(case, do.DraftReply("chengguan", "…"), "liuyang", NOW)

    def test_what_is_issued_is_published_as_it_is(self) -> None:
        case = after(case_in(State.REVIEWING), do.IssueReply("同意"))
        with pytest.raises(NotAllowedError, match="只能照发"):
            decide(case, do.DraftReply("chengguan", "…"), "liuyang", NOW)
        with pytest.raises(NotAllowedError, match="请先发布"):
            decide(case, do.RequestClose("chengguan", ""), "liuyang", NOW)
        returned = after(case, do.ReturnReply("有错字"))
        assert returned.response.reply is not None
        assert returned.response.reply.stage is ReplyStage.RETURNED

    def test_whoever_checks_it_may_let_it_go_out_where_the_level_allows(self) -> None:
        case = after(case_in(State.REPLY_DRAFT), do.PassReply("同意", issues=True))
        assert case.response.reply is not None
        assert case.response.reply.stage is ReplyStage.ISSUED

    def test_nothing_to_pass_issue_or_publish_without_a_text(self) -> None:
        case = replace(new_case(), state=State.REVIEWING)
        with pytest.raises(NotAllowedError, match="还没有回应稿"):
            decide(case, do.IssueReply("同意"), "zhouguohua", NOW)
        assert apply(case, events.ReplyPassed(1, "")) == case
        assert notices(case, events.ReplyPassed(1, ""), TELLING) == ()
        assert len(notices(case, events.ReplyIssued(1, ""), TELLING)) == 0

    def test_the_drafter_neither_checks_nor_issues(self) -> None:
        for state, command in (
            (State.REPLY_DRAFT, do.PassReply("")),
            (State.REVIEWING, do.IssueReply("")),
            (State.REVIEWING, do.IssueWithEdit("")),
        ):
            with pytest.raises(NotAllowedError, match="另一人"):
                decide(case_in(state), command, "liuyang", NOW)

    def test_publication_needs_a_place_and_a_time_that_has_come(self) -> None:
        case = after(case_in(State.REVIEWING), do.IssueReply("同意"))
        with pytest.raises(NotAllowedError, match="渠道或链接"):
            decide(case, do.Publish("", "", NOW, 24), "liuyang", NOW)
        with pytest.raises(NotAllowedError, match="还没有到"):
            decide(case, do.Publish("官微", "", NOW + timedelta(hours=1), 24), "liuyang", NOW)

    def test_a_return_a_waiver_and_a_plan_need_their_words(self) -> None:
        case = case_in(State.REPLY_DRAFT)
        for command, asks in (
            (do.ReturnReply(""), "写明理由"),
            (do.WaiveStep("回应", ""), "不需公开回应"),
            (do.WaiveStep("发布会", ""), "不开发布会"),
            (do.PlanPress(None, ""), "写明发布会时间"),
        ):
            with pytest.raises(NotAllowedError, match=asks):
                decide(case, command, "sunlei", NOW)

    def test_what_is_done_is_not_done_again(self) -> None:
        case = after(case_in(State.SIGNED), do.ReportUp("已报"), do.HoldPress("", ""))
        for command in (
            do.ReportUp("已报"),
            do.HoldPress("", ""),
            do.WaiveStep("发布会", "不开"),
        ):
            with pytest.raises(NotAllowedError):
                decide(case, command, "sunlei", NOW)
        waived = after(case, do.WaiveStep("回应", "已当面答复"))
        with pytest.raises(NotAllowedError, match="已经了结"):
            decide(waived, do.WaiveStep("回应", "再说一次"), "sunlei", NOW)

    def test_an_order_needs_a_unit_and_a_time_ahead(self) -> None:
        with pytest.raises(NotAllowedError, match="交给谁"):
            decide(new_case(), do.ProposeInstruction("速核实", ()), "zhouguohua", NOW)
        order = do.ProposeInstruction("速核实", ("chengguan",), deadline=NOW)
        with pytest.raises(NotAllowedError, match="已经过了"):
            decide(new_case(), order, "zhouguohua", NOW)
        case = after(case_in(State.REVIEWING), do.PassUpward("主要领导", "请阅示"))
        with pytest.raises(NotAllowedError, match="已报主要领导"):
            decide(case, do.PassUpward("主要领导", "请阅示"), "zhouguohua", NOW)

    def test_the_unit_named_to_lead_leads_else_the_one_named_first(self) -> None:
        for lead, first in (("weijian", "weijian"), ("", "zhujian")):
            order = do.ProposeInstruction("阅处", ("zhujian", "weijian"), lead=lead)
            case = after(case_in(State.GRADED), order, do.ExecuteInstruction(1))
            assert case.lead is not None
            assert case.lead.unit_id == first

    def test_dropped_is_gone_and_counted(self) -> None:
        order = do.ProposeInstruction("阅处", ("zhujian",))
        case = after(case_in(State.SIGNED), order, do.DropInstruction(1), order)
        assert case.response.instruction is not None
        assert case.response.instruction.number == 2


class TestFolds:
    def test_a_text_goes_with_the_unit_that_wrote_it(self) -> None:
        case = after(case_in(State.REPLY_DRAFT), do.Transfer("zhujian", "归住建"))
        assert case.response.reply is not None
        assert case.response.reply.stage is ReplyStage.RETURNED
        out = after(case_in(State.TRACKING), do.Transfer("zhujian", "归住建"))
        assert out.response.published == 1
        assert NOTHING_SAID.without_open_reply() is NOTHING_SAID

    def test_a_finding_leaves_a_text_that_is_under_way_where_it_is(self) -> None:
        for state in (State.REPLY_DRAFT, State.REVIEWING, State.TRACKING):
            case = after(case_in(state), do.Verify("chengguan", "属实", ""))
            assert case.state is state

    def test_a_draft_in_place_of_closing_takes_the_request_back(self) -> None:
        case = after(case_in(State.CLOSE_REQUESTED), do.DraftReply("chengguan", "…"))
        assert case.state is State.REPLY_DRAFT
        assert case.lead is not None
        assert case.lead.state.value == "signed"
        steps = [getattr(e, "step", None) for e in effects(case, _drafted(again=True))]
        assert "办结" in steps

    def test_seats_and_plans_change_nothing_of_the_case(self) -> None:
        case = case_in(State.REVIEWING)
        seat = events.SeatGranted("draft", "分管领导", "同意", ("主要领导",))
        planned = events.PressPlanned(NOW, "三楼")
        assert fold(case, [seat, planned]) == case
        assert notices(case, seat, TELLING) == ()


def _drafted(*, again: bool) -> events.ReplyDrafted:
    return events.ReplyDrafted("chengguan", 1, "…", "liuyang", instead_of_closing=again)


class TestClocks:
    def test_what_is_met_is_not_started_again_by_a_regrade(self) -> None:
        case = after(case_in(State.SIGNED), do.ReportUp("已报"), do.WaiveStep("发布会", "不开"))
        changed = effects(case, events.GradeChanged("二级", "一级", "央视"))
        assert [e.step.value for e in changed if isinstance(e, Ensure)] == ["回应"]
        answered = after(case_in(State.TRACKING))
        changed = effects(answered, events.GradeChanged("二级", "一级", "央视"))
        assert [e.step.value for e in changed if isinstance(e, Ensure)] == ["上报", "发布会"]

    def test_the_answer_is_awaited_of_the_office_while_no_unit_has_the_case(self) -> None:
        case = after(case_in(State.ASSIGNED), do.Decline("chengguan", "不归我们"))
        assert case.lead is not None
        declined = events.Declined(case.lead.id, "chengguan", "不归我们")
        assert HandOver in {type(e) for e in effects(case, declined)}

    def test_publishing_and_drafting_without_a_lead_have_no_unit_to_remind(self) -> None:
        case = new_case()
        for event in (
            events.ReplyIssued(1, ""),
            events.ReplyReturned(1, ""),
            _drafted(again=True),
        ):
            assert {e.subject.kind for e in effects(case, event)} == {"case"}  # type: ignore[union-attr]


def test_a_long_text_comes_whole_on_its_own_pages_before_what_is_asked() -> None:
    text = "经核实, 情况属实。" * 200
    case = after(case_in(State.HANDLING), do.DraftReply("chengguan", text))
    event = events.ReplyDrafted("chengguan", 1, text, "liuyang")
    told = [n for n in notices(case, event, TELLING) if n.kind.startswith("reply-check")]
    pages = [n.text.split("\n", 1)[1] for n in told if "-page-" in n.kind]
    mine = pages[: len(pages) // 2]
    assert "".join(mine) == text
    assert all(len(n.text.encode()) <= 2048 for n in told)
    assert "全文见上" in told[-1].text


UNITS = {"chengguan": "市城管局"}
# Kept by hand: every event of the public answer and of orders in a few words.
IN_WORDS: list[tuple[events.Event, str]] = [
    (events.ReplyDrafted("chengguan", 2, "…", "x"), "市城管局报回应稿第 2 稿"),
    (events.ReplyPassed(2, "好"), "第 2 稿审核通过, 报领导签发"),
    (events.ReplyReturned(2, "缺依据"), "第 2 稿退回: 缺依据"),
    (events.ReplyIssued(2, "同意"), "签发第 2 稿: 同意"),
    (events.ReplyIssued(2, "原则同意", edited=True), "按批示改好, 签发第 2 稿: 原则同意"),
    (events.ReplyIssued(2, "同意", acting_for="周国华"), "签发第 2 稿: 同意 [代周国华]"),
    (events.ReplyIssuedWithEdit(2, "改一句", "x"), "第 2 稿改后可发: 改一句"),
    (events.Published(2, "官微", "https://weibo.com/1/2", NOW, NOW), "发布第 2 稿 (官微)"),
    (events.Published(2, "", "https://weibo.com/1/2", NOW, NOW), "发布第 2 稿"),
    (events.StepWaived("回应", "已当面答复"), "不需公开回应: 已当面答复"),
    (events.StepWaived("发布会", "书面通报"), "不需发布会: 书面通报"),
    (events.ReportedUp("市委办"), "特报已上报: 市委办"),
    (events.ReportedUp(""), "特报已上报"),
    (events.PressPlanned(NOW, "三楼"), "安排发布会 (三楼)"),
    (events.PressPlanned(NOW, ""), "安排发布会"),
    (events.PressHeld("通报了情况", ""), "发布会已开: 通报了情况"),
    (events.PressHeld("", ""), "发布会已开"),
    (events.InstructionProposed(1, "x", "请城管局阅处", ("chengguan",)), "批示: 请城管局阅处"),
    (events.InstructionExecuted(1, "请城管局阅处"), "照批示交办"),
    (events.InstructionDropped(1), "批示不按此办"),
    (events.OrderGiven(7001, "chengguan", "x", "阅处"), "批示交市城管局"),
    (events.OrderAnswered("chengguan", "x", "已到场"), "市城管局已报批示办理情况"),
    (events.PassedUpward("主要领导", "请阅示"), "报主要领导阅示: 请阅示"),
    (events.SeatGranted("draft", "分管领导", "同意", ("主要领导",)), "分管领导同意: 同意"),
]


@pytest.mark.parametrize(("event", "words"), IN_WORDS, ids=str)
def test_each_event_has_its_few_words(event: events.Event, words: str) -> None:
    assert in_words(event, UNITS) == words


def test_every_event_of_the_answer_and_of_orders_has_words_in_the_list() -> None:
    mine = set(get_args(events.Answering)) | set(get_args(events.Ordering))
    assert {type(event) for event, _ in IN_WORDS} == mine


@pytest.mark.parametrize("event", [event for event, _ in IN_WORDS], ids=str)
def test_each_event_is_read_back_as_it_was_written(event: events.Event) -> None:
    assert unpack(*pack(event)) == event


@pytest.mark.parametrize("event", [event for event, _ in IN_WORDS], ids=str)
def test_each_event_can_be_told_of_a_case_that_no_unit_has(event: events.Event) -> None:
    case = replace(new_case(), state=State.CLOSE_REQUESTED)
    assert all(len(one.text.encode()) <= 2048 for one in notices(case, event, TELLING))
