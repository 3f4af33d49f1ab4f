"""Read one message without context: its intent, its slots, and the other commands in it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from cases.chat import (
    assigning,
    casework,
    duty,
    grading,
    leaders,
    meetings,
    refusals,
    reports,
    service,
    supplements,
    unit_answers,
    unit_reports,
)
from cases.chat.blurbs import without_share_text
from cases.chat.intents import Found, Intent, Understood
from cases.chat.lengths import COMMAND
from cases.chat.message import Message, Recogniser, listen
from cases.chat.names import Names
from cases.chat.splitting import split
from cases.link_rules import LinkRules
from cases.people import Role, Unit

# The first that recognises the message wins: what swallows whole texts stands first, what is said
# in one word last.
_ORDER: tuple[Recogniser, ...] = (
    service.find_choice,
    service.find_help,
    service.find_ping,
    leaders.find_undecided,
    unit_reports.find_draft,
    service.find_phoned,
    duty.find_duty,
    supplements.find_zero_report,
    unit_reports.find_publication,
    reports.find_block,
    unit_answers.find_extension,
    leaders.find_edit,
    refusals.find_refusal,
    service.find_undo,
    supplements.find_withdrawal,
    meetings.find_press,
    service.find_callback,
    service.find_reminder_wish,
    unit_answers.find_ruling,
    casework.find_refuse,
    casework.find_end,
    casework.find_supervise_end,
    casework.find_resume,
    casework.find_pause,
    casework.find_split,
    service.find_deadline_question,
    grading.find_grade,
    casework.find_merge,
    casework.find_close,
    casework.find_archive,
    casework.find_supervise,
    casework.find_reopen,
    unit_reports.find_verdict,
    supplements.find_supplement,
    reports.find_report,
    unit_reports.find_progress_headed,
    unit_answers.find_sign,
    leaders.find_upward,
    unit_answers.find_decline,
    unit_reports.find_done,
    meetings.find_consult,
    meetings.find_brief,
    leaders.find_hearsay,
    service.find_list,
    service.find_status,
    leaders.find_rejection,
    assigning.find_add_coop,
    assigning.find_transfer,
    service.find_handoff,
    assigning.find_unit_transfer,
    unit_answers.find_coop_request,
    leaders.find_approval,
    assigning.find_urge,
    assigning.find_assignment,
    assigning.find_instruction,
    leaders.find_read,
    unit_reports.find_progress,
    service.find_status_bare,
    service.find_chat,
)
# Nobody commands at length: a long text is a draft, a report, a finding or progress.
_LONG_ORDER: tuple[Recogniser, ...] = (
    unit_reports.find_draft,
    unit_reports.find_publication,
    reports.find_block,
    supplements.find_supplement,
    reports.find_report,
    unit_reports.find_progress_headed,
    unit_reports.find_verdict,
    unit_reports.find_done,
    duty.find_duty,
    unit_reports.find_progress,
)
_FREE = frozenset(
    {
        Intent.REPORT_NEW,
        Intent.ZERO_REPORT,
        Intent.QUERY_LIST,
        Intent.BRIEF_REQUEST,
        Intent.DUTY_HANDOVER,
        Intent.DUTY_ROSTER,
        Intent.DUTY_SWAP,
        Intent.DUTY_LEAVE,
        Intent.HELP,
        Intent.PING,
        Intent.CHAT,
        Intent.CHOICE,
        Intent.CONSULT,
    }
)
_LIKELY = (
    (re.compile("核实|属实|查"), Intent.UNIT_VERIFY_RESULT),
    (re.compile("办完|处理|解决|弄好"), Intent.UNIT_DONE),
    (re.compile("同意|办|行|可以|发"), Intent.APPROVE),
    (re.compile("级"), Intent.GRADE_CONFIRM),
    (re.compile("交|给|派"), Intent.ASSIGN),
    (re.compile("催|快"), Intent.URGE),
    (re.compile("怎么|哪|吗|谁|[?]"), Intent.QUERY_STATUS),
    (re.compile("网|帖|视频|说"), Intent.REPORT_NEW),
    (re.compile("现场|正在|目前"), Intent.UNIT_PROGRESS),
    (re.compile("退|不是"), Intent.UNIT_DECLINE),
)
_USUAL = {
    Role.INFORMANT: (Intent.REPORT_NEW, Intent.REPORT_SUPPLEMENT),
    Role.LIAISON: (Intent.UNIT_SIGN, Intent.UNIT_PROGRESS),
    Role.UNIT_LEADER: (Intent.APPROVE, Intent.UNIT_SIGN),
    Role.SPOKESPERSON: (Intent.UNIT_PUBLISHED, Intent.PLAN_PRESS_CONF),
    Role.DEPUTY_LEADER: (Intent.APPROVE, Intent.READ_ACK),
    Role.CHIEF_LEADER: (Intent.APPROVE, Intent.INSTRUCT),
}


def understand(
    text: str,
    role: Role | None,
    now: datetime,
    rules: LinkRules,
    *,
    units: Sequence[Unit] = (),
) -> Understood:
    """Read `text`, typed by somebody of `role` at `now`, by the chat contract.

    Args:
        text: only what the sender typed; quoted and forwarded words are content, not commands.
        role: None for somebody without a role.
        now: the moment of the message, aware.
        rules: how links are recognised.
        units: the directory, to know its units' names and aliases.
    """
    names = (
        Names([name for unit in units for name in (unit.name, *unit.aliases)]) if units else _PLAIN
    )
    message = without_share_text(listen(text, role, now, rules=rules, names=names))
    read = [_finished(piece, found) for piece, found in split(message, recognise)]
    if not read:
        return _unclear(message)
    first, *others = [one for several in read for one in several]
    return Understood(first.intent, first.slots, tuple(others), first.likeliest)


_PLAIN = Names()


def read(text: str, role: Role | None, now: datetime, rules: LinkRules) -> Mapping[str, object]:
    """Return the slots of a report (report.new, supplement, withdraw), {} if it is none."""
    understood = understand(text, role, now, rules)
    for one in (understood, *understood.more):
        if one.intent.startswith("report."):
            return one.slots
    return {}


def recognise(message: Message) -> Found | None:
    """Return what the first recogniser finds in one message or piece."""
    for recogniser in _ORDER if len(message.text) <= COMMAND else _LONG_ORDER:
        found = recogniser(message)
        if found:
            return found
    return None


def _finished(message: Message, found: Found) -> list[Understood]:
    """Return the command with needs_context where it says not what it is about; one per case."""
    if found.intent is Intent.AMBIGUOUS:
        return [_unclear(message, found)]
    several = message.cases if found.intent not in {Intent.CASE_MERGE, Intent.DUTY_HANDOVER} else []
    targets = list(dict.fromkeys(several)) if len(several) > 1 and "case" in found.slots else [""]
    return [Understood(found.intent, _placed(message, found, target)) for target in targets]


def _placed(message: Message, found: Found, target: str) -> dict[str, object]:
    slots = dict(found.slots) | ({"case": target} if target else {})
    if message.items:
        slots["items"] = message.items
    about = "case" if found.intent is not Intent.CASE_MERGE else "into_case"
    unplaced = about not in slots or message.has_topic or "items" in slots
    if unplaced and found.intent not in _FREE:
        slots["needs_context"] = True
    return slots


def _unclear(message: Message, found: Found | None = None) -> Understood:
    likely = found.likeliest if found else ()
    if not likely:
        by_words = [intent for words, intent in _LIKELY if words.search(message.said)]
        usual = (
            _USUAL.get(message.role, (Intent.QUERY_STATUS, Intent.ASSIGN))
            if message.role
            else (Intent.QUERY_STATUS, Intent.HELP)
        )
        likely = tuple(dict.fromkeys([*by_words[:1], *usual]))[:2]
    slots: dict[str, object] = {"needs_context": True}
    if message.case:
        slots["case"] = message.case
    return Understood(Intent.AMBIGUOUS, slots, likeliest=likely)
