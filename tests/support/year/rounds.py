"""What has to be said at fixed times: the slots of every broadcast, and who hears one."""

import tomllib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.support.working_days import is_worked
from tests.support.year.courses import Courses
from tests.support.year.moments import DAY, HOUR, MINUTE, clock, day_of, midnight
from tests.support.year.periods import Period
from tests.support.year.script import Deed, Script
from tests.support.year.town import DUTY, Stop, Town

SHIPPED = Path(__file__).parents[3] / "config" / "broadcasts.toml"
FIRST, LAST = 60, 240  # seconds after the named slot (decision 14: 1-4 min)
_LATEST = 3 * HOUR
_OFFICE = ("舆情办主任", "值班员")
_TO = {
    "早报": _OFFICE,
    "晚报": (*_OFFICE, "管理员"),
    "周报": ("主要领导", "分管领导", "舆情办主任"),
    "月末提醒": ("舆情办主任",),
    "放假安排": ("管理员",),
    "超时预测": _OFFICE,
    "监测缺报": _OFFICE,
    "校园缺报": _OFFICE,
}
_MORE_IN_PERIODS = ("监测", "监测缺报")
_MISSING = {"监测缺报": "监测", "校园缺报": "校园监测"}
MAY_BE_SILENT = frozenset({"超时预测"})  # said where units have a history to judge by


@dataclass(frozen=True, slots=True)
class Slot:
    """One broadcast that has a time: it leaves between `first` and `last`, or not at all."""

    kind: str
    name: str
    at: int
    first: int
    last: int
    is_lost: bool  # a stop swallowed it: more than three hours late, or the next one has come
    may_be_lost: bool  # it depends on its very second, which the oracle does not know


