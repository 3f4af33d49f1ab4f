"""What must hold after each step, I1 to I10 of the promises, asked of the database itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bench.model.world import World
from cases.folding import fold
from cases.model import Case

_SLACK = timedelta(seconds=5)
_REMINDERS = (
    "SELECT o.key, o.sent_at, c.ended_at, c.state, o.generation, c.generation FROM outbox o"
    " JOIN clock c ON c.id = o.clock_id WHERE o.state = 'sent'"
)


class BrokenError(AssertionError):
    """An invariant does not hold."""


class Watch:
    """Looks at a world after each step; remembers how it was."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cases: dict[int, tuple[Case, int]] = {}
        self._keys = 0
        self._audited = 0
        self.looks = 0

    def look(self, *, thorough: bool = True) -> None:
        """Raise BrokenError if anything is not as it must be."""
        self.looks += 1
        if not self._world.is_out:
            self._kept_and_carried_out()
            self._nothing_left_undone()
        self._reminders()
        self._each_once()
        self._fenced()
        self._conserved()
        self._histories()
        if thorough:
            self._audit()

    def _none(self, promise: str, query: str, **values: object) -> None:
        if found := self._world.rows(query, **values):
            raise BrokenError(f"{promise}: {found[:3]}")

    def _kept_and_carried_out(self) -> None:
        """I1: what was answered 200 is in the inbox, once, and carried out."""
        kept = {str(row[0]): row[1] for row in self._world.rows("SELECT key, state FROM inbox")}
        if kept.keys() != self._world.acked:
            raise BrokenError(f"I1: {kept.keys() ^ self._world.acked}")
        undone = {key: state for key, state in kept.items() if state != "done"}
        # What was kept in an outage of more than ten minutes is as fresh as when it came.
        if undone:
            raise BrokenError(f"I1: not carried out: {undone}")

    def _nothing_left_undone(self) -> None:
        """I2, I9: nothing due waits, nothing is claimed, the lifeboat is empty."""
        now = self._stamp(self._world.now)
        self._none(
            "I2: due and not rung",
            "SELECT kind, slot, leaves_at FROM timer WHERE state = 'pending' AND leaves_at <= :now",
            now=now,
        )
        self._none("I9: still claimed", "SELECT key FROM outbox WHERE state = 'claimed'")
        self._none("timer aside", "SELECT kind, slot, reason FROM timer WHERE state = 'aside'")

    def _reminders(self) -> None:
        """I3, I7: no reminder after its clock has ended, none before its time."""
        for key, sent, ended, _state, generation, current in self._world.rows(_REMINDERS):
            if ended is not None and _moment(sent) > _moment(ended) + _SLACK:
                raise BrokenError(f"I3: {key} left {sent}, its clock ended {ended}")
            if isinstance(generation, int) and isinstance(current, int) and generation > current:
                raise BrokenError(f"I3: {key} is of generation {generation} of {current}")
        self._none(
            "I3: a clock runs on a case that has ended",
            "SELECT c.id, f.number FROM clock c JOIN case_file f ON f.id = c.case_id"
            " WHERE c.state = 'running' AND f.state IN"
            " ('closed', 'archived', 'withdrawn', 'merged', 'refused')",
        )
        self._none(
            "I3: a timer waits for a clock that has ended",
            "SELECT t.id, t.slot, c.step FROM timer t JOIN clock c ON c.id = t.clock_id"
            " WHERE t.state = 'pending' AND c.state <> 'running'",
        )
        self._none(
            "I7: rung early",
            "SELECT id, kind, slot FROM timer WHERE state = 'fired' AND fired_at < leaves_at",
        )
        self._none("I7: sent early", "SELECT key FROM outbox WHERE sent_at < first_at")

    def _each_once(self) -> None:
        """I4: nothing is shown that was never asked for, and no key twice."""
        shown = self._world.platform.shown
        keys = {str(row[0]) for row in self._world.rows("SELECT key FROM outbox")}
        if unexpected := {key for key in shown if key and key not in keys}:
            raise BrokenError(f"I4: shown without being asked for: {sorted(unexpected)[:3]}")
        if twice := [key for key, count in shown.items() if count > 1]:
            raise BrokenError(f"I4: {twice[:3]}")

    def _fenced(self) -> None:
        """I8: each attempt has an epoch of its own, none beyond the row's."""
        self._none(
            "I8: two attempts under one epoch",
            "SELECT outbox_id, epoch FROM attempt GROUP BY outbox_id, epoch HAVING count(*) > 1",
        )
        self._none(
            "I8: an attempt beyond its row",
            "SELECT a.outbox_id FROM attempt a JOIN outbox o ON o.id = a.outbox_id"
            " WHERE a.epoch > o.epoch",
        )

    def _conserved(self) -> None:
        """I10: no message vanishes, each ends in a known way, no failure is silent."""
        count = self._world.rows("SELECT count(*) FROM outbox")[0][0]
        assert isinstance(count, int)
        if count < self._keys:
            raise BrokenError(f"I10: {self._keys} messages, now {count}")
        self._keys = count
        sent = {
            str(row[0])
            for row in self._world.rows(
                "SELECT key FROM outbox WHERE state = 'sent' AND channel = 'app'"
            )
        }
        if lost := sent - self._world.platform.shown.keys():
            raise BrokenError(f"I10: sent and never shown: {sorted(lost)[:3]}")
        self._none(
            "I10: failed without an alarm",
            "SELECT key FROM outbox WHERE state = 'failed' AND NOT EXISTS (SELECT 1 FROM alarm)",
        )

    def _histories(self) -> None:
        """I5: a case is what its history makes of it, and its version only grows."""
        with self._world.database.read() as work:
            for row in self._world.rows("SELECT id FROM case_file"):
                case_id = row[0]
                assert isinstance(case_id, int)
                case, entries = work.cases.load(case_id), work.cases.history(case_id)
                known = self._cases.get(case_id)
                if known is not None:
                    before, length = known
                    after = fold(before, [entry.event for entry in entries[length:]])
                    if case.version < before.version:
                        raise BrokenError(f"I5: {case.number} went back to {case.version}")
                    if replace(after, version=case.version) != case:
                        raise BrokenError(f"I5: {_difference(after, case)}")
                self._cases[case_id] = (case, len(entries))

    def _audit(self) -> None:
        """I6: the chain holds and only grows."""
        with self._world.database.read() as work:
            broken, head = work.audit.verify(), work.audit.head()
        if broken is not None:
            raise BrokenError(f"I6: {broken}")
        last = head.seq if head else 0
        if last < self._audited:
            raise BrokenError(f"I6: {self._audited} rows, now {last}")
        self._audited = last

    def _stamp(self, moment: datetime) -> object:
        utc = moment.astimezone(UTC)
        is_postgres = self._world.database.is_postgres
        return utc if is_postgres else utc.strftime("%Y-%m-%d %H:%M:%S.%f")


def _difference(one: Case, other: Case) -> str:
    names = [
        name
        for name in one.__dataclass_fields__
        if name != "version" and getattr(one, name) != getattr(other, name)
    ]
    told = [f"{name}: {getattr(one, name)!r} / {getattr(other, name)!r}" for name in names]
    return f"{other.number}: folded / kept: {'; '.join(told)}"


def _moment(moment: object) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime.fromisoformat(f"{moment}+00:00")
