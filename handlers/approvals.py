"""What is answered when a decision is asked: 同意, 原则同意, 退回, 已阅. Words stay verbatim."""

from datetime import timedelta

from cases import commands
from cases.approvals import Kind
from cases.errors import NotAllowedError, RefusalError
from cases.model import Case, State
from cases.permissions import LEADERS, OFFICE, Action
from cases.response import Reply, ReplyStage
from cases.wording.moments import clock_time
from handlers.also_awaited import grant_also, refuse_also
from handlers.public_reply import needs_answer
from handlers.references import case_meant
from handlers.said import Slots, text
from handlers.seats import agreed_so_far, asked_of, verbatim
from handlers.talk import Talk
from storage.approvals import Approval
from storage.states import ApprovalState

_REMEMBERED = timedelta(days=1)  # how long a late answer is told that somebody was first
_ANSWERED = {
    ApprovalState.GRANTED: "同意",
    ApprovalState.CONDITIONAL: "原则同意, 改后办",
    ApprovalState.REFUSED: "退回",
}


def _case(talk: Talk, slots: Slots, verb: str) -> Case:
    mine = asked_of(talk)
    try:
        case = case_meant(talk, slots, lambda one: one.id in mine, verb=verb)
    except RefusalError:
        first = None if slots.get("case") or mine else _answered_by_another(talk)
        if first is None:
            raise
        raise NotAllowedError(first) from None
    talk.permit(Action.VIEW, case)
    return case


def approve(talk: Talk, slots: Slots) -> str:
    """同意: grants what is asked: 签批, 审核, 签发 or 办结."""
    case = _case(talk, slots, "批示")
    match case.state:
        case State.APPROVED:
            return agreed_so_far(talk, case, Kind.SIGNOFF, Action.SIGNOFF) or _sign_off(talk, case)
        case State.REPLY_DRAFT:
            return _review(talk, case)
        case State.REVIEWING if _stage(case) is ReplyStage.REVIEWED:
            return agreed_so_far(talk, case, Kind.DRAFT, Action.ISSUE) or _issue(talk, case)
        case State.CLOSE_REQUESTED:
            return agreed_so_far(talk, case, Kind.CLOSE, Action.CLOSE) or _close(talk, case)
        case _:
            done = grant_also(talk, case, slots)
            return done or _nothing(talk, case)


def _nothing(talk: Talk, case: Case) -> str:
    raise NotAllowedError(_nothing_to_approve(talk, case))


def _sign_off(talk: Talk, case: Case) -> str:
    talk.do(case, Action.SIGNOFF, commands.GrantSignoff(words=verbatim(talk)))
    return f"已签批 {case.short_number}, 已交办并通知责任单位。"


def _review(talk: Talk, case: Case) -> str:
    talk.permit(Action.REVIEW_REPLY, case)
    reply = case.response.reply
    edited = reply is not None and bool(reply.condition)
    issues = not edited and _may_issue_alone(talk, case)
    command = commands.PassReply(words=verbatim(talk), issues=issues)
    talk.do(case, Action.REVIEW_REPLY, command)
    if edited:
        return f"{case.short_number} 已按批示改到位, 已通知单位发布。"
    if issues:
        return f"{case.short_number} 的回应稿已签发, 已通知单位照此发布。"
    return f"{case.short_number} 审核通过, 已报领导签发。"


def _may_issue_alone(talk: Talk, case: Case) -> bool:
    try:
        talk.permit(Action.ISSUE, case)
    except RefusalError:
        return False
    return True


def _issue(talk: Talk, case: Case) -> str:
    talk.do(case, Action.ISSUE, commands.IssueReply(words=verbatim(talk)))
    return f"{case.short_number} 的回应稿已签发, 已通知单位照此发布。"


def _close(talk: Talk, case: Case) -> str:
    command = commands.Close(words=verbatim(talk), needs_answer=needs_answer(talk, case))
    talk.do(case, Action.CLOSE, command)
    return f"已同意, {case.short_number} 办结, 已告知报告人和责任单位。"


