"""Who is signed in to the pages, and what is good for one use only.

Tokens never lie here: whoever reads the database finds hashes, with which nobody signs in.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.columns import columns_for, insert, insert_unless, is_new, read_as
from storage.states import OneTimeKind, SignInWay
from storage.tables.board import ONE_TIME, SESSION


@dataclass(frozen=True, slots=True)
class NewSession:
    """Somebody signs in."""

    token: str  # as the browser will hold it; only its hash is kept
    userid: str
    way: SignInWay
    device: str  # as the browser calls itself, shortened
    now: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it stands; `said` is what the next page has to show."""

    id: int
    userid: str
    way: SignInWay
    device: str
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    ended_why: str | None
    said: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A personal link for signing in, good for one use until `expires_at`."""

    token: str
    userid: str
    by: str
    now: datetime
    expires_at: datetime


def digest(token: str) -> str:
    """Return what is kept of a token. A random token of 128 bits and more needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


_COLUMNS = columns_for(SESSION, Session)
_LIVE = SESSION.c.ended_at.is_(None)


class SessionStore:
    """Sessions and one-time things in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, new: NewSession) -> int:
        """Begin a session; return its id."""
        return insert(
            self._connection,
            SESSION,
            {
                "token_hash": digest(new.token),
                "userid": new.userid,
                "way": new.way,
                "device": new.device,
                "created_at": new.now,
                "seen_at": new.now,
            },
        )

    def live(self, token: str) -> Session | None:
        """The session of this token, unless it was ended; its age is the caller's to judge."""
        wanted = select(*_COLUMNS).where(SESSION.c.token_hash == digest(token), _LIVE)
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else read_as(Session, row)

    def of_person(self, userid: str, since: datetime) -> list[Session]:
        """The sessions of a person that are not ended and were used since, the latest first."""
        mine = select(*_COLUMNS).where(
            SESSION.c.userid == userid, _LIVE, SESSION.c.seen_at >= since
        )
        rows = self._connection.execute(mine.order_by(SESSION.c.seen_at.desc()))
        return [read_as(Session, row) for row in rows]

    def seen(self, session_id: int, now: datetime) -> None:
        """The session was used at `now`."""
        self._change(session_id, seen_at=now)

    def tell(self, session_id: int, said: Mapping[str, object] | None) -> None:
        """Leave something to be shown on the next page; None when it has been shown."""
        self._change(session_id, said=None if said is None else dict(said))

    def end(self, session_id: int, why: str, now: datetime) -> bool:
        """End a session; False when it had ended."""
        ended = update(SESSION).where(SESSION.c.id == session_id, _LIVE)
        done = self._connection.execute(ended.values(ended_at=now, ended_why=why, said=None))
        return done.rowcount == 1

    def end_all(self, userid: str, why: str, now: datetime) -> int:
        """End all sessions of a person; return how many there were."""
        ended = update(SESSION).where(SESSION.c.userid == userid, _LIVE)
        done = self._connection.execute(ended.values(ended_at=now, ended_why=why, said=None))
        return done.rowcount

    def give_link(self, new: NewLink) -> None:
        """Keep a personal link, by its hash; an earlier unused one of the same person ends."""
        self._sweep(new.now)
        unused = ONE_TIME.delete().where(
            ONE_TIME.c.kind == OneTimeKind.LINK,
            ONE_TIME.c.userid == new.userid,
            ONE_TIME.c.used_at.is_(None),
        )
        self._connection.execute(unused)
        self._connection.execute(
            insert_unless(self._connection, ONE_TIME, "digest"),
            {
                "digest": digest(new.token),
                "kind": OneTimeKind.LINK,
                "userid": new.userid,
                "by": new.by,
                "at": new.now,
                "expires_at": new.expires_at,
            },
        )

    def use_link(self, token: str, now: datetime) -> str | None:
        """Use a personal link; return whose it is, None when it is unknown, used or too old."""
        used = (
            update(ONE_TIME)
            .where(
                ONE_TIME.c.digest == digest(token),
                ONE_TIME.c.kind == OneTimeKind.LINK,
                ONE_TIME.c.used_at.is_(None),
                ONE_TIME.c.expires_at > now,
            )
            .values(used_at=now)
        )
        userid: str | None = self._connection.execute(
            used.returning(ONE_TIME.c.userid)
        ).scalar_one_or_none()
        return userid

    def use_once(
        self, kind: OneTimeKind, token: str, *, by: str, now: datetime, until: datetime
    ) -> bool:
        """Use something up; False when it has been used before. It is remembered until `until`."""
        self._sweep(now)
        values = {
            "digest": digest(f"{kind.value}:{token}"),
            "kind": kind,
            "userid": None,
            "by": by,
            "at": now,
            "expires_at": until,
            "used_at": now,
        }
        return is_new(self._connection, ONE_TIME, ("digest",), values)

    def _sweep(self, now: datetime) -> None:
        self._connection.execute(ONE_TIME.delete().where(ONE_TIME.c.expires_at < now))

    def _change(self, session_id: int, **values: object) -> None:
        self._connection.execute(update(SESSION).where(SESSION.c.id == session_id).values(**values))
