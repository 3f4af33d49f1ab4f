"""Papers in one transaction: ordered, printed by somebody else, checked, sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select, update

from cases.papers.model import Kind
from storage.columns import columns_for, insert, insert_unless
from storage.states import PaperState, VersionState
from storage.tables.base import word
from storage.tables.papers import PAPER, PAPER_VERSION


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper that is wanted; ordered a second time it gets a new version."""

    kind: Kind
    subject: str
    period: str
    case_id: int | None
    checker: str


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file of a version; `path` lies inside the folder of papers."""

    form: str
    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper as it stands."""

    id: int
    kind: Kind
    subject: str
    period: str
    case_id: int | None
    state: PaperState
    asked_by: str
    asked_at: datetime
    checker: str
    fills: Mapping[str, str]
    opinion: str
    decided_by: str | None
    decided_at: datetime | None
    sent_to: str
    sent_by: str | None
    sent_at: datetime | None

    @property
    def name(self) -> str:
        """What it is called in chat: 007 特报, 2026-W47 周报."""
        about = self.subject.rsplit("-", 1)[-1] if self.subject else self.period
        return f"{about} {self.period if self.subject and self.period else self.kind.value}"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper."""

    id: int
    paper_id: int
    number: int
    state: VersionState
    origin: str
    asked_by: str
    asked_at: datetime
    way: str
    tries: int
    ready_at: datetime | None
    sources: tuple[str, ...]
    wanted: tuple[str, ...]
    notes: str
    files: tuple[PaperFile, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What printing brought."""

    files: Sequence[PaperFile]
    sources: Sequence[str]
    wanted: Sequence[str]
    notes: str


_PAPER_COLUMNS = columns_for(PAPER, Kept)
_VERSION_COLUMNS = columns_for(PAPER_VERSION, Version)
_WAITING = PAPER_VERSION.c.state == word(VersionState.WAITING)
DRAFTED, FILLED, UPLOADED = "起草", "补充", "上传"


