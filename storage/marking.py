"""The database itself notes what is no longer as it was kept: triggers on SQLite and PostgreSQL.

Whoever changes or deletes what is counted, by whatever statement, leaves a row of `stale` in the
same transaction. A new case and a further report are marked by the stores that insert them: SQLite
would look for children of a new row in every table that refers to it, if a trigger stood beside.
Clocks and messages are new before they are done or sent.

The triggers are taken away before a migration and put back after it, because SQLite loses them with
a table that is made anew; what changes here therefore needs a migration of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from cases.statistics.facts import STEPS
from cases.statistics.figures import DAY, OFFSET

_STEPS = ", ".join(f"'{step}'" for step in STEPS)
_MARK = "INSERT INTO stale (kind, which) SELECT"
_OPS = ("UPDATE", "DELETE")
_MOMENTS = ("reported_at", "closed_at")
_COUNTS = ("state", "level", "proposed_level", "platform", "lead_unit", "drill", *_MOMENTS)


@dataclass(frozen=True, slots=True)
class _Trigger:
    table: str
    op: str
    when: str
    does: tuple[str, ...]
    topic: str

    @property
    def name(self) -> str:
        return f"stale_{self.table}_{self.topic}_{self.op.lower()}"


def take_away(connection: Connection) -> None:
    """Drop the triggers, where they are and where their tables are."""
    for one in _triggers(connection):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {one.name}() CASCADE")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {one.name}")


def put_back(connection: Connection) -> None:
    """Create the triggers."""
    for one in _triggers(connection):
        body = " ".join(f"{statement};" for statement in one.does)
        head = f"CREATE TRIGGER {one.name} AFTER {one.op} ON {one.table} FOR EACH ROW"
        if connection.dialect.name != "postgresql":
            connection.exec_driver_sql(f"{head} WHEN {one.when} BEGIN {body} END")
            continue
        connection.exec_driver_sql(
            f"CREATE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN NULL; END $$"
        )
        connection.exec_driver_sql(f"{head} WHEN ({one.when}) EXECUTE FUNCTION {one.name}()")


def _triggers(connection: Connection) -> list[_Trigger]:
    words = _Words(is_postgres=connection.dialect.name == "postgresql")
    made = (_of_cases, _of_titles, _of_parts, _of_clocks, _of_repeats, _of_reminders)
    return [one for make in made for one in make(words)]


@dataclass(frozen=True, slots=True)
class _Words:
    """What the two databases say differently."""

    is_postgres: bool

    def day(self, moment: str) -> str:
        if self.is_postgres:
            return f"floor((extract(epoch FROM {moment}) + {OFFSET}) / {DAY})::bigint"
        return f"(CAST(strftime('%s', {moment}) AS INTEGER) + {OFFSET}) / {DAY}"

    def differ(self, *columns: str) -> str:
        unlike = "IS DISTINCT FROM" if self.is_postgres else "IS NOT"
        return "(" + " OR ".join(f"OLD.{name} {unlike} NEW.{name}" for name in columns) + ")"

    def mark(self, moment: str) -> str:
        day = self.day(moment)
        return f"{_MARK} 'day', {day} WHERE {moment} IS NOT NULL"

    def mark_case(self, case: str) -> str:
        """Mark all days on which something of a case is counted."""
        days = (
            f"SELECT {self.day(moment)} FROM {table}"  # noqa: S608 - our own words
            f" WHERE {key} = {case} AND {moment} IS NOT NULL"
            for table, key, moment in (
                ("case_file", "id", "reported_at"),
                ("case_file", "id", "closed_at"),
                ("clock", "case_id", "due_at"),
            )
        )
        return f"{_MARK} 'day', d.* FROM ({' UNION '.join(days)}) d"

    def mark_came(self, case: str) -> str:
        """Mark the day on which a case came."""
        day = self.day("reported_at")
        return f"{_MARK} 'day', {day} FROM case_file WHERE id = {case}"


def _rows(op: str) -> list[str]:
    """Return the rows that a trigger of this kind sees."""
    return {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[op]


def _of_cases(words: _Words) -> Iterator[_Trigger]:
    for op in _OPS:
        does = [words.mark(f"{row}.{name}") for row in _rows(op) for name in _MOMENTS]
        if op == "UPDATE":
            does.append(words.mark_case("NEW.id"))
        when = words.differ(*_COUNTS) if op == "UPDATE" else "true"
        yield _Trigger("case_file", op, when, tuple(does), "counted")


def _of_titles(words: _Words) -> Iterator[_Trigger]:
    forget = "DELETE FROM title_pair WHERE case_id = OLD.id"
    mark = "INSERT INTO stale (kind, which) VALUES ('title', NEW.id)"
    yield _Trigger("case_file", "UPDATE", words.differ("title"), (forget, mark), "titled")
    yield _Trigger("case_file", "DELETE", "true", (forget,), "titled")


def _of_parts(words: _Words) -> Iterator[_Trigger]:
    unlike = words.differ("case_id", "unit_id", "state")
    for op in ("INSERT", *_OPS):
        does = tuple(words.mark_case(f"{row}.case_id") for row in _rows(op))
        yield _Trigger("assignment", op, unlike if op == "UPDATE" else "true", does, "counted")


def _of_clocks(words: _Words) -> Iterator[_Trigger]:
    columns = ("case_id", "step", "holder", "started_at", "due_at", "ended_at", "state")
    for op in _OPS:
        is_one = " OR ".join(
            f"({row}.state = 'settled' AND {row}.step IN ({_STEPS}) AND {row}.case_id IS NOT NULL)"
            for row in _rows(op)
        )
        when = f"({is_one}) AND {words.differ(*columns)}" if op == "UPDATE" else is_one
        does = tuple(words.mark(f"{row}.due_at") for row in _rows(op))
        yield _Trigger("clock", op, when, does, "counted")


def _of_repeats(words: _Words) -> Iterator[_Trigger]:
    yield from _by_case(words, "report", "kind = 'repeat'", ("case_id", "kind"))


def _of_reminders(words: _Words) -> Iterator[_Trigger]:
    is_one = "state = 'sent' AND substr({row}.kind, 1, 7) = 'remind-'"
    yield from _by_case(words, "outbox", is_one, ("case_id", "kind", "state"))


def _by_case(
    words: _Words, table: str, is_one: str, columns: tuple[str, ...]
) -> Iterator[_Trigger]:
    for op in _OPS:
        any_is = " OR ".join(f"({row}.{is_one.format(row=row)})" for row in _rows(op))
        when = f"({any_is}) AND {words.differ(*columns)}" if op == "UPDATE" else any_is
        does = tuple(words.mark_came(f"{row}.case_id") for row in _rows(op))
        yield _Trigger(table, op, when, does, "counted")
