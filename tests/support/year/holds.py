"""What holds reminders: 电话通知 made, 免打扰 asked for.

Thrown after all else is written, because whom one calls depends on who is late. Neither moves a
clock, so the courses of the cases stay as they are.
"""

import random
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.support.year.book import Book
from tests.support.year.courses import OFFICE, Clock, Courses
from tests.support.year.moments import DAY, HOUR, MINUTE
from tests.support.year.oracle import Oracle
from tests.support.year.script import Act, Deed, Script
from tests.support.year.town import Town

CALL_HOLDS = 30 * MINUTE
_HELD = frozenset({"首报", "续报", "办结", "发布"})
_CALLED, _MUTED = 0.6, 0.1  # of those who could be
_TOP = {1, 2}


def with_holds(town: Town, book: Book, script: Script, *, end: int, seed: int) -> Script:
    """The script with calls and requests for quiet among its commands."""
    dice = random.Random(seed + 77)  # noqa: S311 - a play, to be repeated from its seed
    courses = Courses(book, script)
    oracle = Oracle(town, book, courses, end)
    more = [
        *_calls(town, dice, courses, oracle, script),
        *_mutes(town, book, dice, courses, script),
    ]
    return replace(script, acts=_among(script.acts, (act for act in more if act.at < end)))


def _calls(
    town: Town, dice: random.Random, courses: Courses, oracle: Oracle, script: Script
) -> Iterator[Act]:
    """Who is asked to call mostly does so, a little later."""
    cases = {nth: case for case, nth in script.ids.items()}
    asked: set[tuple[int, str, int]] = set()
    for one in oracle.reminders():
        key = (one.case, one.step, one.at)
        if not one.slot.startswith("phone-") or key in asked or dice.random() > _CALLED:
            continue
        asked.add(key)
        at = one.at + dice.randrange(MINUTE, 25 * MINUTE)
        late = [clock for clock in courses.running(one.case, at) if clock.due <= at]
        meant = [
            clock for clock in late if (*clock.subject, clock.step) == (*one.subject, one.step)
        ]
        if town.stopped(at) or not meant:
            continue
        whom = _called(town, meant[0])
        known = [clock for clock in late if _answers(town, clock, whom)]
        # Whose clock is meant where one person has two is another question.
        if len(known) == 1:
            text = f"{{n}} 已电话通知{town.names[whom]}"
            until = at + CALL_HOLDS
            who = town.on_duty(at)[0]
            yield Act(
                at,
                who,
                Deed.PHONE,
                text,
                cases[one.case],
                until=until,
                subject=one.subject,
                step=one.step,
            )


def _mutes(
    town: Town, book: Book, dice: random.Random, courses: Courses, script: Script
) -> Iterator[Act]:
    """Now and then a liaison asks for quiet, until a moment or until the deadline."""
    cases = {nth: case for case, nth in script.ids.items()}
    for clock in courses.clocks:
        if clock.holder == OFFICE or clock.step not in _HELD or dice.random() > _MUTED:
            continue
        at = clock.counted[0] + int((clock.due - clock.counted[0]) * dice.random() * 0.9) + 1
        running = courses.running(clock.case, at)
        mine = [one for one in running if one.holder == clock.holder and one.due > at]
        is_top = book.rows[courses.level_at(clock.case, at)] in _TOP
        if town.stopped(at) or is_top or clock not in mine:
            continue
        due, text = min(one.due for one in mine), "{n} 免打扰"
        until = due
        hour = at % DAY // HOUR + 2
        if dice.random() < 0.5 and hour < 22:
            text += f"到 {hour:02}:00"
            until = min(at - at % DAY + hour * HOUR, due)
        who = town.unit(clock.holder).liaison
        yield Act(at, who, Deed.MUTE, text, cases[clock.case], until=until)


def _called(town: Town, clock: Clock) -> str:
    if clock.holder == OFFICE:
        return town.holders["舆情办主任"]
    return town.unit(clock.holder).liaison


def _answers(town: Town, clock: Clock, who: str) -> bool:
    """Whether the person could be meant as the one who is late with this clock."""
    if clock.holder == OFFICE:
        return who == town.holders["舆情办主任"]
    unit = town.unit(clock.holder)
    return who in {unit.liaison, unit.deputy, unit.leader}


def _among(acts: tuple[Act, ...], more: Iterable[Act]) -> tuple[Act, ...]:
    """All in the order of time; what is added at a moment already taken comes after it."""
    ordered = list(acts)
    for act in sorted(more, key=lambda one: one.at):
        ordered.insert(bisect_right(ordered, (act.at, 9), key=lambda o: (o.at, o.phase)), act)
    return tuple(ordered)
