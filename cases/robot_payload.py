"""What an intelligent robot says, written once when it is decided (pages 101138, 101463).

Which request it becomes depends on the way that is open when it leaves: the one address of a
callback, the number of a frame, or a push into the chat. All of them carry the same words.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cases.messages import RobotChat
from cases.payload import cut

ANSWER_BYTES = 20_480  # of a robot's markdown, UTF-8
URL_LIVES = timedelta(hours=1) - timedelta(seconds=30)  # less what sending may take
PRESS_LIVES = timedelta(seconds=5)  # within it the card that was pressed may be changed, once
_NEVER = datetime.fromtimestamp(0, UTC)  # no way back to a message: only a push
FRAME_LIVES = timedelta(hours=24) - timedelta(minutes=1)

WELCOME = (
    "您好, 我是督办机器人。把文章链接发给我就能上报, 图片和文件也可以发在这里; "
    "在群里请先 @我 再说。回复「帮助」看全部用法。"
)

Json = dict[str, object]


class BadRobotMessageError(ValueError):
    """A row of the outbox that is no message of a robot."""


class Spoken(StrEnum):
    """What kind of thing is said."""

    ANSWER = "answer"
    WELCOME = "welcome"  # to who opens the single chat: within 5 s, under the frame's number
    FILE = "file"
    CHANGE = "change"  # of a card, under the number of the press (page 101032)


@dataclass(frozen=True, slots=True)
class RobotMessage:
    """One thing a robot says in a chat, and what is said by the app if it cannot."""

    chat: RobotChat
    spoken: Spoken
    text: str  # markdown; of a file its name
    number: str  # of a stream, from the message's key: repeats of it replace each other
    ends_at: datetime  # of the way back to the message heard: later only a push is left
    otherwise: str = ""  # the app's message instead; "" = nothing is lost without it
    path: str = ""  # of a file, inside the folder of papers
    card: Json | None = None  # shown in place of the words (page 101032)

    def render(self) -> str:
        """Return the body of the outbox row."""
        chat = self.chat
        fields = {
            "chat": chat.chat_id,
            "group": chat.is_group,
            "asker": chat.asker,
            "response_url": chat.response_url,
            "req_id": chat.req_id,
            "spoken": self.spoken,
            "text": self.text,
            "number": self.number,
            "ends_at": self.ends_at.isoformat(),
            "otherwise": self.otherwise,
            "path": self.path,
            "card": self.card,
        }
        return json.dumps(fields, ensure_ascii=False)

    def as_response(self) -> str:
        """Return the body for a response_url."""
        return _body(self._shown())

    def as_reply(self) -> Json:
        """Return the body of an answer under a frame's number.

        A finished stream is refused a second time (846606) and a card by its task_id, so a repeat
        after an unknown outcome shows nothing twice.
        """
        if self.spoken is Spoken.CHANGE:
            return {"response_type": "update_template_card", "template_card": self.card}
        if self.card is not None:
            return self._shown()
        if self.spoken is Spoken.WELCOME:
            return {"msgtype": "text", "text": {"content": self.text}}
        stream = {"id": self.number, "finish": True, "content": self.text}
        return {"msgtype": "stream", "stream": stream}

    def as_push(self, media_id: str = "") -> Json:
        """Return the body of a push into the chat: words, or a file already uploaded."""
        to = {"chatid": self.chat.chat_id, "chat_type": 2 if self.chat.is_group else 1}
        if self.spoken is Spoken.FILE:
            return {**to, "msgtype": "file", "file": {"media_id": media_id}}
        return {**to, **self._shown()}

    def _shown(self) -> Json:
        if self.card is not None:
            return {"msgtype": "template_card", "template_card": self.card}
        return {"msgtype": "markdown", "markdown": {"content": self.text}}


def answer(chat: RobotChat, text: str, *, key: str, heard_at: datetime, otherwise: str) -> str:
    """Return the outbox body of an answer to what was heard at `heard_at`."""
    lives = URL_LIVES if chat.response_url else FRAME_LIVES
    said = f"{mention(chat)}{text}"
    return RobotMessage(
        chat,
        Spoken.ANSWER,
        cut(said, "（其余请私聊应用「督办」查看）", ANSWER_BYTES),
        _number(key),
        heard_at + lives,
        otherwise,
    ).render()


def welcome(chat: RobotChat, text: str, *, key: str, heard_at: datetime) -> str:
    """Return the outbox body of a welcome; who misses it has lost nothing."""
    ends_at = heard_at + timedelta(seconds=5)
    return RobotMessage(chat, Spoken.WELCOME, text, _number(key), ends_at).render()


def file(userid: str, name: str, path: str, *, key: str, otherwise: str) -> str:
    """Return the outbox body of a file for one person's single chat (decision 16).

    `path` lies inside the folder of papers; `otherwise` is the app's message where no file can be
    sent: callback mode, or nobody has spoken to the robot there yet.
    """
    chat = RobotChat(userid, is_group=False, asker=userid)
    return RobotMessage(chat, Spoken.FILE, name, _number(key), _NEVER, otherwise, path).render()


def way_of_press(chat: RobotChat, heard_at: datetime) -> str:
    """Return the body of the one change that a press allows to its card, the face still open."""
    return RobotMessage(chat, Spoken.CHANGE, "", "", heard_at + PRESS_LIVES).render()


def with_card(payload: str, card: Json) -> str:
    """Return an outbox body that shows `card` in place of its words.

    Raises:
        BadRobotMessageError: it is no message of a robot.
    """
    return replace(read(payload), card=card).render()


def mention(chat: RobotChat) -> str:
    """Return what calls the asker's attention in a group; nothing in a single chat."""
    return f"<@{chat.asker}> " if chat.is_group else ""


def read(payload: str) -> RobotMessage:
    """Return what an outbox row says.

    Raises:
        BadRobotMessageError: it is no message of a robot.
    """
    try:
        fields = json.loads(payload)
        chat = RobotChat(
            chat_id=_text(fields, "chat"),
            is_group=fields["group"] is True,
            asker=_text(fields, "asker"),
            response_url=_text(fields, "response_url"),
            req_id=_text(fields, "req_id"),
        )
        return RobotMessage(
            chat=chat,
            spoken=Spoken(fields["spoken"]),
            text=_text(fields, "text"),
            number=_text(fields, "number"),
            ends_at=datetime.fromisoformat(_text(fields, "ends_at")),
            otherwise=_text(fields, "otherwise"),
            path=_text(fields, "path"),
            card=_card(fields),
        )
    except (ValueError, KeyError, TypeError):
        raise BadRobotMessageError("不是智能机器人的消息") from None


def _text(fields: Json, name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _card(fields: Json) -> Json | None:
    card = fields.get("card")  # rows written before there were cards have none
    if card is not None and not isinstance(card, dict):
        raise TypeError("card")
    return card


def _number(key: str) -> str:
    return f"s-{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def _body(fields: Json) -> str:
    return json.dumps(fields, ensure_ascii=False)
