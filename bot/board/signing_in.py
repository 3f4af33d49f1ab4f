"""Signing in: in WeCom's client, by scanning on a desktop, or by a personal link; and out again."""

import re
from collections.abc import Callable
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from bot.board.answers import HEADERS, PageRoute, notice, page, static_file, to
from bot.board.answers import STATIC as FILES
from bot.board.devices import device_in_words
from bot.board.forms import read_form
from bot.board.gate import Gate
from bot.board.state import LIVES, is_good, new_entry, new_state, path_of, safe_path
from bot.gateway import GiveUp, TryLater, Unknown
from handlers import letting_in
from handlers.letting_in import Arrival, NotKnownError
from storage.database import Database
from storage.states import OneTimeKind, SignInWay
from storage.work import Work

Whose = Callable[[str], "str | TryLater | GiveUp | Unknown"]  # a code of the platform → a userid

_CODE = re.compile(r"[!-~]{1,512}")
_LINK = re.compile(r"[0-9A-Za-z_-]{43}")
_A_MINUTE = 120  # sign-ins that come back, of all people together
_WAYS = {
    SignInWay.WECOM: "企业微信内打开",
    SignInWay.QR: "扫码",
    SignInWay.LINK: "一次性链接",
}


class _Desk:
    """Answers what has to do with signing in."""

    def __init__(self, database: Database, gate: Gate, whose: Whose) -> None:
        self._database = database
        self._gate = gate
        self._whose = whose

    def ask(self, request: Request, path: str) -> Response:
        """Show the ways in; inside WeCom's own browser there is only one."""
        if _is_inside(request):
            return self.leave(request, path, scans=False)
        place = self._gate.place
        return page(
            "sign_in.html", path=safe_path(path), institution=place.institution, visitor=None
        )

    def leave(self, request: Request, path: str, *, scans: bool) -> Response:
        """Send the browser to the platform, bound by a cookie to come back itself."""
        place, gate = self._gate.place, self._gate
        entry = new_entry(gate.entry(request), path)
        state = new_state(place.state_key, entry, gate.clock())
        answer = RedirectResponse(place.platform_address(state, scans=scans), 302, headers=HEADERS)
        gate.bind(answer, entry, int(LIVES.total_seconds()))
        return answer

    def come_back(self, request: Request, code: str, state: str) -> Response:
        """Take back what the platform sends, and begin a session (E02, E03, E05, E06)."""
        gate, now = self._gate, self._gate.clock()
        entry = gate.entry(request)
        if not _CODE.fullmatch(code) or not is_good(gate.place.state_key, entry, state, now):
            return _again("登录页面已过期, 或不是从这个浏览器打开的。")
        refused = self._database.run(lambda work: self._spend(work, code, state))
        if refused is not None:
            return refused
        userid = self._whose(code)
        if isinstance(userid, TryLater | Unknown):
            return notice("请稍候", "企业微信暂时没有应答, 请过一分钟再登录。", 503, signs_in=True)
        if isinstance(userid, GiveUp):
            return _again(f"企业微信没有认可这次登录 ({userid.text})。")
        way = SignInWay.WECOM if _is_inside(request) else SignInWay.QR
        return self._begin(request, Arrival(userid, way, _device(request)), path_of(entry))

    def _spend(self, work: Work, code: str, state: str) -> Response | None:
        now, sessions = self._gate.clock(), work.sessions
        if work.budgets.take("sign-in", _A_MINUTE, 60, now) is not None:
            return notice("请稍候", "登录的人太多, 请过一分钟再试。", 503, signs_in=True)
        until = now + LIVES + timedelta(minutes=1)
        fresh = sessions.use_once(OneTimeKind.STATE, state, by="", now=now, until=until)
        fresh = fresh and sessions.use_once(OneTimeKind.CODE, code, by="", now=now, until=until)
        return None if fresh else _again("这次登录已经用过了。")

    def follow(self, request: Request, token: str) -> Response:
        """Let somebody in by a personal link."""
        now = self._gate.clock()

        def act(work: Work) -> str | None:
            return work.sessions.use_link(token, now)

        userid = self._database.run(act) if _LINK.fullmatch(token) else None
        if userid is None:
            return _again("这个登录链接已经用过、过期或不完整, 请舆情办再发一个。")
        return self._begin(request, Arrival(userid, SignInWay.LINK, _device(request)), "/")

    def _begin(self, request: Request, arrival: Arrival, path: str) -> Response:
        gate = self._gate
        now = gate.clock()
        held = Arrival(arrival.userid, arrival.way, arrival.device, gate.token(request))
        try:
            token = self._database.run(lambda work: letting_in.let_in(work, held, now))
        except NotKnownError:
            self._database.run(lambda work: letting_in.turn_away(work, arrival.userid, now))
            return notice(
                "还不能进入",
                "您不在督办名录里, 请联系管理员登记后再登录。",
                403,
            )
        answer = to(path)
        gate.remember(answer, token)
        return answer

    def sessions(self, request: Request) -> Response:
        """Show where somebody is signed in."""
        guest = self._gate.enter(request)
        with self._database.read() as work:
            found = letting_in.own_sessions(
                work, guest.visitor.person, self._gate.place.lives, self._gate.clock()
            )
        own = guest.visitor.session.id
        return page("sessions.html", visitor=guest, sessions=found, own=own, ways=_WAYS)

    async def out(self, request: Request) -> Response:
        """End a session of one's own; without its number, this one."""
        self._gate.must_be_ours(request)
        guest = await run_in_threadpool(self._gate.enter, request)
        form = await read_form(request)
        self._gate.must_match(guest, form.one("csrf"))
        written = form.one("session")
        own = guest.visitor.session.id
        chosen = int(written) if written.isascii() and written.isdigit() else own
        now = self._gate.clock()

        def act(work: Work) -> bool:
            return letting_in.sign_out(work, guest.visitor, chosen, now)

        await run_in_threadpool(self._database.run, act)
        answer: Response = to("/sign-in" if chosen == own else "/sessions")
        if chosen == own:
            self._gate.forget(answer)
        return answer


