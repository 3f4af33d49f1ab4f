"""Debian's Chromium, as the tests drive it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.pages import Pages

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


def sign_in(page: Page, town: Pages, name: str, path: str) -> None:
    """Sign in by scanning, as the sandbox lets one choose who one is."""
    page.goto(f"{town.url}{path}")
    page.get_by_text("用企业微信扫码登录").click()
    page.get_by_text(name).click()
    page.wait_for_url(f"{town.url}{path}")


def grave_faults(page: Page) -> list[tuple[str, str]]:
    """What axe calls serious or critical on a page, everything on it unfolded, with an example."""
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    return [
        (one["id"], one["nodes"][0]["html"])
        for one in Axe().run(page).response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
