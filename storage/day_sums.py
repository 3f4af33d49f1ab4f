"""Sums of days, kept ready: statistics of a year add up 366 rows instead of all its cases.

A day that changed since is counted from its facts until `bot.keeping_ready` has added it up anew:
what is read is the same in every case (`tests/storage/test_day_sums.py`).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypedDict, cast

from sqlalchemy import Connection, select

from cases.statistics.behind import Facts
from cases.statistics.facts import Counts
from cases.statistics.figures import DAY, OFFSET, day_of
from cases.statistics.sums import Packed, Slice, Sums, by_day, sliced, total, unpack
from storage.columns import dump_json, insert_or_replace
from storage.stale import Kind, StaleStore
from storage.statistics import Bounds, StatisticsStore
from storage.tables.kept import DAY_SUM


class _Part(TypedDict):
    """The sums of one level and one platform."""

    level: str
    platform: str
    sums: Packed


class _Row(TypedDict):
    """A row of the table."""

    unit: str
    day: int
    whole: Packed
    split: list[_Part]


@dataclass(frozen=True, slots=True)
class Counted:
    """A day as it was counted from its facts, with the marks that had asked for it."""

    day: int
    marks: list[int]
    slices: dict[Slice, Sums]


class DaySumStore:
    """The sums in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stale = StaleStore(connection)
        self._facts = StatisticsStore(connection)

    def days(self, bounds: Bounds, now: datetime) -> dict[int, Sums]:
        """What each day adds as things stand at `now`; days that add nothing may be missing.

        Args:
            bounds: whole days in Beijing.
            now: the moment by which what is awaited is overdue.
        """
        first, last = day_of(_seconds(bounds.start)), day_of(_seconds(bounds.end)) - 1
        stale = set(self._stale.which(Kind.DAY, first, last))
        found = {day: sums for day, sums in self._kept(bounds, first, last) if day not in stale}
        for begin, end in _runs(sorted(stale)):
            some = replace(bounds, start=_moment(begin), end=_moment(end + 1))
            found |= by_day(self._facts.facts(some, settled=True), _seconds(now))
        awaited = Facts((), (), self._facts.running(bounds), Counts({}, {}))
        for day, sums in by_day(awaited, _seconds(now)).items():
            found[day] = total((found.get(day, Sums()), sums))
        return found

    def count(self, day: int) -> Counted:
        """Count one day from its facts, for `keep` in this transaction or a later one."""
        marks = self._stale.marks(Kind.DAY, [day])
        found = self._facts.facts(Bounds(_moment(day), _moment(day + 1)), settled=True)
        ids = {case.id for case in (*found.cases, *found.closed)}
        ids |= {fact.case_id for fact in found.steps}
        involved = {case.id: case for case in self._facts.of_ids(ids)}
        return Counted(day, marks, sliced(found, involved, self._facts.parts_of(ids)))

    def keep(self, counted: Counted) -> None:
        """Keep a day as it was counted.

        Raises:
            ConcurrentChange: somebody else has counted it too.
        """
        self._stale.take(counted.marks)
        self._connection.execute(DAY_SUM.delete().where(DAY_SUM.c.day == counted.day))
        if rows := _rows(counted):
            put = insert_or_replace(self._connection, DAY_SUM, "unit", "day")
            self._connection.execute(put, rows)

    def is_kept(self, counted: Counted) -> bool:
        """Whether a day is kept just as it was counted."""
        mine = select(DAY_SUM.c.unit, DAY_SUM.c.whole, DAY_SUM.c.split)
        kept = self._connection.execute(mine.where(DAY_SUM.c.day == counted.day))
        found = {
            row[0]: {"unit": row[0], "day": counted.day, "whole": row[1], "split": row[2]}
            for row in kept
        }
        wanted = json.loads(dump_json({row["unit"]: row for row in _rows(counted)}))
        return bool(found == wanted)

    def kept_days(self) -> list[int]:
        """The days that are kept, in order."""
        days = select(DAY_SUM.c.day).distinct().order_by(DAY_SUM.c.day)
        return list(self._connection.execute(days).scalars())

    def _kept(self, bounds: Bounds, first: int, last: int) -> Iterator[tuple[int, Sums]]:
        is_split = bool(bounds.level or bounds.platform)
        wanted = select(DAY_SUM.c.day, DAY_SUM.c.split if is_split else DAY_SUM.c.whole).where(
            DAY_SUM.c.unit == bounds.unit, DAY_SUM.c.day >= first, DAY_SUM.c.day <= last
        )
        for day, kept in self._connection.execute(wanted):
            if is_split:
                yield day, total(_chosen(cast("list[_Part]", kept), bounds))
            else:
                yield day, unpack(cast("Packed", kept))


def _rows(counted: Counted) -> list[_Row]:
    units: dict[str, list[tuple[Slice, Sums]]] = {}
    for which, sums in sorted(counted.slices.items()):
        units.setdefault(which.unit, []).append((which, sums))
    return [
        {
            "unit": unit,
            "day": counted.day,
            "whole": total(sums for _, sums in parts).pack(),
            "split": [
                {"level": which.level, "platform": which.platform, "sums": sums.pack()}
                for which, sums in parts
            ],
        }
        for unit, parts in units.items()
    ]


def _chosen(parts: Iterable[_Part], bounds: Bounds) -> Iterator[Sums]:
    for part in parts:
        if bounds.level in ("", part["level"]) and bounds.platform in ("", part["platform"]):
            yield unpack(part["sums"])


def _runs(days: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of days that follow each other."""
    begin = None
    for nth, day in enumerate(days):
        begin = day if begin is None else begin
        if nth + 1 == len(days) or days[nth + 1] != day + 1:
            yield begin, day
            begin = None


def _moment(day: int) -> datetime:
    """Return the moment at which a day begins in Beijing."""
    return datetime.fromtimestamp(day * DAY - OFFSET, UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
