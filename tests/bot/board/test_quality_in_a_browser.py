"""Every page in Debian's Chromium: for all eyes and hands, on a phone, on paper, on the wall."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
from fastapi.routing import APIRoute
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, ViewportSize, expect
from starlette.routing import BaseRoute

from tests.support.browser import grave_faults
from tests.support.pages import Pages
from tests.support.trace import look

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 740}
# Every page somebody can open, as its route is written; what is no page stands below.
PAGES = {
    "/": "/",
    "/search": "/search?q=积水",
    "/board": "/board",
    "/board (wall)": "/board?wall=1",
    "/case/{number}": "/case/CASE",
    "/statistics": "/statistics",
    "/statistics/list": "/statistics/list?what=cases",
    "/case/{number}/review": "/case/CASE/review",
    "/drill/{number}": "/drill/1",
    "/drills": "/drills",
    "/papers": "/papers",
    "/scores": "/scores",
    "/scores/{unit}": "/scores/chengguan",
    "/sessions": "/sessions",
    "/sign-in": "/sign-in",
    "/sign-in/link/{token}": "/sign-in/link/" + "x" * 43,
    "no such page": "/case/YQ-20200101-001",
}
NO_PAGE = {
    "/board/events",
    "/case/{number}/files/{evidence_id}",
    "/sign-in/client",
    "/sign-in/scan",
}
NO_PAGE |= {"/sign-in/back", "/papers/files/{version_id}.{form}"}
_OTHERS = r"\.(css|js|svg)$|^/admin"  # files; administration has tests of its own
_MANY = 9  # more than a wall shows at once


def draft(town: Pages, said: str) -> None:
    """Send a draft in as it is, whatever is found missing in it."""
    told = town.office.says("liuyang", said)
    anyway = re.search(r"(\d) = 不改, 仍报审", told[-1].text)
    if anyway:
        town.office.says("liuyang", anyway[1])


@pytest.fixture(scope="module")
def number(town: Pages) -> str:
    """A case with a draft that was written twice, and an answer to be checked."""
    number = town.case("青禾路积水 省电视台采访")
    office = town.office
    office.says("liuyang", f"签收 {number}")
    draft(town, f"{number} 回应稿: 积水已于今日排除，感谢监督。")
    office.says("sunlei", f"{number} 稿子退回修改,写明日期")
    draft(town, f"{number} 回应稿: 积水已于11月20日排除，感谢监督。")
    return number


@pytest.fixture
def phone(browser: Browser, office: Page) -> Iterator[Page]:
    """The director's telephone: signed in, as he is at his desk."""
    page = browser.new_page(viewport=PHONE)
    page.context.add_cookies(office.context.cookies())  # type: ignore[arg-type]
    page.set_default_timeout(10_000)
    yield page
    page.close()


def routes(inside: Sequence[BaseRoute]) -> Iterator[str]:
    """Every page, those of routers in routers too."""
    for one in inside:
        if isinstance(one, APIRoute) and "GET" in (one.methods or ()):
            yield one.path
        yield from routes(getattr(getattr(one, "original_router", None), "routes", ()))


def test_each_page_that_can_be_opened_is_looked_at(town: Pages) -> None:
    found = {path for path in routes(town.app.routes) if not re.search(_OTHERS, path)}
    assert found - NO_PAGE == {path for path in PAGES if re.fullmatch(r"/[^ ]*", path)}


