"""A fresh sandbox for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.sandbox.playground import Playground, playground


@pytest.fixture
def corp(tmp_path: Path) -> Iterator[Playground]:
    with playground(tmp_path) as running:
        yield running
