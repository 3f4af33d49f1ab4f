"""What a message can mean, and what understanding it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Intent(StrEnum):
    """The intents of the chat contract; those below the line are our extensions in its manner."""

    REPORT_NEW = "report.new"
    REPORT_SUPPLEMENT = "report.supplement"
    REPORT_WITHDRAW = "report.withdraw"
    ZERO_REPORT = "zero_report"
    QUERY_STATUS = "query.status"
    QUERY_LIST = "query.list"
    GRADE_SUGGEST = "grade.suggest"
    GRADE_CONFIRM = "grade.confirm"
    GRADE_CHANGE = "grade.change"
    CASE_MERGE = "case.merge"
    CASE_REOPEN = "case.reopen"
    CASE_CLOSE = "case.close"
    CASE_ARCHIVE = "case.archive"
    ASSIGN = "assign"
    ASSIGN_TRANSFER = "assign.transfer"
    ASSIGN_ADD_COOP = "assign.add_coop"
    UNIT_SIGN = "unit.sign"
    UNIT_DECLINE = "unit.decline"
    UNIT_EXTEND = "unit.extend"
    UNIT_PROGRESS = "unit.progress"
    UNIT_VERIFY_RESULT = "unit.verify_result"
    UNIT_DONE = "unit.done"
    UNIT_DRAFT_REPLY = "unit.draft_reply"
    UNIT_PUBLISHED = "unit.published"
    UNIT_COOP_REQUEST = "unit.coop_request"
    EXTEND_GRANT = "extend.grant"
    EXTEND_DENY = "extend.deny"
    APPROVE = "approve"
    APPROVE_WITH_EDIT = "approve_with_edit"
    ESCALATE_FOR_APPROVAL = "escalate_for_approval"
    REJECT = "reject"
    READ_ACK = "read_ack"
    INSTRUCT = "instruct"
    URGE = "urge"
    SUPERVISE = "supervise"
    CONSULT = "consult"
    PLAN_PRESS_CONF = "plan.press_conf"
    BRIEF_REQUEST = "brief.request"
    DUTY_HANDOVER = "duty.handover"
    OOS_DELETE = "oos.delete"
    OOS_COMMENT_ARMY = "oos.comment_army"
    OOS_TRACE = "oos.trace"
    CHAT = "chat"
    AMBIGUOUS = "ambiguous"
    # ---- extensions
    HELP = "help"
    PING = "ping"
    UNDO = "undo"
    CHOICE = "choice"
    MUTE = "mute"
    WHY = "why"
    QUERY_DEADLINE = "query.deadline"
    CASE_SPLIT = "case.split"
    CASE_PAUSE = "case.pause"
    CASE_RESUME = "case.resume"
    CASE_REFUSE = "case.refuse"
    RESPONSE_END = "response.end"
    SUPERVISE_END = "supervise.end"
    DECLINE_GRANT = "decline.grant"
    DECLINE_DENY = "decline.deny"
    HANDOFF = "handoff"
    PHONED = "phoned"
    CALLBACK_RESULT = "callback.result"
    PRESS_HELD = "press.held"
    DUTY_ROSTER = "duty.roster"
    DUTY_SWAP = "duty.swap"
    DUTY_LEAVE = "duty.leave"


@dataclass(frozen=True, slots=True)
class Understood:
    """One command as read without context.

    Slot names and values are those of the contract: times are ISO 8601 with +08:00, numbers are
    integers, `case` is the reference as written, `items` are numbers of the list last shown.
    """

    intent: Intent
    slots: Mapping[str, object] = field(default_factory=dict)
    more: tuple["Understood", ...] = ()  # the other commands of the same message, in order
    likeliest: tuple[Intent, ...] = ()  # of an ambiguous message: the two likeliest readings


@dataclass(frozen=True, slots=True)
class Found:
    """What one recogniser found; a weak find never stands as a command of its own."""

    intent: Intent
    slots: dict[str, object] = field(default_factory=dict)
    weak: bool = False
    likeliest: tuple[Intent, ...] = ()


def slots(**given: object) -> dict[str, object]:
    """Return the slots that are filled: None, "" and empty lists are left out."""
    return {name: value for name, value in given.items() if value not in (None, "", [], {}, ())}
