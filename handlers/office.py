"""What the office does in chat: 定级, 交办, 转办, 加协办, 裁定, 催办."""

from dataclasses import replace
from datetime import datetime

from cases import commands, events
from cases.chat import Intent
from cases.chat.demands import demand_in
from cases.errors import NotAllowedError, NotPermittedError, RefusalError
from cases.model import Case, State
from cases.permissions import LEADERS, OFFICE, UNIT_PEOPLE, Action
from cases.wording.moments import clock_time
from handlers import said
from handlers.answered import already
from handlers.references import case_meant, in_hand, return_asked, waits_for_units, with_units
from handlers.said import Slots
from handlers.talk import Talk
from handlers.units_meant import unit_meant

# Which time of an order a deadline is, by what is said of it: 首报, 回应, else 办结.
_DUE_OF = {
    "": "deadline",
    "close": "deadline",
    "first_report": "report_by",
    "response": "respond_by",
}


def confirm_grade(talk: Talk, slots: Slots) -> str:
    """定级: fix the grade; the rulebook says who may, nobody's silence does."""
    case = case_meant(talk, slots, waits_for_units, verb="定级")
    level = _level(talk, case, said.text(slots, "level") or said.text(slots, "level_to"))
    reason = said.text(slots, "reason")
    if case.level is not None and case.level != level:
        return change_grade(talk, {**slots, "level_to": level, "reason": reason})
    if case.level == level:
        talk.permit(Action.CONFIRM_GRADE, case)
        done = already(talk, case, (events.GradeConfirmed, events.GradeChanged))
        raise NotAllowedError(f"{done}{case.short_number} 已经是{level}, 不用再定。")
    _may_set(talk, case, level)
    changed = talk.do(case, Action.CONFIRM_GRADE, commands.ConfirmGrade(level=level, reason=reason))
    done = f"{case.short_number} 已定{level}。"
    if changed.case.state is State.GRADED and talk.following != Intent.ASSIGN:
        done += _next_assign(changed.case)
    return done


def _next_assign(case: Case) -> str:
    return f"下一步请交办, 例如: {case.short_number} 交XX局"


def change_grade(talk: Talk, slots: Slots) -> str:
    """升级/降级: only with a reason, by the confirming role; the clocks are counted anew."""
    case = case_meant(talk, slots, with_units, verb="改等级")
    level = _level(talk, case, said.text(slots, "level_to") or said.text(slots, "level"))
    reason = said.text(slots, "reason")
    command = commands.ConfirmGrade(level, reason, lowers=_lowers(talk, case, level))
    _may_set(talk, case, level)
    talk.do(case, Action.CONFIRM_GRADE, command)
    if case.level is None:
        return f"{case.short_number} 已定{level}。"
    return f"{case.short_number} 已由{case.level}改为{level}, 时限已重算并通知有关单位。"


def _may_set(talk: Talk, case: Case, level: str) -> None:
    # Who confirms the grade that stands (or is proposed) is asked with the command; the new grade
    # must be the speaker's to give as well, or whoever confirms 二级 could raise it to 一级.
    talk.permit(Action.CONFIRM_GRADE, replace(case, level=level))


def _lowers(talk: Talk, case: Case, level: str) -> bool:
    names = talk.desk.rulebook(case.rulebook_id).clocks.level_names  # the gravest first
    return case.level in names and names.index(level) > names.index(case.level)


def suggest_grade(talk: Talk, slots: Slots) -> str:
    """Anybody may say what the grade should be; a human of the named role decides."""
    case = case_meant(talk, slots, lambda one: one.is_open, verb="建议等级")
    level = _level(talk, case, said.text(slots, "level"))
    command = commands.SuggestGrade(level=level, reason=said.text(slots, "reason"))
    talk.do(case, Action.SUGGEST_GRADE, command)
    return f"已把您的建议 ({case.short_number} {level}) 转给有权定级的人, 由其决定。"


def _level(talk: Talk, case: Case, said_level: str) -> str:
    grading = talk.desk.rulebook(case.rulebook_id).grading
    names = [level.name for level in grading.levels]
    for level in grading.levels:
        if said_level == level.name or said_level in level.aliases:
            return level.name
    raise RefusalError(f"等级请写: {'、'.join(names)}。例如: {case.short_number} 定{names[-1]}")


def assign(talk: Talk, slots: Slots) -> str:
    """交办: name the lead and the helpers; where the rulebook demands it, ask for 签批 first."""
    case = case_meant(talk, slots, waits_for_units, verb="交办")
    lead, coop = _units(talk, slots)
    deadline = said.moment(slots, "deadline")
    _not_past(deadline, talk.now)
    if case.lead is not None:
        _not_given_already(talk, case, lead)
        return transfer(talk, {**slots, "units": [lead]})
    talk.permit(Action.ASSIGN, case)
    if case.level is None:
        example = f"{case.short_number} 定{case.proposal.level}, 交XX局"
        raise RefusalError(f"{case.short_number} 还没定级, 请先定级再交办, 例如: {example}")
    grading = talk.desk.rulebook(case.rulebook_id).grading
    command = commands.Assign(
        lead=lead,
        coop=coop,
        demand=_demand(talk, slots),
        **{_DUE_OF[said.text(slots, "deadline_kind")]: deadline},
        needs_signoff=grading.level(case.level).needs_signoff,
    )
    changed = talk.do(case, Action.ASSIGN, command)
    return _assigned(talk, case, changed.events)