def approve_with_edit(talk: Talk, slots: Slots) -> str:
    """原则同意, 改后发: nothing goes out before the edit is in."""
    case = _case(talk, slots, "批示")
    number = case.short_number
    match case.state:
        case State.REVIEWING if _stage(case) is ReplyStage.REVIEWED:
            talk.do(case, Action.ISSUE, commands.IssueWithEdit(condition=talk.words))
            return f"{number} 已记「改后发布」, 已请单位修改; 舆情办核对改到位后才发布。"
        case State.REPLY_DRAFT:
            talk.do(case, Action.REVIEW_REPLY, commands.ReturnReply(reason=talk.words))
            return f"{number} 的稿子已请单位修改后重报。"
        case State.APPROVED:
            talk.do(case, Action.SIGNOFF, commands.RefuseSignoff(words=talk.words))
            return f"{number} 已请舆情办按您的意见改好, 再报您签批。"
        case State.CLOSE_REQUESTED:
            talk.do(case, Action.SEND_BACK, commands.SendBack(reason=talk.words))
            return f"{number} 已请单位补办, 办好后再报您确认。"
        case _:
            raise NotAllowedError(_nothing_to_approve(talk, case))


def reject(talk: Talk, slots: Slots) -> str:
    """退回: not agreed, with a reason."""
    reason = text(slots, "reason")
    case = _case(talk, slots, "退回")
    number = case.short_number
    match case.state:
        case State.APPROVED:
            talk.do(case, Action.SIGNOFF, commands.RefuseSignoff(words=verbatim(talk)))
            return f"{number} 未同意签批, 已请舆情办重新交办。"
        case State.REPLY_DRAFT | State.REVIEWING:
            action = Action.REVIEW_REPLY if _stage(case) is ReplyStage.DRAFTED else Action.ISSUE
            if _stage(case) is ReplyStage.ISSUED:  # the office calls an approval back
                action = Action.REVIEW_REPLY
            talk.do(case, action, commands.ReturnReply(reason=reason))
            return f"{number} 的回应稿已退回单位修改。"
        case State.CLOSE_REQUESTED:
            talk.do(case, Action.SEND_BACK, commands.SendBack(reason=reason))
            return f"{number} 已退回责任单位重办, 时限从现在重新起算。"
        case _:
            return refuse_also(talk, case, slots) or _nothing(talk, case)


def close(talk: Talk, slots: Slots) -> str:
    """办结: the same decision in other words ("004 可以办结")."""
    return approve(talk, slots)


def _stage(case: Case) -> ReplyStage | None:
    reply: Reply | None = case.response.reply
    return reply.stage if reply else None


def _nothing_to_approve(talk: Talk, case: Case) -> str:
    asked = talk.work.approvals.of_case(case.id)
    answered = [row for row in asked if row.answered_at is not None and row.state in _ANSWERED]
    is_open = any(row.state is ApprovalState.PENDING for row in asked)
    if answered and not is_open and talk.person.is_any(*LEADERS, *OFFICE):
        last = max(answered, key=lambda row: (row.answered_at or row.asked_at, row.id))
        if last.answered_by != talk.person.userid:
            return _first(talk, case, last)
    stage = _stage(case)
    label = stage.label if stage and case.state is State.REVIEWING else case.state.label
    return f"{case.short_number} 现在是「{label}」, 没有等您批示的事项。"


def _answered_by_another(talk: Talk) -> str | None:
    """Return who was first where somebody answers late and nothing else waits for him."""
    roles = {role.value for role in talk.person.roles}
    recent = talk.work.approvals.answered_since(talk.now - _REMEMBERED)
    fitting = [row for row in recent if row.asked_role in roles and row.state in _ANSWERED]
    if not fitting or fitting[-1].answered_by == talk.person.userid:
        return None
    return _first(talk, talk.work.cases.load(fitting[-1].case_id), fitting[-1])


def _first(talk: Talk, case: Case, row: Approval) -> str:
    who = talk.work.people.name_of(row.answered_by or "")
    when = clock_time(row.answered_at or row.asked_at, talk.now)
    kind = Kind(row.kind.value).label
    return (
        f"{case.short_number} 的{kind}已由{who}于 {when} 处理 ({_ANSWERED[row.state]}), "
        "不用再答复。"
    )


def read_ack(talk: Talk, _slots: Slots) -> str:
    """已阅, 圈阅, 知道了: seen, and never an approval."""
    mine = asked_of(talk)
    waiting = [case for case in talk.work.cases.find_open() if case.id in mine]
    if not waiting:
        return "收到, 已记为已阅。"
    numbers = "、".join(case.short_number for case in waiting[:5])
    return f"已记为已阅 (不算同意)。{numbers} 还在等批示, 同意请回复「同意 + 编号」。"
