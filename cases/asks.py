"""What a card asks of somebody, until when it is asked, and what is written on it afterwards."""

from enum import StrEnum

from cases import events
from cases.model import AssignmentState, Case, State
from cases.permissions import Action
from cases.response import ReplyStage


class Asks(StrEnum):
    """What a card asks for. The buttons stand for words, carried out as if they had been said."""

    SIGN = "sign"  # 签收
    GRADE = "grade"  # 定级交办
    SIGNOFF = "signoff"  # 签批
    CHECK = "check"  # 审核 of a public answer
    ISSUE = "issue"  # 签发
    CLOSE = "close"  # 确认办结
    END = "end"  # 终止响应
    EXTEND = "extend"  # 延期
    NOTHING = "nothing"  # for information: it only opens the page of the case

    @property
    def step(self) -> str:
        """The clock that runs while it is asked; "" where none does."""
        return _STEPS.get(self, "")

    @property
    def verb(self) -> str:
        """What is to be done until then, as officers say it."""
        return _VERBS.get(self, "答复")

    @property
    def action(self) -> Action | None:
        """What pressing the first button does; None where nothing is asked."""
        return _ACTIONS.get(self)

    @property
    def return_by(self) -> Action | None:
        """What pressing 退回 does, which needs a reason; None where there is nothing to return."""
        return _RETURNS.get(self)


_STEPS = {
    Asks.SIGN: "签收",
    Asks.GRADE: "定级交办",
    Asks.SIGNOFF: "签批",
    Asks.CHECK: "审核",
    Asks.ISSUE: "签发",
    Asks.CLOSE: "审核",
    Asks.END: "审核",
    Asks.EXTEND: "审核",
}
_VERBS = {
    Asks.SIGN: "签收",
    Asks.GRADE: "定级交办",
    Asks.SIGNOFF: "签批",
    Asks.CHECK: "审核",
    Asks.ISSUE: "签发",
}
_ACTIONS = {
    Asks.SIGN: Action.SIGN,
    Asks.GRADE: Action.CONFIRM_GRADE,
    Asks.SIGNOFF: Action.SIGNOFF,
    Asks.CHECK: Action.REVIEW_REPLY,
    Asks.ISSUE: Action.ISSUE,
    Asks.CLOSE: Action.CLOSE,
    Asks.END: Action.END_RESPONSE,
    Asks.EXTEND: Action.RULE_ON_EXTENSION,
}
_RETURNS = {
    Asks.SIGN: Action.DECLINE,
    Asks.SIGNOFF: Action.SIGNOFF,
    Asks.CHECK: Action.REVIEW_REPLY,
    Asks.ISSUE: Action.ISSUE,
    Asks.CLOSE: Action.SEND_BACK,
    Asks.END: Action.END_RESPONSE,
}
# Written in the place of the buttons, by what settled it.
_DONE: dict[type[events.Event], str] = {
    events.Signed: "已签收",
    events.Declined: "已申请退回",
    events.Moved: "已改派",
    events.GradeConfirmed: "已定级",
    events.SignoffGranted: "已同意",
    events.SignoffRefused: "已退回",
    events.SeatGranted: "已同意",
    events.ReplyPassed: "已通过",
    events.ReplyReturned: "已退回",
    events.ReplyIssued: "已签发",
    events.ReplyIssuedWithEdit: "改后发布",
    events.Closed: "已同意办结",
    events.SentBack: "已退回",
    events.ExtensionGranted: "已同意延期",
    events.ExtensionDenied: "未同意延期",
    events.ResponseEnded: "已同意终止",
    events.EndDenied: "未同意终止",
    events.Withdrawn: "已撤回",
    events.Merged: "已合并",
    events.CaseRefused: "不予受理",
}
NEWER = "有新的卡片"  # another card asks the same again


def is_asked(case: Case, asks: Asks, unit: str = "") -> bool:
    """Return whether the case, as it stands, still waits for what a card asked.

    Args:
        case: the case.
        asks: what was asked.
        unit: whose signature, for 签收.
    """
    match asks:
        case Asks.SIGN:
            part = case.of_unit(unit) if case.is_open else None
            return part is not None and part.state is AssignmentState.ASSIGNED
        case Asks.EXTEND:
            return case.is_open and case.extension is not None
        case Asks.END:
            return case.is_open and case.ending is not None
        case Asks.CLOSE:
            return case.state is State.CLOSE_REQUESTED and not case.response.awaits_answer
        case Asks.ISSUE:
            reply = case.response.reply
            is_checked = reply is not None and reply.stage is ReplyStage.REVIEWED
            return case.state is State.REVIEWING and is_checked
        case _:
            return case.is_open and case.state is _STATES.get(asks, case.state)


_STATES = {
    Asks.GRADE: State.REPORTED,
    Asks.SIGNOFF: State.APPROVED,
    Asks.CHECK: State.REPLY_DRAFT,
}


def settled_by(happened: tuple[events.Event, ...]) -> tuple[events.Event, str]:
    """Return which of the events settled a card, and what is written on it then."""
    for event in happened:
        if type(event) in _DONE:
            return event, _DONE[type(event)]
    return happened[-1], "已处理"
