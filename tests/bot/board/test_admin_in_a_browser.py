"""管理 in Debian's Chromium: a minute edited, tried, followed, undone; hostile words are inert."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.people import Person, Role
from handlers.admin.everything import DEEDS
from handlers.admin.everything import PAGES as EVERY_PAGE
from storage.admin import NewAdminChange
from storage.database import Database
from tests.conftest import AUDIT_KEY
from tests.support.browser import chromium, grave_faults
from tests.support.edge import Server, served
from tests.support.hostile_words import HOSTILE
from tests.support.pages import Pages, open_pages

pytestmark = pytest.mark.browser

ALL = "".join(HOSTILE)
REPORT = "青禾路积水多日无人管 省电视台记者到场采访"
PAGES = ("", "/people", "/doors", "/duty", "/days", "/rules", "/try", "/audit")
FORMS = {  # every form with a field, and whom or what it is about
    "person": "liuyang",
    "unit": "renshe",
    "days": "2027-02-16",
    "shift": "",
    "roster": "",
    "period": "",
    "source": "",
    "rules-level": "二级",
    "rules-ladder": "签收30分钟",
    "rules-time": "",
}
ONLY_ASKED = {  # those that ask only whether
    "period-end",
    "source-end",
    "robot-test",
    "rules-drop",
    "rules-use",
    "rules-back",
    "rules-apply",
}
FORM_PAGES = tuple(f"/form/{key}?subject={subject}" for key, subject in FORMS.items())


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    folder = tmp_path_factory.mktemp("admin")
    shutil.copy(sqlite_template, folder / "duban.db")
    database = Database(f"sqlite:///{folder}/duban.db", audit_key=AUDIT_KEY)
    server = Server()
    with served(server) as port:
        opened = open_pages(database, folder, (server, port))
        yield opened
        opened.close()
    database.close()


@pytest.fixture(scope="module")
def admin(town: Pages) -> Iterator[Page]:
    """The administrator at a desk."""
    signed_in = town.as_("admin").http.cookies
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(10_000)
        page.context.add_cookies(
            [{"name": c.name, "value": c.value or "", "url": town.url} for c in signed_in.jar]
        )
        yield page


def send(page: Page) -> None:
    page.get_by_role("button", name="看会改什么").click()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator("#said")).to_contain_text("已办")


def try_out(page: Page, town: Pages, version: str = "", words: str = REPORT) -> None:
    page.goto(f"{town.url}/admin/try?version={version}")
    page.get_by_label("报送内容").fill(words)
    page.get_by_role("button", name="试一试").click()


def test_a_ladder_minute_is_edited_tried_followed_by_the_next_case_and_undone(
    admin: Page, town: Pages
) -> None:
    admin.goto(f"{town.url}/admin/rules")
    admin.get_by_label("改 签收30分钟").click()
    climb = admin.get_by_label("逐级上报, 一行一级")
    climb.fill(climb.input_value().replace("30 分钟: 副职", "33 分钟: 副职"))
    send(admin)
    expect(admin.locator(".does")).to_contain_text("超 33 分钟仍未办, 提醒副职")
    confirm(admin)
    try_out(admin, town)
    expect(admin.locator(".limit[open] .rungs")).to_contain_text("11:00 副职")
    try_out(admin, town, "draft")
    expect(admin.locator(".limit[open] .rungs")).to_contain_text("11:03 副职")
    admin.goto(f"{town.url}/admin/rules")
    admin.get_by_role("link", name="启用草稿").click()
    confirm(admin)
    expect(admin.locator("h1")).to_contain_text("第 2 版 (现行)")
    town.case()
    assert told_at(town, "heqing") == "11:03"
    admin.goto(f"{town.url}/admin")
    admin.get_by_label("撤销 启用规则草稿为第 2 版").click()
    expect(admin.locator(".does")).to_contain_text("超 33 分钟仍未办, 提醒副职 → 超 30 分钟")
    confirm(admin)
    town.case("北环路塌陷 省电视台采访")
    assert told_at(town, "heqing") == "11:00"


def told_at(town: Pages, userid: str) -> str:
    """When the deputy first hears that the new case is not signed; the clock is put back then."""
    began = town.office.now
    town.office.passes(minutes=55)
    while not any(one.to == userid for one in town.office.passes(minutes=1)):
        assert (town.office.now - began).total_seconds() < 2 * 3600
    heard = town.office.now
    town.office.says("liuyang", "收到")
    town.office.now = began
    return f"{heard:%H:%M}"


def test_by_keyboard_alone_a_day_off_is_entered(admin: Page, town: Pages) -> None:
    admin.goto(f"{town.url}/admin/form/days?subject=2027-02-15")
    admin.get_by_label("改为").focus()
    admin.keyboard.press("Tab")
    admin.keyboard.press("Enter")
    expect(admin.locator(".does")).to_contain_text("2027-02-15 (周一): 工作日 → 放假")
    admin.get_by_role("button", name="确认", exact=True).focus()
    admin.keyboard.press("Enter")
    expect(admin.locator("#said")).to_contain_text("已办: 节假日 2027-02-15 放假")
    expect(admin.get_by_label("2027-02-15 放假")).to_have_class("day off holiday own")


def test_each_page_and_form_of_the_administration_is_looked_at() -> None:
    assert {f"/admin{path}" for path in PAGES} == {"/admin", *(page.path for page in EVERY_PAGE)}
    assert FORMS.keys() | ONLY_ASKED == DEEDS.keys()


@pytest.mark.parametrize("path", [*PAGES, *FORM_PAGES])
def test_a_page_is_for_all_eyes_and_no_wider_than_the_screen(
    admin: Page, town: Pages, path: str
) -> None:
    admin.goto(f"{town.url}/admin{path}")
    for width in (1280, 768, 360):
        admin.set_viewport_size({"width": width, "height": 900})
        wide = admin.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, width
    assert grave_faults(admin) == []


def fill_in(page: Page, hostile: str) -> None:
    for box in page.locator("form input[type=text], form textarea").all():
        box.fill(hostile)


def test_hostile_words_in_every_field_stay_words(admin: Page, town: Pages) -> None:
    faults: list[str] = []
    admin.on("console", lambda message: faults.append(message.text))
    admin.on("dialog", lambda dialog: faults.append(dialog.message))
    for path in FORM_PAGES:
        admin.goto(f"{town.url}/admin{path}")
        fill_in(admin, ALL)
        send(admin)
        must_be_inert(admin)
    try_out(admin, town, words=ALL)
    must_be_inert(admin)
    keep(town, "x0", ALL)
    for path in (*PAGES, "/form/person?subject=x0", "/form/unit?subject=x0", "/audit?verify=1"):
        admin.goto(f"{town.url}/admin{path}")
        must_be_inert(admin)
    assert [one for one in faults if "Content Security Policy" in one or one == "1"] == []


def keep(town: Pages, key: str, hostile: str) -> None:
    """Put the words where no form would let them: what an import or a chat may have brought."""
    with town.office.database.work() as work:
        unit = replace(work.people.units()[0], id=key, name=hostile, duties=(hostile,))
        work.people.upsert_unit(unit)
        someone = Person(key, hostile, frozenset({Role.INFORMANT}), key, phone=hostile)
        work.people.upsert_person(someone)
        work.source_keys.issue(hostile, key, by=key, now=town.office.now)
        kept = NewAdminChange(town.office.now, key, "unit", key, hostile, {"name": hostile}, {})
        work.admin_changes.add(kept)
        work.audit.append(
            actor=hostile,
            role=hostile,
            action=hostile,
            object_type="x",
            object_id=hostile,
            result="denied",
            details={"words": hostile},
            now=town.office.now,
        )


def must_be_inert(page: Page) -> None:
    assert page.title() != "hit"
    assert page.locator("main script, main img, main svg").count() == 0
    links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.protocol)")
    assert set(links) <= {"http:", "https:"}
