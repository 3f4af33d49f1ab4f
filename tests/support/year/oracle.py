"""What should have left: worked out from the list of commands and the rulebook's data alone."""

from dataclasses import dataclass, replace

from tests.support.year.book import Book, Leaving, Rung
from tests.support.year.courses import OFFICE, Clock, Courses, Order
from tests.support.year.script import Act, Deed
from tests.support.year.town import Town

FEW = 4  # so many reminders for one person at one moment are one digest
_INSTEAD = {"签批", "审核", "签发"}  # a silent leader's decision is put to the one above
_TOP = {1, 2}
_HELD_BACK = ("up-office", "up-leader", "up-chief")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder that has to reach one person at one moment."""

    case: int
    subject: tuple[str, int]
    step: str
    slot: str
    who: str
    at: int
    phase: int
    is_urgent: bool
    is_top: bool
    skipped: int = 0
    in_digest: bool = False


@dataclass(frozen=True, slots=True)
class _Beat:
    """What is said of one clock at one beat, and how many rungs it stands for."""

    at: Order
    rungs: tuple[Rung, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class _Said:
    """All that a clock has said until it ended, what is gone with it, and what comes next."""

    beats: list[_Beat]
    gone: set[str]
    coming: str | None


class Oracle:
    """Knows every reminder of one town until `end`."""

    def __init__(self, town: Town, book: Book, courses: Courses, end: int) -> None:
        self._town, self._book, self.courses, self._end = town, book, courses, end
        self._calls: dict[tuple[int, tuple[str, int], str], list[Act]] = {}
        self._mutes: dict[tuple[int, str], list[Act]] = {}
        self.quieted: list[Reminder] = []  # what would have been said but for a 免打扰
        for act in courses.script.acts:
            case = courses.script.ids.get(act.case, 0)
            if act.deed is Deed.PHONE:
                self._calls.setdefault((case, act.subject, act.step), []).append(act)
            elif act.deed is Deed.MUTE:
                self._mutes.setdefault((case, act.who), []).append(act)

    def reminders(self) -> list[Reminder]:
        """Return everything that had to leave, in the order of time."""
        found = [
            one
            for clock in self.courses.clocks
            for beat in self._said(clock).beats
            for one in self._reminders(clock, beat)
        ]
        return sorted(_digested(found), key=lambda one: (one.at, one.phase))

    def _said(self, clock: Clock) -> _Said:
        before = self._said(clock.goes_on) if clock.goes_on else None
        begins = clock.goes_on.ended if clock.goes_on else clock.counted
        ahead = self._ahead(clock, before, begins[0])
        beats, gone = [], set(before.gone) if before else set()
        while ahead:
            at = self._beat(ahead[0].at, begins)
            # What another ladder has made past, or a call has held, was not lost in a stop.
            is_held = clock.goes_on is not None and ahead[0].at <= begins[0]
            while call := self._call(clock, ahead[0].rung.slot, at):
                at, is_held = self._beat(call.until, begins), True
            if at >= clock.ended or at[0] >= self._end:
                break
            missed = [one for one in ahead if one.at <= at[0]]
            told = tuple(one.rung for one in missed if one.at == missed[-1].at)
            beats.append(_Beat(at, told, 0 if is_held else len(missed) - len(told)))
            gone.update(one.rung.slot for one in missed)
            ahead = ahead[len(missed) :]
        return _Said(beats, gone, ahead[0].rung.slot if ahead else None)

    def _call(self, clock: Clock, slot: str, at: Order) -> Act | None:
        """The call that keeps a rung from climbing at this moment (电话通知)."""
        if not slot.startswith(_HELD_BACK):
            return None
        calls = self._calls.get((clock.case, clock.subject, clock.step), [])
        holding = [one for one in calls if (one.at, one.phase) < at and one.until > at[0]]
        return holding[-1] if holding else None

    def _is_muted(self, clock: Clock, who: str, at: Order) -> bool:
        """Whether somebody has asked for quiet, which ends with the deadline (免打扰)."""
        if at[0] >= clock.due or self._book.rows[self.courses.level_at(clock.case, at[0])] in _TOP:
            return False
        asked = self._mutes.get((clock.case, who), [])
        return any((one.at, one.phase) < at and one.until > at[0] for one in asked)

    def _ahead(self, clock: Clock, before: _Said | None, now: int) -> list[Leaving]:
        """The rungs still to be said; on another ladder nothing twice, nothing long past."""
        counted, row = clock.counted[0], self._book.rows[clock.level]
        ladder = self._book.ladder(clock.level, clock.step)
        whole = self._book.leavings(ladder, row, counted, max(clock.due, counted))
        if before is None:
            return list(whole)
        slots = [one.rung.slot for one in whole]
        coming = slots.index(before.coming) if before.coming in slots else len(slots)
        return [
            one
            for nth, one in enumerate(whole)
            if one.rung.slot not in before.gone and (one.at >= now or nth >= coming)
        ]

    def _beat(self, leaves: int, begins: Order) -> Order:
        """When the engine looks: at the moment itself, or when it is back."""
        if leaves <= begins[0]:
            return (begins[0], begins[1] + 1)
        stop = self._town.stopped(leaves)
        return (stop.end if stop else leaves, 1)

    def _reminders(self, clock: Clock, beat: _Beat) -> list[Reminder]:
        is_top = self._book.rows[clock.level] in _TOP
        found = [
            Reminder(
                clock.case,
                clock.subject,
                clock.step,
                rung.slot,
                who,
                *beat.at,
                rung.is_urgent,
                is_top,
                beat.skipped if rung is beat.rungs[-1] else 0,
            )
            for rung in beat.rungs
            for who in self._people(clock, rung.audience, beat.at)
        ]
        self.quieted += [one for one in found if self._is_muted(clock, one.who, beat.at)]
        return [one for one in found if not self._is_muted(clock, one.who, beat.at)]

    def _people(self, clock: Clock, audience: str, at: Order) -> list[str]:
        town = self._town
        if clock.holder == OFFICE:  # the office itself has to act: its own people are reminded
            audience = {"联络员": "值班员", "副职": "舆情办主任", "单位分管领导": "舆情办主任"}.get(
                audience, audience
            )
        if audience == "值班员":
            return town.on_duty(at[0])
        if audience in {"联络员", "副职", "单位分管领导"}:
            unit = town.unit(clock.holder)
            who = {"联络员": unit.liaison, "副职": unit.deputy}.get(audience, unit.leader)
            return [who]
        role = {"办公室主任": "舆情办主任"}.get(audience, audience)
        if role == "分管领导" and self._is_put_higher(clock, at):
            role = "主要领导"
        return [town.holders[role]]

    def _is_put_higher(self, clock: Clock, at: Order) -> bool:
        """Whether the silent one is 分管领导 himself: then the one above is asked instead."""
        if clock.step not in _INSTEAD or self._book.approver[clock.level] != "分管领导":
            return False
        return not self.courses.is_text_awaited(clock.case, at)


def _digested(found: list[Reminder]) -> list[Reminder]:
    """Mark what is merged: four or more for one person at one beat, rows 3 and 4, no climbs."""
    groups: dict[tuple[str, int, int], int] = {}
    for one in found:
        if not one.is_urgent and not one.is_top:
            key = (one.who, one.at, one.phase)
            groups[key] = groups.get(key, 0) + 1
    return [
        replace(one, in_digest=True)
        if not one.is_urgent and not one.is_top and groups[one.who, one.at, one.phase] >= FEW
        else one
        for one in found
    ]
