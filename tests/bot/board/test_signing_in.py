"""Signing in and out: bound to one browser, used once, dead within one request."""

from datetime import timedelta

import pytest

from bot.board.place import Place, Platform
from bot.gateway import GiveUp, Scope, TryLater, Unknown
from cases.people import Person, Role
from handlers.letting_in import personal_link
from tests.support.pages import Pages, audited, words


def test_a_stranger_is_sent_to_sign_in_and_led_back_to_what_he_wanted(pages: Pages) -> None:
    number = pages.case()
    browser = pages.browser()
    sent = browser.get(f"/case/{number}")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/sign-in?next=/case/{number}")
    assert "扫码登录" in browser.text(sent.headers["location"])
    back = pages.come_back(browser, "LiuYang", f"/case/{number}")
    assert (back.status_code, back.headers["location"]) == (303, f"/case/{number}")
    assert "刘洋" in browser.text(f"/case/{number}")


def test_the_platform_is_asked_at_the_addresses_of_the_settings(pages: Pages) -> None:
    scan = pages.browser().get("/sign-in/scan").headers["location"]
    assert scan.startswith("https://login.work.weixin.example/wwlogin/sso/login?login_type=CorpApp")
    client = pages.browser().get("/sign-in/client").headers["location"]
    assert client.startswith("https://open.weixin.example/connect/oauth2/authorize?appid=wwyunxi")
    assert client.endswith("#wechat_redirect")
    assert f"redirect_uri={pages.url.replace(':', '%3A').replace('/', '%2F')}%2Fsign-in" in client
    inside = pages.browser(**{"user-agent": "Mozilla/5.0 wxwork/4.1"}).get("/sign-in")
    assert inside.headers["location"].startswith("https://open.weixin.example/")


def test_e07_the_cookie_cannot_be_read_and_lasts_no_longer_than_the_session(pages: Pages) -> None:
    answer = pages.come_back(pages.browser(), "liuyang")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("duban="))
    for term in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=86400"):
        assert term in cookie
    secure = Place("https://duban.example", "云溪市", Platform("ww", 1), b"k")
    assert secure.is_https
    assert secure.session_cookie == "__Host-duban"


def test_only_the_hash_of_a_token_is_kept(pages: Pages) -> None:
    browser = pages.signed_in("liuyang")
    token = browser.http.cookies["duban"]
    kept = pages.folder.joinpath("duban.db").read_bytes()
    kept += pages.folder.joinpath("duban.db-wal").read_bytes()
    assert len(token) == 43
    assert token.encode() not in kept


@pytest.mark.parametrize("spoilt", ["", "0" * 104, "another", "old"])
def test_e02_a_state_that_is_not_this_browsers_of_the_last_minutes_is_refused(
    pages: Pages, spoilt: str
) -> None:
    browser = pages.browser()
    state = pages.state_of(browser.get("/sign-in/scan"))
    pages.answers["code-x"] = "liuyang"
    if spoilt == "another":
        state = pages.state_of(pages.browser().get("/sign-in/scan"))
    if spoilt == "old":
        pages.clock.advance(minutes=10, seconds=1)
    else:
        state = state if spoilt == "another" else spoilt
    asked = len(pages.asked)
    answer = browser.get(f"/sign-in/back?code=code-x&state={state}")
    assert answer.status_code == 400
    assert len(pages.asked) == asked
    assert "duban" not in browser.http.cookies


def test_e02_a_state_is_good_for_ten_minutes_sharp(pages: Pages) -> None:
    browser = pages.browser()
    state = pages.state_of(browser.get("/sign-in/scan"))
    pages.answers["code-ten"] = "liuyang"
    pages.clock.advance(minutes=10)
    assert browser.get(f"/sign-in/back?code=code-ten&state={state}").status_code == 303


