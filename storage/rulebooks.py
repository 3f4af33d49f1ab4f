"""Rulebooks as numbered versions: one is in force, and a case keeps the one it began under."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from storage.columns import columns_for, insert, read_as
from storage.tables.cases import RULEBOOK


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version of a rulebook."""

    id: int
    name: str
    number: int
    content: Mapping[str, str]  # file name to text
    digest: str
    imported_at: datetime
    imported_by: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """One version without its files."""

    id: int
    name: str
    number: int
    imported_at: datetime
    imported_by: str
    in_force: bool


_IN_FORCE = select(RULEBOOK.c.id).where(RULEBOOK.c.in_force)


class RulebookStore:
    """The rulebooks in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, name: str, content: Mapping[str, str], *, digest: str, by: str, now: datetime
    ) -> Rulebook:
        """Keep a new version, not yet in force."""
        last = select(func.max(RULEBOOK.c.number)).where(RULEBOOK.c.name == name)
        number = (self._connection.execute(last).scalar_one() or 0) + 1
        values: dict[str, object] = {
            "name": name,
            "number": number,
            "content": dict(content),
            "digest": digest,
            "imported_at": now,
            "imported_by": by,
            "in_force": False,
        }
        return self.get(insert(self._connection, RULEBOOK, values))

    def by_digest(self, name: str, digest: str) -> Rulebook | None:
        """The version of a rulebook with this very content; the latest if it came back."""
        found = self._where(RULEBOOK.c.name == name, RULEBOOK.c.digest == digest)
        return found[-1] if found else None

    def get(self, rulebook_id: int) -> Rulebook:
        """One version.

        Raises:
            KeyError: there is none with this id.
        """
        found = self._where(RULEBOOK.c.id == rulebook_id)
        if not found:
            raise KeyError(rulebook_id)
        return found[0]

    def in_force(self) -> Rulebook | None:
        """The version new cases begin under."""
        found = self._where(RULEBOOK.c.in_force)
        return found[0] if found else None

    def in_force_id(self) -> int | None:
        """The id of the version in force, without its files: asked for in every transaction."""
        identity: int | None = self._connection.execute(_IN_FORCE).scalar_one_or_none()
        return identity

    def headings(self) -> list[Heading]:
        """Every version of every rulebook without its files, the latest first."""
        wanted = select(*columns_for(RULEBOOK, Heading)).order_by(RULEBOOK.c.id.desc())
        return [read_as(Heading, row) for row in self._connection.execute(wanted)]

    def put_in_force(self, rulebook_id: int) -> None:
        """New cases begin under this version from now on; open ones keep theirs."""
        chosen = RULEBOOK.c.id == rulebook_id
        self._connection.execute(update(RULEBOOK).values(in_force=chosen))

    def versions(self, name: str) -> list[Rulebook]:
        """All versions of a rulebook, oldest first."""
        return self._where(RULEBOOK.c.name == name)

    def _where(self, *conditions: ColumnElement[bool]) -> list[Rulebook]:
        chosen = select(*columns_for(RULEBOOK, Rulebook)).where(*conditions)
        rows = self._connection.execute(chosen.order_by(RULEBOOK.c.number, RULEBOOK.c.id))
        return [read_as(Rulebook, row) for row in rows]
