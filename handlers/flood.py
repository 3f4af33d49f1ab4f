"""Somebody who sends without end is told so once a minute; the rest of it is not carried out (B12).

What was sent is kept and shows in the audit, so nothing is lost without a word; but a machine that
holds somebody's telephone neither fills the office's day nor asks names and numbers at will (C09).
"""

from datetime import datetime

from cases.errors import NotFoundError, RefusalError
from cases.messages import Heard
from cases.notices import Priority
from cases.payload import app_text
from handlers.desk import Desk
from storage.outbox import NewMessage
from storage.states import Channel
from storage.work import Work

MOST_GUESSES = 10  # numbers of no case in a minute, from one person


def held_back(work: Work, userid: str, refusal: RefusalError, now: datetime) -> str:
    """Count a number that names no case; return what is said once there were too many, else "".

    What is there and what is not has been answered alike before; now neither is answered.
    """
    if not isinstance(refusal, NotFoundError):
        return ""
    if work.budgets.take(f"guess:{userid}", MOST_GUESSES, 60, now) is None:
        return ""
    return (
        f"一分钟内有 {MOST_GUESSES} 次以上问到了没有的编号, 请过一分钟再问。"
        "编号记不清时, 回复「我的待办」看您的件。"
    )


def is_flooding(work: Work, desk: Desk, heard: Heard, now: datetime) -> bool:
    """Count this message; True when its sender has sent too many, who has then been told."""
    most = desk.most_a_minute
    if work.budgets.take(f"heard:{heard.sender}", most, 60, now) is None:
        return False
    key = f"inbox|too-many|{heard.sender}|{now:%Y%m%d%H%M}"
    text = (
        f"您一分钟内发来了 {most} 条以上的消息, 后面的没有办理。"
        "请过一分钟再发; 几件事可以写在一条里。"
    )
    is_first = work.outbox.put(
        NewMessage(
            key=key,
            kind="answer",
            channel=Channel.APP,
            recipient=heard.sender,
            payload=app_text(desk.agent_id, heard.sender, text, key=key),
            reason="一分钟内消息过多",
            priority=int(Priority.ANSWER),
            next_at=now,
        )
    )
    if is_first:
        work.audit.append(
            actor=heard.sender,
            role="",
            action="too-many",
            object_type="inbox",
            object_id=heard.key,
            result="refused",
            details={"most_a_minute": most},
            now=now,
        )
    return True
