"""Words about the grade."""

from typing import assert_never

from cases import events
from cases.model import Case
from cases.notices import Choice, Notice, Recipient, ToRole, ToUnit
from cases.people import Role
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Grading, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    name = f"{case.short_number}《{telling.title}》"
    match event:
        case events.GradeSuggested(level=level, reason=reason):
            why = f", 理由: {reason}" if reason else ""
            text = (
                f"【建议等级】{name}\n建议{level}{why}。同意请回复「{case.short_number} 定{level}」"
            )
            choices = (Choice(f"定{level}", (f"{case.number} 升级为{level}, {reason}",)),)
            if case.level is None:
                choices = (Choice(f"定{level}", (f"{case.number} 定{level}",)),)
            to = ToRole(telling.confirmer)
            return (Notice(to, text, "suggest", "有人建议等级", choices=choices),)
        case events.GradeChanged(was=was, level=level, reason=reason):
            text = (
                f"【等级变更】{name}\n由{was}改为{level}, 理由: {reason}。时限已按新等级重算。"
                f"{_new_limits(telling)}"
            )
            units = tuple(a.unit_id for a in case.assignments if a.is_live)
            told: tuple[Recipient, ...] = tuple(ToUnit(unit) for unit in units)
            if telling.informs_unit_leader:
                told += tuple(ToUnit(unit, Role.UNIT_LEADER) for unit in units)
            roles = dict.fromkeys((Role.DUTY_OFFICER, telling.approver, *telling.informed))
            rest: tuple[Recipient, ...] = tuple(ToRole(role) for role in roles)
            return tuple(Notice(to, text, "regrade", "等级变更") for to in (*told, *rest))
        case events.RulesApplied(title=title, moved=moved):
            return _moved(case, telling, title, moved)
        case events.GradeConfirmed():  # who confirmed is answered, the 交办 tells the rest
            return ()
        case _:
            assert_never(event)


_OF_UNITS = ("签收", "首报", "续报", "回应", "发布", "办结")


def _new_limits(telling: Telling) -> str:
    """Return the limits of the units that moved, in the order of the procedure."""
    limits = [f"{step} {telling.when(step)} 前" for step in _OF_UNITS if telling.when(step)]
    return f"\n新时限: {', '.join(limits)}" if limits else ""


def _moved(case: Case, telling: Telling, title: str, moved: tuple[str, ...]) -> tuple[Notice, ...]:
    if not moved:
        return ()
    lines = "\n".join(f"· {line}" for line in moved)
    text = (
        f"【时限变更】{case.short_number}《{telling.title}》\n"
        f"改按{title}办理, 在走的时限已重算:\n{lines}"
    )
    units = tuple(ToUnit(part.unit_id) for part in case.assignments if part.is_live)
    told: tuple[Recipient, ...] = (*units, ToRole(Role.DUTY_OFFICER))
    return tuple(Notice(to, text, "rules", "新规则应用到在办") for to in told)
