"""Questions in chat: how one case stands, which are open, what one can do now."""

from datetime import UTC, datetime

from cases.case_clocks import OFFICE, SIGN
from cases.encoding import wecom_field
from cases.model import Case
from cases.permissions import Action
from cases.wording.history import timeline
from cases.wording.moments import clock_time
from handlers import said, todo
from handlers.carry_out import quoted
from handlers.public_reply import reply_line
from handlers.references import case_meant, visible_open
from handlers.said import Slots
from handlers.talk import Talk
from handlers.units_meant import unit_meant
from storage.states import ReportKind

_MOST_LINES = 10
_LINE_BYTES = 150  # of one event's words in a timeline
_NEVER = datetime.max.replace(tzinfo=UTC)


def status(talk: Talk, slots: Slots) -> str:
    """How one case stands: state, who holds it, what is due, its timeline."""
    case = case_meant(talk, slots, lambda one: one.is_open, verb="查看")
    talk.permit(Action.VIEW, case)
    if talk.asked is not None and not talk.asked.chat.is_group:
        talk.case = case  # alone with the robot, what waits for the asker is shown to be pressed
    units = {unit.id: unit.name for unit in talk.work.people.units()}
    level = case.level or f"拟{case.proposal.level}"
    lines = [f"{case.short_number}《{wecom_field(case.title, 120)}》{level} · {case.state.label}"]
    parts = [
        f"{part.part.label}{units.get(part.unit_id, part.unit_id)}"
        for part in case.assignments
        if part.is_live
    ]
    if parts:
        lines.append("、".join(parts))
    if line := reply_line(case, talk.now):
        lines.append(line)
    lines.append(_received(talk, case))
    lines.extend(_clocks(talk, case, units))
    history = [
        (entry.at, _name(talk, entry.by), quoted(entry.event, _LINE_BYTES))
        for entry in talk.work.cases.history(case.id)
    ]
    lines.append(timeline(history, units, talk.now))
    return "\n".join(lines)


def _received(talk: Talk, case: Case) -> str:
    """How often it was reported, by how many, and what else came with it."""
    kept_reports = talk.work.cases.reports(case.id)
    reports = sum(one.kind is not ReportKind.SUPPLEMENT for one in kept_reports)
    kept = len(talk.work.evidence.of_case(case.id))
    material = f", 材料 {kept} 份" if kept else ""
    return f"收到 {reports} 次报告, {len(case.reporters)} 位报告人{material}"


def _name(talk: Talk, userid: str) -> str:
    person = talk.work.people.person(userid)
    return person.name if person else ""


def _clocks(talk: Talk, case: Case, units: dict[str, str]) -> list[str]:
    lines = []
    for clock in talk.work.clocks.running(case.id):
        who = "舆情办" if clock.holder == OFFICE else units.get(clock.holder, clock.holder)
        if clock.step == SIGN.value and (section := _section_of(case, clock.subject_id)):
            who += f"{_name(talk, section)} "  # where it stopped inside the unit
        late = " 已超时" if talk.now > clock.due_at else ""
        lines.append(f"待{who}{clock.step}: {clock_time(clock.due_at, talk.now)}{late}")
    return lines


def _section_of(case: Case, assignment: int) -> str | None:
    return next((a.unsigned_section for a in case.assignments if a.id == assignment), None)


def listing(talk: Talk, slots: Slots) -> str:
    """Which cases are open, late, or with one unit: the most urgent ten."""
    talk.permit(Action.LIST)
    named = said.texts(slots, "units")
    if said.text(slots, "filter") == "mine" and not named and (mine := todo.listed(talk)):
        return mine
    unit = unit_meant(talk, named[0]) if named else None
    cases = [c for c in visible_open(talk) if unit is None or c.of_unit(unit.id) is not None]
    dues = {case.id: _next_due(talk, case) for case in cases}
    overdue = said.text(slots, "filter") == "overdue"
    if overdue:
        cases = [c for c in cases if (due := dues[c.id]) is not None and due[0] < talk.now]
    who = unit.name if unit else ""
    what = "超时未办" if overdue else "在办"
    if not cases:
        return f"{who}没有{what}的件。"
    cases.sort(key=lambda case: ((dues[case.id] or (_NEVER, ""))[0], case.id))
    lines = [f"{who}{what} {len(cases)} 件:"]
    for case in cases[:_MOST_LINES]:
        due = dues[case.id]
        until = f" · {due[1]} {clock_time(due[0], talk.now)}" if due else ""
        lines.append(
            f"{case.short_number} {wecom_field(case.title, 60)} · {case.state.label}{until}"
        )
    if len(cases) > _MOST_LINES:
        lines.append(f"… 另有 {len(cases) - _MOST_LINES} 件, 可加单位名再查")
    lines.append("看某一件请回复「查 编号」")
    return "\n".join(lines)


def _next_due(talk: Talk, case: Case) -> tuple[datetime, str] | None:
    running = talk.work.clocks.running(case.id)
    return min(((clock.due_at, clock.step) for clock in running), default=None)


def ping(talk: Talk, _slots: Slots) -> str:
    """Somebody asks whether anybody is there: what comes is heard, and what he can do next."""
    return (
        f"在, {clock_time(talk.now, talk.now)} 收到。转发链接就会登记; 看要办的请回复「我的待办」。"
    )


def help_(talk: Talk, _slots: Slots) -> str:
    """What this person can do now, by example."""
    return todo.help_(talk)
