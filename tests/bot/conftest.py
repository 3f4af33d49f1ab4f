"""What the tests of the doors share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.wecom.client import Account, WeComClient
from storage.database import Database
from tests.support.edge import Edge, Server, StandingClock, open_edge, served
from tests.support.outgoing import NOON, Desk
from tests.support.platform import Platform, platform


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One HTTP server for all tests of the doors."""
    running = Server()
    with served(running) as running.port:
        yield running


@pytest.fixture
def edge(sqlite_database: Database, tmp_path: Path, server: Server) -> Iterator[Edge]:
    """The callback addresses, served over HTTP."""
    with open_edge(sqlite_database, tmp_path, server) as opened:
        yield opened


@pytest.fixture
def wecom() -> Iterator[Platform]:
    """The platform's API, answering what a test wrote down."""
    with platform() as running:
        yield running


@pytest.fixture
def desk(sqlite_database: Database, wecom: Platform, tmp_path: Path) -> Iterator[Desk]:
    clock = StandingClock(NOON)
    account = Account("ww1", "secret", "1000002", wecom.base_url)
    client = WeComClient(
        account,
        database=sqlite_database,
        clock=clock,
        robots={"城管群": "k1", "住建群": "k2"},
        timeout_seconds=0.5,
    )
    desk = Desk(sqlite_database, client, wecom, tmp_path / "duban.db", clock)
    yield desk
    for sender in desk.made:
        sender.stop()
    client.close()
