"""Days as people name them: 明天, 下周四, 11月23日, 11.23, 15号, 月底."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5} | {
    str(n): n - 1 for n in range(1, 7)
}
_NEAR = {
    "大前": -3,
    "前": -2,
    "昨": -1,
    "今": 0,
    "当": 0,
    "同": 0,
    "明": 1,
    "次": 1,
    "翌": 1,
    "后": 2,
    "大后": 3,
}
_NO_AMOUNT = r"(?![0-9]|\s?[万千亿wWkK%元倍度米条篇次人年天斤吨块分名个起])"
DAY = re.compile(
    r"(?:(?P<year>20[0-9]{2})\s?[年\-/.]\s?)?(?<![0-9.])(?P<month>1[0-2]|0?[1-9])\s?"
    r"(?:月份?\s?(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9])(?:[日号](?!楼|线|院|门)|(?![./\-点:]))"
    r"|(?P<mark>[\-/.])(?P<dotted>3[01]|[12][0-9]|0[1-9]|[1-9](?=[\-/. 前日号]|$))"
    + _NO_AMOUNT
    + "(?:[日号])?)"
    r"|(?<![0-9.\-月])(?P<which>(?:本|这个?|下个?|上个?)月)?(?P<alone>3[01]|[12][0-9]|0?[1-9])[号日]"
    r"(?!\s?(?:件|案|楼|线|院|门|舆情|单|文|台风|机组|均|子|常|记|程))"
    "|(?P<near>大后天|大前天|后天|[明昨今当同次翌]天|[明昨今当同次翌]日(?!起诉)|前天|"
    "[明昨今](?=早|晚|夜|上午|下午|中午|晨))"
    "|(?P<weekword>下下个?|下个?|上个?|本|这个?)?(?:周|星期|"
    "礼拜)(?P<weekday>[一二三四五六日天末](?!班|条|报)|[1-6](?![0-9个月年天]))"
    r"|(?P<edge>(?:本|这个?|下个?|上个?)?月[底末初]|年[底末]|[本这]周内|周内|本月内|年内)"
)
_EDGE_WEEK = {"本周内", "这周内", "周内"}


@dataclass(frozen=True, slots=True)
class Leaning:
    """Which of several possible days is meant: the coming one, or, of what was, the last one."""

    today: date
    past: bool = False

    def nearest(self, year: int, month: int, day: int) -> date | None:
        """Return the date without a year that lies nearest in the leaning's direction."""
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        far = timedelta(days=180)
        if self.past and found > self.today:
            return _replaced(found, year - 1)
        if not self.past and self.today - found > far:
            return _replaced(found, year + 1)
        return found


def _replaced(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None  # 29 February


def _shifted(day: date, months: int) -> tuple[int, int]:
    counted = day.year * 12 + day.month - 1 + months
    return counted // 12, counted % 12 + 1


def _last_of(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def _months(word: str | None) -> int:
    if not word:
        return 0
    return {"下": 1, "上": -1}.get(word[0], 0)


def day_of(match: re.Match[str], leaning: Leaning) -> date | None:
    """Return the day a match of DAY means, None for one that does not exist (2月30日)."""
    if match["month"]:
        return _full(match, leaning)
    if match["alone"]:
        return _day_of_month(match, leaning)
    if match["near"]:
        word = match["near"].rstrip("天日")
        return leaning.today + timedelta(days=_NEAR[word])
    if match["weekday"]:
        return _weekday(match, leaning)
    return _edge(match["edge"], leaning.today)


def _full(match: re.Match[str], leaning: Leaning) -> date | None:
    month, day = int(match["month"]), int(match["day"] or match["dotted"])
    if not match["year"]:
        return leaning.nearest(leaning.today.year, month, day)
    try:
        return date(int(match["year"]), month, day)
    except ValueError:
        return None


def _day_of_month(match: re.Match[str], leaning: Leaning) -> date | None:
    number, today = int(match["alone"]), leaning.today
    months = _months(match["which"])
    if not match["which"]:
        if leaning.past and number > today.day:
            months = -1
        if not leaning.past and number < today.day:
            months = 1
    year, month = _shifted(today, months)
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _weekday(match: re.Match[str], leaning: Leaning) -> date:
    today, wanted = leaning.today, WEEKDAYS[match["weekday"]]
    monday = today - timedelta(days=today.weekday())
    word = match["weekword"] or ""
    if word:
        weeks = {"下下": 2, "下": 1, "上": -1}.get(word.rstrip("个"), 0)
        return monday + timedelta(days=7 * weeks + wanted)
    if leaning.past:
        return today - timedelta(days=(today.weekday() - wanted) % 7)
    return today + timedelta(days=(wanted - today.weekday()) % 7)


def _fifth_after(today: date) -> date:
    year, month = _shifted(today, 1)
    return date(year, month, 5)


def _edge(word: str, today: date) -> date:
    if word in _EDGE_WEEK:
        return today + timedelta(days=max(4 - today.weekday(), 0))
    if word.startswith("年"):
        return date(today.year, 12, 31)
    year, month = _shifted(today, _months(word))
    if word.endswith("初"):
        start = date(year, month, 5)
        return start if word.startswith("上") or start >= today else _fifth_after(today)
    return _last_of(year, month)
