"""Approvals as rows: asked and answered in the transaction of the event that asks or answers."""

from datetime import datetime

from cases import events
from cases.approvals import Answer, Ask, changes
from cases.model import Case
from cases.people import Role
from handlers.desk import Act
from storage.approvals import NewApproval
from storage.states import ApprovalKind, ApprovalState
from storage.work import Work


def keep(  # noqa: PLR0913 - the one path names everything it needs
    work: Work,
    case: Case,
    event: events.Event,
    deciders: tuple[Role, ...],
    act: Act,
    *,
    now: datetime,
) -> None:
    """Keep what `event` asks of whom, and what it answers."""
    for change in changes(case, event, deciders):
        match change:
            case Ask(kind=kind, roles=roles):
                for role in roles:
                    proposal = {"round": case.version}
                    asked = ApprovalKind(kind.value)
                    work.approvals.ask(NewApproval(case.id, asked, role.value, None, proposal, now))
            case Answer(kind=kind, result=result, words=words):
                for row in work.approvals.pending(case.id):
                    if kind is None or row.kind.value == kind.value:
                        state = ApprovalState(result.value)
                        work.approvals.answer(row.id, state, words, by=act.by.userid, now=now)
