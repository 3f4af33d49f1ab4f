"""Set phrases carried out: what the general reader of chat does not know, each with one meaning."""

from collections.abc import Callable

from cases.office_phrases import Phrase, PhraseKind
from handlers import (
    case_chat,
    intake,
    login_links,
    orders,
    overseeing,
    public_reply,
    standing,
    tracking,
)
from handlers.talk import Talk


def by_phrase(talk: Talk, phrase: Phrase) -> str:
    """Carry a set phrase out and return the answer.

    Raises:
        RefusalError: it may not be done, or not now.
    """
    return _DONE[phrase.kind](talk, phrase)


_DONE: dict[PhraseKind, Callable[[Talk, Phrase], str]] = {
    PhraseKind.NO_ANSWER: lambda talk, it: public_reply.no_answer(talk, it.case, it.rest),
    PhraseKind.NO_PRESS: lambda talk, it: public_reply.no_press(talk, it.case, it.rest),
    PhraseKind.REPORTED_UP: lambda talk, it: public_reply.reported_up(talk, it.case, it.rest),
    PhraseKind.STILL_SUBMIT: lambda talk, it: public_reply.submit_anyway(talk, it.case, it.rest),
    PhraseKind.NOTHING_NEW: lambda talk, it: tracking.nothing_new(talk, it.case, it.rest),
    PhraseKind.SOMETHING_NEW: lambda talk, it: tracking.something_new(talk, it.case, it.rest),
    PhraseKind.RESTRICT: lambda talk, it: overseeing.restrict(talk, it.case, on=True),
    PhraseKind.UNRESTRICT: lambda talk, it: overseeing.restrict(talk, it.case, on=False),
    PhraseKind.REGISTER: lambda talk, it: intake.quoted(talk, it.rest),
    PhraseKind.EXECUTE: lambda talk, it: orders.execute(talk, it.case, it.number),
    PhraseKind.DROP: lambda talk, it: orders.drop(talk, it.case, it.number),
    PhraseKind.LOGIN_LINK: lambda talk, it: login_links.give(talk, it.names[0]),
    PhraseKind.PANEL: lambda talk, it: standing.panel_set(talk, it.names),
    PhraseKind.OPEN_CHAT: lambda talk, it: case_chat.open_chat(talk, it.case),
    PhraseKind.CLOSE_CHAT: lambda talk, it: case_chat.close_chat(talk, it.case),
    PhraseKind.STAND_IN: lambda talk, it: standing.stand_in_set(talk, it.names, it.rest),
}
