"""统计: every number opens its list, each sees what is theirs, and the chat says the same."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from bot.keeping_ready import keep_ready, kept_ready
from cases.model import State
from handlers.summaries import weekly
from tests.support.pages import Pages, words

_LINKS = re.compile(r'<a href="(/statistics/list\?[^"]+)"(?: aria-label="([^"]+)")?>(?:(\d+)[< ])?')
_TOTAL = re.compile(r'<span id="total">(\d+)</span>')
_NEXT = re.compile(r'<a href="([^"]+)" rel="next">')
OWN = "from=2026-11-16&to=2026-11-22"


def put(pages: Pages, number: str, **changed: object) -> None:
    with pages.office.database.work() as work:
        case = work.cases.by_number(number)
        assert case is not None
        work.cases.save(replace(case, **changed), [], by="t", now=pages.office.now)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def town(pages: Pages) -> Pages:
    """A week with eight cases: signed in time and late, closed, reported again, merged."""
    office = pages.office
    numbers = []
    for nth in range(6):
        office.now += timedelta(hours=1)
        unit = "城管局" if nth % 2 else "住建局"
        numbers.append(pages.case(f"第{nth}中学食堂积水 省电视台采访", unit))
        if nth == 1:
            office.says("liuyang", f"签收 {numbers[1]}")
    office.passes(minutes=50)
    office.says("liuyang", f"签收 {numbers[3]}")
    office.says("liuyang", f"{numbers[1]} 首报: 已到现场")
    office.says("chenjing", f"签收 {numbers[0]}")
    office.says("chenjing", f"{numbers[0]} 首报: 已到现场")
    office.says("sunlei", f"合并 {numbers[5]} 到 {numbers[3]}")
    put(pages, numbers[0], state=State.CLOSED, closed_at=office.now, platform="微博")
    put(pages, pages.reported("演练的路灯 省电视台采访"), drill=1)
    put(pages, pages.reported("外地的路灯 省电视台采访"), state=State.REFUSED)
    pages.reported("没有人管的路灯 省电视台采访")
    return pages


def numbers_of(html: str) -> dict[str, int]:
    """The addresses behind the numbers of a page, with the numbers as they stand there."""
    found = {}
    for address, said, count in _LINKS.findall(html):
        shown = count or said.rpartition(": ")[2]
        assert re.fullmatch(r"\d+", shown), (address, said)
        found[unescape(address)] = int(shown)
    return found


def listed(pages: Pages, address: str, who: str) -> tuple[int, int]:
    """The number a list begins with, and what its rows add up to, on all its pages."""
    total, added, path = 0, 0, address
    while path:
        html = pages.as_(who).get(path).text
        found = _TOTAL.search(html)
        assert found is not None, html
        total = int(found[1])
        added += sum(int(one) for one in re.findall(r'data-count="(\d+)"', html))
        turn = _NEXT.search(html)
        path = unescape(turn[1]) if turn else ""
    return total, added


@pytest.mark.parametrize(
    ("who", "query"),
    [
        ("sunlei", ""),
        ("sunlei", f"{OWN}&unit=chengguan&grain=week"),
        ("zhouguohua", "period=year&level=二级"),
        ("liuyang", "period=week"),
    ],
)
def test_every_number_opens_the_list_behind_it(town: Pages, who: str, query: str) -> None:
    html = town.as_(who).get(f"/statistics?{query}").text
    numbers = numbers_of(html)
    assert len(numbers) > 15
    assert sum(numbers.values()) > 20
    for address, count in numbers.items():
        assert listed(town, address, who) == (count, count), address


def heads(town: Pages, who: str, query: str = "") -> dict[str, int]:
    text = town.as_(who).text(f"/statistics?{query}")
    found = re.search(r"(\d+) 登记 .*?(\d+) 办结 .*?(\d+) 重复上报 .*?(\d+) 发出的提醒", text)
    assert found is not None, text
    return dict(
        zip(("cases", "closed", "repeats", "reminders"), map(int, found.groups()), strict=True)
    )


def test_a_unit_is_shown_its_own_and_cannot_ask_for_more(town: Pages) -> None:
    office, unit = heads(town, "sunlei"), heads(town, "liuyang")
    assert (office["cases"], unit["cases"]) == (7, 2)
    assert heads(town, "liuyang", "unit=zhujian") == unit
    assert heads(town, "sunlei", "unit=chengguan") == unit
    html = town.as_("liuyang").get("/statistics").text
    assert "市住建局" not in words(html)
    address = next(one for one in numbers_of(html) if "what=cases" in one)
    asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    other = f"/statistics/list?{urlencode(asked | {'unit': 'zhujian', 'n-lead': 'zhujian'})}"
    assert listed(town, other, "liuyang") == (0, 0)


def test_who_answers_for_nothing_is_shown_no_statistics(town: Pages) -> None:
    reporter = town.as_("wangxiaoyu")
    assert "/statistics" not in reporter.get("/").text
    for path in ("/statistics", "/statistics/list?what=cases"):
        answer = reporter.get(path)
        assert answer.status_code == 403
        assert "您的身份不能查看统计" in answer.text
    assert town.browser().get("/statistics").headers["location"] == "/sign-in?next=/statistics"


def test_what_was_merged_is_not_counted_and_what_was_refused_is(town: Pages) -> None:
    assert heads(town, "sunlei")["cases"] == 7
    text = town.as_("sunlei").text("/statistics")
    assert "不予受理: 1" in text
    assert "已合并" not in text


def test_each_number_of_time_is_as_its_clocks_say(town: Pages) -> None:
    text = town.as_("sunlei").text("/statistics")
    signing = re.search(r"签收 ([\d.]+%) (\d+) (\d+) (\d+) (\d+) (.+?分钟) (.+?分钟)", text)
    assert signing is not None, text
    share, in_time, late, overdue, running, *_ = signing.groups()
    assert (share, in_time, late) == ("20%", "1", "2")
    assert (overdue, running) == ("2", "0")


def test_the_weekly_summary_counts_as_the_page_does(town: Pages) -> None:
    monday = datetime.fromisoformat("2026-11-23T09:00:00+08:00")
    before, town.office.now = town.office.now, monday
    with town.office.database.read() as work:
        said = weekly(work, town.office.desk, monday)
    text = town.as_("sunlei").text("/statistics?period=last-week")
    counted = heads(town, "sunlei", "period=last-week")
    shares = dict(re.findall(r"(签收|首报|回应|办结|定级交办) ([\d.]+%) \d", text))
    town.office.now = before
    assert f"登记 {counted['cases']} 件" in said
    assert f"办结 {counted['closed']} 件" in said
    told = dict(re.findall(r"([^、 ]+) ([\d.]+%) \(\d+ 项\)", said.partition("按时率: ")[2]))
    assert told == {step: share for step, share in shares.items() if step in told}
    assert {"签收", "首报"} <= set(told)


@pytest.mark.parametrize(
    "query",
    [
        "period=x&grain=y&nth=99999",
        "from=0001-01-01&to=9999-12-31",
        "from=2026-11-31&to=2026-02-30",
        "unit='; drop&level=<b>&platform=%F0%9F%98%80",
        "what=cases&since=999999999999&hour=77&weekday=9&step=x&how=y&n-state=z",
        "what=steps&step=签收&nth=70",
    ],
)
def test_an_address_that_means_nothing_asks_nothing(town: Pages, query: str) -> None:
    for path in ("/statistics", "/statistics/list"):
        answer = town.as_("sunlei").get(f"{path}?{query}")
        assert answer.status_code == 200
        assert "<b>&" not in answer.text


def test_nobody_is_named_or_ranked(town: Pages) -> None:
    page = town.as_("sunlei").text("/statistics")
    numbers = numbers_of(town.as_("sunlei").get("/statistics").text)
    address = next(one for one in numbers if "what=steps" in one)
    text = page + town.as_("sunlei").text(address)
    for name in ("刘洋", "陈静", "王小雨", "周国华"):
        assert name not in text


def test_the_page_and_its_lists_say_the_same_when_they_are_kept_ready(town: Pages) -> None:
    office, number = town.office, town.reported("最后一处积水 省电视台采访")
    later = office.now + timedelta(days=40)
    deeds: tuple[tuple[str, dict[str, object]], ...] = (
        (f"{number} 定二级, 交城管局", {}),
        (f"{number} 改定三级, 情况好转", {}),
        ("", {"state": State.CLOSED, "closed_at": office.now}),
        ("", {"state": State.SIGNED, "closed_at": None}),
        (f"撤回 {number}, 误报", {}),
    )
    for says, changed in deeds:
        keep_ready(office.database, later)
        if says:
            office.says("sunlei", says)
        else:
            put(town, number, **changed)
        counted = [town.as_(who).text("/statistics?period=year") for who in ("sunlei", "liuyang")]
        keep_ready(office.database, later)
        for who, text in zip(("sunlei", "liuyang"), counted, strict=True):
            assert town.as_(who).text("/statistics?period=year") == text
    assert kept_ready(office.database, later).days
    numbers = numbers_of(town.as_("liuyang").get("/statistics").text)
    for address in list(numbers)[::3]:
        assert listed(town, address, "liuyang") == (numbers[address],) * 2, address
