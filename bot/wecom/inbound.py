"""Turns the decrypted message or event into what the rooms inside understand."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.wecom.envelope import Form
from bot.wecom.fields import Fields, MalformedError, read, read_json, text_of
from cases.messages import (
    ContactChange,
    EventInfo,
    Heard,
    HeardKind,
    LinkCard,
    RobotChat,
    RobotFile,
)

# What one field may hold, in characters (R21). WeCom documents no limit for what people send; the
# envelope bounds all of it at 64 kB.
MAX_TEXT = 10_000
MAX_TITLE = 512
MAX_DESCRIPTION = 2048
MAX_URL = 2048
MAX_KEY = 1024
MAX_FILES = 10  # of one mixed message
CUT = "…（原文过长，后面的部分没有收下）"

_USERID = re.compile(r"[0-9a-z_.@-]{1,64}")
_MESSAGE_ID = re.compile(r"[0-9A-Za-z_=+/-]{1,128}")
_AGENT = re.compile(r"[0-9A-Za-z_-]{0,64}")
_DEPARTMENT = re.compile(r"[0-9]{1,10}")
_STATUS = re.compile(r"[0-9]")
_MOMENT = re.compile(r"[0-9]{1,12}")
_LAST_MOMENT = 4_102_444_800  # 2100-01-01: later than that is no CreateTime
# Control characters except tab and newline: no person types them and PostgreSQL refuses NUL.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MENTION = re.compile(r"@[^\s]{1,64}\s+")
FRAME = "duban_req_id"  # under this name the number of a long connection's frame is kept


@dataclass(frozen=True, slots=True)
class Identity:
    """What the callback must know to keep a message: its key (R1), who sent it, and when."""

    key: str
    agent_id: str = ""
    sender: str = ""
    to_user: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A decrypted message with what is known about its way here."""

    plaintext: bytes
    form: Form
    channel: str
    timestamp: str  # the outer one, for robot messages: they carry no time of their own
    robot: str = ""  # the robot's name, by which a group speaks to it


def identify(arrival: Arrival) -> Identity:
    """Return the identity of a message; of an unreadable one the hash of its plaintext."""
    try:
        return _identity(arrival)
    except MalformedError:
        digest = hashlib.sha256(arrival.plaintext).hexdigest()
        return Identity(f"{arrival.channel}::{digest}")


def understand(arrival: Arrival) -> Heard:
    """Return the message as heard; raises MalformedError. Kinds we do not know are kept as such."""
    identity = _identity(arrival)
    if arrival.form is Form.JSON:
        return _robot(arrival, identity)
    return _app(arrival, identity)


def _identity(arrival: Arrival) -> Identity:
    if arrival.form is Form.JSON:
        message = read_json(arrival.plaintext)
        message_id, sender = _string(message, "msgid"), _string(_object(message, "from"), "userid")
        agent, to_user = _string(message, "aibotid"), ""
        moment = str(message.get("create_time", arrival.timestamp))
    else:
        fields = read(arrival.plaintext)
        message_id, sender = text_of(fields, "MsgId"), text_of(fields, "FromUserName")
        agent, to_user = text_of(fields, "AgentID"), text_of(fields, "ToUserName")
        moment = text_of(fields, "CreateTime")
    if not _AGENT.fullmatch(agent):
        raise MalformedError("AgentID")
    is_numbered = _MESSAGE_ID.fullmatch(message_id)
    name = message_id if is_numbered else hashlib.sha256(arrival.plaintext).hexdigest()
    key = f"{arrival.channel}:{agent}:{name}"
    userid = _userid(sender)
    # A robot's ids may be encrypted, and then two that differ only in case are two people.
    known = sender.strip() if arrival.form is Form.JSON else userid
    return Identity(key, agent, known, to_user, _moment(moment))


def _userid(written: str) -> str:
    """One spelling for one person: WeCom compares userids without case (C08)."""
    known = written if written.isascii() else unicodedata.normalize("NFKC", written)
    userid = known.strip().casefold()
    if not _USERID.fullmatch(userid):
        raise MalformedError("FromUserName")
    return userid


def _moment(written: str) -> datetime:
    if not _MOMENT.fullmatch(written) or int(written) > _LAST_MOMENT:
        raise MalformedError("CreateTime")
    return datetime.fromtimestamp(int(written), UTC)