class Rounds:
    """The broadcasts of a town."""

    def __init__(
        self, town: Town, courses: Courses, script: Script, span: tuple[date, int]
    ) -> None:
        self._town, self._courses = town, courses
        first, days = span
        self._slots = _slots(first, days, town.periods)
        self._looked = {kind: ats for kind, ats, _ in self._slots if "监测" in kind}
        self._schools = [unit.liaison for unit in town.schools]
        self._begin, self._end = midnight(first), midnight(first) + days * DAY
        self._zero = {
            (act.since, act.who): act.at + (act.phase > 1)  # phase 2: after the beat
            for act in script.acts
            if act.deed is Deed.ZERO
        }
        self._reported: dict[str, list[int]] = {}
        for act in script.acts:
            if act.deed is Deed.REGISTER:
                self._reported.setdefault(act.who, []).append(act.at + (act.phase > 1))

    def slots(self) -> list[Slot]:
        """Return every slot of the time, with when it may leave."""
        return [
            one
            for kind, ats, after in self._slots
            for nth, at in enumerate(ats)
            if at > self._begin and (one := self._slot(kind, ats, nth, after)).last < self._end
        ]

    def hearers(self, slot: Slot, moment: int) -> set[str]:
        """Return who hears the slot when it leaves at `moment`; nobody where nothing is to say."""
        asked = {"监测": self._town.informants, "校园监测": self._schools}
        if slot.kind in asked:
            return set(asked[slot.kind])
        if slot.kind == "督办日报":
            return self._of_top_grades(moment)
        if slot.kind in _MISSING and not self._absent(slot, moment, asked[_MISSING[slot.kind]]):
            return set()
        if slot.kind == "放假安排" and day_of(moment).month < 11:
            return set()
        return self._holders(_TO[slot.kind], moment)

    def periods(self) -> list[tuple[str, int, set[str]]]:
        """What is told of special periods: under which name, from when on, to whom."""
        roles = (*_OFFICE, "分管领导", "主要领导", "管理员")
        people = {self._town.holders[role] for role in roles if role != "值班员"} | set(DUTY)
        return [
            (f"{period.nth}|{what}", at, people | (watch if period.rounds else set()))
            for period in self._town.periods
            for watch in [set(self._town.informants)]
            for what, at in period.told()
            if self._begin < at < self._end
        ]

    def stops(self) -> list[tuple[Stop, set[str]]]:
        """Return every stop that ends in time, and who is told afterwards what it has cost."""
        return [
            (stop, self._holders((*_OFFICE, "管理员"), stop.end))
            for stop in self._town.stops
            if stop.end < self._end
        ]

    def after(self, moment: int) -> int:
        """When the engine is there again after a moment."""
        stop = self._town.stopped(moment)
        return stop.end if stop else moment

    def _of_top_grades(self, moment: int) -> set[str]:
        """Of cases of row 1 the office hears daily, and the leaders the rulebook names for them."""
        told = self._courses.told_of_top_grades((moment, 1))
        leaders = [role for role in ("分管领导", "主要领导") if role in told]
        return self._holders((*_OFFICE, *leaders), moment) if told else set()

    def _holders(self, roles: tuple[str, ...], moment: int) -> set[str]:
        desk = set(self._town.on_duty(moment)) if "值班员" in roles else set()
        return desk | {self._town.holders[role] for role in roles if role != "值班员"}

    def _slot(self, kind: str, ats: list[int], nth: int, after: int) -> Slot:
        at = ats[nth]
        first, last = at + after + FIRST, at + after + LAST
        name = f"{day_of(at)} {at % DAY // HOUR:02}:{at % HOUR // MINUTE:02}"
        early, late = self._town.stopped(first), self._town.stopped(last)
        following = ats[nth + 1] if nth + 1 < len(ats) else 1 << 60
        is_lost = may_be_lost = False
        stop = late or early
        if stop is not None:
            is_passed, is_inside = following <= stop.end, early is not None and late is not None
            may_be_lost = is_passed or stop.end - first > _LATEST
            is_lost = is_inside and (is_passed or stop.end - last > _LATEST)
            first = stop.end if early else first
            last = stop.end if late else last
        return Slot(kind, name, at, first, max(first, last), is_lost, may_be_lost)

    def _absent(self, slot: Slot, moment: int, asked: list[str]) -> set[str]:
        """Who of those who look has said nothing since the round before, or since midnight."""
        midday = slot.at - slot.at % DAY
        looked = self._looked[_MISSING[slot.kind]]
        earlier = looked[: bisect_left(looked, slot.at)]
        since = max([midday, *earlier[-1:]])
        return {
            who
            for who in asked
            if self._zero.get((slot.at, who), 1 << 60) > moment
            and not self._has_reported(who, since, moment)
        }

    def _has_reported(self, who: str, since: int, until: int) -> bool:
        ats = self._reported.get(who, [])
        return bisect_right(ats, until) > bisect_left(ats, since)


def _written() -> dict[str, dict[str, object]]:
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


def _slots(first: date, days: int, periods: tuple[Period, ...]) -> list[tuple[str, list[int], int]]:
    found = []
    for kind, written in _written().items():
        times, after = written["times"], written.get("minutes_after", 0)
        assert isinstance(times, list)
        assert isinstance(after, int)
        ats = [
            midnight(day) + clock(text)
            for day in (first + timedelta(days=nth) for nth in range(days + 40))
            if _is_day(str(written["days"]), day)
            for text in times
        ]
        if kind in _MORE_IN_PERIODS:
            ats = sorted({*ats, *(at for period in periods for at in _more(period))})
        found.append((kind, ats, after * MINUTE))
    return found


def _more(period: Period) -> list[int]:
    """The rounds that a special period adds."""
    return [day + at for day in range(period.begin, period.end, DAY) for at in period.rounds]


def _is_day(said: str, day: date) -> bool:
    if said == "每天":
        return True
    if said == "周一":
        return day.isoweekday() == 1
    if said == "工作日":
        return is_worked(day)
    later = [day + timedelta(days=nth) for nth in range(1, 31)]
    return is_worked(day) and not any(is_worked(one) for one in later if one.month == day.month)
