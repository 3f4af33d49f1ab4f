"""The pictures of the pages in docs/images, taken of one morning: `python -m bench.pictures`.

`--all FOLDER` takes every page at three widths, whole, and the case on paper, to be looked at.
"""

import argparse
import itertools
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.papers.pictures import pages as sheets
from bench.papers.pictures import png
from bot.keeping_ready import keep_ready
from storage.database import Database
from storage.settings import LAST_BEAT
from tests.support.browser import chromium
from tests.support.edge import Server, served
from tests.support.pages import Pages, open_pages

HOME = Path(__file__).parents[1]
IMAGES = HOME / "docs" / "images"
WIDTHS = (360, 768, 1280)
_HEIGHTS = {360: 740, 768: 900, 1280: 900}
_UNITS = {
    "城管局": "liuyang",
    "住建局": "chenjing",
    "教体局": "yanghui",
    "卫健委": "gaofei",
    "市场监管局": "hanxue",
}
_TITLES = {
    "城管局": ("滨江路夜市噪音扰民", "东风巷垃圾无人清运", "北环路路灯不亮"),
    "住建局": ("锦绣花园停水两天", "城南小区电梯困人", "西湖里外墙脱落"),
    "教体局": ("三中食堂饭菜有异物", "实验小学门口拥堵", "二中补课收费"),
    "卫健委": ("中心医院挂号排长队", "社区医院疫苗断供", "急诊收费有疑问"),
    "市场监管局": ("红旗超市卖过期奶", "菜场缺斤少两", "健身房关门不退费"),
}
_LINKS = (
    "https://www.toutiao.com/article/72495596873{:08}/",
    "https://weibo.com/1234567890/R8v{:06}",
    "https://www.douyin.com/video/73123456{:011}",
)
_count = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: whose page, at which width, and what is done before it is taken."""

    name: str
    who: str
    path: str
    width: int
    before: Callable[[Page], object] = lambda _: None


def report(pages: Pages, unit: str, nth: int, platform: int) -> str:
    """Report a case about a unit; its number."""
    title = f"{_TITLES[unit][nth % 3]} 省电视台关注"
    link = _LINKS[platform % 3].format(next(_count))
    told = pages.office.forwards(("wangxiaoyu", "lihang")[nth % 2], title, link)
    short = next(m[1] for one in told if (m := re.search(r"已登记 ([0-9]{3})", one.text)))
    return f"YQ-{pages.office.now:%Y%m%d}-{short}"


def one_life(pages: Pages, nth: int, *, closes: bool) -> None:
    """A case from its link to its closing, some steps late."""
    office = pages.office
    unit = list(_UNITS)[nth % len(_UNITS)]
    number = report(pages, unit, nth, nth)
    office.passes(minutes=4 + nth % 9)
    office.says("sunlei", f"{number} 定{'二三'[nth % 3 > 0]}级,交{unit}")
    office.passes(minutes=(9, 17, 22, 41)[nth % 4])
    office.says(_UNITS[unit], f"签收 {number}")
    office.passes(minutes=(35, 50, 80, 130)[nth % 4])
    office.says(_UNITS[unit], f"{number} 首报: 已到现场, 正在处理")
    if closes:
        office.passes(minutes=60)
        office.says(_UNITS[unit], f"#{number} 已办结,请审核销号")
        office.says("sunlei", f"{number} 不需公开回应,已当面答复反映人")
        for who in ("zhouguohua", "sunlei"):
            office.says(who, f"{number} 同意办结")


def weeks_before(pages: Pages) -> None:
    """Three weeks: one to three cases a day, most of them closed."""
    office, nth = pages.office, 0
    for day in range(2, 20):
        morning = datetime.fromisoformat(f"2026-11-{day:02}T08:10:00+08:00")
        for hour in ((0,), (1, 4), (1, 1, 2))[day % 3]:
            nth += 1
            office.passes(seconds=max(0.0, (morning - office.now).total_seconds()))
            office.passes(hours=hour)
            one_life(pages, nth, closes=nth not in (11, 23))


def this_morning(pages: Pages) -> str:
    """Four cases before half past eight; the number of the one with an answer to be checked."""
    office = pages.office
    eight = datetime.fromisoformat("2026-11-20T08:02:00+08:00")
    office.passes(seconds=(eight - office.now).total_seconds())
    link, title = _LINKS[0].format(next(_count)), "青禾路积水没过车轮 省电视台采访"
    office.forwards("wangxiaoyu", title, link)
    first = office.case("001").number
    office.says("sunlei", f"{first} 定二级,交城管局")
    office.forwards("lihang", title, link)
    office.passes(minutes=4)
    office.says("liuyang", f"签收 {first}")
    office.passes(minutes=3)
    office.says("liuyang", f"{first} 首报: 两台泵车已到, 正在抽排")
    report(pages, "住建局", 0, 1)
    office.says("sunlei", "YQ-20261120-002 定二级,交住建局")
    office.passes(minutes=5)
    _draft(pages, first, "青禾路积水已排除，感谢监督。")
    office.says("sunlei", f"{first} 稿子退回修改,写明日期和措施")
    office.passes(minutes=6)
    said = "青禾路积水已于11月20日8时15分排除，市城管局当晚加装一台泵车值守，感谢监督。"
    _draft(pages, first, said)
    report(pages, "教体局", 1, 2)
    office.passes(minutes=2)
    return first


def _draft(pages: Pages, number: str, words: str) -> None:
    told = pages.office.says("liuyang", f"{number} 回应稿: {words}")
    if anyway := re.search(r"(\d) = 不改, 仍报审", told[-1].text):
        pages.office.says("liuyang", anyway[1])


def for_the_docs(number: str) -> list[Shot]:
    """The pictures that the documents show."""

    def widths(name: str, path: str) -> list[Shot]:
        return [Shot(f"{name}-{width}", "sunlei", path, width) for width in WIDTHS]

    def drafts(page: Page) -> None:
        page.locator(".drafts").evaluate("one => one.scrollIntoView()")

    return [
        *widths("board", "/board"),
        Shot("board-wall", "sunlei", "/board?wall=1", 1920),
        *widths("case", f"/case/{number}"),
        Shot("case-drafts-360", "sunlei", f"/case/{number}", 360, drafts),
        Shot("case-list-1280", "sunlei", "/?show=all", 1280),
        *widths("statistics", "/statistics"),
    ]


def every_page(number: str) -> list[Shot]:
    """Every page, to be looked at."""
    office = {
        "todo": "/",
        "all": "/?show=all",
        "board": "/board",
        "wall": "/board?wall=1",
        "case": f"/case/{number}",
        "search": "/search?q=积水",
        "statistics": "/statistics",
        "numbers": "/statistics/list?what=cases",
        "review": f"/case/{number}/review",
        "papers": "/papers",
        "scores": "/scores",
        "score-unit": "/scores/chengguan",
        "drills": "/drills",
        "sessions": "/sessions",
        "gone": "/case/YQ-20200101-001",
    }
    admin = {
        "admin": "/admin",
        "people": "/admin/people",
        "doors": "/admin/doors",
        "duty": "/admin/duty",
        "days": "/admin/days",
        "rules": "/admin/rules",
        "try": "/admin/try",
        "audit": "/admin/audit",
        "person": "/admin/form/person?subject=liuyang",
        "ladder": "/admin/form/rules-ladder?subject=签收30分钟",
    }
    found = [("sunlei", *one) for one in office.items()]
    found += [("admin", *one) for one in admin.items()]
    found += [("liuyang", "unit-case", f"/case/{number}"), ("", "sign-in", "/sign-in")]
    return [
        Shot(f"{name}-{width}", who, path, width) for who, name, path in found for width in WIDTHS
    ]


def take(running: Browser, pages: Pages, shot: Shot, folder: Path, *, whole: bool) -> None:
    """Take one picture, whole or as the screen shows it."""
    height = _HEIGHTS.get(shot.width, 1080)
    context = running.new_context(
        viewport={"width": shot.width, "height": height}, locale="zh-CN", reduced_motion="reduce"
    )
    if shot.who:
        held = pages.as_(shot.who).http.cookies[pages.place.session_cookie]
        cookie = {"name": pages.place.session_cookie, "value": held, "url": pages.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.clock.set_fixed_time(pages.office.now)
    page.goto(f"{pages.url}{shot.path}")
    shot.before(page)
    page.screenshot(path=folder / f"{shot.name}.png", full_page=whole)
    if whole and shot.name == "case-1280":
        for nth, sheet in enumerate(sheets(page.pdf(format="A4"), scale=1.3), start=1):
            (folder / f"paper-{nth}.png").write_bytes(png(*sheet))
    context.close()


def run(work: Path, images: Path, *, whole: bool) -> None:
    """Play the morning and take the pictures."""
    database = Database(f"sqlite:///{work}/duban.db", audit_key=b"pictures" * 4)
    database.upgrade()
    server = Server()
    with served(server) as port, chromium() as running:
        pages = open_pages(database, work, (server, port))
        pages.office.now = datetime.fromisoformat("2026-11-02T08:00:00+08:00")
        weeks_before(pages)
        number = this_morning(pages)
        keep_ready(database, pages.office.now)
        with database.work() as kept:
            beat = pages.office.now - timedelta(seconds=5)
            kept.settings.put(LAST_BEAT, beat.isoformat())
        for shot in every_page(number) if whole else for_the_docs(number):
            take(running, pages, shot, images, whole=whole)
            sys.stderr.write(f"{shot.name}\n")
        pages.close()
    database.close()


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--all", type=Path, help="every page, whole, into this folder")
    chosen = asked.parse_args()
    place = Path(tempfile.mkdtemp(prefix="duban-pictures-"))
    try:
        if chosen.all:
            chosen.all.mkdir(parents=True, exist_ok=True)
        run(place, chosen.all or IMAGES, whole=bool(chosen.all))
    finally:
        shutil.rmtree(place)
