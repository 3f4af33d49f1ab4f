"""The pages in Debian's Chromium: signed in through the sandbox, on a telephone, on paper."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import sign_in
from tests.support.hostile_words import HOSTILE
from tests.support.pages import PNG, Pages

pytestmark = pytest.mark.browser


def test_a_liaison_signs_reports_and_uploads_on_a_telephone(
    browser: Browser, town: Pages, tmp_path: Path
) -> None:
    number = town.case()
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(10_000)
    sign_in(page, town, "刘洋", f"/case/{number}")
    lamp = page.locator(".clock .lamp").first
    expect(lamp).to_have_text(re.compile("▲ 将到期 还剩 (30|29) 分钟"))
    page.get_by_role("button", name="签收").click()
    expect(page.locator("#said")).to_contain_text("已签收")
    page.locator("details.act").filter(has_text="报进展").locator("textarea").fill("正在抽排")
    page.locator("details.act").filter(has_text="报进展").get_by_role("button").click()
    expect(page.locator("#said")).to_contain_text("首报已收到")
    photo = tmp_path / "现场.png"
    photo.write_bytes(PNG)
    page.locator("#file").set_input_files(photo)
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator("#said")).to_contain_text("《现场.png》已存入")
    expect(page.locator(".files")).to_contain_text("现场.png")
    assert town.office.case(number[-3:]).reports == 1
    page.close()


def test_nothing_is_wider_than_the_screen(office: Page, town: Pages) -> None:
    number = town.case("https://" + "w" * 50 + " 省电视台采访")
    for path in (
        f"/case/{number}",
        "/?show=all",
        "/sessions",
        "/search?q=积水",
        "/board",
        "/board?wall=1",
        "/statistics",
        "/statistics/list?what=cases",
    ):
        office.goto(f"{town.url}{path}")
        for width in (360, 390, 768, 1280):
            office.set_viewport_size({"width": width, "height": 900})
            wide = office.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (path, width)


def test_the_countdown_goes_on_while_the_page_lies_open(office: Page, town: Pages) -> None:
    number = town.case()
    office.clock.install()
    office.goto(f"{town.url}/case/{number}")
    lamp = office.locator(".clock .lamp").first
    expect(lamp).to_have_text("▲ 将到期 还剩 30 分钟")
    office.clock.fast_forward("29:10")
    expect(lamp).to_have_text("▲ 将到期 不到 1 分钟")
    office.clock.fast_forward("03:00")
    expect(lamp).to_have_text("■ 已超时 2 分钟")
    expect(lamp).to_have_class("lamp lamp-red")


def test_a_second_browser_sees_a_row_change_within_a_second_and_nothing_else_moves(
    browser: Browser, office: Page, town: Pages
) -> None:
    faults: list[str] = []
    office.on("console", lambda message: faults.append(message.text))
    first, second = town.case(), town.case()
    office.goto(f"{town.url}/board")
    expect(office.locator("#rows")).to_have_attribute("data-open", "yes")
    office.locator(f"#row-{second} a").focus()
    place = office.locator(f"#row-{second}").bounding_box()
    liaison = browser.new_page()
    sign_in(liaison, town, "刘洋", f"/case/{first}")
    liaison.get_by_role("button", name="签收").click()
    expect(liaison.locator("#said")).to_contain_text("已签收")
    expect(office.locator(f"#row-{first} .row-more")).not_to_contain_text("签收", timeout=1000)
    assert office.evaluate("document.activeElement.closest('.row').id") == f"row-{second}"
    office.emulate_media(reduced_motion="reduce")
    third = town.reported("锦绣花园停水 <img src=x onerror=document.title='hit'>")
    expect(office.locator(f"#row-{third} .lamp")).to_contain_text("还剩", timeout=1000)
    assert office.locator("#rows img").count() == 0
    moved = office.locator(f"#row-{second}").bounding_box()
    assert place is not None
    assert moved is not None
    assert (moved["height"], moved["width"]) == (place["height"], place["width"])
    assert faults == []
    liaison.close()


def test_on_paper_there_is_the_case_and_no_button(office: Page, town: Pages) -> None:
    number = town.case()
    office.goto(f"{town.url}/case/{number}")
    office.emulate_media(media="print")
    for hidden in (".top", ".acts", ".upload"):
        expect(office.locator(hidden)).to_be_hidden()
    for shown in ("h1", ".clocks", ".timeline", ".grade"):
        expect(office.locator(shown)).to_be_visible()
    expect(office.locator(".clock details ol").first).to_be_visible()  # how it was counted
    assert office.pdf().startswith(b"%PDF-")
    office.emulate_media(media="screen")


def must_be_inert(page: Page, address: str) -> None:
    page.goto(address)
    assert page.title() != "hit"
    assert page.locator("main script, main img, main svg:not(.chart)").count() == 0
    led = "all => all.map(one => new URL(one.getAttribute('href'), location.href).protocol)"
    links = page.eval_on_selector_all("a[href]", led)
    assert set(links) <= {"http:", "https:"}


def test_e01_words_from_outside_stay_words_wherever_they_are_shown(
    office: Page, town: Pages
) -> None:
    faults: list[str] = []
    office.on("console", lambda message: faults.append(message.text))
    office.on("dialog", lambda dialog: faults.append(dialog.message))
    for hostile in HOSTILE:
        number = town.case(f"青禾路积水 {hostile} 省电视台采访")
        town.office.says("liuyang", f"{number} 首报: {hostile}")
        with town.office.database.work() as work:
            case = work.cases.by_number(number)
            assert case is not None
            hurt = replace(case, title=hostile, summary=hostile, appeal=hostile, platform=hostile)
            work.cases.save(hurt, [], by="t", now=town.office.now)
        must_be_inert(office, f"{town.url}/case/{number}")
    must_be_inert(office, f"{town.url}/?show=all")
    must_be_inert(office, f"{town.url}/search?q={quote(HOSTILE[0] + HOSTILE[1])}")
    for path in ("/board", "/board?wall=1", "/statistics", "/statistics/list?what=cases"):
        must_be_inert(office, f"{town.url}{path}")
    asked = quote("".join(HOSTILE))
    for name in ("unit", "level", "platform", "n-platform", "from", "holder"):
        must_be_inert(office, f"{town.url}/statistics/list?{name}={asked}&what=cases")
        must_be_inert(office, f"{town.url}/statistics?{name}={asked}")
    assert [fault for fault in faults if "Content Security Policy" in fault or fault == "1"] == []


def test_without_javascript_all_of_it_works(browser: Browser, town: Pages) -> None:
    number = town.case()
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.set_default_timeout(10_000)
    sign_in(page, town, "刘洋", f"/case/{number}")
    page.get_by_role("button", name="签收").click()
    expect(page.locator("#said")).to_contain_text("已签收")
    expect(page.locator(".clock .lamp").first).to_contain_text("还剩")
    plain.close()


def test_a_member_who_is_not_in_the_directory_is_told_what_to_do(
    browser: Browser, town: Pages
) -> None:
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{town.url}/sign-in/client")
    page.get_by_text("陌生人").click()
    expect(page.locator("main")).to_contain_text("请联系管理员登记")
    page.close()
