"""What the bot needs of a chat service, and the four ways a send can end (R10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Scope(StrEnum):
    """What a final refusal is about: this message, its recipient, or everything on its channel."""

    MESSAGE = "message"
    RECIPIENT = "recipient"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Sent:
    """The service took it. `invalid` are the casefolded userids it did not deliver to."""

    msgid: str
    invalid: tuple[str, ...] = ()
    response_code: str = ""  # updates the card once within 72 h; empty for other messages


@dataclass(frozen=True, slots=True)
class TryLater:
    """Certainly not delivered, and worth another try, not before `after_seconds`."""

    errcode: int | None  # None: the request never reached the service
    text: str
    after_seconds: float
    pauses_channel: bool = False  # a limit of the whole API, not of this message


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Certainly not delivered, and another try would end the same way."""

    errcode: int
    text: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say whether it was delivered: timeout, reset, 5xx, an answer without sense."""

    text: str


Outcome = Sent | TryLater | GiveUp | Unknown


class Gateway(Protocol):
    """Something that delivers one rendered payload."""

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        """Deliver `payload` byte for byte; never raises for what the service does."""
        ...


class ByChannel:
    """Gives each message to whoever speaks on its channel."""

    def __init__(self, usual: Gateway, special: Mapping[str, Gateway]) -> None:
        self._usual = usual
        self._special = dict(special)

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        """Deliver `payload` byte for byte."""
        return self._special.get(channel, self._usual).send(channel, recipient, payload)
