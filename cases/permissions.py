"""Who may ask what: one decision for every door (chat, card, page, interface).

The table follows the role catalogue of the source documents: 信息员 report and supplement, the
office (值班员, 舆情办主任) runs the case, leaders approve, the responsible unit answers. Being in a
group is no permission. A case that a person may not know of is refused as if it did not exist.
"""

from collections.abc import Iterable
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
    DRAFT = "报回应稿"
    REVIEW_REPLY = "审核回应稿"
    ISSUE = "签发"
    PUBLISH = "登记发布"
    TRACK = "核对跟踪情况"
    WAIVE = "免除公开回应"
    REPORT_UP = "登记上报"
    PRESS = "登记发布会"
    INSTRUCT = "批示"
    EXECUTE_ORDER = "办理批示"
    TO_HIGHER = "报请阅示"
    STANDING = "设置代理和审批人"
    EXTEND = "申请延期"
    RULE_ON_EXTENSION = "批延期"
    MERGE = "合并"
    SPLIT = "拆分"
    REOPEN = "重新打开"
    REFUSE_CASE = "不予受理"
    ASK_END = "报终止响应"
    END_RESPONSE = "批终止响应"
    ARCHIVE = "归档"
    SUPERVISE = "挂牌督办"
    END_SUPERVISION = "解除督办"
    RESTRICT = "限定知悉范围"
    CONSULT = "会商"
    REQUEST_COOP = "请求协办"
    HAND_OFF = "转给科室"
    GROUP = "建群"
    PERIOD = "启动和结束特殊时期"
    APPLY_RULES = "把新规则应用到在办"
    LET_IN = "发登录链接"
    BRAKE = "暂停和恢复发送"
    DRILL = "组织演练"
    SCORES = "查看考核"
    APPEAL = "考核申诉"
    RULE_ON_APPEAL = "裁定申诉"
    GIVE_POINT = "记考核分"
    SCORE_NOTICE = "发考核通报"
    LESSON = "填写案例要点"
    LIBRARY = "查案例"
    CALL_BACK = "登记回访"
    REVIEW = "看复盘"
    IMPROVE = "布置整改"
    ADMINISTER = "管理"
    ARRANGE = "安排值班和日历"
    WRITE_PAPER = "出文稿"
    CHECK_PAPER = "核稿"


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
    Action.DRAFT: UNIT_PEOPLE,
    Action.REVIEW_REPLY: LEADERS | {Role.OFFICE_DIRECTOR, Role.REVIEWER},
    Action.ISSUE: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.PUBLISH: UNIT_PEOPLE,
    Action.TRACK: UNIT_PEOPLE | OFFICE,
    Action.WAIVE: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.REPORT_UP: OFFICE,
    Action.PRESS: OFFICE | LEADERS | {Role.SPOKESPERSON},
    Action.INSTRUCT: LEADERS,
    Action.EXECUTE_ORDER: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.TO_HIGHER: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.STANDING: frozenset({Role.ADMINISTRATOR, Role.OFFICE_DIRECTOR}),
    Action.EXTEND: UNIT_PEOPLE,
    Action.RULE_ON_EXTENSION: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.MERGE: OFFICE,
    Action.SPLIT: OFFICE,
    Action.REOPEN: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.REFUSE_CASE: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.ASK_END: frozenset({Role.OFFICE_DIRECTOR}),
    Action.END_RESPONSE: LEADERS,
    Action.ARCHIVE: frozenset({Role.OFFICE_DIRECTOR}),
    Action.SUPERVISE: LEADERS | {Role.SUPERVISOR},
    Action.END_SUPERVISION: LEADERS | {Role.SUPERVISOR},
    Action.RESTRICT: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.CONSULT: OFFICE | LEADERS,
    Action.REQUEST_COOP: UNIT_PEOPLE,
    Action.HAND_OFF: UNIT_PEOPLE,
    Action.GROUP: OFFICE,
    Action.PERIOD: LEADERS | {Role.OFFICE_DIRECTOR, Role.ADMINISTRATOR},
    Action.BRAKE: frozenset({Role.ADMINISTRATOR, Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR}),
    Action.DRILL: OFFICE | {Role.ADMINISTRATOR},
    Action.SCORES: OFFICE | LEADERS | UNIT_PEOPLE | {Role.ASSESSOR, Role.SUPERVISOR},
    Action.APPEAL: UNIT_PEOPLE,
    Action.RULE_ON_APPEAL: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.GIVE_POINT: frozenset({Role.ASSESSOR, Role.OFFICE_DIRECTOR}),
    Action.SCORE_NOTICE: frozenset({Role.ASSESSOR, Role.OFFICE_DIRECTOR}),
    Action.LESSON: OFFICE | UNIT_PEOPLE,
    Action.LIBRARY: SEES_ALL | UNIT_PEOPLE,
    Action.CALL_BACK: OFFICE | UNIT_PEOPLE,
    Action.REVIEW: SEES_ALL | UNIT_PEOPLE,
    Action.IMPROVE: LEADERS | {Role.OFFICE_DIRECTOR},
    Action.APPLY_RULES: frozenset({Role.ADMINISTRATOR, Role.OFFICE_DIRECTOR}),
    Action.LET_IN: frozenset({Role.ADMINISTRATOR, Role.OFFICE_DIRECTOR}),
    Action.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
    Action.ARRANGE: frozenset({Role.ADMINISTRATOR, Role.OFFICE_DIRECTOR}),
    Action.WRITE_PAPER: OFFICE | LEADERS,
    Action.CHECK_PAPER: LEADERS | {Role.OFFICE_DIRECTOR},
}

