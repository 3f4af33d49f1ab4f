"""What only an intelligent robot hears: the chat opened, an answer judged, speech, pictures."""

from cases import robot_payload
from cases.encoding import wecom_field
from cases.messages import Heard, HeardKind, RobotChat
from cases.notices import Choice, Priority
from cases.robot_payload import WELCOME
from handlers.intake_evidence import await_files, place_shown
from handlers.talk import Talk
from storage.outbox import NewMessage
from storage.states import Channel

_SPOKEN_SHOWN = 600  # bytes of what was understood


def by_robot(talk: Talk, heard: Heard) -> bool:
    """Do what only a robot hears; False: it is heard as the app would hear it."""
    if heard.chat is None or heard.kind not in {HeardKind.VOICE, HeardKind.EVENT}:
        return False
    if heard.kind is HeardKind.VOICE:
        _speech(talk, heard.text)
        return True
    name = heard.event.name if heard.event else ""
    if name == "enter_chat" and heard.chat.req_id:
        _welcome(talk, heard, heard.chat)  # in callback mode the door has said it already
    elif name == "feedback_event":
        _judged(talk, heard)
    return name in _OWN_EVENTS


_OWN_EVENTS = frozenset({"enter_chat", "feedback_event"})


_JUDGED = {"1": "accurate", "2": "inaccurate", "3": "withdrawn"}


def _judged(talk: Talk, heard: Heard) -> None:
    talk.work.audit.append(
        actor=talk.person.userid,
        role="、".join(sorted(talk.person.roles)),
        action="robot.feedback",
        object_type="inbox",
        object_id=talk.key,
        result=_JUDGED.get(heard.event.key if heard.event else "", "other"),
        details={},
        now=talk.now,
    )


def _welcome(talk: Talk, heard: Heard, chat: RobotChat) -> None:
    key = f"inbox|{talk.key}|welcome|0|{talk.person.userid}|0"
    talk.work.outbox.put(
        NewMessage(
            key=key,
            kind="answer",
            channel=Channel.AIBOT,
            recipient=chat.chat_id,
            payload=robot_payload.welcome(chat, WELCOME, key=key, heard_at=heard.sent_at),
            reason="打开机器人会话, 欢迎",
            priority=int(Priority.CLICK),
            next_at=talk.now,
        )
    )


def _speech(talk: Talk, words: str) -> None:
    """Show what a recording was understood as, to be done by one digit.

    Only what was typed commands (R5), and a machine wrote this down: it may have misheard 同意.
    """
    if not words.strip():
        talk.say("语音没有听清, 请打字或再说一遍。")
        return
    shown = wecom_field(words, _SPOKEN_SHOWN)
    talk.say(
        f"语音听到的是: 「{shown}」。对的话请确认, 不对请打字。", (Choice("照此办理", (words,)),)
    )


def keep_shown(talk: Talk, heard: Heard) -> str:
    """Await the pictures of a mixed message before its words are read: they go into the same case.

    Raises:
        RefusalError: the sender may add nothing to a case.
    """
    if heard.files:
        await_files(talk, heard)
    return ""


def place_spoken_of(talk: Talk, heard: Heard) -> None:
    """Put the pictures of a mixed message into the case that its words were about."""
    if heard.files and talk.case is not None:
        place_shown(talk, talk.case)
