"""One message heard: who speaks, what is meant, is it permitted; then it is carried out.

Only what the sender typed, and buttons, can command: quotes, forwarded cards and titles never do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cases.chat import Intent, Understood, understand
from cases.chat.several import quoted_and_own
from cases.errors import RefusalError
from cases.masking import classified_reason
from cases.messages import Heard, HeardKind
from cases.notices import Priority
from cases.office_phrases import find_phrase
from cases.payload import app_text
from cases.people import Role
from handlers import (
    about_time,
    approvals,
    asking,
    callback,
    drill_mark,
    ending,
    extending,
    forwarded,
    intake,
    lessons,
    list_answers,
    merging,
    office,
    orders,
    overseeing,
    public_reply,
    quoted_case,
    readings,
    report,
    undoing,
    unit_acts,
)
from handlers.app_events import ARRIVALS, event
from handlers.desk import Desk
from handlers.flood import held_back, is_flooding
from handlers.intake_evidence import place_by_words, receive
from handlers.papers import chat as papers
from handlers.people_events import hear_event
from handlers.phrases import by_phrase
from handlers.pressing import reason_given
from handlers.robot_answer import PRESSES, Row, asked_of, rows
from handlers.robot_events import by_robot, keep_shown, place_spoken_of
from handlers.said import Slots
from handlers.talk import Talk
from storage.outbox import NewMessage
from storage.states import Channel
from storage.work import Work

Doer = Callable[[Talk, Slots], str]


def _approve(talk: Talk, slots: Slots) -> str:
    """同意: of a paper, where nothing else waits for the speaker."""
    about_paper = papers.bare_approval(talk, slots)
    return approvals.approve(talk, slots) if about_paper is None else about_paper


_DOERS: dict[Intent, Doer] = {
    Intent.REPORT_NEW: intake.new,
    Intent.REPORT_SUPPLEMENT: intake.supplement,
    Intent.REPORT_WITHDRAW: report.withdraw,
    Intent.QUERY_STATUS: asking.status,
    Intent.GRADE_SUGGEST: office.suggest_grade,
    Intent.GRADE_CONFIRM: office.confirm_grade,
    Intent.GRADE_CHANGE: office.change_grade,
    Intent.CASE_CLOSE: approvals.close,
    Intent.ASSIGN: office.assign,
    Intent.ASSIGN_TRANSFER: office.transfer,
    Intent.ASSIGN_ADD_COOP: office.add_coop,
    Intent.DECLINE_GRANT: office.transfer,
    Intent.DECLINE_DENY: office.uphold,
    Intent.UNIT_SIGN: unit_acts.sign,
    Intent.UNIT_DECLINE: unit_acts.decline,
    Intent.UNIT_PROGRESS: unit_acts.progress,
    Intent.UNIT_VERIFY_RESULT: unit_acts.verify,
    Intent.UNIT_DONE: unit_acts.done,
    Intent.CALLBACK_RESULT: callback.result,
    Intent.APPROVE: _approve,
    Intent.BRIEF_REQUEST: papers.ordered,
    Intent.REJECT: approvals.reject,
    Intent.APPROVE_WITH_EDIT: approvals.approve_with_edit,
    Intent.READ_ACK: approvals.read_ack,
    Intent.ESCALATE_FOR_APPROVAL: orders.pass_upward,
    Intent.INSTRUCT: orders.instruct,
    Intent.UNIT_DRAFT_REPLY: public_reply.draft,
    Intent.UNIT_PUBLISHED: public_reply.published,
    Intent.PLAN_PRESS_CONF: public_reply.press_planned,
    Intent.PRESS_HELD: public_reply.press_held,
    Intent.URGE: office.urge,
    Intent.UNIT_EXTEND: extending.extend,
    Intent.EXTEND_GRANT: extending.grant,
    Intent.EXTEND_DENY: extending.deny,
    Intent.CASE_MERGE: merging.merge,
    Intent.CASE_SPLIT: merging.split,
    Intent.CASE_REOPEN: ending.reopen,
    Intent.CASE_ARCHIVE: ending.archive,
    Intent.CASE_REFUSE: ending.refuse,
    Intent.RESPONSE_END: ending.end_response,
    Intent.SUPERVISE: overseeing.supervise,
    Intent.SUPERVISE_END: overseeing.end_supervision,
    Intent.CONSULT: overseeing.consult,
    Intent.UNIT_COOP_REQUEST: overseeing.request_coop,
    Intent.HANDOFF: overseeing.hand_off,
    Intent.UNDO: undoing.undo,
    Intent.HELP: asking.help_,
    Intent.PING: asking.ping,
    **about_time.DOERS,
}

# What can be done instead; it never suggests identifying anyone.
_INSTEAD = (
    "这个督办不做。可以做的是: 核实情况、以单位名义公开回应、更正不实信息; 需要请回复「帮助」。"
)
_OUT_OF_SCOPE = frozenset({Intent.OOS_DELETE, Intent.OOS_COMMENT_ARMY, Intent.OOS_TRACE})

# One person of several roles is understood in the first of these that he holds.
_SPEAKS_AS = (
    Role.CHIEF_LEADER,
    Role.DEPUTY_LEADER,
    Role.OFFICE_DIRECTOR,
    Role.LIAISON,
    Role.UNIT_LEADER,
    Role.SPOKESPERSON,
    Role.DUTY_OFFICER,
    Role.INFORMANT,
)


@dataclass(frozen=True, slots=True)
class Hearing:
    """Carries messages out; one call is one transaction of the caller's."""

    desk: Desk

    def __call__(self, work: Work, heard: Heard, now: datetime) -> None:
        """Carry one message out and answer it by outbox rows of the same transaction."""
        desk = self.desk.at(work)
        is_about_people = heard.event is not None and hear_event(work, desk, heard, now)
        if is_about_people and not _is_arrival(heard):
            return
        if is_flooding(work, self.desk, heard, now):
            return
        person = work.people.person(heard.sender)
        if person is None:
            _to_stranger(work, desk, heard, now)
            return
        talk = Talk(work, desk, person, heard.key, heard.text, now)
        talk.asked = asked_of(heard)
        reason = classified_reason(_everything(heard))
        if reason is not None:
            talk.say(
                f"消息里像有涉密内容 ({reason}), 没有登记也没有保存。"
                "涉密事项请走保密渠道, 不要在聊天里发。"
            )
            return
        refusal = drill_mark.hear(talk)
        if refusal:
            talk.say(refusal)
        elif not by_robot(talk, heard):
            _answer(talk, heard)