def test_e02_e03_a_state_and_a_code_are_good_once(pages: Pages) -> None:
    browser = pages.browser()
    state = pages.state_of(browser.get("/sign-in/scan"))
    entry = browser.http.cookies["duban-entry"]
    pages.answers["code-once"] = pages.answers["code-twice"] = "liuyang"
    assert browser.get(f"/sign-in/back?code=code-once&state={state}").status_code == 303
    again = pages.browser()
    again.http.cookies.set("duban-entry", entry)
    assert again.get(f"/sign-in/back?code=code-twice&state={state}").status_code == 400
    other = pages.browser()
    fresh = pages.state_of(other.get("/sign-in/scan"))
    refused = other.get(f"/sign-in/back?code=code-once&state={fresh}")
    assert (refused.status_code, "已经用过" in refused.text) == (400, True)


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (GiveUp(40029, "code 无效", Scope.MESSAGE), 400, "code 无效"),
        (GiveUp(0, "不是本企业的成员", Scope.RECIPIENT), 400, "不是本企业的成员"),
        (TryLater(None, "连不上", 0), 503, "没有应答"),
        (Unknown("HTTP 500"), 503, "没有应答"),
    ],
)
def test_e03_e05_what_the_platform_does_not_vouch_for_begins_no_session(
    pages: Pages, answer: GiveUp | TryLater | Unknown, status: int, says: str
) -> None:
    browser = pages.browser()
    code = f"code-{answer}".encode().hex()
    pages.answers[code] = answer
    state = pages.state_of(browser.get("/sign-in/scan"))
    found = browser.get(f"/sign-in/back?code={code}&state={state}")
    assert found.status_code == status
    assert says in found.text
    assert "duban" not in browser.http.cookies


def test_e06_a_member_who_is_not_in_the_directory_is_turned_away_and_written_down(
    pages: Pages,
) -> None:
    browser = pages.browser()
    answer = pages.come_back(browser, "moshengren")
    assert answer.status_code == 403
    assert "不在督办名录里" in answer.text
    assert "duban" not in browser.http.cookies
    assert ("moshengren", "denied") in audited(pages, "sign-in")


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "/%09/evil",
        "/..//evil",
        "/case/YQ-20261120-001?x=1",
        "/\r\nx",
        "javascript:alert(1)",
    ],
)
def test_e04_a_sign_in_leads_nowhere_but_to_our_own_pages(pages: Pages, path: str) -> None:
    browser = pages.browser()
    state = pages.state_of(browser.http.get("/sign-in/scan", params={"next": path}))
    code = f"code-{path}".encode().hex()
    pages.answers[code] = "liuyang"
    answer = browser.get(f"/sign-in/back?code={code}&state={state}")
    assert answer.headers["location"] == "/"


def test_e07_a_new_sign_in_has_a_new_token_and_ends_the_old(pages: Pages) -> None:
    browser = pages.signed_in("liuyang")
    before = browser.http.cookies["duban"]
    pages.come_back(browser, "liuyang")
    assert browser.http.cookies["duban"] != before
    other = pages.browser()
    other.http.cookies.set("duban", before)
    assert other.get("/").status_code == 303


@pytest.mark.parametrize(
    ("rests", "is_in"),
    [
        ((timedelta(hours=8) - timedelta(seconds=1),), True),
        ((timedelta(hours=8),), False),
        ((timedelta(hours=7),) * 3 + (timedelta(hours=2, minutes=59),), True),
        ((timedelta(hours=7),) * 3 + (timedelta(hours=3),), False),
    ],
)
def test_e07_a_session_ends_after_eight_idle_hours_and_after_a_day(
    pages: Pages, rests: tuple[timedelta, ...], is_in: bool
) -> None:
    browser = pages.signed_in("liuyang")
    for rest in rests[:-1]:
        pages.clock.now += rest
        assert browser.get("/").status_code == 200
    pages.clock.now += rests[-1]
    assert browser.get("/").status_code == (200 if is_in else 303)


