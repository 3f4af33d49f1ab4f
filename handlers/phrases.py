"""Set phrases carried out: what the general reader of chat does not know, each with one meaning."""

import re
from collections.abc import Callable
from datetime import timedelta

from cases.chat.times import find_moments
from cases.errors import RefusalError
from cases.office_phrases import Phrase, PhraseKind
from handlers import orders, public_reply, standing
from handlers.talk import Talk

_DAY = timedelta(days=1)


def by_phrase(talk: Talk, phrase: Phrase) -> str:
    """Carry a set phrase out and return the answer.

    Raises:
        RefusalError: it may not be done, or not now.
    """
    return _DONE[phrase.kind](talk, phrase)


def _stand_in(talk: Talk, phrase: Phrase) -> str:
    days = [moment for moment in find_moments(phrase.rest, talk.now) if not moment.is_span]
    if not days:
        raise RefusalError("请写明到哪天, 例如: 周国华11月21日到25日由王建平代签")
    start = days[0].at if len(days) > 1 else talk.now
    start = start.replace(hour=0, minute=0, second=0) if len(days) > 1 else start
    end = days[-1].at.replace(hour=0, minute=0, second=0) + _DAY
    names = re.sub("(?:从|自|到|至|在)+$", "", phrase.names[0]), phrase.names[1]
    return standing.stand_in_set(talk, names, (start, end))


_DONE: dict[PhraseKind, Callable[[Talk, Phrase], str]] = {
    PhraseKind.NO_ANSWER: lambda talk, it: public_reply.no_answer(talk, it.case, it.rest),
    PhraseKind.NO_PRESS: lambda talk, it: public_reply.no_press(talk, it.case, it.rest),
    PhraseKind.REPORTED_UP: lambda talk, it: public_reply.reported_up(talk, it.case, it.rest),
    PhraseKind.STILL_SUBMIT: lambda talk, it: public_reply.submit_anyway(talk, it.case, it.rest),
    PhraseKind.EXECUTE: lambda talk, it: orders.execute(talk, it.case, it.number),
    PhraseKind.DROP: lambda talk, it: orders.drop(talk, it.case, it.number),
    PhraseKind.PANEL: lambda talk, it: standing.panel_set(talk, it.names),
    PhraseKind.STAND_IN: _stand_in,
}
