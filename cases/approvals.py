"""Who is asked to decide what, and what an event answers: kept beside the case, words verbatim.

Nobody's silence decides anything. Who is asked follows the level; an institution may ask several
(任一, 全部, 依次).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from cases import events
from cases.model import Case, State
from cases.people import Role
from cases.response import RESPOND, ReplyStage


class Kind(StrEnum):
    """What somebody is asked to decide."""

    GRADE = "grade"  # 定级
    SIGNOFF = "signoff"  # 签批
    DRAFT = "draft"  # 回应稿: the office first (审核), then the leader (签发)
    EXTENSION = "extension"  # 延期
    CLOSE = "close"  # 办结, 终止响应
    UPWARD = "upward"  # 阅示

    @property
    def label(self) -> str:
        """The word officers use."""
        return _LABELS[self]


_LABELS = {
    Kind.GRADE: "定级",
    Kind.SIGNOFF: "签批",
    Kind.DRAFT: "签发",
    Kind.EXTENSION: "延期",
    Kind.CLOSE: "办结",
    Kind.UPWARD: "阅示",
}


class Result(StrEnum):
    """What became of it."""

    GRANTED = "granted"
    CONDITIONAL = "conditional"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask these roles, one seat each."""

    kind: Kind
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whatever is pending of this kind is answered; None: of every kind."""

    kind: Kind | None
    result: Result
    words: str = ""


Change = Ask | Answer


class Mode(StrEnum):
    """How several are asked."""

    ANY = "任一"
    ALL = "全部"
    ORDER = "依次"


@dataclass(frozen=True, slots=True)
class Panel:
    """Who decides one kind of question at one level."""

    mode: Mode
    roles: tuple[Role, ...]

    def seats(self, granted: Collection[Role]) -> tuple[Role, ...]:
        """Return who is asked now, after `granted` have agreed; () when it is decided."""
        left = tuple(role for role in self.roles if role not in granted)
        if not left or (self.mode is Mode.ANY and granted):
            return ()
        return left[:1] if self.mode is Mode.ORDER else left


def awaited(case: Case) -> Kind | None:
    """Return what is asked of a leader where the case stands."""
    if case.state is State.APPROVED:
        return Kind.SIGNOFF
    if case.state in (State.REPLY_DRAFT, State.REVIEWING):
        return Kind.DRAFT
    return Kind.CLOSE if case.state is State.CLOSE_REQUESTED else None


_OF_LEADERS = frozenset({"签批", "审核", "签发"})


def asks_for(case: Case, step: str) -> str:
    """Return which answer a reminder of 审核 wants; "" where the step alone says it."""
    if step != "审核":
        return ""
    if case.state is State.REPLY_DRAFT:
        return "审稿"
    return "定回应" if case.response.awaits_answer else ""


def next_decider(case: Case, step: str, approver: Role) -> Role | None:
    """Return who may decide in place of a leader who does not answer; silence decides nothing.

    None where the ladder's own next person is meant.
    """
    if step not in _OF_LEADERS or case.state is State.REPLY_DRAFT:
        return None
    return Role.CHIEF_LEADER if approver is Role.DEPUTY_LEADER else None


def changes(case: Case, event: events.Event, deciders: tuple[Role, ...]) -> tuple[Change, ...]:
    """Return what `event` asks and answers; `case` is as it stands after the event.

    Args:
        case: the case.
        event: what happened.
        deciders: who decides at the level, as it is now.
    """
    match event:
        case events.SignoffAsked():
            return (Answer(Kind.SIGNOFF, Result.WITHDRAWN), Ask(Kind.SIGNOFF, deciders))
        case events.SignoffGranted(words=words):
            return (Answer(Kind.SIGNOFF, Result.GRANTED, words), _upward(Result.GRANTED, words))
        case events.SignoffRefused(words=words):
            return (Answer(Kind.SIGNOFF, Result.REFUSED, words), _upward(Result.REFUSED, words))
        case events.PassedUpward(to=to):
            return (Ask(Kind.UPWARD, (Role(to),)),)
        case events.GradeChanged():
            return _asked_anew(case, deciders)
        case events.Withdrawn() | events.Merged() | events.CaseRefused():
            return (Answer(None, Result.WITHDRAWN),)
        case _:
            return (
                _of_text(event, deciders)
                or _of_closing(case, event, deciders)
                or _of_time_and_ends(event, deciders)
            )


def _asked_anew(case: Case, deciders: tuple[Role, ...]) -> tuple[Change, ...]:
    """At another grade another leader decides what is being asked."""
    kind, reply = awaited(case), case.response.reply
    of_text = kind is Kind.DRAFT and (reply is None or reply.stage is not ReplyStage.REVIEWED)
    if kind is None or of_text or case.response.awaits_answer:
        return ()
    return (Answer(kind, Result.WITHDRAWN), Ask(kind, deciders))


def _upward(result: Result, words: str) -> Answer:
    return Answer(Kind.UPWARD, result, words)


def _of_text(event: events.Event, deciders: tuple[Role, ...]) -> tuple[Change, ...]:
    match event:
        case events.ReplyDrafted():
            asked = Ask(Kind.DRAFT, (Role.OFFICE_DIRECTOR,))
            return (Answer(Kind.DRAFT, Result.WITHDRAWN), asked)
        case events.ReplyPassed(words=words):
            return (Answer(Kind.DRAFT, Result.GRANTED, words), Ask(Kind.DRAFT, deciders))
        case events.ReplyIssued(words=words):
            return (Answer(Kind.DRAFT, Result.GRANTED, words), _upward(Result.GRANTED, words))
        case events.ReplyIssuedWithEdit(words=words):
            both = Result.CONDITIONAL
            return (Answer(Kind.DRAFT, both, words), _upward(both, words))
        case events.ReplyReturned(reason=reason):
            return (Answer(Kind.DRAFT, Result.REFUSED, reason), _upward(Result.REFUSED, reason))
        case _:
            return ()


def _of_closing(case: Case, event: events.Event, deciders: tuple[Role, ...]) -> tuple[Change, ...]:
    asks = (Answer(Kind.CLOSE, Result.WITHDRAWN), Ask(Kind.CLOSE, deciders))
    done = (Answer(Kind.EXTENSION, Result.WITHDRAWN),)
    match event:
        case events.CloseRequested(awaits_answer=awaits):
            is_asked = case.state is State.CLOSE_REQUESTED and not awaits
            return (*done, *asks) if is_asked else done
        case events.StepWaived(step=step):
            return asks if case.state is State.CLOSE_REQUESTED and step == RESPOND else ()
        case events.Closed(words=words):
            return (Answer(Kind.CLOSE, Result.GRANTED, words), Answer(None, Result.WITHDRAWN))
        case events.SentBack(reason=reason):
            return (Answer(Kind.CLOSE, Result.REFUSED, reason), _upward(Result.REFUSED, reason))
        case _:
            return ()


def _of_time_and_ends(event: events.Event, deciders: tuple[Role, ...]) -> tuple[Change, ...]:
    match event:
        case events.ExtensionAsked():
            return (Ask(Kind.EXTENSION, deciders),)
        case events.ExtensionGranted(words=words):
            return (Answer(Kind.EXTENSION, Result.GRANTED, words),)
        case events.ExtensionDenied(words=words):
            return (Answer(Kind.EXTENSION, Result.REFUSED, words),)
        case events.Declined() | events.Moved():
            return (Answer(Kind.EXTENSION, Result.WITHDRAWN),)
        case events.EndAsked():
            return (Ask(Kind.CLOSE, deciders),)
        case events.ResponseEnded(words=words):
            return (Answer(Kind.CLOSE, Result.GRANTED, words), Answer(None, Result.WITHDRAWN))
        case events.EndDenied(words=words):
            return (Answer(Kind.CLOSE, Result.REFUSED, words),)
        case _:
            return ()
