"""撤销 in chat: a mistaken command of one's own is taken back within five minutes."""

from datetime import timedelta

from cases import commands, events
from cases.errors import NotAllowedError
from cases.model import Case
from cases.permissions import Action
from handlers import merging, overseeing
from handlers.references import case_written
from handlers.said import Slots
from handlers.talk import Talk
from storage.cases import Entry

UNDO_WITHIN = timedelta(minutes=5)
# What ended a case is taken back whole, by whoever may do it.
_ENDS: dict[type[events.Event], Action] = {
    events.Withdrawn: Action.WITHDRAW,
    events.CaseRefused: Action.REFUSE_CASE,
    events.Closed: Action.CLOSE,
    events.ResponseEnded: Action.END_RESPONSE,
    events.Archived: Action.ARCHIVE,
}
# What others have already been told to do is put right by another order, not by silence.
_INSTEAD: dict[type[events.Event], str] = {
    events.GradeConfirmed: "等级请直接改并写明理由, 例如: {n} 升级为一级, 省台要播",
    events.GradeChanged: "等级请直接改回并写明理由, 例如: {n} 升级为一级, 省台要播",
    events.Assigned: "单位已收到交办, 请改派, 例如: {n} 转给住建局, 交办有误",
    events.Signed: "签收不能撤销; 不属本单位职责请回复: 退回 {n}, 理由, 建议转XX局",
    events.Reported: "已转舆情办, 请补一条更正, 例如: {n} 续报: 更正刚才的数字",
    events.Verified: "已转舆情办, 请重报核实结果, 例如: {n} 经核实部分属实, …",
    events.CloseRequested: "请联系舆情办退回重办, 或补一条说明",
    events.Reopened: "误开的请办结, 例如由单位回复: {n} 已办结, 误开",
}


def undo(talk: Talk, slots: Slots) -> str:
    """撤销刚才的操作: merging, an end, or 督办; the rest is answered with what to do instead."""
    acts = talk.work.cases.acts_since(talk.person.userid, talk.now - UNDO_WITHIN)
    if slots.get("case"):
        wanted = case_written(talk, str(slots["case"]), as_merged=True).id
        acts = tuple(act for act in acts if act[0] == wanted)
    if not acts and "督办" in talk.spoken:  # later than five minutes it is a decision like others
        return overseeing.end_supervision(talk, slots)
    if not acts:
        raise NotAllowedError("5 分钟内没有您可以撤销的操作。要更正请说明是哪一件, 例如: 拆分 006")
    last = acts[0][1].message_key
    together = [act for act in reversed(acts) if act[1].message_key == last]
    answers = [answer for case_id, entry in together if (answer := _one(talk, case_id, entry))]
    if answers:
        return "\n".join(answers)
    case_id, entry = together[-1]
    raise NotAllowedError(_instead(talk.work.cases.load(case_id), entry.event))


def _one(talk: Talk, case_id: int, entry: Entry) -> str | None:
    kind = type(entry.event)
    undoable = kind in _ENDS or kind in (events.Merged, events.Supervised, events.Registered)
    if not undoable:
        return None
    case = talk.work.cases.load(case_id)
    _nothing_since(talk, case, entry)
    if kind is events.Merged:
        return merging.part(talk, case)
    if kind is events.Supervised:
        talk.do(case, Action.END_SUPERVISION, commands.EndSupervision())
        return f"{case.short_number} 的督办已撤销。"
    if kind is events.Registered:
        talk.do(case, Action.WITHDRAW, commands.Withdraw(reason="误报"))
        return f"{case.short_number} 已撤回, 不再提醒。"
    changed = talk.do(case, _ENDS[kind], commands.Restore())
    return (
        f"{case.short_number} 的「{case.state.label}」已撤销, "
        f"回到「{changed.case.state.label}」, 时限从现在起算。"
    )


def _nothing_since(talk: Talk, case: Case, entry: Entry) -> None:
    later = [
        one
        for one in talk.work.cases.history(case.id)
        if one.seq > entry.seq
        and one.message_key != entry.message_key
        and not isinstance(one.event, events.Reminded)
    ]
    if later:
        who = talk.work.people.person(later[-1].by)
        raise NotAllowedError(
            f"{case.short_number} 之后{who.name if who else '别人'}已有新的办理, 不能撤销。"
            f"请回复「查 {case.short_number}」看现在的情况。"
        )


def _instead(case: Case, event: events.Event) -> str:
    advice = _INSTEAD.get(type(event), "请直接说明要更正什么, 或联系舆情办")
    return f"{case.short_number} 这一步不能撤销。{advice.format(n=case.short_number)}。"