class PaperStore:
    """The papers in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.has_ordered = False

    def order(
        self, new: NewPaper, *, by: str, now: datetime, origin: str = DRAFTED, way: str = ""
    ) -> Kept:
        """Want a version of a paper; one that waits to be printed already serves for this too."""
        values: dict[str, object] = {
            "kind": new.kind.value,
            "subject": new.subject,
            "period": new.period,
            "case_id": new.case_id,
            "state": PaperState.DRAFTING,
            "asked_by": by,
            "asked_at": now,
            "checker": new.checker,
            "fills": {},
            "opinion": "",
            "sent_to": "",
        }
        known = insert_unless(self._connection, PAPER, "kind", "subject", "period")
        self._connection.execute(known, values)
        paper = self.find(new.kind, new.subject, new.period)
        if paper is None:
            raise KeyError(new)
        self.again(paper.id, by=by, now=now, origin=origin, way=way)
        return self.get(paper.id)

    def again(self, paper_id: int, *, by: str, now: datetime, origin: str, way: str = "") -> None:
        """Want one more version of it."""
        self.has_ordered = True
        self._set(paper_id, state=PaperState.DRAFTING, opinion="")
        versions = self.versions(paper_id)
        if versions and versions[-1].state is VersionState.WAITING:
            return
        values = self._new_version(paper_id, by, now, origin)
        insert(self._connection, PAPER_VERSION, values | {"way": way, "next_at": now})

    def add_uploaded(
        self, paper_id: int, files: Sequence[PaperFile], by: str, now: datetime
    ) -> int:
        """Keep an edited file that somebody brought as a version; return its number."""
        values = self._new_version(paper_id, by, now, UPLOADED)
        values |= {"state": VersionState.READY, "ready_at": now, "next_at": now, "way": ""}
        insert(self._connection, PAPER_VERSION, values | {"files": _written(files)})
        self._set(paper_id, state=PaperState.CHECKING)
        return int(str(values["number"]))

    def count_waiting(self) -> int:
        """How many versions wait to be printed."""
        waiting = select(func.count()).select_from(PAPER_VERSION).where(_WAITING)
        return int(self._connection.execute(waiting).scalar_one())

    def waiting(self, now: datetime) -> Version | None:
        """The next version to be printed."""
        due = select(*_VERSION_COLUMNS).where(_WAITING, PAPER_VERSION.c.next_at <= now)
        ordered = due.order_by(PAPER_VERSION.c.next_at, PAPER_VERSION.c.id).limit(1)
        row = self._connection.execute(ordered).mappings().first()
        return None if row is None else _version(dict(row))

    def ready(self, version: Version, result: Result, now: datetime) -> bool:
        """It is printed; False where somebody else has done so first."""
        done = self._settle(
            version.id,
            state=VersionState.READY,
            ready_at=now,
            files=_written(result.files),
            sources=list(result.sources),
            wanted=list(result.wanted),
            notes=result.notes,
        )
        if done:
            self._set(version.paper_id, state=PaperState.CHECKING)
        return done

    def try_later(self, version: Version, next_at: datetime, why: str) -> None:
        """It could not be printed; once more at `next_at`."""
        self._settle(
            version.id, tries=PAPER_VERSION.c.tries + literal(1), next_at=next_at, notes=why
        )

    def failed(self, version: Version, why: str) -> bool:
        """It cannot be printed."""
        return self._settle(version.id, state=VersionState.FAILED, notes=why)

    def get(self, paper_id: int) -> Kept:
        """The paper of this number.

        Raises:
            KeyError: there is none.
        """
        found = self._where(PAPER.c.id == paper_id)
        if not found:
            raise KeyError(paper_id)
        return found[0]

    def find(self, kind: Kind, subject: str, period: str) -> Kept | None:
        """The paper of this kind about this case or period."""
        found = self._where(
            PAPER.c.kind == kind.value, PAPER.c.subject == subject, PAPER.c.period == period
        )
        return found[0] if found else None

    def of_case(self, case_id: int) -> list[Kept]:
        """The papers about a case, oldest first."""
        return self._where(PAPER.c.case_id == case_id)

    def periodicals(self, limit: int = 60) -> list[Kept]:
        """The papers about periods, the latest first."""
        latest = select(*_PAPER_COLUMNS).where(PAPER.c.case_id.is_(None))
        rows = self._connection.execute(latest.order_by(PAPER.c.id.desc()).limit(limit))
        return [_paper(dict(row)) for row in rows.mappings()]

    def being_checked(self, roles: Collection[str]) -> list[Kept]:
        """The papers that wait for one of these roles, oldest first."""
        return self._where(
            PAPER.c.state == word(PaperState.CHECKING), PAPER.c.checker.in_(sorted(roles))
        )

    def version(self, version_id: int) -> Version | None:
        """The version with this id."""
        mine = select(*_VERSION_COLUMNS).where(PAPER_VERSION.c.id == version_id)
        row = self._connection.execute(mine).mappings().first()
        return None if row is None else _version(dict(row))

    def versions(self, paper_id: int) -> list[Version]:
        """The versions of a paper, oldest first."""
        mine = select(*_VERSION_COLUMNS).where(PAPER_VERSION.c.paper_id == paper_id)
        rows = self._connection.execute(mine.order_by(PAPER_VERSION.c.number))
        return [_version(dict(row)) for row in rows.mappings()]

    def decide(
        self, paper_id: int, state: PaperState, opinion: str, *, by: str, now: datetime
    ) -> None:
        """Keep what its checker said, word for word."""
        self._set(paper_id, state=state, opinion=opinion, decided_by=by, decided_at=now)

    def sent(self, paper_id: int, to: str, *, by: str, now: datetime) -> None:
        """It has gone out."""
        self._set(paper_id, state=PaperState.SENT, sent_to=to, sent_by=by, sent_at=now)

    def fill(self, paper_id: int, key: str, text: str) -> None:
        """Keep what somebody gave for a field; "" takes it back."""
        fills = dict(self.get(paper_id).fills)
        if text:
            fills[key] = text
        else:
            fills.pop(key, None)
        self._set(paper_id, fills=fills)

    def _new_version(self, paper_id: int, by: str, now: datetime, origin: str) -> dict[str, object]:
        last = select(func.max(PAPER_VERSION.c.number)).where(PAPER_VERSION.c.paper_id == paper_id)
        number = (self._connection.execute(last).scalar_one() or 0) + 1
        return {
            "paper_id": paper_id,
            "number": number,
            "state": VersionState.WAITING,
            "origin": origin,
            "asked_by": by,
            "asked_at": now,
            "tries": 0,
            "sources": [],
            "wanted": [],
            "notes": "",
            "files": [],
        }

    def _set(self, paper_id: int, **values: object) -> None:
        self._connection.execute(update(PAPER).where(PAPER.c.id == paper_id).values(**values))

    def _settle(self, version_id: int, **values: object) -> bool:
        mine = update(PAPER_VERSION).where(PAPER_VERSION.c.id == version_id, _WAITING)
        return self._connection.execute(mine.values(**values)).rowcount == 1

    def _where(self, *conditions: ColumnElement[bool]) -> list[Kept]:
        chosen = select(*_PAPER_COLUMNS).where(*conditions).order_by(PAPER.c.id)
        return [_paper(dict(row)) for row in self._connection.execute(chosen).mappings()]


def _written(files: Sequence[PaperFile]) -> list[list[str]]:
    return [[one.form, one.path, one.sha256, str(one.size)] for one in files]


def _paper(values: dict[str, Any]) -> Kept:
    return Kept(**(values | {"kind": Kind(values["kind"])}))


def _version(values: dict[str, Any]) -> Version:
    files = tuple(
        PaperFile(form, path, sha256, int(size)) for form, path, sha256, size in values["files"]
    )
    lists = {"sources": tuple(values["sources"]), "wanted": tuple(values["wanted"])}
    return Version(**(values | lists | {"files": files}))
