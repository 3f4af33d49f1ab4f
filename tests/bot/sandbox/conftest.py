"""A fresh sandbox for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.sandbox.playground import HOSTS, Playground, playground


@pytest.fixture
def corp(tmp_path: Path) -> Iterator[Playground]:
    with playground(tmp_path) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def all_servers_have_left() -> Iterator[None]:
    yield
    for host in HOSTS.values():
        host.leave()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playground]:
    """One sandbox for all tests of a file that leave nothing behind for each other."""
    limits = {"robot_per_minute": 1000, "member_per_minute": 1000, "callback_pause": 0.0}
    folder = tmp_path_factory.mktemp("city")
    with playground(folder, name="city", limits=limits) as running:
        yield running
