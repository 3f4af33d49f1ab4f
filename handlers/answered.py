"""What has been answered already: by whom and when, for whoever answers it again."""

from cases import events
from cases.model import Case
from cases.wording.history import in_words
from cases.wording.moments import clock_time
from handlers.talk import Talk


def already(talk: Talk, case: Case, kinds: tuple[type[events.Event], ...]) -> str:
    """Return who settled it when, e.g. "007 已由周国华于 10:05 处理: 签批: 同意"; "" if nobody."""
    entries = [e for e in talk.work.cases.history(case.id) if isinstance(e.event, kinds)]
    if not entries:
        return ""
    last = entries[-1]
    who = talk.work.people.person(last.by)
    units = {unit.id: unit.name for unit in talk.work.people.units()}
    when = clock_time(last.at, talk.now)
    said = in_words(last.event, units)
    return f"{case.short_number} 已由{who.name if who else last.by}于 {when} 处理: {said}。"
