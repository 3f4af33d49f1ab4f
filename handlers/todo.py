"""What waits for the speaker now, and what he can do now: by example, with real numbers."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cases import commands
from cases.case_clocks import OFFICE
from cases.clocks import Step
from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.lifecycle import ALLOWED
from cases.model import AssignmentState, Case, State
from cases.people import Role
from cases.permissions import LEADERS, Action
from cases.wording.moments import clock_time
from handlers.references import visible_open
from handlers.seats import asked_of
from handlers.talk import Talk
from storage.clocks import Clock

_NEVER = datetime.max.replace(tzinfo=UTC)
_MOST_LINES = 10
_MOST_OFFERS = 6
_MOST_SHOWN = 4  # of what waits, in the help; all of it is in 我的待办
_LOOKED_AT = 20  # open cases, the latest: an example needs one
_TITLE_BYTES = 60
_OF_UNIT = {
    Step.SIGN: "收到 {n}",
    Step.FIRST_REPORT: "{n} 首报: …",
    Step.FOLLOW_UP: "{n} 续报: …",
    Step.RESPOND: "{n} 拟回复: …",
    Step.PUBLISH: "{n} 已在官微发布 https://…",
    Step.TRACK: "{n} 跟踪无新情况",
    Step.CLOSE: "{n} 已办结, …",
}
_OF_OFFICE = {
    Step.REPORT_UP: "{n} 特报已报, 报至何处",
    Step.PRESS_CONFERENCE: "{n} 发布会已开, …",
}
_OFFERS: tuple[tuple[Action, type[commands.Command], str], ...] = (
    (Action.UNIT_REPORT, commands.Report, "{n} 续报: …"),
    (Action.REQUEST_CLOSE, commands.RequestClose, "{n} 已办结, …"),
    (Action.EXTEND, commands.AskExtension, "{n} 申请延期到周五, 理由"),
    (Action.DECLINE, commands.Decline, "退回 {n}, 理由, 建议转XX局"),
    (Action.REQUEST_COOP, commands.RequestCoop, "{n} 需要XX局配合"),
    (Action.DRAFT, commands.DraftReply, "{n} 拟回复: …"),
    (Action.URGE, commands.Urge, "催 {n}"),
    (Action.CONFIRM_GRADE, commands.ConfirmGrade, "{n} 升级为…, 理由"),
    (Action.TRANSFER, commands.Transfer, "{n} 转给XX局, 理由"),
    (Action.ADD_COOP, commands.AddCoop, "{n} 再加XX局协办"),
    (Action.INSTRUCT, commands.ProposeInstruction, "{n} 请XX局阅处, 1小时内报我"),
    (Action.SUPERVISE, commands.Supervise, "{n} 挂牌督办"),
    (Action.MERGE, commands.Merge, "{n} 并入 …"),
    (Action.WITHDRAW, commands.Withdraw, "{n} 误报, 作废"),
    (Action.SUPPLEMENT, commands.Supplement, "{n} 补充: …"),
)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for the speaker: of which case, until when, what to answer."""

    case: Case
    step: str
    due_at: datetime
    answer: str


def waiting(talk: Talk) -> list[Todo]:
    """Return what waits for the speaker, the most urgent first, one per case and step."""
    asked = asked_of(talk)
    found = [todo for case in visible_open(talk) for todo in _of_case(talk, case, asked)]
    return sorted(found, key=lambda todo: (todo.due_at, todo.case.id))


def _of_case(talk: Talk, case: Case, asked: frozenset[int]) -> list[Todo]:
    running = talk.work.clocks.running(case.id)
    found = [
        Todo(case, clock.step, clock.due_at, answer.format(n=case.short_number))
        for clock in running
        if (answer := _answer(talk, case, clock))
    ]
    if case.id in asked:
        steps = ("签批", "审核", "签发")
        due = min((c.due_at for c in running if c.step in steps), default=_NEVER)
        found.append(Todo(case, "批示", due, f"同意 {case.short_number}"))
    return found


