"""The pages in front of an office: people sign in, open cases and press buttons over HTTP."""

import itertools
import re
import sqlite3
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI

from bot.board.place import Place, Platform
from bot.board.router import Folders, build_board
from bot.clocks import Clocks
from bot.gateway import GiveUp, Scope, TryLater, Unknown
from bot.wecom.client import Account, WeComClient
from bot.wecom.login import whose
from storage.database import Database
from tests.support.edge import Server, StandingClock
from tests.support.office import Office

REAL_NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4) + bytes(9)
_HIDDEN = re.compile(r'name="(csrf|once)" value="([^"]+)"')
_TAGS = re.compile(r"<[^>]+>")
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the certificates takes longer
_LINKS = itertools.count(7_249_559_687_354_970_000)


@dataclass(slots=True)
class Browser:
    """One browser: keeps its cookies, follows nothing by itself."""

    http: httpx.Client
    origin: str
    shown: str = ""  # what the last pressed button was answered, as it stands on the page

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(path, headers=headers)

    def post(
        self, path: str, data: Mapping[str, object], origin: str | None = "", **more: object
    ) -> httpx.Response:
        headers = {} if origin is None else {"origin": origin or self.origin}
        files: Mapping[str, tuple[str, bytes]] | None = more.get("files")  # type: ignore[assignment]
        return self.http.post(path, data=data, headers=headers, files=files)

    def hidden(self, path: str) -> dict[str, str]:
        """What every form of a page carries."""
        return dict(_HIDDEN.findall(self.get(path).text))

    def choose(self, number: str, nth: int) -> str:
        """Press one of the choices that the page has just shown; what it says then."""
        form = re.findall(r"<form.*?</form>", self.shown, re.DOTALL)[nth]
        says = re.findall(r'name="words" value="([^"]*)"', form)
        return self.press(number, "say", words=[unescape(one) for one in says])

    def press(self, number: str, act: str, **given: object) -> str:
        """Press a button of a case's page; what the page then says."""
        sent = self.hidden(f"/case/{number}") | {"act": act} | given
        answer = self.post(f"/case/{number}/do", sent)
        assert answer.status_code == 303, answer.text
        return self.said(number)

    def upload(self, number: str, name: str, content: bytes) -> str:
        """Upload a file; what the page then says."""
        sent = self.hidden(f"/case/{number}")
        path = f"/case/{number}/files"
        answer = self.post(path, sent, files={"file": (name, content)})
        assert answer.status_code == 303, answer.text
        return self.said(number)

    def said(self, number: str) -> str:
        text = self.get(f"/case/{number}").text
        found = re.search(r'<section id="said".*?</section>', text, re.DOTALL)
        self.shown = found[0] if found else ""
        return words(self.shown)

    def text(self, path: str) -> str:
        """The words of a page."""
        return words(self.get(path).text)


def words(html: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(_TAGS.sub(" ", html))).strip()


@dataclass(slots=True)
class Pages:
    """Pages, office and clocks; `answers` says whose a code of the platform is."""

    office: Office
    url: str
    folder: Path
    clock: StandingClock
    place: Place
    answers: dict[str, "str | TryLater | GiveUp | Unknown"] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    closing: list[WeComClient] = field(default_factory=list)
    app: FastAPI = field(default_factory=FastAPI)
    _opened: list[httpx.Client] = field(default_factory=list)
    _signed: dict[str, Browser] = field(default_factory=dict)

    def whose(self, code: str) -> "str | TryLater | GiveUp | Unknown":
        self.asked.append(code)
        return self.answers.get(code, GiveUp(40029, "invalid code", Scope.MESSAGE))

    def browser(self, **headers: str) -> Browser:
        http = httpx.Client(base_url=self.url, headers=headers, timeout=10, verify=_NO_TLS)
        self._opened.append(http)
        return Browser(http, self.place.origin)

    def close(self) -> None:
        for http in self._opened:
            http.close()
        for client in self.closing:
            client.close()

    def as_(self, userid: str) -> Browser:
        """A browser in which this person is signed in, the same for all tests of a file."""
        if userid not in self._signed:
            self._signed[userid] = self.signed_in(userid)
        return self._signed[userid]

    def signed_in(self, userid: str, **headers: str) -> Browser:
        """A browser that has signed in anew."""
        browser = self.browser(**headers)
        answer = self.come_back(browser, userid)
        assert answer.status_code == 303, answer.text
        return browser

    def come_back(self, browser: Browser, userid: str, path: str = "/") -> httpx.Response:
        """Go to the platform and come back as somebody."""
        state = self.state_of(browser.get(f"/sign-in/scan?next={path}"))
        code = f"code-{userid}-{len(self.asked)}-{next(_LINKS)}"
        self.answers[code] = userid
        return browser.get(f"/sign-in/back?code={code}&state={state}")

    def state_of(self, answer: httpx.Response) -> str:
        assert answer.status_code == 302, answer.text
        return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]

    def case(self, title: str = "青禾路积水 省电视台采访", unit: str = "城管局") -> str:
        """A new case, graded and given to a unit; its number."""
        number = self.reported(title)
        self.office.says("sunlei", f"{number} 定二级,交{unit}")
        return number

    def reported(self, title: str = "青禾路积水 省电视台采访") -> str:
        """A new case that nobody has graded; its number."""
        link = f"https://www.toutiao.com/article/{next(_LINKS)}/"
        told = self.office.forwards("wangxiaoyu", title, link)
        short = next(m[1] for one in told if (m := re.search(r"已登记 ([0-9]{3})", one.text)))
        return self.office.case(short).number


def open_pages(
    database: Database, folder: Path, served: tuple[Server, int], sandbox: str = ""
) -> Pages:
    """Serve the pages of a fresh office; the platform is the sandbox at an address, if any."""
    server, port = served
    url = f"http://127.0.0.1:{port}"
    asks = sandbox or "https://open.weixin.example"
    scans = sandbox or "https://login.work.weixin.example"
    place = Place(url, "云溪市", Platform("wwyunxi", 1000002, asks, scans), secret=b"k" * 32)
    clock = StandingClock(REAL_NOW)
    office = Office(database, base_url=url)
    pages = Pages(office, url, folder, clock, place)
    clocks = Clocks(engine=lambda: office.now, door=clock, real=clock)
    made = build_board(database, office.desk, place, Folders(folder / "evidence"), clocks)
    app = FastAPI()
    if sandbox:
        account = Account("wwyunxi", "s" * 43, "1000002", f"{sandbox}/cgi-bin")
        client = WeComClient(account, database=database, clock=clock, robots={})
        pages.closing.append(client)
        app.include_router(made(partial(whose, client)))
    else:
        app.include_router(made(pages.whose))
    server.app = pages.app = app
    return pages


def audited(pages: Pages, action: str) -> list[tuple[str, str]]:
    """Who did this, or was refused it, in order."""
    with closing(sqlite3.connect(pages.folder / "duban.db")) as rows:
        found = rows.execute(
            "SELECT actor, result FROM audit WHERE action = ? ORDER BY seq", (action,)
        )
        return [(actor, result) for actor, result in found]
