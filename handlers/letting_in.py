"""Who is let in to the pages: sessions, personal links, and their end.

A session is only a name: who the person is, and whether they are still here, is looked up for
each request (decision 15).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.errors import NotPermittedError, RefusalError
from cases.people import Person, Role
from cases.permissions import HEIGHT, Action, authorize
from storage.sessions import NewLink, NewSession, Session
from storage.states import SignInWay
from storage.work import Work

LINK_LIVES = timedelta(minutes=15)
LOCAL_ADMINISTRATOR = "local-administrator"
_SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written down no more often
_LONGEST_DEVICE = 120


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lives: after its last use, and in all."""

    idle: timedelta = timedelta(hours=8)
    whole: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in, as the directory has them at this moment."""

    person: Person
    session: Session


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whose name is known for certain wants to come in."""

    userid: str
    way: SignInWay
    device: str
    token: str = ""  # of the session the browser has held until now


class NotKnownError(Exception):
    """The person is not, or no longer, in the directory."""


def let_in(work: Work, arrival: Arrival, now: datetime) -> str:
    """Begin a session for somebody in the directory; return its new token of 256 bits.

    Raises:
        NotKnownError: nobody there has this userid; it is in the audit, by `turn_away`.
    """
    person = work.people.person(arrival.userid)
    if person is None:
        raise NotKnownError
    if arrival.token and (held := work.sessions.live(arrival.token)) is not None:
        work.sessions.end(held.id, "重新登录", now)
    token = secrets.token_urlsafe(32)
    device = arrival.device[:_LONGEST_DEVICE]
    session = work.sessions.begin(NewSession(token, person.userid, arrival.way, device, now))
    _note(work, person, "sign-in", str(session), now)
    return token


def turn_away(work: Work, userid: str, now: datetime) -> None:
    """Write into the audit that somebody unknown tried to sign in."""
    work.audit.append(
        actor=userid,
        role="",
        action="sign-in",
        object_type="session",
        object_id="",
        result="denied",
        details={},
        now=now,
    )


def visitor(work: Work, token: str, lives: Lifetimes, now: datetime) -> Visitor | None:
    """Return who holds this token, None when it is unknown, ended, too old, or the person left."""
    session = work.sessions.live(token)
    if session is None or not is_alive(session, lives, now):
        return None
    person = work.people.person(session.userid)
    return None if person is None else Visitor(person, session)


def is_alive(session: Session, lives: Lifetimes, now: datetime) -> bool:
    """Whether the session has neither been idle too long nor lived too long."""
    return now - session.seen_at < lives.idle and now - session.created_at < lives.whole


def is_to_be_noted(session: Session, now: datetime) -> bool:
    """Whether this use should be written down."""
    return now - session.seen_at >= _SEEN_EVERY


def close_dead(work: Work, token: str, lives: Lifetimes, now: datetime) -> None:
    """End what a token that is not let in any more stands for: for good, whoever comes back."""
    session = work.sessions.live(token)
    if session is None:
        return
    if work.people.person(session.userid) is None:
        work.sessions.end_all(session.userid, "已离开名录", now)
    elif not is_alive(session, lives, now):
        work.sessions.end(session.id, "到时", now)


def sign_out(work: Work, visitor: Visitor, session_id: int, now: datetime) -> bool:
    """End one of the visitor's own sessions; False when it is none of theirs."""
    own = {one.id for one in work.sessions.of_person(visitor.person.userid, _long_ago(now))}
    if session_id not in own:
        return False
    work.sessions.end(session_id, "本人退出", now)
    _note(work, visitor.person, "sign-out", str(session_id), now)
    return True


def own_sessions(work: Work, person: Person, lives: Lifetimes, now: datetime) -> list[Session]:
    """Return the person's sessions that are alive, the latest first."""
    found = work.sessions.of_person(person.userid, now - lives.idle)
    return [one for one in found if is_alive(one, lives, now)]


def _long_ago(now: datetime) -> datetime:
    return now - timedelta(days=400)


def personal_link(work: Work, person: Person, by: str, now: datetime) -> str:
    """Return the token of a link for one person, good once and for a quarter of an hour."""
    token = secrets.token_urlsafe(32)
    work.sessions.give_link(NewLink(token, person.userid, by, now, now + LINK_LIVES))
    work.audit.append(
        actor=by,
        role="",
        action="link.given",
        object_type="person",
        object_id=person.userid,
        result="done",
        details={},
        now=now,
    )
    return token


def may_give_link(giver: Person, to: Person) -> None:
    """Let `giver` make a link for `to`, or raise.

    A link is as good as the person it is for: nobody makes one for who stands above them.

    Raises:
        RefusalError: says who may.
    """
    authorize(giver, Action.LET_IN)
    if giver.userid == to.userid or giver.is_any(Role.ADMINISTRATOR):
        return
    if _height(to) >= _height(giver) or to.is_any(Role.ADMINISTRATOR):
        raise NotPermittedError(f"{to.name}的登录链接由管理员来发。")


def _height(person: Person) -> int:
    return max((HEIGHT.get(role, 0) for role in person.roles), default=0)


def link_for_userid(work: Work, userid: str, now: datetime) -> str:
    """Return the token of a link made on the command line of the server.

    Raises:
        RefusalError: nobody in the directory has this userid.
    """
    person = work.people.person(userid)
    if person is None:
        raise RefusalError(f"名录里没有 userid 为 {userid} 的人, 请核对 (不分大小写)。")
    return personal_link(work, person, "command-line", now)


def link_for_local_administrator(work: Work, now: datetime) -> str:
    """Return the token of a link for the local administrator, who exists for the first set-up.

    The directory ends him at its next reading unless it names him: then real people administer.
    """
    person = Person(LOCAL_ADMINISTRATOR, "本机管理员", frozenset({Role.ADMINISTRATOR}))
    work.people.upsert_person(person)
    return personal_link(work, person, "command-line", now)


def end_local_administrator(work: Work, now: datetime) -> None:
    """End the local administrator once somebody real administers."""
    holders = {person.userid for person in work.people.with_role(Role.ADMINISTRATOR)}
    if holders - {LOCAL_ADMINISTRATOR}:
        work.people.leave(LOCAL_ADMINISTRATOR, now)


def _note(work: Work, person: Person, action: str, session: str, now: datetime) -> None:
    work.audit.append(
        actor=person.userid,
        role="、".join(sorted(person.roles)),
        action=action,
        object_type="session",
        object_id=session,
        result="done",
        details={},
        now=now,
    )
