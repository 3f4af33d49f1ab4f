"""应用到在办: open cases follow the rules in force, first shown, then done on one tap."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from cases import commands
from cases.case_clocks import OFFICE
from cases.clocks import UnknownLevelError
from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.model import Case
from cases.notices import Choice
from cases.people import Person
from cases.permissions import Action
from cases.rulebook import Rulebook
from cases.wording.moments import clock_time
from handlers.carry_out import carry_out
from handlers.clockwork import Clockwork
from handlers.desk import Act, Desk
from handlers.talk import Talk
from storage.clocks import Clock
from storage.work import Work

_MOST = 8
_AT_ONCE = 500  # more are done by the command, a transaction each


@dataclass(frozen=True, slots=True)
class Change:
    """What the rules in force would do to one open case."""

    case: Case
    moved: tuple[str, ...]  # a line for each clock that gets another moment
    unchanged: int  # clocks that keep theirs
    why_not: str = ""  # where the rules do not fit the case


def title_of(book: Rulebook) -> str:
    """Return a version of a rulebook as people call it."""
    return f"规则册 {book.name} 第 {book.number} 版"


def changes(work: Work, desk: Desk, now: datetime) -> tuple[Change, ...]:
    """Return what the rules in force would change, for every open case under other ones."""
    return tuple(
        change_of(work, desk, case, now)
        for case in work.cases.find_open()
        if case.rulebook_id != desk.rulebook_in_force
    )


def change_of(work: Work, desk: Desk, case: Case, now: datetime) -> Change:
    """Return what the rules in force would change about one case."""
    after = replace(case, rulebook_id=desk.rulebook_in_force)
    book = desk.rulebook(desk.rulebook_in_force)
    try:
        book.clocks.row(case.working_level)
    except UnknownLevelError:
        return Change(case, (), 0, f"新规则没有「{case.working_level}」这一级")
    clockwork = Clockwork(work, desk, now)
    running = work.clocks.running(case.id)
    lines = [_moved(work, clockwork, after, clock) for clock in running]
    moved = tuple(line for line in lines if line)
    return Change(case, moved, len(running) - len(moved))


def _moved(work: Work, clockwork: Clockwork, case: Case, clock: Clock) -> str:
    until = clockwork.counted_anew(case, clock)
    if until is not None and until.at == clock.due_at:
        return ""
    unit = None if clock.holder == OFFICE else work.people.unit(clock.holder)
    who = "舆情办" if clock.holder == OFFICE else (unit.name if unit else clock.holder)
    was = clock_time(clock.due_at, clockwork.now)
    now = "不再限时" if until is None else clock_time(until.at, clockwork.now)
    late = " (已超时)" if until is not None and until.at <= clockwork.now else ""
    return f"{who}{clock.step}: {was} → {now}{late}"


def apply_to(work: Work, desk: Desk, change: Change, act: Act, *, now: datetime) -> Case:
    """Let one case follow the rules in force.

    Raises:
        RefusalError: it has ended, or follows them already.
    """
    book = desk.rulebook(desk.rulebook_in_force)
    command = commands.ApplyRules(book.id, title_of(book), change.moved)
    return carry_out(work, desk, change.case, command, act, now=now).case


def summary(desk: Desk, found: Iterable[Change]) -> list[str]:
    """Return what would change, in lines: counts, the clocks that move, what does not fit."""
    found = tuple(found)
    fits = [one for one in found if not one.why_not]
    moved = [f"· {_head(one.case)}{line}" for one in fits for line in one.moved]
    kept = sum(one.unchanged for one in fits)
    book = desk.rulebook(desk.rulebook_in_force)
    lines = [
        f"【应用到在办】{title_of(book)}",
        f"在办 {len(fits)} 件还按旧规则: {len(moved)} 项时限变动, {kept} 项不变 (领导指定的不动)",
        *moved[:_MOST],
    ]
    if len(moved) > _MOST:
        lines.append(f"… 另有 {len(moved) - _MOST} 项")
    lines += [f"不能应用: {_head(one.case)}{one.why_not}" for one in found if one.why_not][:_MOST]
    return lines


def _head(case: Case) -> str:
    return f"{case.short_number}《{wecom_field(case.title, 45)}》"


def shown(talk: Talk) -> str:
    """应用到在办: what would change, and the tap that does it."""
    talk.permit(Action.APPLY_RULES)
    found = changes(talk.work, talk.desk, talk.now)
    fits = [one for one in found if not one.why_not]
    text = "\n".join(summary(talk.desk, found))
    if not found:
        return f"在办的都已按{title_of(talk.desk.rulebook(talk.desk.rulebook_in_force))}办理。"
    if len(fits) > _AT_ONCE:
        return f"{text}\n件数太多, 请管理员在服务器上运行 rules apply。"
    if not fits:
        return text
    confirm = Choice("确认应用", (f"确认应用到在办 {talk.desk.rulebook_in_force}",))
    talk.say(text, (confirm,))
    return ""


def confirmed(talk: Talk, rulebook: int) -> str:
    """确认应用: every case that fits follows the rules shown.

    Raises:
        RefusalError: other rules are in force by now.
    """
    talk.permit(Action.APPLY_RULES)
    if rulebook != talk.desk.rulebook_in_force:
        raise RefusalError("规则又更新过, 请重新回复「应用到在办」看变动。")
    found = [one for one in changes(talk.work, talk.desk, talk.now) if not one.why_not]
    for change in found:
        apply_to(talk.work, talk.desk, change, talk.act, now=talk.now)
    moved = sum(len(one.moved) for one in found)
    book = talk.desk.rulebook(rulebook)
    return f"已应用: {len(found)} 件改按{title_of(book)}办理, {moved} 项时限已重算并通知承办单位。"


def operator(name: str) -> Act:
    """Return who acts where the command is run on the server."""
    return Act(Person(name, name, frozenset()), "rules apply", "")
