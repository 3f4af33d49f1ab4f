"""What was heard: one message or event from a person, after the door has opened the envelope."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HeardKind(StrEnum):
    """The kinds an app or a robot receives (platform pages 90239, 90240, 100719)."""

    TEXT = "text"
    LINK = "link"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"  # to an intelligent robot alone: the app never hears of files (decision 16)
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
class RobotChat:
    """Where an intelligent robot was spoken to, and how it may answer there."""

    chat_id: str  # the group's id; in a single chat the asker's
    is_group: bool
    asker: str  # as the platform wrote it: perhaps encrypted, and case counts
    response_url: str = ""  # callback mode: takes one answer, within an hour (page 101138)
    req_id: str = ""  # long connection: answers under it belong to the message (page 101463)


@dataclass(frozen=True, slots=True)
class RobotFile:
    """A picture or file shown to a robot: where it lies encrypted, for five minutes."""

    url: str
    aes_key: str = ""  # long connection: a key of its own; "" = that of the callback


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
    chat: RobotChat | None = None  # None: heard by the app
    files: tuple[RobotFile, ...] = ()  # what a robot was shown


_OF_A_ROBOT = "robot:"


def media_id_of(file: RobotFile) -> str:
    """Return under what name a robot's file is awaited, beside the media_ids of the app."""
    return f"{_OF_A_ROBOT}{file.aes_key}:{file.url}"


def robot_file_of(media_id: str) -> RobotFile | None:
    """Return the robot's file of that name; None: it is the app's."""
    if not media_id.startswith(_OF_A_ROBOT):
        return None
    aes_key, _, url = media_id.removeprefix(_OF_A_ROBOT).partition(":")
    return RobotFile(url, aes_key)