def _everything(heard: Heard) -> str:
    card = heard.link
    words = (heard.text, heard.quoted) + ((card.title, card.description) if card else ())
    return "\n".join(words)


def _to_stranger(work: Work, desk: Desk, heard: Heard, now: datetime) -> None:
    slot = _slot_for_stranger(heard)
    if not slot:
        return
    admins = "、".join(person.name for person in work.people.with_role(Role.ADMINISTRATOR))
    text = f"您还没有登记在督办名录里, 请联系管理员{admins}登记后再用。"
    if heard.event is not None and heard.event.name in PRESSES:
        text = f"这张卡片由收到它的人办理, 您不能代按。{text}"
    key = f"inbox|{slot}|answer|0|{heard.sender}|0"
    payload = app_text(desk.agent_id, heard.sender, text, key=key)
    answers: tuple[Row, ...] = (Row(key, Channel.APP, heard.sender, payload),)
    asked = asked_of(heard)
    if asked is not None:  # the app may not know this id: the robot says it, or nobody does
        answers = rows(asked, Row(key, Channel.AIBOT, heard.sender, ""), text, None)
    for row in answers:
        work.outbox.put(
            NewMessage(
                key=row.key,
                kind="answer",
                channel=row.channel,
                recipient=row.recipient,
                payload=row.payload,
                reason="未登记人员来信",
                priority=int(Priority.ANSWER),
                next_at=now,
            )
        )
    work.audit.append(
        actor=heard.sender,
        role="",
        action="speak",
        object_type="inbox",
        object_id=heard.key,
        result="denied",
        details={},
        now=now,
    )


def _slot_for_stranger(heard: Heard) -> str:
    """Return what a stranger's answer is kept under: once for each message; "" for no answer."""
    if heard.kind is not HeardKind.EVENT or heard.event is None:
        return heard.key
    if heard.event.name in PRESSES:
        return heard.key
    return "stranger" if _is_arrival(heard) else ""  # of coming in he is told once


def _is_arrival(heard: Heard) -> bool:
    return heard.event is not None and heard.event.name in ARRIVALS


def _answer(talk: Talk, heard: Heard) -> None:
    match heard.kind:
        case HeardKind.LINK if heard.link is not None:
            forwarded = heard.link
            talk.say(_try(talk, lambda: intake.card(talk, forwarded)), case=talk.case)
        case HeardKind.TEXT:
            _text(talk, heard)
        case HeardKind.EVENT if heard.event is not None:
            happened = heard.event
            carry = partial(answer_text, talk, is_choice=True)
            talk.say(_try(talk, lambda: event(talk, happened, carry)), case=talk.case)
        case HeardKind.IMAGE | HeardKind.VOICE | HeardKind.VIDEO | HeardKind.FILE:
            if refusal := _try(talk, lambda: receive(talk, heard)):
                talk.say(refusal)
        case HeardKind.LOCATION:
            talk.say("位置收到。请再用文字写一下是哪一件或发生了什么, 例如: 007 补充: 地点在…")
        case _:
            talk.say("这种消息督办还看不懂, 请发文字、链接或转发文章。回复「帮助」看用法。")


def _text(talk: Talk, heard: Heard) -> None:
    refusal = _try(talk, lambda: keep_shown(talk, heard))
    _words(talk, heard)
    place_spoken_of(talk, heard)
    talk.say(refusal)


