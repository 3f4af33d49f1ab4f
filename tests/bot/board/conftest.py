"""The pages over HTTP, with an office behind them, as a test needs it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bot.sandbox.corp import read_corp
from bot.sandbox.server import create_app
from storage.database import Database
from tests.conftest import AUDIT_KEY
from tests.support.browser import chromium, sign_in
from tests.support.edge import Server, served
from tests.support.pages import Pages, open_pages


@pytest.fixture(scope="module")
def pages(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """One office and its pages for all tests of a file: each test opens cases of its own."""
    folder = tmp_path_factory.mktemp("pages")
    path = folder / "duban.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", audit_key=AUDIT_KEY)
    server = Server()
    with served(server) as port:
        opened = open_pages(database, folder, (server, port))
        yield opened
        opened.close()
    database.close()


PEOPLE = {"LiuYang": "刘洋", "sunlei": "孙磊", "zhouguohua": "周国华", "moshengren": "陌生人"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """An office whose platform is the sandbox."""
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(sqlite_template, folder / "duban.db")
    database = Database(f"sqlite:///{folder}/duban.db", audit_key=AUDIT_KEY)
    members = [{"userid": one, "name": name} for one, name in PEOPLE.items()]
    app = {"agentid": 1000002, "secret": "s" * 43}
    corp = {"corpid": "wwyunxi", "name": "云溪市", "apps": [app], "members": members}
    sandbox = create_app(read_corp(corp), folder / "sandbox.jsonl")
    server = Server()
    with served(sandbox) as platform, served(server) as port:
        opened = open_pages(database, folder, (server, port), f"http://127.0.0.1:{platform}")
        yield opened
        opened.close()
    database.close()


@pytest.fixture(scope="module")
def office(browser: Browser, town: Pages) -> Page:
    """The director at a desk, signed in by scanning."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(10_000)
    sign_in(page, town, "孙磊", "/")
    return page
