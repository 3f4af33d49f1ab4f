"""Planted sins: a log spoilt in one way, to see that the judge says so before it is believed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.support.year.engine import Played
from tests.support.year.judge import A_MINUTE, Judge, Said, reminders_in
from tests.support.year.moments import HOUR, MINUTE
from tests.support.year.oracle import Reminder
from tests.support.year.recorder import Left
from tests.support.year.script import Deed

Sin = Callable[[Played, Judge], Played]


class NotCaughtError(Exception):
    """The judge overlooked a planted sin: believe nothing."""


def prove(played: Played, judge: Judge) -> list[str]:
    """Plant every sin by itself; return those for which the log gave occasion: all were found.

    Raises:
        NotCaughtError: one was overlooked.
    """
    before = {(fault.sin, fault.where) for fault in judge.look(played).faults}
    caught = []
    for name, plant in SINS.items():
        try:
            spoilt = plant(played, judge)
        except StopIteration:
            continue
        after = {(fault.sin, fault.where) for fault in judge.look(spoilt).faults}
        if not any(sin == name.partition(" (")[0] for sin, _ in after - before):
            raise NotCaughtError(name)
        caught.append(name)
    return caught


def _lost(played: Played, judge: Judge) -> Played:
    del judge
    place = _single(played)[-1].place
    return _without(played, {place})


def _doubled(played: Played, judge: Judge) -> Played:
    del judge
    one = played.left[_single(played)[0].place]
    return _with(played, replace(one, at=one.at + 1))


def _early(played: Played, judge: Judge) -> Played:
    del judge
    return _moved(played, _single(played)[0], -MINUTE)


def _late(played: Played, judge: Judge) -> Played:
    del judge
    return _moved(played, _single(played)[0], 20 * MINUTE)


def _after_closure(played: Played, judge: Judge) -> Played:
    one = next(said for said in _single(played) if judge.ended(said.key[0]))
    left = played.left[one.place]
    return _with(played, replace(left, at=judge.ended(one.key[0]) + MINUTE))


def _wrong_order(played: Played, judge: Judge) -> Played:
    del judge
    first, second = _neighbours(played)[:2]
    left = list(played.left)
    one, other = left[first.place], left[second.place]
    left[first.place], left[second.place] = (
        replace(one, key=other.key),
        replace(other, key=one.key),
    )
    return replace(played, left=left)


def _missing_rung(played: Played, judge: Judge) -> Played:
    del judge
    return _without(played, {_neighbours(played)[1].place})


def _past_the_ceiling(played: Played, judge: Judge) -> Played:
    last = next(
        one
        for one in _single(played)
        if one.key[4] == "late-2" and not 0 < judge.ended(one.key[0]) <= one.at + HOUR
    )
    left = played.left[last.place]
    third = replace(left, key=left.key.replace("late-2", "late-3"), at=left.at + MINUTE)
    return _with(played, third)


def _past_the_members_ceiling(played: Played, judge: Judge) -> Played:
    del judge
    one = next(left for left in played.left if left.channel == "app")
    return replace(played, left=[*played.left, *[replace(one, key="x|")] * (A_MINUTE + 1)])


def _all_missed_rungs(played: Played, judge: Judge) -> Played:
    """After a stop every rung missed is sent, instead of the latest one.

    Of a case that goes on: of one that has ended (跟踪) it would be a sin of another name.
    """
    caught_up = next(
        one
        for one in judge.expected
        if one.skipped and not one.in_digest and not 0 < judge.ended(one.case) <= one.at
    )
    place = next(
        said.place for said in _single(played) if _is(said, caught_up) and said.at == caught_up.at
    )
    left = played.left[place]
    return _with(played, replace(left, key=left.key.replace(caught_up.slot, "before-9")))


def _slot_lost(played: Played, judge: Judge) -> Played:
    del judge
    slot = next(one.key for one in played.left if one.key.startswith("broadcast|早报"))
    return _without(played, {n for n, one in enumerate(played.left) if one.key == slot})


def _slot_doubled(played: Played, judge: Judge) -> Played:
    del judge
    slot = next(one for one in played.left if one.key.startswith("broadcast|早报"))
    return _with(played, slot)


def _silence_after_a_stop(played: Played, judge: Judge) -> Played:
    del judge
    place = next(n for n, one in enumerate(played.left) if one.key.startswith("outage|"))
    return _without(played, {place})


def _digest_short_of_a_line(played: Played, judge: Judge) -> Played:
    del judge
    place = next(n for n, one in enumerate(played.left) if one.key.startswith("digest|"))
    left = list(played.left)
    lines = left[place].text.splitlines()
    left[place] = replace(left[place], text="\n".join([lines[0], *lines[2:]]))
    return replace(played, left=left)


def _two_digests(played: Played, judge: Judge) -> Played:
    del judge
    return _with(played, next(one for one in played.left if one.key.startswith("digest|")))


def _held_by_a_call_yet_sent(played: Played, judge: Judge) -> Played:
    """A rung climbs though whoever is late has been called (电话通知)."""
    call = next(act for act in judge.acts(Deed.PHONE))
    climb = next(
        said
        for said in _single(played)
        if said.key[4].startswith(("up-office", "up-leader", "up-chief"))
        and said.key[3] == call.step
        and judge.case_of(call) == said.key[0]
        and said.at >= call.until
    )
    left = list(played.left)
    left[climb.place] = replace(left[climb.place], at=call.at + MINUTE)
    return replace(played, left=left)


def _told_though_quiet_was_asked_for(played: Played, judge: Judge) -> Played:
    (case, subject, nth, step, slot, who), at = next(iter(judge.quieted.items()))
    number = f"{subject}.{case}" if subject == "case" else f"{subject}.{case}{nth:03}"
    key = f"timer|{number}|remind-{slot}|{step}.{slot}|{who}|1"
    one = played.left[_single(played)[0].place]
    return _with(played, replace(one, key=key, recipient=who, at=at))


def _period_not_told(played: Played, judge: Judge) -> Played:
    del judge
    place = next(n for n, one in enumerate(played.left) if one.key.startswith("period|"))
    return _without(played, {place})


SINS: dict[str, Sin] = {
    "lost": _lost,
    "doubled": _doubled,
    "early": _early,
    "late": _late,
    "after closure": _after_closure,
    "wrong order": _wrong_order,
    "missing rung": _missing_rung,
    "ceiling (of a ladder)": _past_the_ceiling,
    "ceiling (of a person)": _past_the_members_ceiling,
    "not asked for (more than the latest missed)": _all_missed_rungs,
    "slot lost": _slot_lost,
    "slot doubled": _slot_doubled,
    "outage (somebody not told)": _silence_after_a_stop,
    "digest (a line short)": _digest_short_of_a_line,
    "digest (two at once)": _two_digests,
    "early (climbed over a 电话通知)": _held_by_a_call_yet_sent,
    "muted (told though quiet was asked for)": _told_though_quiet_was_asked_for,
    "period (somebody not told)": _period_not_told,
}


def _single(played: Played) -> list[Said]:
    return [said for said in reminders_in(played) if said.text]


def _is(said: Said, one: Reminder) -> bool:
    return said.key == (one.case, *one.subject, one.step, one.slot, one.who)


def _neighbours(played: Played) -> list[Said]:
    """Three reminders of one clock for one person each, at three moments."""
    of_clock: dict[object, list[Said]] = {}
    for said in _single(played):
        mine = of_clock.setdefault(said.key[:4], [])
        mine.append(said)
    return next(_threes(of_clock.values()))


def _threes(clocks: object) -> Iterator[list[Said]]:
    for mine in clocks:  # type: ignore[attr-defined]
        slots = [said.key[4] for said in mine]
        if len(mine) >= 3 and len(set(slots)) == len(slots):
            yield mine[:3]


def _without(played: Played, places: set[int]) -> Played:
    left = [one for place, one in enumerate(played.left) if place not in places]
    return replace(played, left=left)


def _with(played: Played, more: Left) -> Played:
    return replace(played, left=[*played.left, more])


def _moved(played: Played, said: Said, seconds: int) -> Played:
    left = list(played.left)
    left[said.place] = replace(left[said.place], at=said.at + seconds)
    return replace(played, left=left)
