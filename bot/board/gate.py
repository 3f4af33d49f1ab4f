"""The gate of the pages: who is signed in, and whether a form is really ours."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from bot.board.answers import StopError, notice, to
from bot.board.place import Place, csrf_of
from bot.board.state import safe_path
from cases.errors import NotPermittedError
from cases.permissions import SEES_ALL, Action, counted_for, may_export_whole
from handlers import letting_in
from handlers.admin.everything import may
from handlers.letting_in import Visitor
from storage.database import Database
from storage.work import Work

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody signed in, with what their forms carry."""

    visitor: Visitor
    csrf: str

    @property
    def may_manage(self) -> bool:
        """Whether the pages of the administration are theirs to open."""
        return may(self.visitor.person, Action.ARRANGE)

    @property
    def name(self) -> str:
        """How the page calls them."""
        return self.visitor.person.name

    @property
    def counts(self) -> bool:
        """Whether statistics are shown to them."""
        try:
            counted_for(self.visitor.person)
        except NotPermittedError:
            return False
        return True

    @property
    def reads_papers(self) -> bool:
        """Whether the papers about periods are for them."""
        return self.visitor.person.is_any(*SEES_ALL)

    @property
    def may_export_full(self) -> bool:
        """Whether they may take out what is masked by default."""
        return may_export_whole(self.visitor.person)


class Gate:
    """Lets requests in. Every one is judged anew: who has left is out with the next."""

    def __init__(self, database: Database, place: Place, *, clock: Clock) -> None:
        """`clock` is the unshifted one: sessions are not a matter of a demonstration's time."""
        self._database = database
        self.place = place
        self.clock = clock

    def enter(self, request: Request) -> Guest:
        """Return who asks; nobody known is sent to sign in.

        Raises:
            StopError: not signed in, or not any more.
        """
        token = self.token(request)
        now = self.clock()
        with self._database.read() as work:
            visitor = letting_in.visitor(work, token, self.place.lives, now) if token else None
        if visitor is None:
            raise StopError(self._out(request, token, now))
        if letting_in.is_to_be_noted(visitor.session, now):
            self._database.run(lambda work: work.sessions.seen(visitor.session.id, now))
        return Guest(visitor, csrf_of(token))

    def still(self, work: Work, token: str) -> Visitor | None:
        """Return who holds this token at this moment, for what stays open after `enter`."""
        return letting_in.visitor(work, token, self.place.lives, self.clock())

    def _out(self, request: Request, token: str, now: datetime) -> Response:
        if token:
            lives = self.place.lives
            self._database.run(lambda work: letting_in.close_dead(work, token, lives, now))
        if request.method != "GET":
            gone: Response = notice(
                "请重新登录", "登录已失效, 刚才的内容没有提交。", 401, signs_in=True
            )
        else:
            path = safe_path(request.url.path)
            gone = to("/sign-in" if path == "/" else f"/sign-in?next={path}")
        self.forget(gone)
        return gone

    def must_be_ours(self, request: Request) -> None:
        """Refuse a form that another site sends (E08): by its Origin, else by what browsers add.

        Raises:
            StopError: it is not from one of our pages.
        """
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site")
        is_ours = origin == self.place.origin if origin is not None else site == "same-origin"
        if not is_ours or site not in (None, "same-origin"):
            raise StopError(notice("没有提交", "这个表单不是从督办页面提交的, 没有办理。", 403))

    def must_match(self, guest: Guest, given: str) -> None:
        """Refuse a form without the sign of this very session.

        Raises:
            StopError: the sign is missing, or another session's.
        """
        if not hmac.compare_digest(guest.csrf.encode(), given.encode()):
            raise StopError(
                notice("没有提交", "页面已过期, 请返回上一页, 刷新后再提交。", 403, signs_in=True)
            )

    def token(self, request: Request) -> str:
        """Return the session's token as the browser holds it, "" where there is none."""
        return _short(request.cookies, self.place.session_cookie)

    def entry(self, request: Request) -> str:
        """Return the cookie a sign-in is bound to, "" where there is none."""
        return _short(request.cookies, self.place.entry_cookie)

    def remember(self, response: Response, token: str) -> None:
        """Give the browser its session."""
        seconds = int(self.place.lives.whole.total_seconds())
        self._set(response, self.place.session_cookie, token, seconds)
        self._set(response, self.place.entry_cookie, "", 0)

    def bind(self, response: Response, entry: str, seconds: int) -> None:
        """Give the browser the cookie that a sign-in is bound to."""
        self._set(response, self.place.entry_cookie, entry, seconds)

    def forget(self, response: Response) -> None:
        """Take the session back from the browser."""
        self._set(response, self.place.session_cookie, "", 0)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self.place.is_https,
            httponly=True,
            samesite="lax",
        )


def _short(cookies: Mapping[str, str], name: str) -> str:
    value = cookies.get(name, "")
    return value if len(value) <= 200 else ""  # noqa: PLR2004 - ours are shorter
