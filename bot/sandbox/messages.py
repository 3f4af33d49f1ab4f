"""What people see: every message shown to somebody, in its conversation, with what became of it."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.sandbox.bell import Bell
from bot.sandbox.fields import Json


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation: with an app ("app", agentid), a robot's group ("group", name) and so on."""

    kind: str  # app | group | chat | bot
    name: str

    def __str__(self) -> str:
        """Write the place as the log and the control API do."""
        return f"{self.kind}:{self.name}"


@dataclass(slots=True)
class Message:
    """One message as people see it."""

    at: float  # sandbox time, seconds since 1970
    place: Place
    author: str  # a casefolded userid; "app", "robot", "smart" for what the service sent
    readers: frozenset[str]  # casefolded userids
    msgtype: str
    part: Json  # the value under the msgtype's name
    text: str = ""
    task_id: str = ""
    msgid: str = ""
    mentions: tuple[str, ...] = ()
    note: str = ""  # what the page writes under it, such as that no robot heard it
    recalled: bool = False
    owner: str = ""  # the intelligent robot that sent it
    cards: dict[str, Json] = field(default_factory=dict)  # the card as one reader sees it now
    number: int = 0
    version: int = 0

    def card_for(self, reader: str) -> Json:
        """Return the card as this reader sees it: the original or what replaced it."""
        return self.cards.get(reader, self.part)

    def for_viewer(self, viewer: str) -> dict[str, object]:
        """Return the message as the page and the tests read it."""
        return {
            "number": self.number,
            "version": self.version,
            "at": self.at,
            "place": str(self.place),
            "author": self.author,
            "msgtype": self.msgtype,
            "part": self.card_for(viewer) if self.msgtype == "template_card" else self.part,
            "text": self.text,
            "task_id": self.task_id,
            "msgid": self.msgid,
            "mentions": list(self.mentions),
            "note": self.note,
            "recalled": self.recalled,
        }


class Messages:
    """All messages in order; each change raises the version and rings the bell."""

    def __init__(self, bell: Bell) -> None:
        self._all: list[Message] = []
        self._by_msgid: dict[str, Message] = {}
        self.received: dict[str, int] = {}  # userid → how many messages of others were shown
        self._bell = bell
        self.version = 0

    def add(self, message: Message) -> Message:
        """Show a message; it gets its number, and a msgid if it has none."""
        message.number = len(self._all) + 1
        message.msgid = message.msgid or new_msgid()
        self._all.append(message)
        self._by_msgid[message.msgid] = message
        for reader in message.readers - {message.author}:
            self.received[reader] = self.received.get(reader, 0) + 1
        self.changed(message)
        return message

    def changed(self, message: Message) -> None:
        """Note that a message looks different now."""
        self.version += 1
        message.version = self.version
        self._bell.ring()

    def by_msgid(self, msgid: str) -> Message | None:
        """Return the message of this msgid."""
        return self._by_msgid.get(msgid)

    def find(self, msgid: str, task_id: str) -> Message | None:
        """Return the message of this msgid, or else the newest card of this task_id."""
        return self.by_msgid(msgid) if msgid else self.by_task(task_id)

    def by_task(self, task_id: str, reader: str | None = None) -> Message | None:
        """Return the newest card of this task_id, one that `reader` received if that is given."""
        return next(
            (
                message
                for message in reversed(self._all)
                if message.task_id == task_id and (reader is None or reader in message.readers)
            ),
            None,
        )

    def seen_by(self, viewer: str, *, after: int = 0) -> list[dict[str, object]]:
        """Return what a person sees, in order, as far as it changed after a version."""
        return [
            message.for_viewer(viewer)
            for message in self._all
            if message.version > after and viewer in message.readers
        ]

    def places(self, viewer: str) -> Iterable[Place]:
        """Return the conversations in which a person has something to see."""
        return dict.fromkeys(m.place for m in self._all if viewer in m.readers)

    def counts(self) -> Mapping[str, int]:
        """Return how many messages stand in each conversation."""
        found: dict[str, int] = {}
        for message in self._all:
            found[str(message.place)] = found.get(str(message.place), 0) + 1
        return found


def new_msgid() -> str:
    """Return a fresh msgid of the platform's look."""
    return secrets.token_urlsafe(36)
