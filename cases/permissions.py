"""Who may ask what: one decision for every door (chat, card, page, interface).

The table follows the role catalogue of the source documents: 信息员 report and supplement, the
office (值班员, 舆情办主任) runs the case, leaders approve, the responsible unit answers. Being in a
group is no permission. A case that a person may not know of is refused as if it did not exist.
"""

from enum import StrEnum

from cases.errors import NotFoundError, NotPermittedError, RefusalError
from cases.model import Case
from cases.people import Person, Role


class Action(StrEnum):
    """What somebody wants to do; the value is the word used in a refusal."""

    REPORT = "上报"
    SUPPLEMENT = "补充"
    WITHDRAW = "撤回"
    SUGGEST_GRADE = "建议等级"
    CONFIRM_GRADE = "定级"
    ASSIGN = "交办"
    SIGNOFF = "签批"
    TRANSFER = "转办"
    ADD_COOP = "加协办"
    RULE_ON_RETURN = "裁定退回"
    SIGN = "签收"
    DECLINE = "退回"
    UNIT_REPORT = "报告进展"
    REQUEST_CLOSE = "申请办结"
    CLOSE = "办结"
    SEND_BACK = "退回重办"
    URGE = "催办"
    VIEW = "查看"
    LIST = "查看清单"
    PHONED = "电话通知"


OFFICE = frozenset({Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR})
LEADERS = frozenset({Role.DEPUTY_LEADER, Role.CHIEF_LEADER})
UNIT_PEOPLE = frozenset({Role.LIAISON, Role.UNIT_LEADER, Role.SPOKESPERSON})
SEES_ALL = OFFICE | LEADERS | {Role.REVIEWER, Role.ASSESSOR, Role.SUPERVISOR}

_ROLES: dict[Action, frozenset[Role]] = {
    Action.REPORT: OFFICE | LEADERS | UNIT_PEOPLE | {Role.INFORMANT},
    Action.SUPPLEMENT: OFFICE | LEADERS | UNIT_PEOPLE | {Role.INFORMANT},
    Action.WITHDRAW: OFFICE | {Role.INFORMANT},
    Action.SUGGEST_GRADE: OFFICE | LEADERS | UNIT_PEOPLE | {Role.INFORMANT},
    Action.CONFIRM_GRADE: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.ASSIGN: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.SIGNOFF: LEADERS,
    Action.TRANSFER: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.ADD_COOP: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.RULE_ON_RETURN: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.SIGN: UNIT_PEOPLE,
    Action.DECLINE: UNIT_PEOPLE,
    Action.UNIT_REPORT: UNIT_PEOPLE,
    Action.REQUEST_CLOSE: UNIT_PEOPLE,
    Action.CLOSE: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.SEND_BACK: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.URGE: OFFICE | LEADERS,
    Action.VIEW: frozenset(Role),
    Action.LIST: OFFICE | LEADERS | UNIT_PEOPLE | {Role.INFORMANT, Role.ASSESSOR, Role.SUPERVISOR},
    Action.PHONED: OFFICE,
}

_DECIDING = frozenset({Action.CONFIRM_GRADE, Action.SIGNOFF, Action.CLOSE, Action.SEND_BACK})
_OF_THE_UNIT = frozenset({Action.SIGN, Action.DECLINE, Action.UNIT_REPORT, Action.REQUEST_CLOSE})
_HEIGHT = {Role.OFFICE_DIRECTOR: 1, Role.DEPUTY_LEADER: 2, Role.CHIEF_LEADER: 3}


def authorize(
    actor: Person, action: Action, case: Case | None = None, *, decider: Role | None = None
) -> None:
    """Let `actor` do `action` on `case`, or raise.

    Args:
        actor: the person as the directory knows them at this moment.
        action: what is asked.
        case: what it is asked of; None for a new report or a list.
        decider: for a decision, the lowest role that the rulebook lets decide at this level.

    Raises:
        NotFoundError: the person may not know of this case; worded as if it did not exist.
        NotPermittedError: the person may know of it, but not do this; says who may.
    """
    if case is not None and not may_know(actor, case):
        raise not_found()
    if not actor.is_any(*_ROLES[action]):
        raise _refused(action, _ROLES[action])
    if action in _DECIDING and decider is not None and _height(actor) < _HEIGHT[decider]:
        at_least = frozenset(r for r, height in _HEIGHT.items() if height >= _HEIGHT[decider])
        raise _refused(action, at_least)
    if action in _OF_THE_UNIT and case is not None and not _holds_part(actor, case):
        raise NotPermittedError(f"{case.short_number} 没有交给贵单位, 由承办单位{action.value}。")
    if action is Action.WITHDRAW and case is not None and not _may_withdraw(actor, case):
        raise NotPermittedError(f"{case.short_number} 由首报人或舆情办撤回。")


def may_know(actor: Person, case: Case) -> bool:
    """Whether the person may know that this case exists."""
    if actor.is_any(*SEES_ALL):
        return True
    if actor.userid in case.reporters:
        return not case.restricted
    return actor.is_any(*UNIT_PEOPLE) and _holds_part(actor, case)


def not_found() -> RefusalError:
    """The one answer for "does not exist" and "not yours": the two are byte for byte the same."""
    return NotFoundError("没有找到这个编号, 请核对后再发, 例如: 查 007")


def _height(actor: Person) -> int:
    return max((_HEIGHT.get(role, 0) for role in actor.roles), default=0)


def _holds_part(actor: Person, case: Case) -> bool:
    return actor.unit_id is not None and case.of_unit(actor.unit_id) is not None


def _may_withdraw(actor: Person, case: Case) -> bool:
    return actor.userid == case.reported_by or actor.is_any(*OFFICE)


def _refused(action: Action, may: frozenset[Role]) -> RefusalError:
    names = "、".join(role.value for role in Role if role in may)
    return NotPermittedError(f"{action.value}由{names}来做, 您的身份不能{action.value}。")