def _words(talk: Talk, heard: Heard) -> None:
    pasted = forwarded.take_out(talk)
    above, own = quoted_and_own(talk.words)
    if pasted and not own:
        forwarded.alone(talk, pasted)
        return
    if given := _try(talk, lambda: reason_given(talk, own)):
        talk.say(given, case=talk.case)
        return
    words = heard.quoted or above or forwarded.said_by_others(talk, pasted)
    if intake.is_pointing(talk, own, words):
        talk.say(_try(talk, lambda: intake.quoted(talk, words)), case=talk.case)
        return
    if quoted_case.asks_about_quoted(own, words):
        talk.say(_try(talk, lambda: quoted_case.answer(talk, words)), case=talk.case)
        return
    talk.say(answer_text(talk, talk.words), case=talk.case)
    forwarded.keep(talk, pasted)


def answer_text(
    talk: Talk, words: str, *, is_choice: bool = False, then: Intent | None = None
) -> str:
    """Carry out everything that `words` say and return the answer to all of it.

    `then` is what follows these words in the same breath: the next step need not be asked for.
    """
    talk.spoken = words
    placed = _try(talk, lambda: place_by_words(talk, words))
    if placed:
        return placed
    at_once = about_time.at_once(talk, words)
    if at_once is not None:
        return _try(talk, at_once)
    about_paper = papers.by_words(talk, words)
    if about_paper is not None:
        return _try(talk, about_paper)
    phrase = find_phrase(words)
    if phrase is not None:
        return _try(talk, lambda: by_phrase(talk, phrase))
    understood = understand(
        words,
        _speaks_as(talk),
        talk.now,
        talk.desk.link_rules,
        units=talk.work.people.units(),
    )
    if understood.intent is Intent.CHOICE and not is_choice:
        return _choice(talk, understood.slots)
    asked = (understood, *understood.more)
    talk.named_items = list_answers.named_items(asked)
    answers = []
    for nth, one in enumerate(asked):
        following = asked[nth + 1].intent if nth + 1 < len(asked) else then
        talk.following = following.value if following else ""
        answers.append(_try(talk, _deed(talk, one)))
    if any("items" in one.slots for one in asked):
        answers.append(list_answers.whats_left(talk))
    return "\n".join(answer for answer in answers if answer)


def _deed(talk: Talk, understood: Understood) -> Callable[[], str]:
    return lambda: _do(talk, understood)


def _do(talk: Talk, understood: Understood) -> str:
    intent = understood.intent
    if intent in _OUT_OF_SCOPE:
        _record_denial(talk, intent.value)
        return _INSTEAD
    if intent in (Intent.CHAT, Intent.AMBIGUOUS) and (
        taken := intake.answered(talk) or lessons.free_words(talk)
    ):
        return taken
    if intent is Intent.CHAT:
        return "收到。需要办事请回复「帮助」。"
    doer = _DOERS.get(intent)
    if doer is None:
        about = about_time.otherwise(talk, understood.slots)
        if about is not None:
            return about
        return readings.answer(talk.person, understood)
    if "items" in understood.slots:
        return list_answers.for_items(talk, understood, doer, talk.named_items)
    return doer(talk, understood.slots)


def _try(talk: Talk, deed: Callable[[], str]) -> str:
    try:
        return deed()
    except RefusalError as refusal:
        _record_denial(talk, type(refusal).__name__)
        return held_back(talk.work, talk.person.userid, refusal, talk.now) or str(refusal)


def _record_denial(talk: Talk, what: str) -> None:
    talk.work.audit.append(
        actor=talk.person.userid,
        role="、".join(sorted(talk.person.roles)),
        action=what,
        object_type="inbox",
        object_id=talk.key,
        result="refused",
        details={},
        now=talk.now,
    )


def _choice(talk: Talk, slots: Slots) -> str:
    number = slots.get("number")
    chosen = talk.work.questions.take(
        talk.person.userid, number if isinstance(number, int) else 0, now=talk.now
    )
    if chosen is None:
        return "没有等您选的事项, 或已过期。回复「我的待办」看现在要办的。"
    answers = [
        answer_text(talk, words, is_choice=True, then=Intent.ASSIGN if chosen[nth:] else None)
        for nth, words in enumerate(chosen, start=1)
    ]
    return "\n".join(answer for answer in answers if answer)


def _speaks_as(talk: Talk) -> Role | None:
    person = talk.person
    role = next((role for role in _SPEAKS_AS if role in person.roles), None)
    if role in (None, Role.INFORMANT) and person.unit_id is not None:
        # Whom the liaison has handed a case answers for the unit as the liaison would.
        held = talk.work.cases.find_open(unit=person.unit_id)
        handed = any(part.handed_to == person.userid for c in held for part in c.assignments)
        return Role.LIAISON if handed else role
    return role
