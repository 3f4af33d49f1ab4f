"""Cases as tests need them: built by commands, the way they come about."""

from datetime import UTC, datetime

from cases import commands as do
from cases import events
from cases.folding import fold
from cases.lifecycle import decide
from cases.model import Case, Proposal, State

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Beijing, a Friday


def new_case() -> Case:
    """A case just registered: 007, proposed 二级 for 市城管局."""
    case = Case(
        id=7,
        number="YQ-20261120-007",
        title="青禾路积水",
        state=State.REPORTED,
        rulebook_id=1,
        reported_by="wangxiaoyu",
        reported_at=NOW,
        proposal=Proposal(level="二级", reasons=("省内媒体关注",), lead="chengguan"),
        missing=("链接",),
    )
    registered = events.Registered(case.number, case.title, "wangxiaoyu", "二级", "chengguan")
    return fold(case, [registered])


def after(case: Case, *asked: do.Command, by: str = "sunlei", at: datetime = NOW) -> Case:
    """The case after these commands."""
    for command in asked:
        case = fold(case, decide(case, command, speaker(command, by), at))
    return case


def speaker(command: do.Command, otherwise: str = "sunlei") -> str:
    """Who asks: whoever has drafted a text does not approve it."""
    return "liuyang" if isinstance(command, do.DraftReply) else otherwise


_DRAFTED = (
    do.ConfirmGrade("二级"),
    do.Assign("chengguan"),
    do.Verify("chengguan", "属实", "管网淤堵"),
    do.DraftReply("chengguan", "经查, 系管网淤堵, 已疏通。"),
)
TO_STATE: dict[State, tuple[do.Command, ...]] = {
    State.REPORTED: (),
    State.GRADED: (do.ConfirmGrade("二级"),),
    State.APPROVED: (do.ConfirmGrade("二级"), do.Assign("chengguan", needs_signoff=True)),
    State.ASSIGNED: (do.ConfirmGrade("二级"), do.Assign("chengguan")),
    State.SIGNED: (do.ConfirmGrade("二级"), do.Assign("chengguan"), do.Sign("chengguan")),
    State.VERIFYING: (
        do.ConfirmGrade("二级"),
        do.Assign("chengguan"),
        do.Report("chengguan", "首报", "已到现场"),
    ),
    State.HANDLING: (
        do.ConfirmGrade("二级"),
        do.Assign("chengguan"),
        do.Verify("chengguan", "属实", "管网淤堵"),
    ),
    State.REPLY_DRAFT: _DRAFTED,
    State.REVIEWING: (*_DRAFTED, do.PassReply("要素齐全")),
    State.TRACKING: (
        *_DRAFTED,
        do.PassReply("要素齐全"),
        do.IssueReply("同意"),
        do.Publish("官微", "https://weibo.com/1/P0w7ex6A3", NOW, 24),
    ),
    State.CLOSE_REQUESTED: (
        do.ConfirmGrade("二级"),
        do.Assign("chengguan"),
        do.RequestClose("chengguan", "已疏通"),
    ),
    State.CLOSED: (
        do.ConfirmGrade("二级"),
        do.Assign("chengguan"),
        do.RequestClose("chengguan", "已疏通"),
        do.Close("同意"),
    ),
    State.WITHDRAWN: (do.Withdraw("外地的事"),),
    State.ARCHIVED: (
        do.ConfirmGrade("二级"),
        do.Assign("chengguan"),
        do.RequestClose("chengguan", "已疏通"),
        do.Close("同意"),
        do.Archive(),
    ),
    State.MERGED: (do.Merge("YQ-20261120-004"),),
    State.REFUSED: (do.RefuseCase("已进入诉讼", "请通过司法途径解决"),),
}


def case_in(state: State) -> Case:
    """A case that has come into `state` by commands."""
    return after(new_case(), *TO_STATE[state])
