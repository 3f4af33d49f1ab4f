"""What is kept about one person of the directory, or about one case: for the privacy officer (G11).

No list of places is kept by hand: every text of every table is looked at, so that a table which is
added tomorrow is in the answer. There is no way to ask by who posted something (decision 27).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    String,
    Table,
    cast,
    false,
    func,
    or_,
    select,
)

from storage.tables import METADATA

# Keys, digests and sealed envelopes tell nobody anything but whoever would misuse them.
_UNTOLD = frozenset({"envelope", "query", "digest", "token", "hash", "prev_hash", "payload_sha"})
_SECRET_TABLES = frozenset({"token", "lease", "budget", "source_key", "one_time"})
POSTER = "author"  # shown by a link: the one column about somebody who posted


@dataclass(frozen=True, slots=True)
class Kept:
    """One row that concerns whom it was asked about, and the columns that say so."""

    table: str
    columns: tuple[str, ...]
    row: Mapping[str, object]


class SubjectStore:
    """Looks everywhere, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_person(self, userid: str) -> Iterator[Kept]:
        """Return every row that names this userid, alone in a column or inside a list or object."""
        known = userid.casefold()
        for table in METADATA.sorted_tables:
            if table.name not in _SECRET_TABLES:
                yield from self._rows(table, _naming(table, known))

    def of_case(self, case_id: int) -> Iterator[Kept]:
        """Return every row of this case."""
        for table in METADATA.sorted_tables:
            if table.name == "case_file":
                yield from self._rows(table, {"id": table.c.id == case_id})
            elif "case_id" in table.c:
                yield from self._rows(table, {"case_id": table.c.case_id == case_id})

    def _rows(self, table: Table, tests: Mapping[str, ColumnElement[bool]]) -> Iterator[Kept]:
        if not tests:
            return
        asked = select(table, *(test.label(f"is {name}") for name, test in tests.items()))
        for found in self._connection.execute(asked.where(or_(*tests.values()))).mappings():
            names = [column.name for column in table.c if column.name not in _UNTOLD]
            told = {name: found[name] for name in names}
            yield Kept(table.name, tuple(name for name in tests if found[f"is {name}"]), told)


def _naming(table: Table, userid: str) -> dict[str, ColumnElement[bool]]:
    """How each column of a table would name somebody."""
    tests: dict[str, ColumnElement[bool]] = {}
    for column in table.c:
        if column.name in _UNTOLD or column.name == POSTER:
            continue
        kind = getattr(column.type, "impl_instance", column.type)
        plain = cast(column, String)
        if isinstance(kind, JSON):
            named = plain.contains(f'"{userid}"', autoescape=True)
        elif isinstance(kind, String):
            named = func.lower(plain) == userid
        else:
            continue
        tests[column.name] = func.coalesce(named, false())
    return tests
