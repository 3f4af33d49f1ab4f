"""Everything that is said in a town over some weeks or a year: cases, rounds, swaps and leave."""

import random
from dataclasses import replace
from datetime import date

from tests.support.year.book import Book
from tests.support.year.holds import with_holds
from tests.support.year.lives import Plot
from tests.support.year.moments import DAY, HOUR, MINUTE, clock, day_of, midnight
from tests.support.year.script import Act, Deed, Script, arrange
from tests.support.year.town import DUTY, Swap, Town

ROUNDS = ("10:00", "16:00", "21:00")
SCHOOL_ROUNDS = ("08:00", "12:30", "20:00")
_WITHIN = 10 * MINUTE  # six new cases within it make a list, which is another story
_AT_MOST = 4


def write(  # noqa: PLR0913 - what is to be played
    town: Town, book: Book, *, cases: int, first: date, days: int, seed: int
) -> Script:
    """Write the script; the swaps that will hold are noted in the town."""
    dice = random.Random(seed)  # noqa: S311 - a play, to be repeated from its seed
    begin, end = midnight(first), midnight(first) + days * DAY
    plot = Plot(town, book, dice)
    acts: list[Act] = []
    rainy = {day for day in range(begin, end, DAY) if dice.random() < 1 / 9}
    for case, at in enumerate(_arrivals(town, dice, cases, range(begin, end, DAY), rainy)):
        acts += plot.life(case, at, is_rainy=at - at % DAY in rainy)
    for nth in range(days):
        acts += _zero_reports(town, dice, begin + nth * DAY)
    acts += _swaps(town, dice, begin, end)
    script = arrange(acts, town, end)
    _note(town, script)
    return with_holds(town, book, script, end=end, seed=seed)


def _arrivals(
    town: Town, dice: random.Random, cases: int, days: range, rainy: set[int]
) -> list[int]:
    """When cases are reported: by day mostly, many on a rainy day, never a storm of its own."""
    weights = [7 if day in rainy else 1 for day in days]
    found: list[int] = []
    while len(found) < cases:
        day = dice.choices(days, weights=weights)[0]
        hour = dice.choices(range(24), weights=[1] * 7 + [4] + [10] * 11 + [6] * 3 + [3] * 2)[0]
        found.append(day + hour * HOUR + dice.randrange(HOUR))
    found.sort()
    kept: list[int] = []
    heard: list[int] = []  # after a stop all that was said is heard at once
    for at in found:
        moment = at
        while sum(one > _heard(town, moment) - _WITHIN for one in heard[-_AT_MOST:]) >= _AT_MOST:
            moment += 3 * MINUTE
        kept.append(moment)
        heard.append(_heard(town, moment))
    return kept


def _heard(town: Town, moment: int) -> int:
    stop = town.stopped(moment)
    return stop.end if stop else moment


def _zero_reports(town: Town, dice: random.Random, day: int) -> list[Act]:
    """Who looks says so within a quarter of an hour, or late, or forgets it."""
    acts = []
    schools = [unit.liaison for unit in town.schools]
    more = [at for p in town.periods if p.begin <= day < p.end for at in p.rounds]
    rounds = [*ROUNDS, *(f"{at // HOUR:02}:{at % HOUR // MINUTE:02}" for at in more)]
    asked = [(text, who) for text in rounds for who in town.informants]
    asked += [(text, who) for text in SCHOOL_ROUNDS for who in schools]
    for text, who in asked:
        fate, at = dice.random(), day + clock(text)
        if fate < 0.15:
            continue
        away = dice.randrange(MINUTE, 14 * MINUTE) if fate < 0.9 else 25 * MINUTE
        acts.append(Act(at + away, who, Deed.ZERO, f"{text}轮零报告", since=at))
    return acts


def _swaps(town: Town, dice: random.Random, begin: int, end: int) -> list[Act]:
    """Every few days somebody of the desk swaps a shift, or takes two days off."""
    acts: list[Act] = []
    for nth, day in enumerate(range(begin + DAY, end - 8 * DAY, 4 * DAY), start=1):
        at = day + 9 * HOUR + dice.randrange(6 * HOUR)
        shift = next(s for s in town.shifts if s.begin > at + (2 + dice.randrange(3)) * DAY)
        date_meant = day_of(shift.begin)
        same_day = {s.userid for s in town.shifts if day_of(s.begin) == date_meant}
        other = dice.choice([who for who in DUTY if who not in same_day])
        said = f"{date_meant.month}月{date_meant.day}日"
        if nth % 3 == 0:
            since = midnight(date_meant)
            until = since + 2 * DAY
            last = day_of(until - DAY)
            text = f"我{said}到{last.month}月{last.day}日请假,由{DUTY[other]}代班"
        else:
            since, until = shift.begin, shift.end
            text = f"和{DUTY[other]}换{said}的班"
        acts.append(Act(at, shift.userid, Deed.ASK_SWAP, text, unit=other))
        if dice.random() < 0.85:
            yes = at + dice.randrange(10 * MINUTE, 8 * HOUR)
            agreed = Act(yes, other, Deed.SWAP, f"接班 {nth}", unit=shift.userid)
            acts.append(replace(agreed, since=since, until=until))
    return acts


def _note(town: Town, script: Script) -> None:
    agreed = [act for act in script.acts if act.deed is Deed.SWAP]
    by_number = sorted(agreed, key=lambda act: int(act.text.rsplit(" ", 1)[1]))
    town.swaps = [Swap(a.at, a.unit, a.who, a.since, a.until) for a in by_number]
