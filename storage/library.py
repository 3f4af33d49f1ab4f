"""The case library: words of closed cases to find them by, and what each of them teaches.

A plain table of words serves both databases alike (docs/decisions: measured against FTS5).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from cases.erasing import ERASED
from cases.library.lessons import Asked, Lesson
from cases.library.terms import EVERY
from storage.columns import columns_for, insert_or_replace, read_as
from storage.tables.cases import CASE, REAL
from storage.tables.learning import LESSON, LIBRARY_TERM

_TOO_COMMON = 0.25  # of all cases: a word so common tells no two apart
_FEW = 40
_MOST_ROWS = 6000  # read for one question, however many cases there are


@dataclass(frozen=True, slots=True)
class KeptLesson:
    """A lesson as it is kept, with what is being asked of whom."""

    case_id: int
    cause: str
    worked: str
    failed: str
    wording: str
    tags: tuple[str, ...]
    skipped: tuple[str, ...]
    asked: str
    asked_of: str
    asked_at: datetime | None
    by: str
    at: datetime | None

    @property
    def lesson(self) -> Lesson:
        """What it teaches."""
        return Lesson(self.cause, self.worked, self.failed, self.wording, self.tags, self.skipped)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search reads of the library: rows of the asked words, and how common each is."""

    rows: tuple[tuple[str, int, int], ...]  # term, case, weight
    holding: Mapping[str, int]
    all_cases: int


class LibraryStore:
    """The library in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def index(self, case_id: int, terms: Mapping[str, int]) -> None:
        """Let a case be found by these words, and by no others."""
        self.forget(case_id)
        if terms:
            rows = [{"term": t, "case_id": case_id, "weight": w} for t, w in terms.items()]
            self._connection.execute(LIBRARY_TERM.insert(), rows)

    def forget(self, case_id: int) -> None:
        """Let a case be found no more."""
        self._connection.execute(LIBRARY_TERM.delete().where(LIBRARY_TERM.c.case_id == case_id))

    def closed_cases(self) -> list[int]:
        """The real closed cases that anybody may hear of, with their words, in order."""
        closed = select(CASE.c.id).where(
            REAL,
            CASE.c.closed_at.is_not(None),
            CASE.c.merged_into.is_(None),
            ~CASE.c.restricted,
            CASE.c.title != ERASED,
        )
        return list(self._connection.execute(closed.order_by(CASE.c.id)).scalars())

    def find(self, asked: Collection[str]) -> Found:
        """The rows of the rarest asked words; what a quarter of all cases have is left out."""
        counted = (
            select(LIBRARY_TERM.c.term, func.count())
            .where(LIBRARY_TERM.c.term.in_([EVERY, *asked]))
            .group_by(LIBRARY_TERM.c.term)
        )
        holding = {row[0]: row[1] for row in self._connection.execute(counted)}
        whole = holding.pop(EVERY, 0)
        most = max(_FEW, whole * _TOO_COMMON)
        telling = _rarest({term: count for term, count in holding.items() if count <= most})
        if not telling:
            return Found((), {}, whole)
        names = (LIBRARY_TERM.c.term, LIBRARY_TERM.c.case_id, LIBRARY_TERM.c.weight)
        rows = self._connection.execute(select(*names).where(LIBRARY_TERM.c.term.in_(telling)))
        return Found(tuple((row[0], row[1], row[2]) for row in rows), holding, whole)

    def lesson(self, case_id: int) -> KeptLesson | None:
        """What a case teaches, None where nobody has said."""
        wanted = select(*columns_for(LESSON, KeptLesson)).where(LESSON.c.case_id == case_id)
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else read_as(KeptLesson, row)

    def keep(self, case_id: int, lesson: Lesson, *, by: str, now: datetime) -> None:
        """Keep what a case teaches; nothing is being asked any more."""
        self._put(case_id, lesson, by, now, asked=None, asked_of="")

    def ask(self, case_id: int, lesson: Lesson, asked: Asked, *, of: str, now: datetime) -> None:
        """Note what somebody is being asked, with what has been said so far."""
        self._put(case_id, lesson, of, now, asked=asked, asked_of=of)

    def _put(  # noqa: PLR0913 - one row, spelled out
        self,
        case_id: int,
        lesson: Lesson,
        by: str,
        now: datetime,
        *,
        asked: Asked | None,
        asked_of: str,
    ) -> None:
        values = {
            "case_id": case_id,
            "cause": lesson.cause,
            "worked": lesson.worked,
            "failed": lesson.failed,
            "wording": lesson.wording,
            "tags": list(lesson.tags),
            "skipped": list(lesson.skipped),
            "asked": asked.value if asked else "",
            "asked_of": asked_of,
            "asked_at": now if asked else None,
            "by": by,
            "at": now,
        }
        self._connection.execute(insert_or_replace(self._connection, LESSON, "case_id"), values)

    def asked_of(self, userid: str, since: datetime) -> KeptLesson | None:
        """The question somebody was asked last and has not answered."""
        mine = select(*columns_for(LESSON, KeptLesson)).where(
            LESSON.c.asked_of == userid, LESSON.c.asked != "", LESSON.c.asked_at >= since
        )
        row = self._connection.execute(mine.order_by(LESSON.c.asked_at.desc()).limit(1)).first()
        return None if row is None else read_as(KeptLesson, row)


def _rarest(holding: Mapping[str, int]) -> list[str]:
    """Return the terms that few cases have, as many as may be read: the rarest tell most."""
    chosen: list[str] = []
    rows = 0
    for term, count in sorted(holding.items(), key=lambda one: (one[1], one[0])):
        rows += count
        if chosen and rows > _MOST_ROWS:
            break
        chosen.append(term)
    return chosen
