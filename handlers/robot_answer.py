"""How an answer leaves through the intelligent robot, and what never does in a group.

In a group everybody listens. An answer is said there when it is about one matter that is not
restricted, or about none; anything else is answered one to one, and the group sees only that it is.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from cases import robot_payload
from cases.messages import Heard, RobotChat
from cases.model import Case
from storage.states import Channel

ROBOT = "|robot"  # how the keys of what a robot says end
PRESSES = frozenset({"template_card_event", "template_card_menu_event"})
PRIVATELY = "已私聊答复您, 请看应用「督办」。"
_MOST_LINES = 4  # of an answer that is about no matter at all
_NAMED = re.compile(r"[0-9]{3}(?=《)")  # a matter by its number and title
_NUMBER = re.compile(r"[0-9]{3}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the outbox: its key, its way out and its body."""

    key: str
    channel: Channel
    recipient: str
    payload: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked through the robot: where, when, and whether an answer has left already."""

    chat: RobotChat
    at: datetime
    is_first: bool = True
    is_press: bool = False  # its frame's number takes the change of the card, and no words

    @property
    def can_push(self) -> bool:
        """Whether more than one thing may be said: over the long connection."""
        return bool(self.chat.req_id)

    @property
    def way(self) -> RobotChat:
        """The chat, with the way back that words may take."""
        return replace(self.chat, req_id="") if self.is_press else self.chat


def asked_of(heard: Heard) -> Asked | None:
    """Return what was asked through the robot; None where the app heard it."""
    if heard.chat is None:
        return None
    is_press = heard.event is not None and heard.event.name in PRESSES
    return Asked(heard.chat, heard.sent_at, is_press=is_press)


def rows(asked: Asked, direct: Row, text: str, case: Case | None) -> tuple[Row, ...]:
    """Return the rows that carry `text`; `direct` is the app's message to the same person.

    The robot's row holds the app's message too: that leaves instead when the robot cannot speak
    any more.
    """
    chat = asked.chat
    if not may_answer(asked):
        return (direct,) if direct.payload else ()
    if chat.is_group and not may_be_said_openly(text, case):
        return (
            (_robot(asked, direct, PRIVATELY, otherwise=""), direct)
            if asked.is_first
            else (direct,)
        )
    return (_robot(asked, direct, text, otherwise=direct.payload),)


def may_answer(asked: Asked) -> bool:
    """Whether the robot can answer in the chat: callback mode gives one answer to a message."""
    return asked.can_push or bool(asked.chat.response_url and asked.is_first)


def may_be_said_openly(text: str, case: Case | None) -> bool:
    """Whether everybody in a group may read an answer."""
    if case is not None:
        others = [one for one in _NAMED.findall(text) if not case.number.endswith(one)]
        return not case.restricted and not others
    names_a_matter = "《" in text or _NUMBER.search(text) is not None
    return not names_a_matter and text.count("\n") < _MOST_LINES


def _robot(asked: Asked, direct: Row, text: str, *, otherwise: str) -> Row:
    key = f"{direct.key}{ROBOT}"
    payload = robot_payload.answer(asked.way, text, key=key, heard_at=asked.at, otherwise=otherwise)
    mentions = (direct.recipient,) if asked.chat.is_group else ()
    return Row(key, Channel.AIBOT, asked.chat.chat_id, payload, mentions)