def _is_inside(request: Request) -> bool:
    return "wxwork" in request.headers.get("user-agent", "").lower()


def _device(request: Request) -> str:
    return device_in_words(request.headers.get("user-agent", ""))


def _again(why: str) -> Response:
    return notice("没有登录", f"{why}请重新登录。", 400, signs_in=True)


def build_signing_in(database: Database, gate: Gate, whose: Whose) -> APIRouter:
    """Return the pages of signing in and out."""
    desk = _Desk(database, gate, whose)
    router = APIRouter(include_in_schema=False)
    router.include_router(_with_the_platform(desk))
    router.include_router(_by_link(desk, gate))
    router.include_router(_sessions(desk))
    for name in FILES:
        router.add_api_route(f"/board/{name}", _Static(name), methods=["GET"])
    return router


def _with_the_platform(desk: _Desk) -> APIRouter:
    router = APIRouter(route_class=PageRoute)

    @router.get("/sign-in")
    def ask(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in addresses
        return desk.ask(request, next)

    @router.get("/sign-in/client")
    def client(request: Request, next: str = "/") -> Response:  # noqa: A002
        return desk.leave(request, next, scans=False)

    @router.get("/sign-in/scan")
    def scan(request: Request, next: str = "/") -> Response:  # noqa: A002
        return desk.leave(request, next, scans=True)

    @router.get("/sign-in/back")
    def come_back(request: Request, code: str = "", state: str = "") -> Response:
        return desk.come_back(request, code, state)

    return router


def _by_link(desk: _Desk, gate: Gate) -> APIRouter:
    router = APIRouter(route_class=PageRoute)

    # Programs that look links over follow them: only a person presses the button.
    @router.get("/sign-in/link/{token}")
    def show_link(token: str) -> Response:
        return page("link.html", token=token, visitor=None)

    @router.post("/sign-in/link")
    async def follow(request: Request) -> Response:
        gate.must_be_ours(request)
        form = await read_form(request)
        return await run_in_threadpool(desk.follow, request, form.one("token"))

    return router


def _sessions(desk: _Desk) -> APIRouter:
    router = APIRouter(route_class=PageRoute)

    @router.get("/sessions")
    def sessions(request: Request) -> Response:
        return desk.sessions(request)

    @router.post("/sign-out")
    async def out(request: Request) -> Response:
        return await desk.out(request)

    return router


class _Static:
    """Gives out one of the pages' own files."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self) -> Response:
        return static_file(self._name)
