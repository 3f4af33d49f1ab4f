"""What an experiment leaves behind: the sandbox's log, the tables, the logs of the service."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, Table, create_engine, select

from bot.anchors import AnchorFile
from bot.demo.player import Expected
from bot.wecom.lifeboat import Lifeboat, LifeboatError
from cases.folding import fold
from cases.model import Case, State
from storage.database import Database
from storage.engines import parse
from storage.tables.cases import CASE, CASE_EVENT
from storage.tables.clocks import CLOCK, TIMER
from storage.tables.messages import ATTEMPT, INBOX, OUTBOX
from storage.tables.system import ALARM, AUDIT

Row = Mapping[str, object]
_TABLES: Mapping[str, Table] = {
    "inbox": INBOX,
    "outbox": OUTBOX,
    "attempt": ATTEMPT,
    "timer": TIMER,
    "clock": CLOCK,
    "case": CASE,
    "event": CASE_EVENT,
    "alarm": ALARM,
    "audit": AUDIT,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the judge looks at; nothing here asks a running process."""

    log: tuple[Row, ...]  # of the sandbox, one line for each request and callback
    tables: Mapping[str, tuple[Row, ...]]
    expected: tuple[Expected, ...] | None  # None: not named one by one, see `answers`
    may: tuple[Expected, ...] = ()  # what a race decides: seen or not
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)  # at the end, as the engine counts
    folded: Mapping[str, str] = field(default_factory=dict)  # state by history, by number
    chain: str = ""  # what is wrong with the audit chain
    waiting: int = 0  # records in the lifeboat
    text: str = ""  # what the service wrote
    secrets: tuple[str, ...] = ()
    crashes: int = 0
    grown_kb: int = 0
    answers: bool = False  # each callback is answered by a message, whatever else it leads to
    stopped: bool = True  # the last process ended when it was asked to

    def rows(self, table: str) -> tuple[Row, ...]:
        return self.tables[table]

    def shown(self) -> list[Row]:
        """Return the messages that somebody could see, in order."""
        sends = ("message/send", "webhook/send", "appchat/send")
        return [one for one in self.log if one.get("visible") and one.get("api") in sends]

    def callbacks(self) -> list[Row]:
        return [one for one in self.log if one.get("kind") == "callback"]

    def with_table(self, name: str, rows: Iterable[Row]) -> "Evidence":
        return replace(self, tables={**self.tables, name: tuple(rows)})


def read_log(path: Path) -> tuple[Row, ...]:
    """Read the sandbox's log; half a last line is none."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return tuple(found)


def read_tables(engine: Engine) -> dict[str, tuple[Row, ...]]:
    """Read every table the judge looks at, all of one moment."""
    found: dict[str, tuple[Row, ...]] = {}
    with engine.connect() as connection, connection.begin():
        for name, table in _TABLES.items():
            rows = connection.execute(select(table)).mappings()
            found[name] = tuple(dict(row) for row in rows)
    return found


def tables_of(url: str) -> dict[str, tuple[Row, ...]]:
    engine = create_engine(parse(url))
    try:
        return read_tables(engine)
    finally:
        engine.dispose()


def fold_all(url: str, key: bytes) -> tuple[dict[str, str], str]:
    """Return the state each case has by its history, and what is wrong with the audit chain."""
    database = Database(url, audit_key=key)
    try:
        with database.read() as work:
            folded = {}
            for row in tables_of(url)["case"]:
                case_id = row["id"]
                assert isinstance(case_id, int)
                kept = work.cases.load(case_id)
                history = [entry.event for entry in work.cases.history(case_id)]
                folded[kept.number] = str(fold(_blank(kept), history).state)
            broken = work.audit.verify()
    finally:
        database.close()
    return folded, "" if broken is None else f"row {broken.seq}: {broken.reason}"


def _blank(kept: Case) -> Case:
    return Case(
        id=kept.id,
        number=kept.number,
        title=kept.title,
        state=State.REPORTED,
        rulebook_id=kept.rulebook_id,
        reported_by=kept.reported_by,
        reported_at=kept.reported_at,
        proposal=kept.proposal,
    )


def anchored(url: str, key: bytes, anchors: Path) -> str:
    """Return what is wrong between the chain and the heads kept outside; "" if nothing is."""
    last = AnchorFile(anchors).last()
    database = Database(url, audit_key=key)
    try:
        with database.read() as work:
            broken = work.audit.verify(last)
    finally:
        database.close()
    return "" if broken is None else f"row {broken.seq}: {broken.reason}"


def in_lifeboat(spool: Path) -> int:
    """Count what waits in the lifeboat of a service that has ended."""
    try:
        boat = Lifeboat(spool / "lifeboat")
    except LifeboatError:
        return -1
    waiting = boat.state().records
    boat.close()
    return waiting


def moment(value: object) -> datetime:
    """Return a moment of a row or of a log line as an aware one."""
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, UTC)
    assert isinstance(value, datetime), value
    return value if value.tzinfo else value.replace(tzinfo=UTC)