def _clean(text: str, limit: int) -> str:
    kept = _CONTROLS.sub("", text.replace("\r\n", "\n"))
    return kept if len(kept) <= limit else kept[:limit] + CUT


def _url(text: str) -> str:
    """An address, or nothing: half an address would be another one."""
    kept = _CONTROLS.sub("", text).strip()
    return kept if len(kept) <= MAX_URL else ""


def _heard(arrival: Arrival, identity: Identity, kind: HeardKind) -> Heard:
    if identity.created_at is None:
        raise MalformedError("CreateTime")
    return Heard(
        key=identity.key,
        channel=arrival.channel,
        agent_id=identity.agent_id,
        sender=identity.sender.casefold(),
        kind=kind,
        sent_at=identity.created_at,
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """What a message says, whatever it is: the part of Heard that depends on its kind."""

    text: str = ""
    link: LinkCard | None = None
    event: EventInfo | None = None
    media_id: str = ""
    quoted: str = ""


def _app(arrival: Arrival, identity: Identity) -> Heard:
    fields = read(arrival.plaintext)
    written = text_of(fields, "MsgType")
    if not written:
        raise MalformedError("MsgType")
    kind, reader = _APP_KINDS.get(written, (HeardKind.UNKNOWN, _unknown))
    return _with(_heard(arrival, identity, kind), reader(fields))


def _with(heard: Heard, content: _Content) -> Heard:
    return replace(
        heard,
        text=content.text,
        link=content.link,
        event=content.event,
        media_id=content.media_id,
        quoted=content.quoted,
    )


def _text(fields: Fields) -> _Content:
    return _Content(text=_clean(text_of(fields, "Content"), MAX_TEXT))


def _link(fields: Fields) -> _Content:
    title = _clean(text_of(fields, "Title"), MAX_TITLE)
    description = _clean(text_of(fields, "Description"), MAX_DESCRIPTION)
    return _Content(link=LinkCard(title, description, _url(text_of(fields, "Url"))))


def _media(fields: Fields) -> _Content:
    return _Content(media_id=_clean(text_of(fields, "MediaId"), MAX_KEY))


def _location(fields: Fields) -> _Content:
    label = _clean(text_of(fields, "Label"), MAX_TITLE)
    latitude, longitude = text_of(fields, "Location_X"), text_of(fields, "Location_Y")
    return _Content(quoted=_clean(f"{label} ({latitude}, {longitude})", MAX_TITLE))


def _event(fields: Fields) -> _Content:
    name = _clean(text_of(fields, "Event"), MAX_TITLE)
    if not name:
        raise MalformedError("Event")
    return _Content(
        event=EventInfo(
            name=name,
            key=_clean(text_of(fields, "EventKey"), MAX_KEY),
            task_id=_clean(text_of(fields, "TaskId"), MAX_KEY),
            response_code=_clean(text_of(fields, "ResponseCode"), MAX_KEY),
            contact=_contact(fields) if name == "change_contact" else None,
        )
    )


def _contact(fields: Fields) -> ContactChange:
    numbers = text_of(fields, "Department").split(",")
    status = text_of(fields, "Status")
    return ContactChange(
        kind=_clean(text_of(fields, "ChangeType"), MAX_TITLE),
        userid=_optional_userid(fields, "UserID"),
        new_userid=_optional_userid(fields, "NewUserID"),
        departments=tuple(int(one) for one in numbers if _DEPARTMENT.fullmatch(one)),
        status=int(status) if _STATUS.fullmatch(status) else None,
    )


def _optional_userid(fields: Fields, name: str) -> str:
    written = text_of(fields, name)
    return _userid(written) if written else ""


def _unknown(fields: Fields) -> _Content:
    return _Content(quoted=_clean(text_of(fields, "MsgType"), MAX_TITLE))


_APP_KINDS: dict[str, tuple[HeardKind, Callable[[Fields], _Content]]] = {
    "text": (HeardKind.TEXT, _text),
    "link": (HeardKind.LINK, _link),
    "image": (HeardKind.IMAGE, _media),
    "voice": (HeardKind.VOICE, _media),
    "video": (HeardKind.VIDEO, _media),
    "location": (HeardKind.LOCATION, _location),
    "event": (HeardKind.EVENT, _event),
}


def _robot(arrival: Arrival, identity: Identity) -> Heard:
    """A message to an intelligent robot (platform page 100719)."""
    message = read_json(arrival.plaintext)
    written = _string(message, "msgtype")
    if not written:
        raise MalformedError("msgtype")
    kind = _ROBOT_KINDS.get(written, HeardKind.UNKNOWN)
    chat = _robot_chat(message, identity)
    heard = _with(_heard(arrival, identity, kind), _robot_content(message, kind))
    typed = _unnamed(heard.text, arrival.robot) if chat.is_group else heard.text
    return replace(heard, chat=chat, text=typed, files=_robot_files(message))


_ROBOT_KINDS = {
    "text": HeardKind.TEXT,
    "mixed": HeardKind.TEXT,
    "voice": HeardKind.VOICE,
    "image": HeardKind.IMAGE,
    "video": HeardKind.VIDEO,
    "file": HeardKind.FILE,
    "event": HeardKind.EVENT,
}


def _robot_chat(message: dict[str, object], identity: Identity) -> RobotChat:
    group = _string(message, "chatid") if _string(message, "chattype") == "group" else ""
    return RobotChat(
        chat_id=_clean(group or identity.sender, MAX_KEY),
        is_group=bool(group),
        asker=identity.sender,
        response_url=_url(_string(message, "response_url")),
        req_id=_clean(_string(message, FRAME), MAX_KEY),
    )


def _unnamed(typed: str, robot: str) -> str:
    """Without the @ by which a group speaks to the robot, wherever in the sentence it stands."""
    if robot and (place := typed.find(f"@{robot}")) >= 0:
        rest = typed[place + len(robot) + 1 :].lstrip()
        return f"{typed[:place].rstrip()} {rest}".strip()
    return _MENTION.sub("", typed, count=1) if typed.startswith("@") else typed


def _robot_content(message: dict[str, object], kind: HeardKind) -> _Content:
    if kind is HeardKind.EVENT:
        return _Content(event=_robot_event(_object(message, "event")))
    typed = _typed(message) if kind is HeardKind.TEXT else ""
    if kind is HeardKind.VOICE:  # the robot gets speech already written down
        typed = _string(_object(message, "voice"), "content")
    quoted = _typed(_object(message, "quote"))
    return _Content(text=_clean(typed, MAX_TEXT), quoted=_clean(quoted, MAX_TEXT))


def _robot_files(message: dict[str, object]) -> tuple[RobotFile, ...]:
    """What is shown: the file of the message, or the pictures of a mixed one."""
    found = []
    for part in (message, *_items(message)):
        shown = _object(part, _string(part, "msgtype"))
        if url := _url(_string(shown, "url")):
            found.append(RobotFile(url, _clean(_string(shown, "aeskey"), MAX_KEY)))
    return tuple(found[:MAX_FILES])


def _items(message: dict[str, object]) -> list[dict[str, object]]:
    items = _object(message, "mixed").get("msg_item", [])
    if not isinstance(items, list):
        raise MalformedError("msg_item")
    return [item for item in items if isinstance(item, dict)]


def _typed(message: dict[str, object]) -> str:
    """The text of a text message, or of the text parts of a mixed one."""
    parts = [message, *_items(message)]
    return "\n".join(filter(None, (_string(_object(part, "text"), "content") for part in parts)))


def _robot_event(event: dict[str, object]) -> EventInfo:
    name = _clean(_string(event, "eventtype"), MAX_TITLE)
    if not name:
        raise MalformedError("eventtype")
    details = _object(event, name)
    judged = details.get("type")  # of a feedback_event: 1 right, 2 wrong, 3 taken back
    key = _string(details, "event_key") or _string(details, "eventkey")
    return EventInfo(
        name=name,
        key=_clean(key or (str(judged) if isinstance(judged, int) else ""), MAX_KEY),
        task_id=_clean(_string(details, "task_id") or _string(details, "taskid"), MAX_KEY),
    )


def _object(message: dict[str, object], name: str) -> dict[str, object]:
    found = message.get(name, {})
    if not isinstance(found, dict):
        raise MalformedError(name)
    return found


def _string(message: dict[str, object], name: str) -> str:
    found = message.get(name, "")
    if not isinstance(found, str):
        raise MalformedError(name)
    return found