@pytest.mark.parametrize("path", PAGES.values())
def test_a_page_is_for_all_eyes_and_fits_a_phone(
    phone: Page, town: Pages, number: str, path: str
) -> None:
    faults: list[str] = []
    phone.on("console", lambda told: faults.append(told.text))
    phone.goto(f"{town.url}{path.replace('CASE', number)}")
    assert grave_faults(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert [fault for fault in faults if "Security Policy" in fault] == []


@pytest.mark.parametrize("path", ["/board", "/case/CASE", "/statistics"])
def test_nothing_jumps_and_the_first_view_is_small(
    browser: Browser, phone: Page, town: Pages, number: str, path: str
) -> None:
    seen = look(browser, phone, f"{town.url}{path.replace('CASE', number)}")
    assert seen.jumps < 0.05
    assert 5 < seen.kib < 150
    assert 0 < seen.first_paint <= seen.largest_paint


def test_a_leader_approves_with_one_thumb(phone: Page, town: Pages, number: str) -> None:
    phone.goto(f"{town.url}/case/{number}")
    changed = phone.locator(".changes")
    expect(changed.locator("del")).to_have_text("今")
    expect(changed.locator("ins")).to_have_text("11月20")
    act = phone.locator("details.act.main[open], form.act.main").first
    button = act.get_by_role("button")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
    button.click()
    expect(phone.locator("#said")).to_contain_text("已")
    assert phone.locator("#said").bounding_box()["y"] < PHONE["height"]  # type: ignore[index]


def test_a_forwarded_link_appears_on_a_phone_and_leads_to_its_case(
    phone: Page, town: Pages
) -> None:
    phone.goto(f"{town.url}/board")
    expect(phone.locator("#rows[data-open=yes]")).to_be_attached()
    fresh = town.reported("老街路灯不亮 省电视台关注")
    row = phone.locator(f"#row-{fresh} a")
    expect(row).to_be_visible(timeout=3000)
    row.click()
    expect(phone.locator("h1")).to_contain_text("老街路灯不亮")


def test_the_wall_turns_by_itself(office: Page, town: Pages) -> None:
    for nth in range(_MANY):
        town.case(f"第{nth}处井盖破损 省电视台采访")
    office.clock.install()
    office.goto(f"{town.url}/board?wall=1")
    shown = office.locator("#rows .row").evaluate_all("all => all.map(one => one.id)")
    expect(office.locator("#pages")).to_contain_text("第 1 /")
    office.clock.fast_forward("00:16")
    expect(office.locator("#pages")).to_contain_text("第 2 /")
    then = office.locator("#rows .row").evaluate_all("all => all.map(one => one.id)")
    assert set(shown).isdisjoint(then)
    assert len(shown) == 8


def test_a_table_is_taken_out_and_read_back(office: Page, town: Pages, tmp_path: Path) -> None:
    number = town.case("=1+1 青禾路积水 省电视台采访")
    office.goto(f"{town.url}/statistics")
    office.locator(".heads a").first.click()
    total = int(office.locator("#total").inner_text())
    office.get_by_text("导出", exact=True).click()
    with office.expect_download() as taking:
        office.get_by_role("button", name="导出 Excel").click()
    taken = taking.value
    assert re.fullmatch(r"duban-list-\d{8}-\d{4}\.xlsx", taken.suggested_filename)
    taken.save_as(tmp_path / "table.xlsx")
    sheet = load_workbook(io.BytesIO((tmp_path / "table.xlsx").read_bytes())).active
    assert sheet is not None
    rows = {str(row[0].value): row for row in sheet.iter_rows()}
    found = [key for key in rows if key.startswith("YQ-")]
    assert len(found) == total
    assert str(rows[number][1].value).startswith("=1+1")
    assert rows[number][1].data_type == "s"


def test_a_page_is_walked_by_keyboard_alone(office: Page, town: Pages) -> None:
    office.goto(f"{town.url}/statistics")
    office.keyboard.press("Tab")
    assert office.evaluate("document.activeElement.className") == "skip"
    assert office.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    office.keyboard.press("Enter")
    for _ in range(60):
        office.keyboard.press("Tab")
        if office.evaluate("!!document.activeElement.closest('svg.chart')"):
            break
    said = office.evaluate("document.activeElement.getAttribute('aria-label')")
    assert office.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    office.keyboard.press("Enter")
    expect(office.locator("#total")).to_have_text(said.rpartition(": ")[2])


def test_on_paper_a_case_is_whole(office: Page, town: Pages, number: str) -> None:
    office.goto(f"{town.url}/case/{number}")
    with closing(pypdfium2.PdfDocument(office.pdf(format="A4"))) as paper:
        sheets = [page.get_textpage().get_text_range() for page in paper]
    text = "".join(sheets)
    assert "情况" in sheets[0]  # what it is about begins on the first sheet
    assert "定级依据" in sheets[0]
    assert text.index("情况") < text.index("定级依据") < text.index("怎么算出来的")
    for said in (number, "怎么算出来的", "与第 1 稿的差别", "经过", "定级依据"):
        assert said in text
    for button in ("您现在可以办", "上传文件", "打印这一页"):
        assert button not in text
