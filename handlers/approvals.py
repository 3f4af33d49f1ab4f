"""What a leader answers: 同意, 退回, 已阅. The leader's words are kept verbatim."""

from cases import commands
from cases.errors import NotAllowedError
from cases.model import Case, State
from cases.permissions import LEADERS, Action
from handlers.references import case_meant, waits_for_leader
from handlers.said import Slots, text
from handlers.talk import Talk


def approve(talk: Talk, slots: Slots) -> str:
    """同意: grants what this case is waiting for, 签批 or 办结."""
    case = case_meant(talk, slots, waits_for_leader, verb="批示")
    if case.state is State.APPROVED:
        talk.do(case, Action.SIGNOFF, commands.GrantSignoff(words=talk.words))
        return f"已签批 {case.short_number}, 已交办并通知责任单位。"
    if case.state is State.CLOSE_REQUESTED:
        talk.do(case, Action.CLOSE, commands.Close(words=talk.words))
        return f"已同意, {case.short_number} 办结, 已告知报告人和责任单位。"
    talk.permit(Action.VIEW, case)
    raise NotAllowedError(_nothing_to_approve(case))


def _nothing_to_approve(case: Case) -> str:
    return f"{case.short_number} 现在是「{case.state.label}」, 没有等您批示的事项。"


def reject(talk: Talk, slots: Slots) -> str:
    """退回: not agreed, with a reason."""
    reason = text(slots, "reason")
    case = case_meant(talk, slots, waits_for_leader, verb="退回")
    if case.state is State.APPROVED:
        talk.do(case, Action.SIGNOFF, commands.RefuseSignoff(words=talk.words))
        return f"{case.short_number} 未同意签批, 已请舆情办重新交办。"
    if case.state is State.CLOSE_REQUESTED:
        talk.do(case, Action.SEND_BACK, commands.SendBack(reason=reason))
        return f"{case.short_number} 已退回责任单位重办, 时限从现在重新起算。"
    talk.permit(Action.VIEW, case)
    raise NotAllowedError(_nothing_to_approve(case))


def close(talk: Talk, slots: Slots) -> str:
    """办结: the same decision in other words ("004 可以办结")."""
    return approve(talk, slots)


def read_ack(talk: Talk, _slots: Slots) -> str:
    """已阅, 知道了: seen, and never an approval."""
    is_leader = talk.person.is_any(*LEADERS)
    waiting = [c for c in talk.work.cases.find_open() if is_leader and waits_for_leader(c)]
    if not waiting:
        return "收到, 已记为已阅。"
    numbers = "、".join(case.short_number for case in waiting[:5])
    return f"已记为已阅 (不算同意)。{numbers} 还在等批示, 同意请回复「同意 + 编号」。"
