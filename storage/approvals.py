"""What somebody entitled was asked to decide. Silence leaves it pending for ever (decision 5)."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from storage.columns import columns_for, insert, read_as
from storage.states import ApprovalKind, ApprovalState
from storage.tables.base import word
from storage.tables.talk import APPROVAL


@dataclass(frozen=True, slots=True)
class NewApproval:
    """A decision to be asked for: of a role, or of one person who holds it."""

    case_id: int
    kind: ApprovalKind
    asked_role: str
    asked_userid: str | None
    proposal: Mapping[str, object]
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision as it stands."""

    id: int
    case_id: int
    kind: ApprovalKind
    asked_role: str
    asked_userid: str | None
    state: ApprovalState
    proposal: Mapping[str, object]
    asked_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    words: str


_APPROVALS = select(*columns_for(APPROVAL, Approval)).order_by(APPROVAL.c.id)
_OF_CASE = _APPROVALS.where(APPROVAL.c.case_id == bindparam("of_case"))
_PENDING = APPROVAL.c.state == word(ApprovalState.PENDING)
_PENDING_OF_CASE = _OF_CASE.where(_PENDING)


class ApprovalStore:
    """The approvals in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, new: NewApproval) -> int:
        """Ask for a decision; return its id."""
        values = asdict(new) | {"state": ApprovalState.PENDING, "words": ""}
        return insert(self._connection, APPROVAL, values)

    def get(self, approval_id: int) -> Approval | None:
        """The approval, pending or answered."""
        found = self._where(APPROVAL.c.id == approval_id)
        return found[0] if found else None

    def pending(self, case_id: int | None = None) -> list[Approval]:
        """What waits for an answer, of one case or of all, oldest first."""
        if case_id is None:
            return self._where(_PENDING)
        rows = self._connection.execute(_PENDING_OF_CASE, {"of_case": case_id})
        return [read_as(Approval, row) for row in rows]

    def pending_among(self, case_ids: Collection[int]) -> list[Approval]:
        """What waits for an answer in these cases, oldest first; one query."""
        return self._where(_PENDING, APPROVAL.c.case_id.in_(case_ids))

    def of_case(self, case_id: int) -> list[Approval]:
        """All that was ever asked about a case, oldest first."""
        rows = self._connection.execute(_OF_CASE, {"of_case": case_id})
        return [read_as(Approval, row) for row in rows]

    def answered_since(self, moment: datetime) -> list[Approval]:
        """What has been answered since `moment`, the latest answer last."""
        found = self._where(APPROVAL.c.answered_at >= moment)
        return sorted(found, key=lambda one: one.answered_at or one.asked_at)

    def answer(
        self, approval_id: int, state: ApprovalState, words: str, *, by: str, now: datetime
    ) -> bool:
        """Record the answer, words verbatim; False when it had been answered or withdrawn."""
        answered = update(APPROVAL).where(APPROVAL.c.id == approval_id, _PENDING)
        answered = answered.values(state=state, words=words, answered_by=by, answered_at=now)
        return self._connection.execute(answered).rowcount == 1

    def _where(self, *conditions: ColumnElement[bool]) -> list[Approval]:
        rows = self._connection.execute(_APPROVALS.where(*conditions))
        return [read_as(Approval, row) for row in rows]
