"""What carrying a change out would tell whom: read from the outbox of its rehearsal."""

import json
from dataclasses import dataclass

from handlers.pages.delivery import text_of
from storage.outbox import NewMessage
from storage.states import Channel
from storage.work import Work

_MOST = 12


@dataclass(frozen=True, slots=True)
class Effect:
    """One message that would leave."""

    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Effects:
    """The messages that would leave; `more` beside those listed."""

    listed: tuple[Effect, ...]
    more: int


def effects(work: Work) -> Effects:
    """Return what this transaction has put into the outbox, by whom it would reach."""
    news = work.outbox.news
    listed = tuple(Effect(_to(work, one), _text(one)) for one in news[:_MOST])
    return Effects(listed, len(news) - len(listed))


def _to(work: Work, one: NewMessage) -> str:
    if one.channel is Channel.ROBOT:
        return f"{one.recipient}工作群"
    return work.people.name_of(one.recipient)


def _text(one: NewMessage) -> str:
    body = json.loads(one.payload)
    return text_of(body) if isinstance(body, dict) else ""
