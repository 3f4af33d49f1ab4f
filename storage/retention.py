"""Erasing what may not be kept for ever: personal text of ended cases, then their evidence (G10).

Audit rows hold keyed digests only, and are not touched: the chain verifies as before.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select, update

from cases.erasing import ERASED, erased
from cases.model import ENDED
from storage.states import EvidenceState
from storage.tables.base import word
from storage.tables.cards import CARD, CASE_CHAT
from storage.tables.cases import ASSIGNMENT, CASE, CASE_EVENT, CASE_LINK, CASE_LIST_LINE, REPORT
from storage.tables.duty import HUSH
from storage.tables.intake import EVIDENCE
from storage.tables.learning import LESSON, LIBRARY_TERM, SCORE_ENTRY
from storage.tables.messages import OUTBOX
from storage.tables.papers import PAPER, PAPER_VERSION
from storage.tables.talk import APPROVAL, QUESTION

_ENDED = tuple(ENDED)
_GONE = "保存期满, 已清除"
_JSON = {
    CASE: ("proposal", "plan", "extension", "response", "facts"),
    CASE_EVENT: ("data",),
    CARD: ("face",),
    APPROVAL: ("proposal",),
}
_TEXT: Mapping[Table, tuple[str, ...]] = {
    CASE: ("summary", "appeal", "title"),
    REPORT: ("text",),
    ASSIGNMENT: ("demand",),
    CARD: ("text",),
    APPROVAL: ("words",),
    HUSH: ("words",),
    CASE_LINK: ("author",),
    CASE_LIST_LINE: ("hint",),
    CASE_CHAT: ("name",),
    SCORE_ENTRY: ("reason",),
}
_ROWS = (QUESTION, LESSON, LIBRARY_TERM)  # which are nothing but words: gone as a whole


class RetentionStore:
    """What is due to be erased, and erasing it, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cases_due(self, before: datetime, limit: int) -> list[int]:
        """Cases that ended before, with their text; a merged one waits for what it belongs to."""
        due = select(CASE.c.id).where(_ended_before(before), CASE.c.title != ERASED)
        return list(self._connection.execute(due.order_by(CASE.c.id).limit(limit)).scalars())

    def count_due(self, before: datetime) -> int:
        """How many such cases there are."""
        due = select(func.count()).where(_ended_before(before), CASE.c.title != ERASED)
        return self._connection.execute(due).scalar_one()

    def erase(self, cases: Sequence[int]) -> dict[str, int]:
        """Erase the personal text of cases; return how many rows of each table."""
        counts: dict[str, int] = {}
        for table, names in _TEXT.items():
            texts = [table.c[name] for name in names]
            mine = update(table).where(_of(table, cases))
            if table is not CASE:  # whose title always says whether it was erased
                mine = mine.where(or_(*(text != "" for text in texts)))
            changed = self._connection.execute(mine.values(dict.fromkeys(texts, ERASED)))
            counts[table.name] = changed.rowcount
        for table, names in _JSON.items():
            counts[table.name] = max(counts.get(table.name, 0), self._walk(table, names, cases))
        counts[OUTBOX.name] = self._payloads(cases)
        said = update(PAPER).where(_of(PAPER, cases)).values(fills={}, opinion="", sent_to="")
        counts[PAPER.name] = self._connection.execute(said).rowcount
        for table in _ROWS:
            gone = table.delete().where(_of(table, cases))
            counts[table.name] = self._connection.execute(gone).rowcount
        return counts

    def evidence_due(self, before: datetime, limit: int) -> list[tuple[int, str | None]]:
        """Files of cases that ended before: id and path; the path only where no other needs it."""
        other = EVIDENCE.alias()
        is_ended = select(CASE.c.id).where(_ended_before(before))
        kept = EVIDENCE.c.state == word(EvidenceState.KEPT)
        needed = select(other.c.id).where(
            other.c.path == EVIDENCE.c.path,
            other.c.state == word(EvidenceState.KEPT),
            or_(other.c.case_id.is_(None), other.c.case_id.not_in(is_ended)),
        )
        due = select(EVIDENCE.c.id, EVIDENCE.c.path, needed.exists()).where(
            kept, EVIDENCE.c.case_id.in_(is_ended)
        )
        rows = self._connection.execute(due.order_by(EVIDENCE.c.id).limit(limit))
        return [(row[0], None if row[2] else row[1]) for row in rows]

    def evidence_erased(self, ids: Sequence[int]) -> None:
        """The files are gone; their digest, size and moment stay."""
        gone = update(EVIDENCE).where(EVIDENCE.c.id.in_(ids))
        gone = gone.values(state=EvidenceState.REFUSED, reason=_GONE, path=None, name=None)
        self._connection.execute(gone)

    def papers_due(self, before: datetime, limit: int) -> list[tuple[int, list[str]]]:
        """Versions of papers about cases that ended before, with files: id and their paths."""
        ended = select(CASE.c.id).where(_ended_before(before))
        of_ended = select(PAPER.c.id).where(PAPER.c.case_id.in_(ended))
        due = select(PAPER_VERSION.c.id, PAPER_VERSION.c.files).where(
            PAPER_VERSION.c.paper_id.in_(of_ended), PAPER_VERSION.c.notes != _GONE
        )
        rows = self._connection.execute(due.order_by(PAPER_VERSION.c.id).limit(limit))
        return [(row.id, [path for _, path, *_ in row.files if path]) for row in rows]

    def papers_erased(self, ids: Sequence[int]) -> None:
        """The files are gone; their forms, digests and sizes stay."""
        mine = select(PAPER_VERSION.c.id, PAPER_VERSION.c.files).where(PAPER_VERSION.c.id.in_(ids))
        for version, files in self._connection.execute(mine).all():
            kept = [[form, "", sha256, size] for form, _, sha256, size in files]
            gone = update(PAPER_VERSION).where(PAPER_VERSION.c.id == version)
            self._connection.execute(gone.values(files=kept, notes=_GONE))

    def _walk(self, table: Table, names: Sequence[str], cases: Sequence[int]) -> int:
        columns = [table.c[name] for name in names]
        (identity,) = table.primary_key.columns
        rows = self._connection.execute(select(identity, *columns).where(_of(table, cases))).all()
        changed = 0
        for key, *values in rows:
            after = [erased(value) for value in values]
            if after != values:
                new = dict(zip(columns, after, strict=True))
                self._connection.execute(update(table).where(identity == key).values(new))
                changed += 1
        return changed

    def _payloads(self, cases: Sequence[int]) -> int:
        mine = select(OUTBOX.c.id, OUTBOX.c.payload).where(_of(OUTBOX, cases))
        rows = self._connection.execute(mine).all()
        for key, payload in rows:
            after = json.dumps(erased(json.loads(payload)), ensure_ascii=False)
            changed = update(OUTBOX).where(OUTBOX.c.id == key).values(payload=after)
            self._connection.execute(changed)
        return len(rows)


def _of(table: Table, cases: Sequence[int]) -> ColumnElement[bool]:
    return (table.c.id if table is CASE else table.c.case_id).in_(cases)


def _ended_before(before: datetime) -> ColumnElement[bool]:
    whole = CASE.alias()
    last = select(func.max(CASE_EVENT.c.at)).where(CASE_EVENT.c.case_id == CASE.c.id)
    ended = func.coalesce(CASE.c.closed_at, last.scalar_subquery())
    is_part = select(whole.c.id).where(
        whole.c.number == CASE.c.merged_into, whole.c.state.not_in(_ENDED)
    )
    return and_(CASE.c.state.in_(_ENDED), ended < before, ~is_part.exists())
