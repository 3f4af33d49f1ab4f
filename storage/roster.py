"""The duty roster as rows: shifts, changes to them, zero reports of monitoring rounds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from cases.duty import Change, Shift
from storage.columns import columns_for, insert, is_new, read_as
from storage.states import ChangeState, ShiftSource
from storage.tables.cases import REPORT
from storage.tables.duty import SHIFT, SHIFT_CHANGE, SPECIAL_PERIOD, ZERO_REPORT


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change of shifts, proposed or (told by the one who leaves and stands in) agreed."""

    kind: str  # 交班, 换班, 请假
    leaves: str
    stands_in: str
    starts_at: datetime
    ends_at: datetime
    state: ChangeState
    by: str
    at: datetime
    words: str = ""
    agreed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptChange(NewChange):
    """A change of shifts as it is kept."""

    id: int = 0


HANDOVER = "交班"
_SHIFT_KEY = ("userid", "starts_at", "ends_at")
_CHANGES = columns_for(SHIFT_CHANGE, KeptChange)

_SHIFTS = (
    select(SHIFT, SPECIAL_PERIOD.c.name.label("period"))
    .select_from(SHIFT.outerjoin(SPECIAL_PERIOD, SPECIAL_PERIOD.c.id == SHIFT.c.period_id))
    .where(SHIFT.c.ends_at > bindparam("start"), SHIFT.c.starts_at < bindparam("end"))
    .order_by(SHIFT.c.starts_at, SHIFT.c.id)
)
_AGREED = select(SHIFT_CHANGE).where(
    SHIFT_CHANGE.c.ends_at > bindparam("start"),
    SHIFT_CHANGE.c.starts_at < bindparam("end"),
    SHIFT_CHANGE.c.state == ChangeState.AGREED,
    SHIFT_CHANGE.c.kind != HANDOVER,
)


