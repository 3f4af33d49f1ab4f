"""Every page × role × own, other's and invented case; and what nobody may reach."""

import re

import pytest
from starlette.routing import BaseRoute

from tests.support.pages import Pages
from tests.support.routes import addresses

INVENTED = "YQ-20261120-998"
# How the page of a case is answered: of 城管局, and of 教体局.
WHO = {
    "wangxiaoyu": (200, 200),  # reported both
    "liuyang": (200, 404),
    "heqing": (200, 404),  # the deputy of the same unit
    "sunlei": (200, 200),
    "zhouguohua": (200, 200),
    "admin": (404, 404),  # administers, and handles no case
}


@pytest.mark.parametrize("userid", WHO)
def test_c02_e09_own_others_and_invented_cases_for_each_role(pages: Pages, userid: str) -> None:
    own, other = pages.case(unit="城管局"), pages.case(unit="教体局")
    browser = pages.as_(userid)
    seen = tuple(browser.get(f"/case/{number}").status_code for number in (own, other))
    assert seen == WHO[userid]
    invented = browser.get(f"/case/{INVENTED}")
    assert invented.status_code == 404
    for number, status in zip((own, other), seen, strict=True):
        if status == 404:
            assert browser.get(f"/case/{number}").content == invented.content
            assert number[-3:] not in browser.text(f"/search?q={number}").replace(number, "")


def test_e09_nobody_gets_any_page_but_the_ways_in(pages: Pages) -> None:
    browser = pages.browser()
    for method, path in addresses(pages_routes(pages)):
        if path.startswith(("/sign-in", "/board/", "/docs", "/redoc", "/openapi")):
            continue
        asked = re.sub(r"{\w+}", "1", path.replace("{number}", INVENTED).replace("{key}", "source"))
        answer = (
            browser.get(asked)
            if method == "GET"
            else browser.post(asked, {"csrf": "0" * 64, "act": "say"})
        )
        assert answer.status_code in (303, 401), (method, path, answer.status_code)
        assert answer.headers.get("location", "/sign-in").startswith("/sign-in")


def pages_routes(pages: Pages) -> list[BaseRoute]:
    return pages.app.routes


@pytest.mark.parametrize("field", ["role", "roles", "unit_id", "userid", "is_admin"])
def test_c19_fields_that_are_none_change_nobody(pages: Pages, field: str) -> None:
    number = pages.case()
    with pages.office.database.read() as work:
        before = work.people.people()
    browser = pages.as_("liuyang")
    browser.press(number, "sign", **{field: "管理员"})
    browser.get(f"/?{field}=admin")
    with pages.office.database.read() as work:
        assert work.people.people() == before


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/debug",
        "/admin.php",
        "/wecom",
        "/x/../y.toml",
        "/actuator",
    ],
)
def test_e12_what_is_no_page_is_not_there(pages: Pages, path: str) -> None:
    assert pages.browser().get(path).status_code == 404
    traced = pages.browser().http.request("TRACE", "/")
    assert traced.status_code == 405


def test_e13_links_are_made_from_the_configured_address_alone(pages: Pages) -> None:
    browser = pages.browser()
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil"}
    for path in ("/", "/sign-in/scan", "/sign-in/client", "/sign-in", "/board"):
        answer = browser.http.get(path, headers=headers)
        assert "evil" not in answer.text
        assert "evil" not in answer.headers.get("location", "")
