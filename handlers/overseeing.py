"""督办, 会商, 协办请求, and the second tier of a unit, in chat."""

from cases import commands, events
from cases.errors import RefusalError
from cases.model import Case
from cases.people import Person
from cases.permissions import Action
from cases.wording.moments import clock_time
from handlers import said
from handlers.references import case_meant, in_hand, with_units
from handlers.said import Slots
from handlers.talk import Talk
from handlers.units_meant import own_unit, unit_meant


def supervise(talk: Talk, slots: Slots) -> str:
    """挂牌督办: on the list, reported on every day, closed by a leader only."""
    case = case_meant(talk, slots, lambda one: one.is_open, verb="挂牌督办")
    kind = said.text(slots, "kind") or "督办"
    talk.do(case, Action.SUPERVISE, commands.Supervise(kind))
    return f"{case.short_number} 已{kind}, 已通知责任单位每日 17:30 前报进展, 由领导确认办结。"


def end_supervision(talk: Talk, slots: Slots) -> str:
    """解除督办: a leader's word; the case goes on and ends as its level demands."""
    case = case_meant(talk, slots, lambda one: one.supervised, verb="解除督办")
    talk.do(case, Action.END_SUPERVISION, commands.EndSupervision())
    return f"{case.short_number} 已解除督办, 已告知责任单位, 不再每日报进展。"


def restrict(talk: Talk, written: str, *, on: bool) -> str:
    """限定知悉: reporters and groups hear no more of it; or they do again."""
    slots = {"case": written}
    case = case_meant(talk, slots, lambda one: one.restricted is not on, verb="限定知悉")
    talk.do(case, Action.RESTRICT, commands.Restrict(on))
    number = case.short_number
    if on:
        return f"{number} 已限定知悉: 报告人查不到, 单位群里不发, 只有承办和审批的人看得见。"
    return f"{number} 已解除限定知悉。"


def consult(talk: Talk, slots: Slots) -> str:
    """会商: when, where, who; later what it concluded."""
    case = case_meant(talk, slots, with_units, verb="会商")
    conclusion = said.text(slots, "conclusion")
    if conclusion:
        return _conclude(talk, case, conclusion)
    units, others = _invited(talk, said.texts(slots, "units"))
    command = commands.CallMeeting(
        said.moment(slots, "time"), said.text(slots, "place"), units, others
    )
    changed = talk.do(case, Action.CONSULT, command)
    called = next(e for e in changed.events if isinstance(e, events.MeetingCalled))
    when = clock_time(called.at, talk.now) if called.at else ""
    told = "已通知参加单位。"
    if others:
        told += f"{'、'.join(others)}不在名录里, 请另行通知。"
    return f"{case.short_number} 会商已记录: {when} {called.place}。{told}"


def _conclude(talk: Talk, case: Case, conclusion: str) -> str:
    history = talk.work.cases.history(case.id)
    called = [one.event for one in history if isinstance(one.event, events.MeetingCalled)]
    units, others = (called[-1].units, called[-1].others) if called else ((), ())
    talk.do(case, Action.CONSULT, commands.ConcludeMeeting(conclusion, units))
    told = "已告知承办和参加单位。" if units else "已告知承办单位。"
    if others:
        told += f"{'、'.join(others)}不在名录里, 请另行告知。"
    return f"{case.short_number} 会商结论已记录, {told}"


def _invited(talk: Talk, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    units: list[str] = []
    others: list[str] = []
    for name in names:
        try:
            units.append(unit_meant(talk, name).id)
        except RefusalError:  # 宣传部 sits in the meeting without being a responsible unit
            others.append(name)
    return tuple(units), tuple(others)


def request_coop(talk: Talk, slots: Slots) -> str:
    """协办请求: the office adds the unit with one tap."""
    case = case_meant(talk, slots, in_hand(talk.person), verb="请求协办")
    units = [unit_meant(talk, name) for name in said.texts(slots, "coop")]
    command = commands.RequestCoop(
        own_unit(talk), tuple(unit.id for unit in units), said.text(slots, "reason")
    )
    talk.do(case, Action.REQUEST_COOP, command)
    names = "、".join(unit.name for unit in units)
    return f"{case.short_number} 请{names}协办的申请已报舆情办, 同意后通知对方。"


def hand_off(talk: Talk, slots: Slots) -> str:
    """转给科室: a person of the speaker's own unit, who signs too."""
    case = case_meant(talk, slots, in_hand(talk.person), verb="转给科室")
    talk.permit(Action.HAND_OFF, case)
    clerk = _colleague(talk, case, said.text(slots, "to"))
    command = commands.HandOff(own_unit(talk), clerk.userid, clerk.name)
    talk.do(case, Action.HAND_OFF, command)
    return f"{case.short_number} 已转给{clerk.name}, 请其签收; 对舆情办仍由贵单位负责。"


def _colleague(talk: Talk, case: Case, name: str) -> Person:
    inside = [p for p in talk.work.people.of_unit(own_unit(talk)) if p.userid != talk.person.userid]
    meant = [p for p in inside if p.name in name] or [p for p in inside if _is_called(p, name)]
    if len(meant) == 1:
        return meant[0]
    names = "、".join(p.name for p in meant or inside)
    if meant:
        raise RefusalError(f"「{name}」可能是{names}, 请写全名。")
    raise RefusalError(
        f"本单位名录里没有「{name}」。可转给: {names}, 例如: {case.short_number} 交给"
        f"{inside[0].name if inside else 'XX'}具体办理; 要新增人员请联系管理员。"
    )


def _is_called(person: Person, name: str) -> bool:
    """Whether 小李 or 老李 may be this person."""
    return len(name) > 1 and name[-2] in "小老" and person.name.startswith(name[-1])
