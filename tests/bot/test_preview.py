"""Pages are looked at after the commit and only where switched on; they complete, never change."""

import json

import pytest

from bot.fetcher.previewer import Previewer
from bot.preview import LinkReader
from cases.model import State
from handlers.intake_preview import show
from storage.database import Database
from tests.support.office import Office, to

WANG, DIRECTOR = "wangxiaoyu", "sunlei"
SHORT = "https://t.cn/A6abcdEf"
WEIBO = "https://weibo.com/1234567890/P0w7ex6A3"


class Web:
    """What the fetcher process would answer."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.leads: dict[str, str] = {}
        self.asked: list[str] = []

    def __call__(self, request: str) -> str:
        asked = json.loads(request)
        self.asked.append(asked["url"])
        if asked["expand"]:
            return json.dumps(self.leads.get(asked["url"]))
        title = self.titles.get(asked["url"])
        if title is None:
            return "null"
        page = {"host": "h", "title": title, "site": "s", "author": "小北", "published": ""}
        return json.dumps(page)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def reader(office: Office, web: Web, *, enabled: bool = True) -> LinkReader:
    return LinkReader(
        office.database,
        previewer=Previewer(enabled=enabled, ask=web),
        show=lambda work, link, shown, now: show(work, office.desk, link, shown, now),
        clock=lambda: office.now,
    )


def test_off_it_asks_nobody_anything(office: Office) -> None:
    web = Web()
    off = reader(office, web, enabled=False)
    off.start()
    office.says(WANG, WEIBO)
    off.stop()
    assert web.asked == []
    assert office.case().title == "微博链接"


def test_the_title_of_a_page_completes_a_case_without_one(office: Office) -> None:
    web = Web()
    web.titles[WEIBO] = "三中食堂饭菜里吃出虫子 电话13812345678"
    office.says(WANG, WEIBO)
    assert reader(office, web).read_new() == 1
    assert office.case().title == "三中食堂饭菜里吃出虫子 电话138****5678"
    assert office.case().proposal.lead == "jiaoti"
    told = office.leaving()
    assert "页面标题: 三中食堂" in to(DIRECTOR, told)
    with office.database.read() as work:
        assert work.cases.links(office.case().id)[0].author == "小北"
    assert reader(office, web).read_new() == 0  # once


def test_a_title_somebody_gave_stays(office: Office) -> None:
    web = Web()
    web.titles[WEIBO] = "别的标题"
    office.forwards(WANG, "三中食堂吃出虫子", WEIBO)
    reader(office, web).read_new()
    assert office.case().title == "三中食堂吃出虫子"
    assert office.leaving() == []


def test_a_page_that_cannot_be_read_changes_nothing(office: Office) -> None:
    office.says(WANG, WEIBO)
    version = office.case().version
    assert reader(office, Web()).read_new() == 1
    assert office.case().version == version


def test_a_title_that_may_be_classified_is_not_kept(office: Office) -> None:
    web = Web()
    web.titles[WEIBO] = "绝密★启用前"
    office.says(WANG, WEIBO)
    reader(office, web).read_new()
    assert office.case().title == "微博链接"


def test_a_short_link_that_leads_to_a_known_case_is_offered_never_merged(office: Office) -> None:
    web = Web()
    office.forwards(WANG, "三中食堂吃出虫子", WEIBO)
    office.says("lihang", f"上报:青禾路积水 {SHORT}")
    web.leads[SHORT] = WEIBO
    reader(office, web).read_new()
    told = to(DIRECTOR, office.leaving())
    assert "短链接展开后是同一条" in told
    assert "= 合并到 001" in told
    assert office.case("002").state is State.REPORTED


def test_where_a_short_link_leads_becomes_one_more_link_of_its_case(office: Office) -> None:
    web = Web()
    office.says(WANG, f"上报:青禾路积水 {SHORT}")
    web.leads[SHORT] = WEIBO
    assert reader(office, web).read_new() == 1
    reader(office, web).read_new()  # the new link is looked at as well, and leads to itself
    assert "已并入 001" in to("lihang", office.says("lihang", WEIBO))


def test_switched_on_it_leaves_what_was_reported_before(office: Office) -> None:
    web = Web()
    web.titles[WEIBO] = "三中食堂"
    office.says(WANG, WEIBO)
    on = reader(office, web)
    on.start()
    on.stop()
    assert on.read_new() == 0
