"""The list by urgency, the search, and the personal link that the office gives in chat."""

import re
from datetime import timedelta

import pytest

from handlers.letting_in import link_for_local_administrator, link_for_userid
from storage.cases import NewCase
from tests.support.office import to
from tests.support.pages import Pages, audited


def numbers(html: str) -> list[str]:
    return re.findall(r'href="/case/(YQ-[0-9-]+)"', html)


def test_ones_own_list_holds_what_waits_for_one_the_most_urgent_first(pages: Pages) -> None:
    later = pages.case("三中食堂吃出虫子 省电视台关注", unit="教体局")
    first = pages.case("青禾路积水 省电视台采访")
    pages.office.says("sunlei", f"{later} 转给城管局, 属城管")
    liaison = pages.as_("liuyang").get("/").text
    assert set(numbers(liaison)) == {first, later}
    assert "还剩 30 分钟" in liaison
    assert "lamp-yellow" in liaison
    assert numbers(pages.as_("chenjing").get("/").text) == []
    assert "现在没有等您办的件" in pages.as_("chenjing").text("/")
    pages.office.now += timedelta(minutes=31)
    assert "■ 已超时 1 分钟" in pages.as_("liuyang").text("/")
    pages.office.now -= timedelta(minutes=31)


def test_the_office_sees_all_a_unit_its_own_and_a_reporter_what_he_reported(pages: Pages) -> None:
    housing = pages.case("锦绣花园停水 省电视台关注", unit="住建局")
    assert housing in numbers(pages.as_("sunlei").get("/?show=all").text)
    assert housing in numbers(pages.as_("chenjing").get("/?show=all").text)
    assert housing not in numbers(pages.as_("liuyang").get("/?show=all").text)
    assert housing in numbers(pages.as_("wangxiaoyu").get("/?show=all").text)
    leader = pages.as_("zhouguohua")
    pages.as_("chenjing").press(housing, "no_such")
    assert housing not in numbers(leader.get("/").text)
    pages.as_("sunlei").press(housing, "no_answer", reason="已当面答复")
    pages.as_("chenjing").press(housing, "done", text="已通水")
    assert housing in numbers(leader.get("/").text)  # 办结 is asked of his role
    leader.press(housing, "approve")
    assert housing not in numbers(leader.get("/?show=all").text)


def test_pages_of_fifty_and_no_further(pages: Pages) -> None:
    number = pages.reported()
    with pages.office.database.work() as work:
        like = work.cases.by_number(number)
        assert like is not None
        for nth in range(51):
            work.cases.add(
                NewCase(
                    number=f"YQ-20261119-{nth:03d}",
                    title=f"第{nth}处路灯不亮",
                    state=like.state,
                    rulebook_id=like.rulebook_id,
                    reported_by="wangxiaoyu",
                    reported_at=like.reported_at,
                    proposal=like.proposal,
                )
            )
    office = pages.as_("sunlei")
    first = office.get("/?show=all").text
    assert len(numbers(first)) == 50
    assert "第 1 / 2 页" in first
    second = office.get("/?show=all&nth=2").text
    assert set(numbers(first)).isdisjoint(numbers(second))
    for odd in ("0", "-1", "99999", "1000000000", "x", "²"):
        assert office.get("/", show="all").status_code == 200
        assert office.get(f"/?show=all&nth={odd}").status_code == 200


def test_a_search_takes_a_number_a_link_or_words_of_the_title_never_a_poster(pages: Pages) -> None:
    number = pages.case("北环路塌陷 省电视台采访")
    office, stranger = pages.as_("sunlei"), pages.as_("chenjing")
    with pages.office.database.read() as work:
        case = work.cases.by_number(number)
        assert case is not None
        link = work.cases.main_link(case.id)
    for asked in (number, number[-3:], "北环路", f"看看这个 {link}"):
        found = office.http.get("/search", params={"q": asked}).text
        assert numbers(found) == [number]
        assert numbers(stranger.http.get("/search", params={"q": asked}).text) == []
    for asked in ("", " ", "北", "%", "作者:王小雨", "wangxiaoyu"):
        assert numbers(office.http.get("/search", params={"q": asked}).text) == []
    assert "没有找到" in office.http.get("/search", params={"q": "没有的事"}).text


def test_the_office_gives_a_link_in_chat_and_the_person_is_told(pages: Pages) -> None:
    pages.clock.now, kept = pages.office.now, pages.clock.now
    told = pages.office.says("sunlei", "给陈静一个登录链接")
    assert "孙磊为您开了" in to("chenjing", told)
    token = re.search(r"/sign-in/link/([0-9A-Za-z_-]{43})", to("sunlei", told))
    assert token is not None
    browser = pages.browser()
    assert browser.post("/sign-in/link", {"token": token[1]}).status_code == 303
    assert "陈静" in browser.text("/")
    pages.clock.now = kept
    assert ("sunlei", "done") in audited(pages, "link.given")


@pytest.mark.parametrize(
    ("who", "words", "says"),
    [
        ("liuyang", "给陈静一个登录链接", "发登录链接由舆情办主任、管理员来做"),
        ("sunlei", "给周国华发个登录链接", "由管理员来发"),
        ("sunlei", "给没这人一个登录链接", "找不到唯一的"),
    ],
)
def test_nobody_makes_a_link_for_who_stands_above_or_is_not_there(
    pages: Pages, who: str, words: str, says: str
) -> None:
    assert says in to(who, pages.office.says(who, words))


def test_the_command_line_makes_links_for_the_directory_and_for_the_first_set_up(
    pages: Pages,
) -> None:
    with pages.office.database.work() as work:
        tokens = [
            link_for_userid(work, "LiuYang", pages.clock.now),
            link_for_local_administrator(work, pages.clock.now),
        ]
    names = []
    for token in tokens:
        browser = pages.browser()
        assert browser.post("/sign-in/link", {"token": token}).status_code == 303
        names.append(re.search(r'class="me"[^>]*>([^<]+)', browser.get("/").text))
    assert [name[1] for name in names if name] == ["刘洋", "本机管理员"]
