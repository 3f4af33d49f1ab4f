"""What the app is told besides messages: cards, the menu, people who come and go, and the rest."""

from cases.errors import RefusalError
from cases.menu import WORDS_OF
from cases.messages import EventInfo
from cases.notices import Notice, Priority, ToPerson
from cases.wording.first_steps import first_steps
from handlers.post import Origin, Post
from handlers.pressing import CarryOut, press
from handlers.robot_answer import PRESSES
from handlers.talk import Talk

ARRIVALS = frozenset({"subscribe", "enter_agent"})
# Told by the client by itself, or the page that was opened is the answer.
_SILENT = frozenset({"view", "view_miniprogram", "location", "batch_job_result"})
_UNUSED = "这个操作督办用不上, 没有办理。回复「帮助」看用法。"


def event(talk: Talk, happened: EventInfo, carry: CarryOut) -> str:
    """Do what an event asks for and return the answer, "" where none is wanted.

    Raises:
        RefusalError: it may not be done, or not now.
    """
    name = happened.name
    if name in PRESSES:
        talk.priority = Priority.CLICK
        return press(talk, happened, carry)
    if name == "click":
        return _clicked(talk, happened.key, carry)
    if name in ARRIVALS:
        return _arrived(talk)
    if name.lower() in _SILENT:
        return ""
    return _unknown(talk, name)


def _clicked(talk: Talk, key: str, carry: CarryOut) -> str:
    words = WORDS_OF.get(key)
    if words is None:
        raise RefusalError("这个菜单已经换新了, 请退出应用再进来, 或回复「帮助」。")
    talk.words = words
    return carry(words)


def _arrived(talk: Talk) -> str:
    """Say the first steps, once for each person: entering again is no question."""
    text = first_steps(talk.desk.institution, talk.person)
    notice = Notice(ToPerson(talk.person.userid), text, "first-steps", "第一次使用的说明")
    origin = Origin("person", talk.person.userid, "0")
    Post(talk.work, talk.desk, talk.now).tell((notice,), origin)
    return ""


def _unknown(talk: Talk, name: str) -> str:
    """Keep what nobody knows in the record, and say so politely, once a day for each kind."""
    talk.work.audit.append(
        actor=talk.person.userid,
        role="、".join(sorted(talk.person.roles)),
        action="event",
        object_type="inbox",
        object_id=talk.key,
        result="unknown",
        details={"event": name[:64]},
        now=talk.now,
    )
    notice = Notice(ToPerson(talk.person.userid), _UNUSED, "unused-event", "收到不认识的事件")
    origin = Origin("person", talk.person.userid, f"{name[:64]}.{talk.now:%Y%m%d}")
    Post(talk.work, talk.desk, talk.now).tell((notice,), origin)
    return ""