def _demand(talk: Talk, slots: Slots) -> str:
    """Return what is asked of the unit: as the page was given it, or in the speaker's own words."""
    if "demand" in slots:
        return said.text(slots, "demand")
    units = talk.work.people.units()
    names = [n for unit in units for n in (unit.name, unit.name.removeprefix("市"), *unit.aliases)]
    return demand_in(talk.spoken or talk.words, names, talk.now)


def _not_given_already(talk: Talk, case: Case, lead: str) -> None:
    if case.lead is not None and case.lead.unit_id == lead:
        talk.permit(Action.ASSIGN, case)
        done = already(talk, case, (events.Assigned,))
        raise NotAllowedError(f"{done}{case.short_number} 本来就由该单位主办, 不用再交。")


def _assigned(talk: Talk, case: Case, happened: tuple[events.Event, ...]) -> str:
    units = {unit.id: unit.name for unit in talk.work.people.units()}
    if any(isinstance(event, events.SignoffAsked) for event in happened):
        return f"{case.short_number} {case.level}要先签批, 已报领导, 同意后自动交办。"
    names = [units.get(e.unit, e.unit) for e in happened if isinstance(e, events.Assigned)]
    helpers = f", {'、'.join(names[1:])}协办" if names[1:] else ""
    return f"{case.short_number} 已交{names[0]}主办{helpers}, 已通知联络员和单位群。"


def _units(talk: Talk, slots: Slots) -> tuple[str, tuple[str, ...]]:
    named = said.texts(slots, "units")
    lead = said.text(slots, "lead") or (named[0] if named else "")
    if not lead:
        raise RefusalError("请写明交给哪个单位, 例如: 007 交住建局")
    others = tuple(name for name in named if name != lead) + said.texts(slots, "coop")
    coop = tuple(unit_meant(talk, name).id for name in others)
    return unit_meant(talk, lead).id, coop


def _not_past(deadline: datetime | None, now: datetime) -> None:
    if deadline is not None and deadline <= now:
        raise RefusalError(f"时限 {clock_time(deadline, now)} 已经过了, 请重新写一个。")


def transfer(talk: Talk, slots: Slots) -> str:
    """转办: give the lead to another unit; also how a 退回 is granted."""
    if talk.person.is_any(*UNIT_PEOPLE) and not talk.person.is_any(*OFFICE, *LEADERS):
        _only_the_office(talk, slots)
    case = case_meant(talk, slots, return_asked, verb="转办")
    named = said.texts(slots, "units")
    if not named:
        raise RefusalError(f"请写明转给哪个单位, 例如: {case.short_number} 转给住建局")
    unit = unit_meant(talk, named[0])
    reason = said.text(slots, "reason") or "舆情办改派"
    talk.do(case, Action.TRANSFER, commands.Transfer(lead=unit.id, reason=reason))
    return f"{case.short_number} 已转{unit.name}主办, 时限从现在重新起算。"


def _only_the_office(talk: Talk, slots: Slots) -> None:
    """Tell somebody of a unit who moves a case, and what he can say instead."""
    case = case_meant(talk, slots, in_hand(talk.person), verb="转办")
    named = said.texts(slots, "units")
    unit = f"建议转{unit_meant(talk, named[0]).name}" if named else "建议转XX局"
    raise NotPermittedError(
        f"{case.short_number} 转办由舆情办来办。不属本单位职责请回复"
        f"「退回 {case.short_number}, 理由, {unit}」, 由舆情办裁定。"
    )


def add_coop(talk: Talk, slots: Slots) -> str:
    """加协办: add helping units."""
    case = case_meant(talk, slots, with_units, verb="加协办")
    names = said.texts(slots, "coop") or said.texts(slots, "units")
    units = [unit_meant(talk, name) for name in names]
    command = commands.AddCoop(units=tuple(unit.id for unit in units))
    talk.do(case, Action.ADD_COOP, command)
    return f"{case.short_number} 已加{'、'.join(unit.name for unit in units)}协办。"


def uphold(talk: Talk, slots: Slots) -> str:
    """裁定: the unit keeps it; after a ruling there is no second return."""
    case = case_meant(talk, slots, return_asked, verb="裁定")
    held = next((a for a in case.assignments if a.is_live and a.state == "declined"), None)
    unit = held.unit_id if held else ""
    reason = said.text(slots, "reason") or "由原单位办理"
    talk.do(case, Action.RULE_ON_RETURN, commands.UpholdAssignment(unit=unit, reason=reason))
    return f"{case.short_number} 已裁定由原单位继续办理, 时限从现在重新起算。"


def urge(talk: Talk, slots: Slots) -> str:
    """催办: remind the unit now, beside the clock's own reminders."""
    named = said.texts(slots, "units")
    unit = unit_meant(talk, named[0]) if named else None
    case = case_meant(
        talk,
        slots,
        lambda one: one.lead is not None and (unit is None or one.of_unit(unit.id) is not None),
        verb="催办",
    )
    if unit is not None and case.lead is not None and case.of_unit(unit.id) is None:
        raise RefusalError(f"{case.short_number} 没有交给{unit.name}, 不用催它。")
    holder = unit.id if unit else (case.lead.unit_id if case.lead else "")
    talk.do(case, Action.URGE, commands.Urge(unit=holder, words=talk.words))
    return f"{case.short_number} 已催办, 对方会马上收到。"