class RosterStore:
    """The roster in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, shifts: Sequence[Shift], *, source: ShiftSource, by: str, at: datetime) -> int:
        """Keep shifts; return how many were not known. One known already stays as it was."""
        common = {"source": source, "by": by, "at": at}
        return sum(
            is_new(
                self._connection,
                SHIFT,
                _SHIFT_KEY,
                {"userid": one.userid, "starts_at": one.starts_at, "ends_at": one.ends_at} | common,
            )
            for one in shifts
        )

    def clear_roster(self, since: datetime) -> int:
        """Drop imported shifts that begin at or after `since`, before a new import."""
        gone = SHIFT.delete().where(
            SHIFT.c.source == ShiftSource.ROSTER,
            SHIFT.c.period_id.is_(None),
            SHIFT.c.starts_at >= since,
        )
        return self._connection.execute(gone).rowcount

    def drop(self, shifts: Sequence[Shift]) -> int:
        """Take shifts of the usual roster out, by who and when; return how many there were."""
        gone = 0
        for one in shifts:
            same = (
                SHIFT.c.userid == one.userid,
                SHIFT.c.starts_at == one.starts_at,
                SHIFT.c.ends_at == one.ends_at,
                SHIFT.c.source == ShiftSource.ROSTER,
                SHIFT.c.period_id.is_(None),
            )
            gone += self._connection.execute(SHIFT.delete().where(*same)).rowcount
        return gone

    def add_for_period(
        self, period_id: int, shifts: Sequence[Shift], *, by: str, at: datetime
    ) -> int:
        """Keep the shifts of a special period's own rota; return how many are new.

        One that the usual roster has in the same words becomes the period's.
        """
        common = {"source": ShiftSource.ROSTER, "by": by, "at": at, "period_id": period_id}
        added = 0
        for one in shifts:
            key = {"userid": one.userid, "starts_at": one.starts_at, "ends_at": one.ends_at}
            if is_new(self._connection, SHIFT, _SHIFT_KEY, key | common):
                added += 1
                continue
            same = [SHIFT.c[name] == value for name, value in key.items()]
            usual = update(SHIFT).where(*same, SHIFT.c.source == ShiftSource.ROSTER)
            self._connection.execute(usual.values(period_id=period_id))
        return added

    def clear_period(self, period_id: int, since: datetime) -> None:
        """End the shifts of a special period's rota at `since`; what has been stays."""
        mine = SHIFT.c.period_id == period_id
        self._connection.execute(SHIFT.delete().where(mine, SHIFT.c.starts_at >= since))
        running = update(SHIFT).where(mine, SHIFT.c.ends_at > since)
        self._connection.execute(running.values(ends_at=since))

    def shifts(self, start: datetime, end: datetime) -> list[Shift]:
        """The shifts that touch the time from `start` to `end`, the earliest first."""
        rows = self._connection.execute(_SHIFTS, {"start": start, "end": end})
        return [
            Shift(
                row.userid,
                row.starts_at,
                row.ends_at,
                said=row.source is ShiftSource.CHAT,
                id=row.id,
                period=row.period or "",
            )
            for row in rows
        ]

    def propose(self, change: NewChange) -> int:
        """Keep a change of shifts; return its id."""
        return insert(self._connection, SHIFT_CHANGE, asdict(change))

    def change(self, change_id: int) -> KeptChange | None:
        """A change by its id; nobody else decides it meanwhile."""
        wanted = select(*_CHANGES).where(SHIFT_CHANGE.c.id == change_id).with_for_update()
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else read_as(KeptChange, row)

    def proposed_to(self, userid: str, kind: str, now: datetime) -> list[int]:
        """The changes of a kind that wait for somebody's word and are not over, by their ids."""
        mine = select(SHIFT_CHANGE.c.id).where(
            SHIFT_CHANGE.c.stands_in == userid,
            SHIFT_CHANGE.c.kind == kind,
            SHIFT_CHANGE.c.state == ChangeState.PROPOSED,
            SHIFT_CHANGE.c.ends_at > now,
        )
        return list(self._connection.execute(mine.order_by(SHIFT_CHANGE.c.id)).scalars())

    def decide(self, change_id: int, state: ChangeState, now: datetime) -> bool:
        """Agree to or refuse a proposed change; False when that has been done before."""
        decided = update(SHIFT_CHANGE).where(
            SHIFT_CHANGE.c.id == change_id, SHIFT_CHANGE.c.state == ChangeState.PROPOSED
        )
        return self._connection.execute(decided.values(state=state, agreed_at=now)).rowcount == 1

    def changes(self, start: datetime, end: datetime) -> list[Change]:
        """The agreed swaps and leaves that touch the time from `start` to `end`, in order.

        Of a handover the shift of who took over is kept: it needs no following.
        """
        # Put in order here: asked to order, the database would walk all changes by their ids.
        found = self._connection.execute(_AGREED, {"start": start, "end": end})
        rows = sorted(found, key=lambda row: row.id)
        return [
            Change(row.kind, row.leaves, row.stands_in, row.starts_at, row.ends_at) for row in rows
        ]

    def zero_report(self, slot: str, userid: str, words: str, now: datetime) -> bool:
        """Keep a zero report of a round; False when there was one of this person."""
        values = {"slot": slot, "userid": userid, "at": now, "words": words}
        return is_new(self._connection, ZERO_REPORT, ("slot", "userid"), values)

    def zero_reporters(self, slot: str) -> frozenset[str]:
        """Who has reported for this round that there is nothing."""
        mine = select(ZERO_REPORT.c.userid).where(ZERO_REPORT.c.slot == slot)
        return frozenset(self._connection.execute(mine).scalars())

    def reporters_since(self, start: datetime, end: datetime) -> frozenset[str]:
        """Who has reported something from `start` to `end`."""
        mine = select(REPORT.c.reporter).where(REPORT.c.at >= start, REPORT.c.at <= end)
        return frozenset(self._connection.execute(mine).scalars())
