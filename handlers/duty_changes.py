"""换班 and 请假: somebody takes another's shift, once he agrees."""

from datetime import date, datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing
from cases.duty import Shift
from cases.errors import RefusalError
from cases.notices import Choice
from cases.people import Person
from cases.permissions import LEADERS
from cases.wording.duty import stretch
from handlers import said, standing
from handlers.duty import DESK, Stretch, permit_desk, tell
from handlers.said import Slots
from handlers.talk import Talk
from storage.roster import NewChange
from storage.states import ChangeState

_FAR = timedelta(days=60)


def swap(talk: Talk, slots: Slots) -> str:
    """换班: a colleague takes the speaker's shift of that day; else he has to ask."""
    permit_desk(talk)
    other = _colleague(talk, said.text(slots, "with"))
    day = said.text(slots, "date")
    if not day:
        raise RefusalError("请写明哪天的班, 例如: 和李娜换11月21日的班")
    mine, theirs = _shift_on(talk, talk.person, day), _shift_on(talk, other, day)
    if mine is not None:
        return _ask(talk, "换班", other, Stretch(mine.starts_at, mine.ends_at))
    if theirs is None:
        raise RefusalError(f"{day} 值班表上没有您或{other.name}的班。")
    raise RefusalError(
        f"{day} 是{other.name}的班 ({stretch(theirs.starts_at, theirs.ends_at, talk.now)}), "
        f"请{other.name}来说: 和{talk.person.name}换{day}的班"
    )


def leave(talk: Talk, slots: Slots) -> str:
    """请假: somebody stands in for all shifts of the time, once he agrees."""
    if talk.person.is_any(*LEADERS):  # what a leader decides goes to who stands in for him
        return standing.leave(talk, slots)
    if not talk.person.is_any(*DESK):
        raise RefusalError(
            "值班以外的请假代办, 请由舆情办设置, 例如: 周国华11月21日到25日由王建平代签"
        )
    start, end = said.moment(slots, "start"), said.moment(slots, "end")
    if start is None or end is None:
        raise RefusalError("请写明从哪天到哪天, 例如: 我11月25日到11月26日请假, 由李娜代班")
    stand_in = said.text(slots, "stand_in")
    if not stand_in:
        raise RefusalError("请写明由谁代班, 例如: 我11月25日到11月26日请假, 由李娜代班")
    return _ask(talk, "请假", _colleague(talk, stand_in), Stretch(start, end))


def _ask(talk: Talk, kind: str, other: Person, when: Stretch) -> str:
    change = NewChange(
        kind,
        talk.person.userid,
        other.userid,
        when.start,
        when.end,
        ChangeState.PROPOSED,
        talk.person.userid,
        talk.now,
        talk.words,
    )
    number = talk.work.roster.propose(change)
    span = stretch(when.start, when.end, talk.now)
    text = f"【{kind}】{talk.person.name}请您代{span} 的班。\n原话: {talk.words[:60]}"
    choices = (
        Choice("同意", (f"接班 {number}",)),
        Choice("不同意", (f"不接班 {number}",)),
    )
    tell(talk, other, text, choices)
    return f"已请{other.name}确认代{span} 的班; 对方同意之前, 仍是您的班。"


def _colleague(talk: Talk, called: str) -> Person:
    others = [
        person
        for person in talk.work.people.people()
        if person.is_any(*DESK) and person.userid != talk.person.userid
    ]
    found = [person for person in others if called and called in (person.name, person.userid)]
    if len(found) == 1:
        return found[0]
    names = "、".join(person.name for person in others) or "(没有)"
    raise RefusalError(f"请写明和谁, 值班人员有: {names}; 例如: 和李娜换11月21日的班")


def _shift_on(talk: Talk, person: Person, day: str) -> Shift | None:
    begins = at_beijing(date.fromisoformat(day), time(0))
    if begins > talk.now + _FAR:
        return None
    ends: datetime = begins + timedelta(days=1)
    for shift in talk.work.roster.shifts(begins, ends):
        starts_then = in_beijing(shift.starts_at).date().isoformat() == day
        if shift.userid == person.userid and starts_then and shift.ends_at > talk.now:
            return shift
    return None
