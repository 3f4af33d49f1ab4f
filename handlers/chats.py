"""The group chat of a case: what happens is posted there; who works on the case is in it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from cases import events
from cases.drills.marking import marked
from cases.encoding import wecom_field
from cases.model import Case
from cases.notices import Notice, Priority, Recipient, ToPerson, ToRole, ToUnit
from cases.payload import CHAT_NAME_LENGTH, chat_create, chat_text, chat_update
from cases.people import Role
from cases.wording.history import in_words
from cases.wording.reminders import head
from handlers.desk import Desk
from handlers.post import Origin, Post, people_of
from storage.chats import CaseChat
from storage.outbox import Claimed, NewMessage
from storage.states import Channel, ChatState
from storage.work import Work

CREATE, UPDATE, POST = "chat-create", "chat-update", "chat-post"
WHERE = "答复请私聊应用「督办」, 机器人听不到群里的话。"
_TITLE_BYTES = 90


def members_of(work: Work, case: Case, now: datetime) -> tuple[str, ...]:
    """Return who belongs in: 值班员, 舆情办主任, the liaisons of the units that work on it."""
    recipients: list[Recipient] = [ToRole(Role.DUTY_OFFICER), ToRole(Role.OFFICE_DIRECTOR)]
    recipients += [ToUnit(part.unit_id) for part in case.assignments if part.is_live]
    people = [one for to in recipients for one in people_of(work, to, now)]
    return tuple(dict.fromkeys(person.userid for person in people))


def make(work: Work, case: Case, asked_by: str, now: datetime) -> CaseChat:
    """Ask the platform for the chat of a case; people see it with its first message."""
    members = tuple(dict.fromkeys((asked_by, *members_of(work, case, now))))
    digest = hashlib.sha256(case.number.encode()).hexdigest()
    name = f"{case.short_number} {wecom_field(case.title, _TITLE_BYTES)} 工作群"[:CHAT_NAME_LENGTH]
    before = work.chats.of_case(case.id)
    chat = CaseChat(
        case_id=case.id,
        chat_id=f"duban{digest[:26]}",  # ours: made twice it is the same chat
        name=name,
        owner=asked_by,
        members=members,
        state=ChatState.ASKED,
        asked_by=asked_by,
        asked_at=now,
        posts=before.posts + 1 if before else 0,
    )
    work.chats.put(chat)
    payload = chat_create(chat.chat_id, name, asked_by, members)
    _put(work, chat, (CREATE, str(chat.posts), "建案件工作群", payload), now)
    return chat


def follow(
    work: Work, case: Case, happened: Sequence[events.Event], now: datetime, title: str
) -> None:
    """Post what happened, let people in and out; with the end of the case the chat ends too.

    Args:
        work: the transaction.
        case: as it stands now.
        happened: with what people wrote made inert.
        now: the moment.
        title: of the case, inert.
    """
    chat = work.chats.of_case(case.id)
    if chat is None or chat.state is not ChatState.OPEN:
        return
    _members(work, case, chat, now)
    units = {unit.id: unit.name for unit in work.people.units()}
    lines = [said for event in happened if (said := in_words(event, units))]
    if not case.is_open:
        lines.append("本件已了结, 群里不再发通知。感谢各位。")
        work.chats.stands(case.id, ChatState.CLOSED)
    if lines:
        head = f"【{case.short_number}】{title}"
        _post(work, chat, "\n".join((marked(head) if case.is_drill else head, *lines, WHERE)), now)


def end(work: Work, case: Case, chat: CaseChat, now: datetime) -> None:
    """The office wants it no more: say so there, and post nothing again."""
    work.chats.stands(case.id, ChatState.CLOSED)
    said = f"【{case.short_number}】本群不再发通知。{WHERE}"
    _post(work, chat, marked(said) if case.is_drill else said, now)


def _members(work: Work, case: Case, chat: CaseChat, now: datetime) -> None:
    wanted = tuple(dict.fromkeys((chat.asked_by, *members_of(work, case, now))))
    add = [userid for userid in wanted if userid not in chat.members]
    remove = [userid for userid in chat.members if userid not in wanted]
    if add or remove:
        work.chats.changed(case.id, wanted)
        payload = chat_update(chat.chat_id, chat.owner, add, remove)
        slot = f"{case.version}.{now.isoformat()}"
        _put(work, chat, (UPDATE, slot, "承办单位有变, 更新工作群成员", payload), now)


def made(work: Work, desk: Desk, claim: Claimed, now: datetime) -> None:
    """Open a chat that the platform has made: greet, and tell who asked for it."""
    chat = work.chats.of_case(claim.case_id or 0)
    if chat is None or chat.state is not ChatState.ASKED:
        return
    case = work.cases.load(chat.case_id)
    work.chats.stands(case.id, ChatState.OPEN)
    _members(work, case, chat, now)
    names = [
        f"{part.part.label}: {_unit(work, part.unit_id)}"
        for part in case.assignments
        if part.is_live
    ]
    heading = head(case, wecom_field(case.title, 120))
    greeting = f"【工作群】{heading}\n{'; '.join(names)}\n本件的进展会发在这里。{WHERE}"
    _post(work, chat, greeting, now)
    said = f"{case.short_number} 的工作群「{chat.name}」已建好, {len(chat.members)} 人。"
    _tell(work, desk, chat, (claim.key, said), now)


def not_made(work: Work, desk: Desk, claim: Claimed, why: str, now: datetime) -> bool:
    """Tell who asked why there is no chat; False for a mere post that failed."""
    chat = work.chats.of_case(claim.case_id or 0)
    if chat is None or claim.kind != CREATE:
        return False
    work.chats.stands(chat.case_id, ChatState.FAILED)
    case = work.cases.load(chat.case_id)
    said = f"{case.short_number} 的工作群没有建成: {why}。请联系管理员; 办理照常, 通知仍发给各人。"
    _tell(work, desk, chat, (claim.key, said), now)
    return True


def _unit(work: Work, unit_id: str) -> str:
    unit = work.people.unit(unit_id)
    return unit.name if unit else unit_id


def _tell(work: Work, desk: Desk, chat: CaseChat, said: tuple[str, str], now: datetime) -> None:
    slot, text = said
    notice = Notice(ToPerson(chat.asked_by), text, "chat-answer", "工作群", Priority.ANSWER)
    Post(work, desk, now).tell((notice,), Origin("chat", chat.chat_id, slot))


def _post(work: Work, chat: CaseChat, text: str, now: datetime) -> None:
    nth = work.chats.next_post(chat)
    payload = chat_text(chat.chat_id, text)
    _put(work, chat, (POST, str(nth), "发到案件工作群", payload), now)


def _put(work: Work, chat: CaseChat, what: tuple[str, str, str, str], now: datetime) -> None:
    kind, slot, reason, payload = what
    work.outbox.put(
        NewMessage(
            key=f"chat|{chat.chat_id}|{kind}|{slot}",
            kind=kind,
            channel=Channel.APPCHAT,
            recipient=chat.chat_id,
            payload=payload,
            reason=reason,
            priority=int(Priority.NOTICE),
            next_at=now,
            case_id=chat.case_id,
        )
    )
