"""The pages over HTTP, with an office behind them, as a test needs it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.conftest import AUDIT_KEY
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
