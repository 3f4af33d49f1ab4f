"""Whose answer is awaited: who is asked, in whose place, and what is left where several are."""

from cases import events
from cases.approvals import Kind, Mode
from cases.errors import NotAllowedError
from cases.model import Case
from cases.people import Person, Role
from cases.permissions import HEIGHT, Action
from handlers.arrangements import acts_for, panel
from handlers.carry_out import decider_of, record
from handlers.talk import Talk
from storage.approvals import Approval, NewApproval
from storage.states import ApprovalKind, ApprovalState

# What 同意 can answer.
_BY_ANSWER = frozenset({"signoff", "draft", "extension", "close", "upward"})


def verbatim(talk: Talk, meant: str = "同意") -> str:
    """Return the speaker's words; a tapped number says what it stood for."""
    return f"{talk.words.strip()} ({meant})" if talk.words.strip().isdigit() else talk.words


def roles_of(talk: Talk) -> frozenset[Role]:
    """Return the speaker's roles, and those of whoever he stands in for."""
    people: tuple[Person, ...] = (talk.person, *acts_for(talk.work, talk.person, talk.now))
    return frozenset(role for person in people for role in person.roles)


def asked_of(talk: Talk) -> frozenset[int]:
    """Return the cases in which the speaker is asked; else those in which he could decide."""
    roles = roles_of(talk)
    if Role.REVIEWER in roles:
        roles |= {Role.OFFICE_DIRECTOR}
    rows = [row for row in talk.work.approvals.pending() if row.kind.value in _BY_ANSWER]
    own = frozenset(row.case_id for row in rows if Role(row.asked_role) in roles)
    height = max((HEIGHT.get(role, 0) for role in roles), default=0)
    return own or frozenset(
        row.case_id for row in rows if 0 < HEIGHT.get(Role(row.asked_role), 9) <= height
    )


def agreed_so_far(talk: Talk, case: Case, kind: Kind, action: Action) -> str:
    """Keep one agreement of several; return what is said while others are asked, "" if decided.

    Raises:
        RefusalError: the speaker is not asked, or has answered already.
    """
    decider = decider_of(talk.desk, case)
    asked = panel(talk.work, case.working_level, kind, decider)
    if asked.mode is Mode.ANY or len(asked.roles) == 1 or case.response.decider:
        return ""
    talk.permit(action, case)
    rows = [row for row in talk.work.approvals.of_case(case.id) if row.kind.value == kind.value]
    pending = [row for row in rows if row.state is ApprovalState.PENDING]
    own = [row for row in pending if Role(row.asked_role) in talk.person.roles]
    others = [row for row in pending if Role(row.asked_role) in roles_of(talk)]
    seat = next(iter(own + others), None)  # one's own answer first, then that of the absent
    if seat is None:
        waits = "、".join(row.asked_role for row in pending)
        raise NotAllowedError(f"{case.short_number} 的{kind.label}还在等{waits}答复, 您不用再答。")
    granted = {Role(row.asked_role) for row in rows if _is_granted(row, seat)}
    left = asked.seats(granted | {Role(seat.asked_role)})
    if not left:
        return ""
    talk.work.approvals.answer(
        seat.id, ApprovalState.GRANTED, verbatim(talk), by=talk.person.userid, now=talk.now
    )
    is_next = asked.mode is Mode.ORDER
    if is_next:
        kept = ApprovalKind(kind.value)
        talk.work.approvals.ask(
            NewApproval(case.id, kept, left[0].value, None, seat.proposal, talk.now)
        )
    names = tuple(role.value for role in left)
    happened = events.SeatGranted(kind.value, seat.asked_role, verbatim(talk), names, asks=is_next)
    changed = record(talk.work, talk.desk, case, (happened,), talk.act, now=talk.now)
    talk.case = changed.case
    return f"{case.short_number} 已记下您的同意, 还要{'、'.join(names)}同意。"


def _is_granted(row: Approval, seat: Approval) -> bool:
    return row.state is ApprovalState.GRANTED and row.proposal == seat.proposal
