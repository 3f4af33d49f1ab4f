"""延期 in chat: a unit asks for more time, whoever confirms the end gives it or not."""

from datetime import datetime, timedelta

from cases import commands, events
from cases.case_clocks import CLOSE
from cases.errors import NotAllowedError, RefusalError
from cases.model import Case
from cases.permissions import Action
from cases.wording.moments import clock_time
from handlers import said
from handlers.answered import already
from handlers.carry_out import approver_of
from handlers.references import case_meant, in_hand
from handlers.said import Slots
from handlers.seats import verbatim
from handlers.talk import Talk
from handlers.units_meant import own_unit

_LENGTHS = {
    "extend_hours": timedelta(hours=1),
    "extend_days": timedelta(days=1),
    "extend_weeks": timedelta(weeks=1),
}


def waits(case: Case) -> bool:
    """Cases whose unit waits for a word about more time."""
    return case.extension is not None


def extend(talk: Talk, slots: Slots) -> str:
    """申请延期: before expiry, with a reason and a new time; at most two are given."""
    case = case_meant(talk, slots, in_hand(talk.person), verb="申请延期")
    talk.permit(Action.EXTEND, case)
    unit = own_unit(talk)
    due_at = _close_due(talk, case, unit)
    until = _until(talk, case, slots, due_at or talk.now)
    if until is None and due_at is not None and case.extension is None:
        example = f"{case.short_number} 申请延期至11月25日, 需做水质检测"
        raise RefusalError(f"请写明延到什么时候和理由, 例如: {example}")
    reason = said.text(slots, "reason")
    command = commands.AskExtension(unit, until or talk.now, reason, due_at)
    talk.do(case, Action.EXTEND, command)
    asked = approver_of(talk.desk, case).value
    still = f"批复前仍按 {clock_time(due_at, talk.now)} 办理。" if due_at else ""
    return f"{case.short_number} 延期申请已报{asked}批。{still}"


def _close_due(talk: Talk, case: Case, unit: str) -> datetime | None:
    part = case.of_unit(unit)
    running = talk.work.clocks.running(case.id)
    return next(
        (
            clock.due_at
            for clock in running
            if part is not None and clock.step == CLOSE.value and clock.subject_id == part.id
        ),
        None,
    )


def _until(talk: Talk, case: Case, slots: Slots, start: datetime) -> datetime | None:
    written = said.moment(slots, "deadline")
    if written is not None:
        return written
    workdays = slots.get("extend_workdays")
    if isinstance(workdays, int):
        calendar = talk.desk.rulebook(case.rulebook_id).clocks.calendar(talk.desk.days_off)
        return calendar.count_days(start, workdays).at
    for name, length in _LENGTHS.items():
        count = slots.get(name)
        if isinstance(count, int):
            return start + count * length
    return None


def _asked_until(talk: Talk, case: Case, slots: Slots) -> datetime | None:
    # "给三天" counts from the deadline that stands, as the unit's own wish does.
    held = case.extension
    start = _close_due(talk, case, held.unit) if held is not None else None
    return _until(talk, case, slots, start or talk.now)


def grant(talk: Talk, slots: Slots) -> str:
    """同意延期: what was asked for, or up to the time the leader names."""
    case = case_meant(talk, slots, waits, verb="批延期")
    talk.permit(Action.RULE_ON_EXTENSION, case)
    _still_asked(talk, case)
    command = commands.GrantExtension(verbatim(talk, "同意延期"), _asked_until(talk, case, slots))
    changed = talk.do(case, Action.RULE_ON_EXTENSION, command)
    until = next(e.until for e in changed.events if isinstance(e, events.ExtensionGranted))
    given = clock_time(until, talk.now)
    return f"{case.short_number} 已同意延期至 {given}, 已通知责任单位和报告人。"


def deny(talk: Talk, slots: Slots) -> str:
    """不同意延期: the deadline stands, or is the leader's own."""
    case = case_meant(talk, slots, waits, verb="批延期")
    talk.permit(Action.RULE_ON_EXTENSION, case)
    _still_asked(talk, case)
    until = said.moment(slots, "deadline")
    words = verbatim(talk, "不同意延期")
    talk.do(case, Action.RULE_ON_EXTENSION, commands.DenyExtension(words, until))
    own = f", 时限 {clock_time(until, talk.now)}" if until is not None else ""
    return f"{case.short_number} 未同意延期{own}, 已通知责任单位。"


def _still_asked(talk: Talk, case: Case) -> None:
    if waits(case):
        return
    done = already(talk, case, (events.ExtensionGranted, events.ExtensionDenied))
    raise NotAllowedError(done or f"{case.short_number} 没有待批的延期申请。")