# What whoever confirms the end at the case's level decides: the rulebook names the role.
BY_APPROVER = frozenset(
    {
        Action.SIGNOFF,
        Action.CLOSE,
        Action.SEND_BACK,
        Action.RULE_ON_EXTENSION,
        Action.ISSUE,
        Action.END_RESPONSE,
    }
)
# What a stand-in may decide in another's place; the record says for whom (代).
DELEGABLE = BY_APPROVER | {
    Action.CONFIRM_GRADE,
    Action.ASSIGN,
    Action.REVIEW_REPLY,
    Action.WAIVE,
    Action.EXECUTE_ORDER,
    Action.TO_HIGHER,
}
_DECIDING = BY_APPROVER | {Action.CONFIRM_GRADE}
_OF_THE_UNIT = frozenset(
    {
        Action.SIGN,
        Action.DECLINE,
        Action.UNIT_REPORT,
        Action.REQUEST_CLOSE,
        Action.DRAFT,
        Action.EXTEND,
        Action.REQUEST_COOP,
        Action.HAND_OFF,
    }
)
# 协办 delivers to 主办, which answers for the one public text and for what follows it.
_OF_THE_LEAD = frozenset({Action.PUBLISH, Action.TRACK})
# What the person of a section does whom the liaison has handed the case.
_OF_THE_SECTION = frozenset({Action.SIGN, Action.UNIT_REPORT})
HEIGHT = {Role.OFFICE_DIRECTOR: 1, Role.DEPUTY_LEADER: 2, Role.CHIEF_LEADER: 3}


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
    is_of_section = action in _OF_THE_SECTION and case is not None and _is_handed(actor, case)
    if not (actor.is_any(*_ROLES[action]) or is_of_section):
        raise _refused(action, _ROLES[action])
    if action in _DECIDING and decider is not None and _height(actor) < HEIGHT[decider]:
        at_least = frozenset(r for r, height in HEIGHT.items() if height >= HEIGHT[decider])
        raise _refused(action, at_least)
    is_spoken = (action is Action.PUBLISH and _speaks_for_all(actor)) or (
        action is Action.TRACK and actor.is_any(*OFFICE)
    )
    if action in _OF_THE_LEAD and case and not (_leads(actor, case) or is_spoken):
        raise NotPermittedError(f"{case.short_number} 由主办单位{action.value}。")
    if action in _OF_THE_UNIT and case and not (_holds_part(actor, case) or is_spoken):
        raise NotPermittedError(f"{case.short_number} 没有交给贵单位, 由承办单位{action.value}。")
    if action is Action.WITHDRAW and case is not None and not _may_withdraw(actor, case):
        who = "首报人或舆情办" if case.lead is None else "舆情办"
        raise NotPermittedError(f"{case.short_number} {case.state.label}, 由{who}撤回。")


def lowest(roles: Iterable[Role]) -> Role:
    """Return the lowest of the roles that decide: where several are asked, each may answer."""
    return min(roles, key=lambda role: HEIGHT.get(role, 0))


def may_know(actor: Person, case: Case) -> bool:
    """Whether the person may know that this case exists."""
    if actor.is_any(*SEES_ALL):
        return True
    if actor.userid in case.reporters:
        return not case.restricted
    if _is_handed(actor, case):
        return True
    if _speaks_for_all(actor) and case.response.reply is not None:
        return not case.restricted
    return actor.is_any(*UNIT_PEOPLE) and _holds_part(actor, case)


def counted_for(actor: Person) -> str:
    """Return the unit whose cases may be counted for the person, "" for the cases of all.

    Raises:
        NotPermittedError: neither the office, nor a leader, nor somebody who answers for a unit.
    """
    if actor.is_any(*SEES_ALL):
        return ""
    if actor.unit_id is not None and actor.is_any(*UNIT_PEOPLE):
        return actor.unit_id
    raise NotPermittedError("统计由舆情办、领导和责任单位查看, 您的身份不能查看统计。")


def may_export_whole(actor: Person) -> bool:
    """Whether the person may take out what is masked by default: the office and the leaders."""
    return actor.is_any(*OFFICE, *LEADERS)


def handles(actor: Person, case: Case) -> bool:
    """Whether somebody who may know of the case handles it (decision 30): sees files and papers."""
    return actor.is_any(*SEES_ALL) or _holds_part(actor, case)


def not_found() -> RefusalError:
    """The one answer for "does not exist" and "not yours": the two are byte for byte the same."""
    return NotFoundError("没有找到这个编号, 请核对后再发, 例如: 查 007")


def _height(actor: Person) -> int:
    return max((HEIGHT.get(role, 0) for role in actor.roles), default=0)


def _holds_part(actor: Person, case: Case) -> bool:
    return actor.unit_id is not None and case.of_unit(actor.unit_id) is not None


def _leads(actor: Person, case: Case) -> bool:
    return case.lead is not None and actor.unit_id == case.lead.unit_id


def _may_withdraw(actor: Person, case: Case) -> bool:
    # 误报 before the 交办 is the reporter's own; a case that a unit has is the office's to stop.
    own = actor.userid == case.reported_by and case.lead is None
    return own or actor.is_any(*OFFICE)


def _speaks_for_all(actor: Person) -> bool:
    # 新闻发言人 of the institution, of no unit: publishes what has been approved.
    return actor.unit_id is None and actor.is_any(Role.SPOKESPERSON)


def _is_handed(actor: Person, case: Case) -> bool:
    part = case.of_unit(actor.unit_id) if actor.unit_id is not None else None
    return part is not None and part.handed_to == actor.userid


def _refused(action: Action, may: frozenset[Role]) -> RefusalError:
    names = "、".join(role.value for role in Role if role in may)
    return NotPermittedError(f"{action.value}由{names}来做, 您的身份不能{action.value}。")
