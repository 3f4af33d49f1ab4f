"""The chat page: what it may load, and, in Debian's Chromium, that it works wide and narrow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bot.sandbox.playground import GROUP, Playground
from tests.bot.sandbox.test_app_messages import CARD
from tests.support.browser import chromium

STATIC = Path(__file__).parents[3] / "bot" / "sandbox" / "static"
HOSTILE = "<img src=x onerror=document.title='hit'><script>document.title='hit'</script>"


def test_the_page_may_load_and_run_nothing_but_its_own_files(city: Playground) -> None:
    answer = city.client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in answer.text.replace("https://", "", 1)  # the one is a placeholder


@pytest.mark.parametrize("name", sorted(one.name for one in STATIC.iterdir()))
def test_each_file_is_served_as_what_it_is(city: Playground, name: str) -> None:
    answer = city.client.get(f"/static/{name}")
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_other_file_is_served(city: Playground) -> None:
    for name in ("none.js", "..%2fserver.py"):
        assert city.client.get(f"/static/{name}").status_code == 404


def test_no_script_builds_html_from_text() -> None:
    scripts = "".join(one.read_text("utf-8") for one in STATIC.glob("*.js"))
    assert not {word for word in ("innerHTML", "outerHTML", "insertAdjacent") if word in scripts}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def faults() -> list[str]:
    return []


def _open(browser: Browser, corp: Playground, hash_: str, *, width: int = 1280) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 760})
    page.set_default_timeout(8000)
    page.goto(f"{corp.url}/#{hash_}")
    page.wait_for_selector("#places button")
    return page


@pytest.mark.browser
def test_words_from_outside_stay_words(browser: Browser, corp: Playground) -> None:
    corp.send("lisi", text={"content": HOSTILE})
    corp.send("lisi", msgtype="markdown", markdown={"content": f"**{HOSTILE}** [x](javascript:1)"})
    card = {**CARD, "main_title": {"title": HOSTILE}, "sub_title_text": HOSTILE}
    corp.send("lisi", msgtype="template_card", template_card=card)
    corp.send(
        "lisi",
        msgtype="textcard",
        textcard={
            "title": HOSTILE,
            "description": f'<div class="gray">{HOSTILE}</div>',
            "url": "http://a.cn",
        },
    )
    page = _open(browser, corp, "me=lisi")
    page.wait_for_selector(".box .keys")
    assert page.locator(".messages img, .messages script").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert "hit" not in page.title()
    assert page.locator(".messages").inner_text().count("onerror") == 6
    page.close()


@pytest.mark.browser
def test_a_button_is_pressed_and_shows_what_became_of_it(
    browser: Browser, corp: Playground
) -> None:
    code = corp.send("lisi", msgtype="template_card", template_card=CARD)["response_code"]
    page = _open(browser, corp, "me=lisi")
    with page.expect_response("**/sandbox/press"):
        page.click(".keys button >> text=签收")
    assert corp.inbox.last()["Event"] == "template_card_event"
    button = {"replace_name": "已由李四签收"}
    body = {"agentid": 1000002, "response_code": code, "atall": 1, "button": button}
    corp.post("message/update_template_card", body)
    page.wait_for_selector(".keys .done")
    assert page.inner_text(".keys .done") == "已由李四签收"
    page.close()


@pytest.mark.browser
def test_a_group_shows_mentions_and_says_that_nobody_hears(
    browser: Browser, corp: Playground
) -> None:
    corp.robot({"msgtype": "markdown", "markdown": {"content": "<@lisi> 请看"}})
    page = _open(browser, corp, f"me=lisi&place=group:{GROUP}")
    assert page.inner_text(".at.me") == "@李四"
    page.fill("#words", "收到")
    page.press("#words", "Enter")
    page.wait_for_selector(".note")
    assert "听不到群里的普通消息" in page.inner_text(".note")
    page.close()


@pytest.mark.browser
def test_a_link_is_forwarded_and_another_person_is_told_of(
    browser: Browser, corp: Playground
) -> None:
    page = _open(browser, corp, "me=zhangsan")
    page.click("#forward")
    page.click("#examples button >> nth=0")
    with page.expect_response("**/sandbox/forward"):
        page.click("#link-form .send")
    page.wait_for_selector(".messages .box")
    assert corp.inbox.last()["MsgType"] == "link"
    corp.robot({"msgtype": "text", "text": {"content": "请看"}})
    page.click("#others button >> text=李四")
    expect(page).to_have_title(f"李四 · {GROUP}")
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_one_goes_from_the_list_to_a_chat_and_back(
    browser: Browser, corp: Playground, width: int
) -> None:
    corp.send("lisi", text={"content": "一" * 200})
    corp.send("lisi", msgtype="template_card", template_card=CARD)
    page = _open(browser, corp, "me=lisi", width=width)
    assert page.is_hidden("#messages")
    assert page.inner_text(".places .badge") == "2"
    page.click("#places button >> text=督办")
    assert page.is_visible("#messages")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.click("#back")
    assert page.is_visible("#places")
    assert page.locator(".places .badge").count() == 0
    page.close()


@pytest.mark.browser
def test_time_is_moved_on_the_page(browser: Browser, corp: Playground) -> None:
    page = _open(browser, corp, "me=lisi")
    page.click("text=+30 分钟")
    page.wait_for_selector("#toast:not([hidden])")
    assert corp.client.get("/sandbox/clock").json()["offset"] == pytest.approx(1800)
    page.click("#tools")
    page.wait_for_selector("#panel .lines")
    assert "最近的请求与回调" in page.inner_text("#panel")
    page.close()