def _answer(talk: Talk, case: Case, clock: Clock) -> str:
    person, step = talk.person, Step(clock.step)
    if clock.holder == person.unit_id:
        part = case.of_unit(clock.holder)
        is_section = part is not None and part.handed_to == person.userid
        is_ours = person.is_any(Role.LIAISON, Role.UNIT_LEADER, Role.SPOKESPERSON)
        return _OF_UNIT.get(step, "") if is_ours or is_section else ""
    if clock.holder != OFFICE or not person.is_any(Role.OFFICE_DIRECTOR):
        return ""
    if step is Step.GRADE_AND_ASSIGN:
        return _to_assign(case)
    if step is Step.REVIEW and case.response.awaits_answer:
        return "{n} 不需公开回应, 理由"
    return _OF_OFFICE.get(step, "")


def _to_assign(case: Case) -> str:
    if any(part.state is AssignmentState.DECLINED for part in case.assignments):
        return "同意退回 {n} / 维持交办 {n}"
    if case.state is State.GRADED:
        return "{n} 交XX局"
    return f"{{n}} 定{case.proposal.level}, 交XX局"


def listed(talk: Talk) -> str:
    """我的待办: what waits for the speaker, with what to answer; "" to show what he has open."""
    todos = waiting(talk)
    if not todos and talk.person.is_any(Role.OFFICE_DIRECTOR, *LEADERS):
        return "现在没有等您办的件。回复「在办清单」看全部在办的。"
    if not todos:
        return ""
    first = {todo.case.id: todo for todo in reversed(todos)}  # of each case what is due first
    most_urgent = sorted(first.values(), key=lambda todo: (todo.due_at, todo.case.id))
    lines = [f"等您办的 {len(most_urgent)} 件:"]
    for todo in most_urgent[:_MOST_LINES]:
        title = wecom_field(todo.case.title, _TITLE_BYTES)
        lines.append(
            f"{todo.case.short_number} {title} · {_due(talk, todo)}, 请回复「{todo.answer}」"
        )
    if len(most_urgent) > _MOST_LINES:
        lines.append(f"… 另有 {len(most_urgent) - _MOST_LINES} 件")
    return "\n".join(lines)


def _due(talk: Talk, todo: Todo) -> str:
    if todo.due_at == _NEVER:
        return todo.step
    late = " 已超时" if todo.due_at < talk.now else ""
    return f"{todo.step} {clock_time(todo.due_at, talk.now)}{late}"


def offers(talk: Talk) -> list[str]:
    """Return by example what the speaker can do now beside what waits for him."""
    cases = sorted(visible_open(talk), key=lambda case: case.id, reverse=True)[:_LOOKED_AT]
    shown: list[str] = []
    for action, command, example in _OFFERS:
        fitting = (c for c in cases if c.state in ALLOWED[command] and _may(talk, action, c))
        case = next(fitting, None)
        if case is not None:
            shown.append(example.format(n=case.short_number))
    return shown


def _may(talk: Talk, action: Action, case: Case | None = None) -> bool:
    try:
        talk.permit(action, case)
    except RefusalError:
        return False
    return True


def help_(talk: Talk) -> str:
    """帮助: what waits for the speaker, and what he can do now; nothing else."""
    todos = waiting(talk)
    lines = []
    if todos:
        lines.append("现在等您的, 可以这样回复:")
        lines += [f"· {todo.answer} ({_due(talk, todo)})" for todo in todos[:_MOST_SHOWN]]
    lines.append("还可以说:" if todos else "您可以这样说:")
    if _may(talk, Action.REPORT):
        lines.append("· 转发文章或粘贴链接: 上报")
    told = {todo.answer for todo in todos}
    rest = [example for example in offers(talk) if example not in told]
    lines += [f"· {example}" for example in rest[:_MOST_OFFERS]]
    if _may(talk, Action.STANDING):
        lines.append("· 周国华11月21日到25日由王建平代签 (写名录里的姓名)")
    if _may(talk, Action.LIST):
        lines.append("· 我的待办 / 今日到期 / 超期清单 / 查 编号")
    else:
        lines.append("· 查 编号")
    return "\n".join(lines)
