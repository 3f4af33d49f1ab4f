"""Decisions about what is said in public and upward."""

from datetime import datetime, timedelta

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import OPEN, WITH_UNITS, Rule, Rules, part_of
from cases.model import AssignmentState, Case, State
from cases.response import PRESS, RESPOND, Reply, ReplyStage

# Who has it in hand, for whoever comes too early or too late.
_NEXT = {
    ReplyStage.DRAFTED: "请等舆情办审核, 审核、签发后会通知发布。",
    ReplyStage.REVIEWED: "请等领导签发, 签发后会通知发布。",
    ReplyStage.RETURNED: "请责任单位改好重报: 拟回复: …",
    ReplyStage.CONDITIONAL: "请责任单位按批示改好重报: 拟回复: …",
    ReplyStage.ISSUED: "请责任单位照签发稿发布后登记。",
    ReplyStage.PUBLISHED: "不用再办; 要改口径请另报一稿: 拟回复: …",
}
_TEXT_WITH_OTHERS = frozenset({State.REPLY_DRAFT, State.REVIEWING})


def _reply(case: Case, *stages: ReplyStage) -> Reply:
    """Return the text where it stands in one of `stages`.

    Raises:
        NotAllowedError: there is none, or it stands elsewhere.
    """
    reply = case.response.reply
    if reply is None:
        raise NotAllowedError(f"{case.short_number} 还没有回应稿, 请责任单位先报: 拟回复: …")
    if reply.stage not in stages:
        raise NotAllowedError(
            f"{case.short_number} 的回应稿现在是「{reply.stage.label}」。{_NEXT[reply.stage]}"
        )
    return reply


def _two_persons(case: Case, reply: Reply, by: str) -> None:
    if reply.drafted_by == by:
        raise NotAllowedError(f"{case.short_number} 的稿子是您拟的, 要由另一人审签。")


def _draft(case: Case, command: commands.DraftReply, by: str, now: datetime) -> list[events.Event]:
    part = part_of(case, command.unit)
    if case.lead is None or part.id != case.lead.id:
        raise NotAllowedError(f"{case.short_number} 由主办单位统一报回应稿, 请把材料交主办单位。")
    if part.state is AssignmentState.DECLINED:
        raise NotAllowedError(f"{case.short_number} 贵单位已申请退回, 请等舆情办裁定。")
    last = case.response.reply
    if last is not None and last.stage is ReplyStage.ISSUED:
        raise NotAllowedError(
            f"{case.short_number} 第 {last.version} 稿已签发, 只能照发; 要改请舆情办先退回。"
        )
    told = events.ReplyDrafted(
        part.unit_id,
        version=last.version + 1 if last else 1,
        draft=command.text,
        by=by,
        instead_of_closing=case.state is State.CLOSE_REQUESTED,
    )
    signed = [] if part.signed_at else [events.Signed(part.id, part.unit_id, by=by, at=now)]
    return [*signed, told]


def _pass(case: Case, command: commands.PassReply, by: str, _now: datetime) -> list[events.Event]:
    reply = _reply(case, ReplyStage.DRAFTED)
    _two_persons(case, reply, by)
    if reply.condition:  # the leader has agreed already; the office finds that the edit is in
        return [events.ReplyIssued(reply.version, reply.condition, edited=True)]
    if command.issues:
        return [events.ReplyIssued(reply.version, command.words)]
    return [events.ReplyPassed(reply.version, command.words)]


def _return(
    case: Case, command: commands.ReturnReply, _by: str, _now: datetime
) -> list[events.Event]:
    reply = _reply(case, ReplyStage.DRAFTED, ReplyStage.REVIEWED, ReplyStage.ISSUED)
    if not command.reason:
        raise NotAllowedError("退回稿子要写明理由, 例如: 退回, 缺少处理依据")
    return [events.ReplyReturned(reply.version, command.reason)]


def _issue(case: Case, command: commands.IssueReply, by: str, _now: datetime) -> list[events.Event]:
    reply = _reply(case, ReplyStage.REVIEWED)
    _two_persons(case, reply, by)
    return [events.ReplyIssued(reply.version, command.words)]


def _issue_with_edit(
    case: Case, command: commands.IssueWithEdit, by: str, _now: datetime
) -> list[events.Event]:
    reply = _reply(case, ReplyStage.REVIEWED)
    _two_persons(case, reply, by)
    return [events.ReplyIssuedWithEdit(reply.version, command.condition, by=by)]


def _publish(case: Case, command: commands.Publish, _by: str, now: datetime) -> list[events.Event]:
    reply = _reply(case, ReplyStage.ISSUED)
    if not (command.channel or command.url):
        raise NotAllowedError(
            f"请写明发布渠道或链接, 例如: {case.short_number} 已在官微发布 https://…"
        )
    if command.at > now:
        raise NotAllowedError("发布时间还没有到, 请发布后再报。")
    until = command.at + timedelta(hours=command.watch_hours)
    return [events.Published(reply.version, command.channel, command.url, command.at, until)]


def _waive(case: Case, command: commands.WaiveStep, _by: str, _now: datetime) -> list[events.Event]:
    said = case.response
    if not command.reason:
        what = "不需公开回应" if command.step == RESPOND else "不开发布会"
        raise NotAllowedError(f"请写明理由, 例如: {case.short_number} {what}, 已当面答复反映人")
    done = said.is_answered if command.step == RESPOND else said.press_held or PRESS in said.waived
    if done:
        raise NotAllowedError(f"{case.short_number} 的{command.step}已经了结, 不用再说明。")
    return [events.StepWaived(command.step, command.reason)]


def _report_up(
    case: Case, command: commands.ReportUp, _by: str, _now: datetime
) -> list[events.Event]:
    if case.response.reported_up:
        raise NotAllowedError(f"{case.short_number} 已记过上报; 新情况请回复「补充: …」。")
    return [events.ReportedUp(command.text)]


def _plan_press(
    _case: Case, command: commands.PlanPress, _by: str, _now: datetime
) -> list[events.Event]:
    if command.at is None:
        raise NotAllowedError("请写明发布会时间, 例如: 007 发布会定在今天16点, 三楼")
    return [events.PressPlanned(command.at, command.place)]


def _hold_press(
    case: Case, command: commands.HoldPress, _by: str, _now: datetime
) -> list[events.Event]:
    if case.response.press_held:
        raise NotAllowedError(f"{case.short_number} 的发布会已有记录。")
    return [events.PressHeld(command.text, command.url)]


RULES: Rules = {
    commands.DraftReply: Rule("报回应稿", WITH_UNITS, _draft),
    commands.PassReply: Rule("审核回应稿", frozenset({State.REPLY_DRAFT}), _pass),
    commands.ReturnReply: Rule("退回回应稿", _TEXT_WITH_OTHERS, _return),
    commands.IssueReply: Rule("签发", frozenset({State.REVIEWING}), _issue),
    commands.IssueWithEdit: Rule("签发", frozenset({State.REVIEWING}), _issue_with_edit),
    commands.Publish: Rule("登记发布", WITH_UNITS, _publish),
    commands.WaiveStep: Rule("免除回应", OPEN, _waive),
    commands.ReportUp: Rule("登记上报", OPEN, _report_up),
    commands.PlanPress: Rule("安排发布会", OPEN, _plan_press),
    commands.HoldPress: Rule("登记发布会", OPEN, _hold_press),
}
