"""What a responsible unit answers in chat: 签收, 退回, 进展, 核实, 申请办结."""

from cases import commands, events
from cases.case_clocks import CLOSE, FIRST_REPORT, SIGN
from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.model import Case
from cases.notices import Notice, ToRole
from cases.people import Role
from cases.permissions import Action
from cases.wording.moments import clock_time
from handlers import said
from handlers.post import Origin, Post
from handlers.public_reply import needs_answer
from handlers.references import case_meant, in_hand, not_signed
from handlers.said import Slots
from handlers.talk import Talk
from handlers.units_meant import own_unit

_SIGNATURES = (events.Signed, events.SectionSigned)


def sign(talk: Talk, slots: Slots) -> str:
    """签收: the unit has it; the reminders go on for the next step."""
    try:
        case = case_meant(talk, slots, not_signed(talk.person), verb="签收")
    except RefusalError:
        if slots.get("case"):
            raise
        case = case_meant(talk, slots, in_hand(talk.person), verb="签收")
    was_late = _is_late(talk, case)
    changed = talk.do(case, Action.SIGN, commands.Sign(unit=own_unit(talk)))
    if was_late:
        _tell_overseers(talk, changed.case)
    if not any(isinstance(event, _SIGNATURES) for event in changed.events):
        part = case.of_unit(own_unit(talk))
        who = talk.work.people.person(part.signed_by) if part and part.signed_by else None
        when = clock_time(part.signed_at, talk.now) if part and part.signed_at else ""
        return f"{case.short_number} 已由{who.name if who else '本单位'}于 {when} 签收, 不用再签。"
    return f"已签收 {case.short_number}。" + _next_step(talk, case)


def _is_late(talk: Talk, case: Case) -> bool:
    part = case.of_unit(talk.person.unit_id or "")
    return part is not None and any(
        clock.step == SIGN.value and clock.subject_id == part.id and clock.due_at < talk.now
        for clock in talk.work.clocks.running(case.id)
    )


def _tell_overseers(talk: Talk, case: Case) -> None:
    # Whoever was asked to see to it must not go on telephoning.
    unit = talk.work.people.unit(own_unit(talk))
    text = f"【已签收】{case.short_number}《{wecom_field(case.title, 120)}》\n"
    text += f"{unit.name if unit else ''}已由{talk.person.name}签收, 不用再催签收。"
    told = (ToRole(Role.DUTY_OFFICER), ToRole(Role.OFFICE_DIRECTOR))
    notices = [Notice(one, text, "signed-late", "超时后已签收") for one in told]
    origin = Origin("case", str(case.id), f"{case.version}.signed-late", case=case)
    Post(talk.work, talk.desk, talk.now).tell(notices, origin)


def _next_step(talk: Talk, case: Case) -> str:
    part = case.of_unit(own_unit(talk))
    clocks = {
        clock.step: clock.due_at
        for clock in talk.work.clocks.running(case.id)
        if part is not None and clock.subject_id == part.id
    }
    if (due := clocks.get(FIRST_REPORT.value)) is not None:
        when = clock_time(due, talk.now)
        return f"下一步: 请在 {when} 前首报, 例如: {case.short_number} 首报: 已到现场核实"
    if (due := clocks.get(CLOSE.value)) is not None:
        when = clock_time(due, talk.now)
        return f"下一步: 请在 {when} 前办结, 办完回复: {case.short_number} 已办结, …"
    return ""


def decline(talk: Talk, slots: Slots) -> str:
    """退回: not this unit's duty; a reason is required and the office rules."""
    case = case_meant(talk, slots, in_hand(talk.person), verb="退回")
    suggest = said.text(slots, "suggest_unit") or None
    command = commands.Decline(own_unit(talk), said.text(slots, "reason"), suggest)
    talk.do(case, Action.DECLINE, command)
    return f"{case.short_number} 的退回申请已报舆情办裁定, 裁定前请先不要搁置处置。"


def progress(talk: Talk, slots: Slots) -> str:
    """首报, 续报, 终报, 进展: what the unit has done so far."""
    case = case_meant(talk, slots, in_hand(talk.person), verb="报告进展")
    unit = own_unit(talk)
    kind = said.text(slots, "report_kind") or ("进展" if case.reports else "首报")
    text = said.text(slots, "text") or talk.words
    changed = talk.do(case, Action.UNIT_REPORT, commands.Report(unit=unit, kind=kind, text=text))
    return f"{case.short_number} {kind}已收到, 已转舆情办。" + _next_step(talk, changed.case)


def verify(talk: Talk, slots: Slots) -> str:
    """核实: what is true of it."""
    case = case_meant(talk, slots, in_hand(talk.person), verb="报核实结果")
    verdict = said.text(slots, "verdict")
    text = said.text(slots, "text") or said.text(slots, "reason")
    command = commands.Verify(unit=own_unit(talk), verdict=verdict, text=text)
    changed = talk.do(case, Action.UNIT_REPORT, command)
    return f"{case.short_number} 核实结果「{verdict}」已记录, 已转舆情办。" + _next_step(
        talk, changed.case
    )


def done(talk: Talk, slots: Slots) -> str:
    """申请办结: the unit says it is done; that closes nothing."""
    case = case_meant(talk, slots, in_hand(talk.person), verb="申请办结")
    command = commands.RequestClose(
        unit=own_unit(talk), text=said.text(slots, "text"), needs_answer=needs_answer(talk, case)
    )
    changed = talk.do(case, Action.REQUEST_CLOSE, command)
    lead = case.lead
    if lead is not None and lead.unit_id != talk.person.unit_id:
        return f"{case.short_number} 协办部分已报完成, 已告知主办单位和舆情办。"
    if any(isinstance(e, events.CloseRequested) and e.awaits_answer for e in changed.events):
        return (
            f"{case.short_number} 已申请办结。还没有公开回应, 已请舆情办定: 要回应的请报稿, "
            f"例如「{case.short_number} 拟回复: …」"
        )
    return f"{case.short_number} 已申请办结, 正在请领导确认, 结果会告诉您。"
