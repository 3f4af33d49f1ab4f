"""Role × action × state, kept by hand in tests/data/permissions.tsv: every cell is carried out.

The case: 二级, led by 市城管局 with 市住建局 helping, reported by 王小雨; the office director
confirms its grade, the deputy leader its end. What is asked is complete; where it answers something
(a return, an order, an issued text), that has been done before. 可 it happens; 无权 it is somebody
else's to do; 未到 not where the case stands; 不见 answered as if there were no such case.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cases import commands as do
from cases.errors import NotAllowedError, NotFoundError, NotPermittedError
from cases.lifecycle import decide
from cases.model import Case, State
from cases.people import Person, Role
from cases.permissions import Action, authorize
from tests.support.builders import NOW, TO_STATE, after, new_case
from tests.support.said import DATA
from tests.support.state_table import LATER, ONE_OF_EACH, SOON

TEXT = (DATA / "permissions.tsv").read_text(encoding="utf-8")
HEAD, *ROWS = [line.split("\t") for line in TEXT.splitlines()]
STATES = {
    "登记": State.REPORTED,
    "定级": State.GRADED,
    "待签批": State.APPROVED,
    "交办": State.ASSIGNED,
    "签收": State.SIGNED,
    "核实": State.VERIFYING,
    "处置": State.HANDLING,
    "拟稿": State.REPLY_DRAFT,
    "审核签发": State.REVIEWING,
    "跟踪": State.TRACKING,
    "申请办结": State.CLOSE_REQUESTED,
    "办结": State.CLOSED,
    "撤回": State.WITHDRAWN,
    "归档": State.ARCHIVED,
    "合并": State.MERGED,
    "不予受理": State.REFUSED,
}
LEAD, HELPER, OTHER = "chengguan", "zhujian", "jiaoti"


def person(userid: str, role: Role, unit: str | None = None) -> Person:
    return Person(userid, userid, frozenset({role}), unit_id=unit)


ACTORS = {
    "信息员·首报人": person("wangxiaoyu", Role.INFORMANT),
    "信息员·别人报的": person("lihang", Role.INFORMANT),
    "值班员": person("zhaomin", Role.DUTY_OFFICER),
    "舆情办主任": person("sunlei", Role.OFFICE_DIRECTOR),
    "分管领导": person("zhouguohua", Role.DEPUTY_LEADER),
    "主要领导": person("wangjianping", Role.CHIEF_LEADER),
    "联络员·主办": person("heqing", Role.LIAISON, LEAD),
    "联络员·协办": person("chenjing", Role.LIAISON, HELPER),
    "联络员·无关单位": person("yanghui", Role.LIAISON, OTHER),
    "单位分管领导·主办": person("tangbo", Role.UNIT_LEADER, LEAD),
    "新闻发言人·主办": person("voice", Role.SPOKESPERSON, LEAD),
    "新闻发言人·本级": person("speaker", Role.SPOKESPERSON),
    "科室经办·主办": person("clerk", Role.INFORMANT, LEAD),
    "审核员": person("reviewer", Role.REVIEWER),
    "考核员": person("assessor", Role.ASSESSOR),
    "上级督查": person("inspector", Role.SUPERVISOR),
    "管理员": person("admin", Role.ADMINISTRATOR),
}
# The lowest role that decides at this level.
DECIDERS = {Action.CONFIRM_GRADE: Role.OFFICE_DIRECTOR} | dict.fromkeys(
    (
        Action.SIGNOFF,
        Action.CLOSE,
        Action.SEND_BACK,
        Action.RULE_ON_EXTENSION,
        Action.ISSUE,
        Action.END_RESPONSE,
    ),
    Role.DEPUTY_LEADER,
)
WITHOUT_CASE = (
    Action.REPORT,
    Action.LIST,
    Action.STANDING,
    Action.PERIOD,
    Action.APPLY_RULES,
    Action.LET_IN,
    Action.BRAKE,
    Action.DRILL,
    Action.SCORES,
    Action.APPEAL,
    Action.RULE_ON_APPEAL,
    Action.GIVE_POINT,
    Action.SCORE_NOTICE,
    Action.LESSON,
    Action.LIBRARY,
    Action.CALL_BACK,
    Action.REVIEW,
    Action.IMPROVE,
    Action.ADMINISTER,
    Action.ARRANGE,
)
# Whatever the state: nothing about the case itself changes.
ONLY_LOOKED_AT = (
    Action.VIEW,
    Action.PHONED,
    Action.GROUP,
    Action.WRITE_PAPER,
    Action.CHECK_PAPER,
)
COMMANDS = {
    Action.SUPPLEMENT: "Supplement",
    Action.WITHDRAW: "Withdraw",
    Action.SUGGEST_GRADE: "SuggestGrade",
    Action.CONFIRM_GRADE: "ConfirmGrade",
    Action.SIGNOFF: "GrantSignoff",
    Action.RULE_ON_RETURN: "UpholdAssignment",
    Action.CLOSE: "Close",
    Action.SEND_BACK: "SendBack",
    Action.URGE: "Urge",
    Action.REVIEW_REPLY: "PassReply",
    Action.ISSUE: "IssueReply",
    Action.PUBLISH: "Publish",
    Action.TRACK: "CheckTracking",
    Action.WAIVE: "WaiveStep",
    Action.REPORT_UP: "ReportUp",
    Action.PRESS: "PlanPress",
    Action.INSTRUCT: "ProposeInstruction",
    Action.EXECUTE_ORDER: "ExecuteInstruction",
    Action.TO_HIGHER: "PassUpward",
    Action.RULE_ON_EXTENSION: "GrantExtension",
    Action.MERGE: "Merge",
    Action.SPLIT: "Release",
    Action.REOPEN: "Reopen",
    Action.REFUSE_CASE: "RefuseCase",
    Action.ASK_END: "AskEnd",
    Action.END_RESPONSE: "EndResponse",
    Action.ARCHIVE: "Archive",
    Action.SUPERVISE: "Supervise",
    Action.END_SUPERVISION: "EndSupervision",
    Action.CONSULT: "CallMeeting",
    Action.RESTRICT: "Restrict",
}
# What a command answers, done before it where the case stands so that it can be.
BEFORE: dict[Action, do.Command] = {
    Action.RULE_ON_RETURN: do.Decline(LEAD, "产权未移交"),
    Action.RULE_ON_EXTENSION: do.AskExtension(LEAD, LATER, "需做水质检测", SOON),
    Action.PUBLISH: do.IssueReply("同意"),
    Action.EXECUTE_ORDER: do.ProposeInstruction("请教体局阅处", (OTHER,)),
    Action.END_SUPERVISION: do.Supervise("挂牌督办"),
}


def of_unit(action: Action, unit: str) -> do.Command:
    """What somebody of a unit asks, in the name of that unit."""
    asked: dict[Action, do.Command] = {
        Action.SIGN: do.Sign(unit),
        Action.DECLINE: do.Decline(unit, "产权未移交"),
        Action.UNIT_REPORT: do.Report(unit, "续报", "正在抽排"),
        Action.REQUEST_CLOSE: do.RequestClose(unit, "已排干"),
        Action.DRAFT: do.DraftReply(unit, "经查, …"),
        # A helper's part has no 办结 clock of its own.
        Action.EXTEND: do.AskExtension(unit, LATER, "需做水质检测", SOON if unit == LEAD else None),
        Action.REQUEST_COOP: do.RequestCoop(unit, (OTHER,), "配合流调"),
        Action.HAND_OFF: do.HandOff(unit, "new-clerk", "新人"),
        Action.ASSIGN: do.Assign(OTHER),
        Action.TRANSFER: do.Transfer(OTHER, "不归城管"),
        Action.ADD_COOP: do.AddCoop((OTHER,)),
    }
    return asked[action]


def shared(command: do.Command) -> do.Command:
    """The same, with a helping unit where units are made responsible."""
    return replace(command, coop=(HELPER,)) if isinstance(command, do.Assign) else command


def case_in(state: State, action: Action, *, handed: bool) -> Case:
    case = new_case()
    for command in TO_STATE[state]:
        case = after(case, shared(command))
        if handed and isinstance(command, do.Assign) and not command.needs_signoff:
            case = after(case, do.HandOff(LEAD, "clerk", "小李"))
    try:
        return after(case, BEFORE[action], by="zhouguohua") if action in BEFORE else case
    except NotAllowedError:  # it cannot be done where the case stands, nor then be answered
        return case


def outcome(actor: Person, action: Action, case: Case) -> str:
    about = None if action in WITHOUT_CASE else case
    try:
        authorize(actor, action, about, decider=DECIDERS.get(action))
        if about is not None and action not in ONLY_LOOKED_AT:
            name = COMMANDS.get(action)
            command = ONE_OF_EACH[name] if name else of_unit(action, actor.unit_id or LEAD)
            decide(case, command, actor.userid, NOW)
    except NotFoundError:
        return "不见"
    except NotPermittedError:
        return "无权"
    except NotAllowedError:
        return "未到"
    return "可"


def differences(action: Action) -> Iterator[str]:
    for what, who, *cells in ROWS:
        if what != action.value:
            continue
        for column, expected in zip(HEAD[2:], cells, strict=True):
            case = case_in(STATES[column], action, handed=who.startswith("科室"))
            got = outcome(ACTORS[who], action, case)
            if got != expected:
                yield f"{what} · {who} · {column}: 表里是{expected}, 实际是{got}"


@pytest.mark.parametrize("action", list(Action), ids=lambda action: action.name)
def test_every_cell_is_as_the_table_says(action: Action) -> None:
    assert list(differences(action)) == []


def test_the_table_has_every_action_for_every_actor_in_every_state() -> None:
    assert [(what, who) for what, who, *_ in ROWS] == [
        (what, who) for what in dict.fromkeys(row[0] for row in ROWS) for who in ACTORS
    ]
    # A new action needs its rows, typed by hand: who may, in which state.
    assert {row[0] for row in ROWS} == {action.value for action in Action}
    assert {role for actor in ACTORS.values() for role in actor.roles} == set(Role)
    assert HEAD[2:] == list(STATES)
    assert set(STATES.values()) == set(TO_STATE)


def test_a_wrong_cell_would_be_told() -> None:
    case = case_in(State.GRADED, Action.ASSIGN, handed=False)
    assert outcome(ACTORS["舆情办主任"], Action.ASSIGN, case) == "可"
    assert outcome(ACTORS["值班员"], Action.ASSIGN, case) == "无权"
    assert outcome(ACTORS["联络员·主办"], Action.ASSIGN, case) == "不见"
    closed = case_in(State.CLOSED, Action.ASSIGN, handed=False)
    assert outcome(ACTORS["舆情办主任"], Action.ASSIGN, closed) == "未到"
