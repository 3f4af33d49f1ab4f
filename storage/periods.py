"""Special periods as rows: known beforehand or started in chat, and when they ended."""

from dataclasses import dataclass, fields
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from cases.special_periods import PeriodRules, SpecialPeriod
from storage.columns import is_new
from storage.states import ShiftSource
from storage.tables.duty import SPECIAL_PERIOD

_KEY = ("name", "starts_at")


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """A period to be kept; `turns` tells apart whether its rota has been edited."""

    name: str
    starts_at: datetime
    ends_at: datetime
    rules: PeriodRules
    turns: str
    source: ShiftSource
    by: str
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class KeptPeriod(SpecialPeriod):
    """A period as it is kept; `ended_by` where somebody ended it before its time."""

    source: ShiftSource
    turns: str
    ended_by: str | None


_ALL = select(SPECIAL_PERIOD).order_by(SPECIAL_PERIOD.c.starts_at, SPECIAL_PERIOD.c.id)


class PeriodStore:
    """The special periods in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._all: tuple[KeptPeriod, ...] | None = None  # asked for by every clock that rings

    def all(self) -> tuple[KeptPeriod, ...]:
        """All periods there have been and will be, the earliest first. There are few."""
        if self._all is None:
            self._all = tuple(_read(row) for row in self._connection.execute(_ALL))
        return self._all

    def get(self, period_id: int) -> KeptPeriod | None:
        """One period by its id."""
        return next((one for one in self.all() if one.id == period_id), None)

    def add(self, period: NewPeriod) -> KeptPeriod | None:
        """Keep a period; None where one of that name begins at that very moment already."""
        values = {
            field.name: getattr(period, field.name)
            for field in fields(period)
            if field.name != "rules"
        } | _columns(period.rules)
        self._all = None
        if not is_new(self._connection, SPECIAL_PERIOD, _KEY, values):
            return None
        return next(one for one in self.all() if _is(one, period))

    def change(
        self,
        period_id: int,
        ends_at: datetime,
        rules: PeriodRules,
        turns: str,
        *,
        said: bool = False,
    ) -> None:
        """It is otherwise now; `said`: in chat, so that the file decides of it no more."""
        source = {"source": ShiftSource.CHAT} if said else {}
        values: dict[str, object] = {"ends_at": ends_at, "turns": turns, **source}
        self._update(period_id, values | _columns(rules))

    def end(self, period_id: int, by: str, now: datetime) -> None:
        """Somebody ends it before its time."""
        self._update(period_id, {"ends_at": now, "ended_by": by})

    def drop(self, period_id: int) -> None:
        """It has not begun, and will not."""
        self._all = None
        gone = delete(SPECIAL_PERIOD).where(SPECIAL_PERIOD.c.id == period_id)
        self._connection.execute(gone)

    def _update(self, period_id: int, values: dict[str, object]) -> None:
        self._all = None
        changed = update(SPECIAL_PERIOD).where(SPECIAL_PERIOD.c.id == period_id)
        self._connection.execute(changed.values(**values))


def _is(one: KeptPeriod, period: NewPeriod) -> bool:
    return (one.name, one.starts_at) == (period.name, period.starts_at)


def _columns(rules: PeriodRules) -> dict[str, object]:
    return {
        "through_night": rules.through_night,
        "spacing": rules.spacing,
        "rounds": [f"{clock:%H:%M}" for clock in rules.rounds],
    }


def _read(row: Row[Any]) -> KeptPeriod:
    rounds = tuple(time.fromisoformat(text) for text in row.rounds)
    return KeptPeriod(
        id=row.id,
        name=row.name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        known_at=row.at,
        rules=PeriodRules(row.through_night, row.spacing, rounds),
        source=row.source,
        turns=row.turns,
        ended_by=row.ended_by,
    )
