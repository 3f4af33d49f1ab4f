"""Who is on duty at a moment, and why: shifts, what was said in chat, and who stands in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from cases.beijing import at_beijing, say_moment

_LOOK_AHEAD = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody is on duty from `starts_at` up to, not including, `ends_at`."""

    userid: str
    starts_at: datetime
    ends_at: datetime
    said: bool = False  # said in chat: wins over the roster for its time
    id: int = 0  # a later one wins over an earlier one of the same kind
    period: str = ""  # of the rota of a special period (汛期): wins over the roster for its time

    def covers(self, moment: datetime) -> bool:
        """Whether the moment lies in the shift."""
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class Change:
    """`stands_in` is on duty instead of `leaves`; a later change goes on from an earlier one."""

    kind: str  # 交班, 换班, 请假
    leaves: str
    stands_in: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty, and how that was found, in Chinese."""

    userid: str
    why: str


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns day by day, each from `start` to `end` (the next day if not later)."""

    people: tuple[str, ...]
    first: date
    last: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Gap:
    """A time within the roster in which nobody is on duty."""

    starts_at: datetime
    ends_at: datetime


def on_duty(
    moment: datetime, shifts: Iterable[Shift], changes: Iterable[Change]
) -> tuple[OnDuty, ...]:
    """Return who is on duty at `moment`, one entry per person; empty where nobody is.

    What was said in chat wins over the roster; among what was said the last one. The rota of a
    special period wins over the usual roster. Changes are followed in the order in which they
    were agreed.
    """
    covering = [shift for shift in shifts if shift.covers(moment)]
    said = [shift for shift in covering if shift.said]
    special = [shift for shift in covering if shift.period]
    chosen = [max(said, key=lambda shift: shift.id)] if said else special or covering
    changes = tuple(changes)
    found: dict[str, OnDuty] = {}
    for shift in chosen:
        one = _effective(shift, moment, changes)
        found.setdefault(one.userid, one)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Watch:
    """From `starts_at` up to, not including, `ends_at` these people are on duty."""

    userids: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


def watches(
    start: datetime, end: datetime, shifts: Sequence[Shift], changes: Sequence[Change]
) -> tuple[Watch, ...]:
    """Return who is on duty when from `start` to `end`, what was said and agreed followed.

    A time in which nobody is on duty is left out; the last watch goes on to its own end.
    """
    starts = [one.starts_at for one in shifts] + [one.starts_at for one in changes]
    ends = [one.ends_at for one in shifts] + [one.ends_at for one in changes]
    moments = [start, *sorted({one for one in starts + ends if one > start})]
    found: list[Watch] = []
    for since, until in pairwise(moments):
        people = tuple(one.userid for one in on_duty(since, shifts, changes))
        before = found[-1] if found else None
        if before is not None and before.userids == people and before.ends_at == since:
            found[-1] = replace(before, ends_at=until)
        elif people and since < end:
            found.append(Watch(people, since, until))
    return tuple(found)


def _effective(shift: Shift, moment: datetime, changes: Sequence[Change]) -> OnDuty:
    userid = shift.userid
    source = "本人在聊天中报值班" if shift.said else f"{shift.period}值班表"
    why = f"{source} {say_moment(shift.starts_at)} 至 {say_moment(shift.ends_at)}"
    for change in changes:
        if change.leaves == userid and change.starts_at <= moment < change.ends_at:
            userid = change.stands_in
            why += f"; {change.kind}, 自 {say_moment(change.starts_at)} 由他人接替"
    return OnDuty(userid, why)


def expand(rotation: Rotation) -> tuple[Shift, ...]:
    """Return every shift of the rotation; days without anybody there are none."""
    days = (rotation.last - rotation.first).days + 1
    overnight = timedelta(days=1) if rotation.end <= rotation.start else timedelta()
    shifts = []
    for nth in range(days):
        day = rotation.first + timedelta(days=nth)
        starts_at = at_beijing(day, rotation.start)
        ends_at = at_beijing(day + overnight, rotation.end)
        shifts.append(Shift(rotation.people[nth % len(rotation.people)], starts_at, ends_at))
    return tuple(shifts)


def gaps(shifts: Iterable[Shift], now: datetime, ahead: timedelta = _LOOK_AHEAD) -> tuple[Gap, ...]:
    """Return when nobody is on duty from `now` to `ahead` after it.

    A gap at hand begins where the last shift ended, so that the same gap is the same gap
    whenever one looks. An institution without any shift has no roster, and so no gap.
    """
    ordered = sorted(shifts, key=lambda shift: shift.starts_at)
    if not ordered:
        return ()
    ends = now + ahead
    past = [shift.ends_at for shift in ordered if shift.ends_at <= now]
    reached = max(past, default=now)
    found: list[Gap] = []
    for shift in ordered:
        if shift.ends_at <= now:
            continue
        if shift.starts_at >= ends:
            break
        if shift.starts_at > reached and shift.starts_at > now:
            found.append(Gap(reached, shift.starts_at))
        reached = max(reached, shift.ends_at)
    if reached < ends:
        found.append(Gap(reached, ends))
    return tuple(found)
