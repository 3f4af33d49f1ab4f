"""What the tests of the doors share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.support.edge import Edge, Server, open_edge, served
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
