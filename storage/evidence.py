"""Pictures and recordings: awaited, kept with their digest, or refused; files lie in a folder."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal, select, union_all, update

from storage.case_records import IN_FAMILY
from storage.columns import columns_for, insert_into, read_as
from storage.states import EvidenceState
from storage.tables.base import word
from storage.tables.cases import CASE, CASE_EVENT, OPEN, REPORT
from storage.tables.intake import EVIDENCE


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """Something somebody sent that is no text; `case_id` is None until it is known whose it is."""

    message_key: str
    sender: str
    at: datetime
    kind: str  # image, voice, video, file
    media_id: str  # good for three days; "" for what was uploaded
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence as it stands."""

    id: int
    case_id: int | None
    message_key: str
    sender: str
    at: datetime
    kind: str
    media_id: str
    state: EvidenceState
    tries: int
    reason: str
    sha256: str | None
    size: int | None  # bytes
    media_type: str | None
    path: str | None  # inside the folder of the settings
    kept_at: datetime | None
    name: str | None  # of a file that was uploaded, as its sender called it


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that has been checked and written."""

    sha256: str
    size: int
    media_type: str
    path: str


_ALL = select(*columns_for(EVIDENCE, Evidence))
_IS_WAITING = EVIDENCE.c.state == word(EvidenceState.WAITING)


class EvidenceStore:
    """The evidence in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.has_added = False

    def add(self, new: NewEvidence, now: datetime) -> int | None:
        """Await a file; return its id, None if this message has brought it already."""
        values = {
            "message_key": new.message_key,
            "sender": new.sender,
            "at": new.at,
            "kind": new.kind,
            "media_id": new.media_id,
            "case_id": new.case_id,
            "state": EvidenceState.WAITING,
            "tries": 0,
            "next_at": now,
            "reason": "",
        }
        insert = insert_into(self._connection, EVIDENCE).values(values)
        once = insert.on_conflict_do_nothing(index_elements=["message_key"])
        row = self._connection.execute(once.returning(EVIDENCE.c.id)).first()
        self.has_added = self.has_added or row is not None
        return None if row is None else int(row.id)

    def add_kept(self, new: NewEvidence, file: KeptFile, name: str, now: datetime) -> int | None:
        """Keep a file that was uploaded and has been written; None if this form has brought it."""
        values = asdict(new) | asdict(file)
        state = {"state": EvidenceState.KEPT, "tries": 0, "next_at": now, "reason": ""}
        insert = insert_into(self._connection, EVIDENCE).values(
            values | state | {"name": name, "kept_at": now}
        )
        once = insert.on_conflict_do_nothing(index_elements=["message_key"])
        row = self._connection.execute(once.returning(EVIDENCE.c.id)).first()
        return None if row is None else int(row.id)

    def waiting(self, now: datetime) -> Evidence | None:
        """The next file to be fetched."""
        due = _ALL.where(_IS_WAITING, EVIDENCE.c.next_at <= now)
        row = self._connection.execute(due.order_by(EVIDENCE.c.next_at).limit(1)).first()
        return None if row is None else read_as(Evidence, row)

    def of_case(self, case_id: int) -> list[Evidence]:
        """The evidence of a case and of all merged into it, in the order in which it was sent."""
        mine = _ALL.where(EVIDENCE.c.case_id.in_(IN_FAMILY))
        ordered = mine.order_by(EVIDENCE.c.at, EVIDENCE.c.id)
        rows = self._connection.execute(ordered, {"case_id": case_id})
        return [read_as(Evidence, row) for row in rows]

    def unplaced(self, sender: str, since: datetime) -> int:
        """How many files of the sender belong to no case yet."""
        mine = select(func.count()).where(*_unplaced(sender, since))
        count: int = self._connection.execute(mine).scalar_one()
        return count

    def place(self, sender: str, case_id: int, since: datetime) -> int:
        """Put the sender's unplaced files into a case; return how many."""
        found = update(EVIDENCE).where(*_unplaced(sender, since))
        return self._connection.execute(found.values(case_id=case_id)).rowcount

    def latest_case_of(self, userid: str, since: datetime) -> int | None:
        """The open case that somebody reported, added to or acted in last, since a moment."""
        said = select(REPORT.c.case_id, REPORT.c.at).where(
            REPORT.c.reporter == userid, REPORT.c.at >= since
        )
        did = select(CASE_EVENT.c.case_id, CASE_EVENT.c.at).where(
            CASE_EVENT.c.by == userid, CASE_EVENT.c.at >= since
        )
        both = union_all(said, did).subquery()
        latest = (
            select(both.c.case_id)
            .join(CASE, CASE.c.id == both.c.case_id)
            .where(OPEN)
            .order_by(both.c.at.desc(), both.c.case_id.desc())
            .limit(1)
        )
        case_id: int | None = self._connection.execute(latest).scalar_one_or_none()
        return case_id

    def kept(self, evidence_id: int, file: KeptFile, now: datetime) -> bool:
        """The file is written; False if somebody else has settled it."""
        return self._settle(
            evidence_id,
            state=EvidenceState.KEPT,
            sha256=file.sha256,
            size=file.size,
            media_type=file.media_type,
            path=file.path,
            kept_at=now,
        )

    def refused(self, evidence_id: int, reason: str) -> bool:
        """The file cannot be kept; False if somebody else has settled it."""
        return self._settle(evidence_id, state=EvidenceState.REFUSED, reason=reason)

    def again(self, evidence_id: int, reason: str, next_at: datetime) -> None:
        """It could not be fetched; try once more at `next_at`."""
        self._settle(
            evidence_id,
            tries=EVIDENCE.c.tries + literal(1),
            reason=reason,
            next_at=next_at,
        )

    def _settle(self, evidence_id: int, **values: object) -> bool:
        mine = update(EVIDENCE).where(EVIDENCE.c.id == evidence_id, _IS_WAITING)
        return self._connection.execute(mine.values(**values)).rowcount == 1


def _unplaced(sender: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        EVIDENCE.c.sender == sender,
        EVIDENCE.c.case_id.is_(None),
        EVIDENCE.c.at >= since,
    )
