"""The forms of the administration: filled in, looked at, confirmed, taken back."""

import re
from html import unescape

import httpx

from tests.support.pages import Browser, Pages, words

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def hidden(html: str) -> dict[str, object]:
    """What a form brings along; several values of one name as a list."""
    found: dict[str, object] = {}
    for name, value in _FIELD.findall(html):
        had = found.get(name)
        one = unescape(value)
        found[name] = one if had is None else [*(had if isinstance(had, list) else [had]), one]
    return found


def look(browser: Browser, key: str, subject: str = "", /, **given: object) -> httpx.Response:
    """Fill a form in and send it, to see what it would change."""
    csrf = browser.hidden("/sessions")["csrf"]
    return browser.post(f"/admin/do/{key}", {"csrf": csrf, "subject": subject} | given)


def confirm(browser: Browser, shown: httpx.Response) -> httpx.Response:
    """Press 确认 on the page that shows what would change."""
    assert shown.status_code == 200, words(shown.text)
    path = re.search(r'<form method="post" action="(/admin/[^"]+)"', shown.text)
    assert path is not None
    return browser.post(path[1], hidden(shown.text))


def do(browser: Browser, key: str, subject: str = "", /, **given: object) -> str:
    """Fill in, look, confirm; what the next page says."""
    answer = confirm(browser, look(browser, key, subject, **given))
    assert answer.status_code == 303, words(answer.text)
    return browser.text(answer.headers["location"])


def undo(browser: Browser, number: int) -> httpx.Response:
    return confirm(browser, browser.get(f"/admin/undo/{number}"))


def latest(pages: Pages) -> int:
    with pages.office.database.read() as work:
        return work.admin_changes.latest(1)[0].id
