"""Ends other than 办结 in chat, and coming back: 不予受理, 终止响应, 归档, 重新打开."""

import re
from datetime import UTC, datetime

from cases import commands
from cases.errors import RefusalError
from cases.lifecycle.ending import may_reopen
from cases.model import Case, State
from cases.permissions import Action, authorize
from cases.refusal_paths import refusal_path
from cases.wording.numbers import number_said
from handlers import said, tracking
from handlers.carry_out import approver_of
from handlers.references import case_meant, waits_for_units
from handlers.relinking import open_linked
from handlers.said import Slots
from handlers.talk import Talk

_ENDS = re.compile(r"^[\s,，。;；]+|[\s,，。;；]+$")
_ENDED = frozenset({State.CLOSED, State.ARCHIVED})


def refuse(talk: Talk, slots: Slots) -> str:
    """不予受理: with the reason, and where the matter belongs."""
    case = case_meant(talk, slots, waits_for_units, verb="不予受理")
    reason = said.text(slots, "reason")
    path = refusal_path(talk.words)
    talk.do(case, Action.REFUSE_CASE, commands.RefuseCase(_without(reason, path), path))
    return f"{case.short_number} 不予受理, 已把理由和途径告知报告人: {path}。"


def _without(reason: str, path: str) -> str:
    return _ENDS.sub("", reason.replace(path, "")) or reason


def end_response(talk: Talk, slots: Slots) -> str:
    """终止响应: the office reports it and a leader agrees; a leader's own word ends it."""
    case = case_meant(talk, slots, lambda one: one.is_open, verb="终止响应")
    if _may_end(talk, case):
        talk.do(case, Action.END_RESPONSE, commands.EndResponse(words=talk.words))
        return f"{case.short_number} 响应已终止, 已告知各有关单位和报告人。"
    talk.do(case, Action.ASK_END, commands.AskEnd(said.text(slots, "reason")))
    return f"{case.short_number} 终止响应已报{approver_of(talk.desk, case).value}, 同意后生效。"


def _may_end(talk: Talk, case: Case) -> bool:
    try:
        authorize(talk.person, Action.END_RESPONSE, case, decider=approver_of(talk.desk, case))
    except RefusalError:
        return False
    return True


def archive(talk: Talk, slots: Slots) -> str:
    """归档: the closed case is filed, with a 复盘 if wanted."""
    case = _closed_meant(talk, slots, (State.CLOSED,), verb="归档")
    review = "复盘" in said.texts(slots, "action")
    talk.do(case, Action.ARCHIVE, commands.Archive(review))
    return f"{case.short_number} 已归档。" + ("请舆情办写复盘, 已提醒。" if review else "")


def reopen(talk: Talk, slots: Slots) -> str:
    """重新打开: within 30 days the same case, later a new one that is linked to it."""
    case = _closed_meant(talk, slots, tuple(_ENDED), verb="重新打开")
    if case.state is State.TRACKING:  # not closed yet: it only has to be handled again
        return tracking.rebounded(talk, case, said.text(slots, "reason"))
    talk.permit(Action.REOPEN, case)
    number = number_said(case.number, talk.now)
    reason = said.text(slots, "reason") or "情况反弹"
    if case.state in _ENDED and not may_reopen(case, talk.now):
        new = open_linked(talk, case, reason)
        return (
            f"{number} 办结已超过 30 天, 已另立 {new.short_number} 并与它关联, 已请舆情办定级交办。"
        )
    changed = talk.do(case, Action.REOPEN, commands.Reopen(reason))
    lead = changed.case.lead
    units = {unit.id: unit.name for unit in talk.work.people.units()}
    next_ = (
        f"已通知{units.get(lead.unit_id, lead.unit_id)}重新签收, 时限从现在起算。"
        if lead
        else f"下一步请交办, 例如: {case.short_number} 交XX局"
    )
    return f"{number} 已重新打开 (第 {changed.case.reopened} 次)。{next_}"


def _closed_meant(talk: Talk, slots: Slots, states: tuple[State, ...], *, verb: str) -> Case:
    """Return the case named, or the one that closed last."""
    if said.text(slots, "case") or talk.case is not None:
        return case_meant(talk, slots, lambda one: one.is_open, verb=verb)
    closed = [case for case in talk.work.cases.closed_lately() if case.state in states]
    if not closed:
        raise RefusalError(f"没有可以{verb}的件。要说哪一件, 请带上编号, 例如: 007 {verb}")
    return max(closed, key=lambda case: case.closed_at or datetime.min.replace(tzinfo=UTC))
