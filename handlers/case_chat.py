"""建群, 关群 in chat: the office wants everybody who works on a case in one group, or no more."""

from cases.errors import RefusalError
from cases.permissions import Action
from handlers import chats
from handlers.references import case_meant, with_units
from handlers.talk import Talk
from storage.states import ChatState

_FEWEST = 2  # of the platform


def open_chat(talk: Talk, written: str) -> str:
    """建群: make the working group of a case.

    Raises:
        RefusalError: not permitted, no unit works on it yet, or nobody else would be in it.
    """
    slots = {"case": written} if written else {}
    case = case_meant(talk, slots, with_units, verb="建群")
    talk.permit(Action.GROUP, case)
    number = case.short_number
    if case.lead is None:
        raise RefusalError(f"{number} 还没有交办, 交办以后再建群, 例如: {number} 交住建局")
    if not case.is_open:
        raise RefusalError(f"{number} 已了结, 不用建群。")
    chat = talk.work.chats.of_case(case.id)
    if chat is not None and chat.state in (ChatState.ASKED, ChatState.OPEN):
        raise RefusalError(f"{number} 已有工作群「{chat.name}」, {len(chat.members)} 人。")
    made = chats.make(talk.work, case, talk.person.userid, talk.now)
    if len(made.members) < _FEWEST:
        raise RefusalError(f"{number} 没有别人可以进群, 请先核对名录里的联络员。")
    talk.case = case
    return f"正在为 {number} 建工作群, {len(made.members)} 人, 建好告诉您。{chats.WHERE}"


def close_chat(talk: Talk, written: str) -> str:
    """关群: nothing more is posted there.

    Raises:
        RefusalError: not permitted, or there is no such group.
    """
    slots = {"case": written} if written else {}
    case = case_meant(talk, slots, lambda one: one.is_open, verb="关群")
    talk.permit(Action.GROUP, case)
    chat = talk.work.chats.of_case(case.id)
    if chat is None or chat.state is not ChatState.OPEN:
        raise RefusalError(f"{case.short_number} 没有在用的工作群。")
    chats.end(talk.work, case, chat, talk.now)
    return f"{case.short_number} 的工作群不再发通知。群本身请群主在企业微信里解散。"