def test_c10_e07_whoever_leaves_is_out_with_the_next_request_and_stays_out(pages: Pages) -> None:
    database, now = pages.office.database, pages.office.now
    xu = Person("xuxin", "徐新", frozenset({Role.OFFICE_DIRECTOR}))
    with database.work() as work:
        work.people.upsert_person(xu)
    number = pages.case()
    browser = pages.signed_in("xuxin")
    hidden = browser.hidden(f"/case/{number}")
    with database.work() as work:
        work.people.leave("xuxin", now)
    answer = browser.post(f"/case/{number}/do", hidden | {"act": "urge", "unit": "chengguan"})
    assert answer.status_code == 401
    assert 'duban=""' in answer.headers["set-cookie"]
    with database.work() as work:
        work.people.upsert_person(xu)  # who comes back has to sign in again
    browser.http.cookies.set("duban", "x" * 43)
    assert browser.get("/").status_code == 303


def test_e07_sign_out_ends_this_session_and_another_of_ones_own_but_nobody_elses(
    pages: Pages,
) -> None:
    mine, other = pages.signed_in("liuyang"), pages.signed_in("liuyang")
    theirs = pages.signed_in("sunlei")
    page = mine.get("/sessions").text
    assert "本机" in words(page)
    ids = [part.split('"')[0] for part in page.split('name="session" value="')[1:]]
    csrf = mine.hidden("/sessions")["csrf"]
    for one in (*ids, "999999"):
        assert mine.post("/sign-out", {"csrf": csrf, "session": one}).status_code == 303
    assert other.get("/").status_code == 303
    assert theirs.get("/").status_code == 200
    assert mine.get("/").status_code == 200
    out = mine.post("/sign-out", {"csrf": csrf})
    assert out.headers["location"] == "/sign-in"
    assert mine.get("/").status_code == 303


def test_a_personal_link_lets_one_person_in_once_and_only_by_a_pressed_button(
    pages: Pages,
) -> None:
    now = pages.clock.now
    with pages.office.database.work() as work:
        liu = work.people.person("liuyang")
        assert liu is not None
        token = personal_link(work, liu, "sunlei", now)
    looked = pages.browser()
    for _ in range(2):  # programs that look links over use nothing up
        assert "15 分钟" in looked.text(f"/sign-in/link/{token}")
    evil = looked.post("/sign-in/link", {"token": token}, origin="https://evil.example")
    assert evil.status_code == 403
    browser = pages.browser()
    assert browser.post("/sign-in/link", {"token": token}).status_code == 303
    assert "刘洋" in browser.text("/")
    assert pages.browser().post("/sign-in/link", {"token": token}).status_code == 400
    assert pages.browser().post("/sign-in/link", {"token": "x"}).status_code == 400


@pytest.mark.parametrize(("minutes", "status"), [(14, 303), (15, 400), (16, 400)])
def test_a_personal_link_is_good_for_a_quarter_of_an_hour(
    pages: Pages, minutes: int, status: int
) -> None:
    with pages.office.database.work() as work:
        liu = work.people.person("liuyang")
        assert liu is not None
        first = personal_link(work, liu, "sunlei", pages.clock.now)
        token = personal_link(work, liu, "sunlei", pages.clock.now)
    pages.clock.advance(minutes=minutes)
    assert pages.browser().post("/sign-in/link", {"token": token}).status_code == status
    assert pages.browser().post("/sign-in/link", {"token": first}).status_code == 400


def test_too_many_sign_ins_at_once_are_put_off(pages: Pages) -> None:
    browser = pages.browser()
    with pages.office.database.work() as work:
        for _ in range(120):
            work.budgets.take("sign-in", 120, 60, pages.clock.now)
    answer = pages.come_back(browser, "liuyang")
    assert answer.status_code == 503
    pages.clock.advance(minutes=2)
    assert pages.come_back(browser, "liuyang").status_code == 303
