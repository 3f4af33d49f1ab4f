"""What was heard: one message or event from a person, after the door has opened the envelope."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HeardKind(StrEnum):
    """The kinds a self-built app receives (platform page 90239, 90240)."""

    TEXT = "text"
    LINK = "link"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    EVENT = "event"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A forwarded article card. Its words are content, never a command."""

    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A change of the corp's contacts (page 90970): whose account, and what is said about it."""

    kind: str  # create_user, update_user, delete_user; parties and tags are of no concern
    userid: str  # casefolded; "" where none is named
    new_userid: str = ""
    departments: tuple[int, ...] = ()
    status: int | None = None  # 1 active, 2 disabled, 4 never signed in, 5 left


@dataclass(frozen=True, slots=True)
class EventInfo:
    """An event: its name, the key of the button or menu, and the card it belongs to."""

    name: str
    key: str = ""
    task_id: str = ""
    response_code: str = ""
    contact: ContactChange | None = None  # of change_contact


@dataclass(frozen=True, slots=True)
class Heard:
    """One message or event, with the key that makes it happen only once."""

    key: str  # MsgId, else the hash of the plaintext (R1)
    channel: str  # app, aibot
    agent_id: str
    sender: str  # userid, casefolded
    kind: HeardKind
    sent_at: datetime  # CreateTime, aware UTC
    text: str = ""  # only what the sender typed
    link: LinkCard | None = None
    event: EventInfo | None = None
    media_id: str = ""
    quoted: str = ""  # a quoted message: content, never a command
