"""Words about reminding."""

from typing import assert_never

from cases import events
from cases.events.reminding import Muted, Phoned
from cases.model import Case
from cases.notices import Notice, Priority, ToGroup, ToUnit
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Reminding, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    match event:
        case events.Urged(unit=unit, words=words):
            return _urged(case, unit, words, telling)
        case events.Reminded() | Phoned() | Muted():  # worded where the clock rings
            return ()
        case _:
            assert_never(event)


def _urged(case: Case, unit: str, words: str, telling: Telling) -> tuple[Notice, ...]:
    more = f"\n{words}" if words else ""
    until = telling.when("办结")
    text = f"【催办】{head(case, telling.title)}{more}\n请尽快办理" + (
        f", 办结时限 {until}。" if until else "。"
    )
    post = f"{text}\n请私聊应用「督办」答复。"
    return (
        Notice(ToUnit(unit), text, "urge", "人工催办", Priority.REMINDER),
        Notice(ToGroup(unit), post, "urge-group", "人工催办通知到单位群", Priority.REMINDER),
    )
