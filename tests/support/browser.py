"""Debian's Chromium, as the tests drive it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium; skips where there is none, unless DUBAN_REQUIRE_BROWSER is set."""
    if not CHROMIUM.exists():
        if os.environ.get("DUBAN_REQUIRE_BROWSER"):
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_FLAGS)
        yield running
        running.close()
