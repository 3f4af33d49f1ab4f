"""Times as people say them: 下班前, 明早8点半, 下周四, 半小时内, 3个工作日, 11.23 17:00."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.beijing import BEIJING, in_beijing
from cases.chat.calendar_words import DAY, Leaning, day_of
from cases.chat.numbers import chinese_value

END_OF_WORK = time(17, 30)  # 下班前, and a day without an hour, for deadlines
START_OF_WORK = time(8, 30)

_PART = (
    "(?P<part>凌晨|清晨|清早|一大?早|早上|早晨|早间|早|上午|中午|午间|下午|午后|傍晚|"
    "晚上|晚间|今?晚|夜里|夜间|半夜)"
)
_HOUR = r"(?:[01]?[0-9]|2[0-4]|十[一二]?|二十[一二三四]?|[一二两三四五六七八九])"
_CLOCK = (
    r"(?P<hour>(?<![0-9.])" + _HOUR + r")(?:\s?:\s?(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9])"
    "|[点时](?!候|间|段|常|评|播|有)钟?(?:(?P<half>半)|(?P<quarter>[一三])刻|整|"
    "(?P<spoken>[0-5]?[0-9]|[二三四五]?十[一二三四五六七八九]?)分?(?!钟))?)"
)
_SPECIAL = r"(?P<special>上班前|下班[之以]?前|下班时|午饭前|天黑前|晚饭前|零点|午夜|中午前)"
_CLOCK_OR_PART = re.compile(rf"\s*(?:{_PART}\s*)?(?:的\s*)?(?:{_CLOCK})?(?:{_SPECIAL})?")
_ALONE = re.compile(
    rf"(?:{_PART}\s*)?{_CLOCK}|{_SPECIAL}|(?<![早中晚夜])(?P<bare>上午|下午|中午|傍晚|"
    "晚上|凌晨|今晚|早上)"
)
_AMOUNT = r"(?:[0-9]{1,4}(?:\.[0-9])?|半|一个半|两个半|[一二两三四五六七八九十]{1,3}|几)"
DURATION = re.compile(
    rf"(?<![0-9.:第每月])(?P<amount>{_AMOUNT})\s?个?(?P<half>半)?\s?"
    "(?P<unit>小时|钟头|[hH](?![a-zA-Z])|分钟|min(?:utes?)?|刻钟|工作日|自然日|天|"
    "日(?![0-9])|周|星期|礼拜|个?月)(?P<tail>之?内|以内|之?后|半)?"
)
_SECONDS = {"小": 3600, "钟": 3600, "h": 3600, "分": 60, "m": 60, "刻": 900}
_DAYS = {"天": 1, "日": 1, "自": 1, "周": 7, "星": 7, "礼": 7, "月": 30, "个": 30}
_PART_HOURS = {
    "凌晨": 0,
    "清晨": 6,
    "清早": 7,
    "早上": 8,
    "早晨": 8,
    "早": 8,
    "上午": 12,
    "中午": 12,
    "午间": 12,
    "下午": 17,
    "午后": 14,
    "傍晚": 18,
}
_AFTERNOON = ("下午", "午后", "傍晚")
_EVENING = ("晚", "晚上", "晚间", "今晚")
_NIGHT = ("夜里", "夜间", "半夜", "夜")
_SMALL_HOURS = 5  # 晚上1点 is after midnight
_SPECIAL_TIMES = {
    "上班前": START_OF_WORK,
    "午饭前": time(12),
    "中午前": time(12),
    "天黑前": time(18),
    "晚饭前": time(18),
}
_HALF, _DAWN, _NOON, _MIDNIGHT = 0.5, 7, 12, 24
_LAST = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time found in a text, at text[start:end]."""

    start: int
    end: int
    at: datetime
    has_clock: bool
    has_day: bool
    is_span: bool = False  # so long from now (2小时内)
    workdays: int = 0


def local(now: datetime) -> datetime:
    """Return `now` on the institution's clock, without fractions."""
    return in_beijing(now).replace(microsecond=0)


def find_moments(text: str, now: datetime, *, past: bool = False) -> list[Moment]:
    """Return the times in `text` in order; of an unclear one the next, or the last with `past`."""
    found: list[Moment] = []
    position = 0
    for match in sorted(_candidates(text), key=lambda m: (m.start(), -m.end())):
        if match.start() < position:
            continue
        moment = _moment(match, text, local(now), past=past)
        position = moment.end if moment else match.end()  # 2月30日 is no day, nor is its 30日
        if moment:
            found.append(moment)
    return found


def _candidates(text: str) -> list[re.Match[str]]:
    return [*DURATION.finditer(text), *DAY.finditer(text), *_ALONE.finditer(text)]


def _moment(match: re.Match[str], text: str, now: datetime, *, past: bool) -> Moment | None:
    if match.re is DURATION:
        return _span(match, now)
    if match.re is DAY:
        day = day_of(match, Leaning(now.date(), past))
        return _on_day(match, text, now, day) if day else None
    return _clock_only(match, now, past=past)


def amount_of(match: re.Match[str]) -> float | None:
    """Return how many of its unit a match of DURATION says (一个半 → 1.5); None for 几."""
    written = match["amount"]
    extra = 0.5 if match["half"] or written.endswith("个半") or match["tail"] == "半" else 0.0
    if written == "半":
        return _HALF
    if written[0] in "0123456789":
        return float(written) + extra
    value = chinese_value(written.removesuffix("个半"))
    return None if value is None else value + extra


def _span(match: re.Match[str], now: datetime) -> Moment | None:
    amount = amount_of(match)
    if amount is None:
        return None
    unit = match["unit"]
    if unit == "工作日":
        return Moment(
            match.start(),
            match.end(),
            now,
            has_clock=False,
            has_day=True,
            is_span=True,
            workdays=int(amount),
        )
    if unit[0] in _SECONDS or unit[0].lower() in _SECONDS:
        at = now + timedelta(seconds=amount * _SECONDS[unit[0].lower()])
    elif amount == _HALF:  # 半天 is half a working day
        at = now + timedelta(hours=4)
    else:
        at = _at(now.date() + timedelta(days=round(amount * _DAYS[unit[0]])), END_OF_WORK)
    return Moment(match.start(), match.end(), at, has_clock=True, has_day=True, is_span=True)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, BEIJING)


def _on_day(match: re.Match[str], text: str, now: datetime, day: date) -> Moment:
    tail = _CLOCK_OR_PART.match(text, match.end())
    if tail is None or not tail[0].strip():
        return Moment(
            match.start(), match.end(), _at(day, END_OF_WORK), has_clock=False, has_day=True
        )
    end = match.end() + len(tail[0].rstrip())
    if tail["hour"]:
        return Moment(match.start(), end, _with_clock(tail, day), has_clock=True, has_day=True)
    if tail["special"]:
        return Moment(
            match.start(), end, _special(tail["special"], day), has_clock=True, has_day=True
        )
    if tail["part"]:
        return Moment(
            match.start(), end, _part_only(tail["part"], day, now), has_clock=False, has_day=True
        )
    return Moment(match.start(), match.end(), _at(day, END_OF_WORK), has_clock=False, has_day=True)


def _part_only(part: str, day: date, now: datetime) -> datetime:
    if part in {"早", "早上", "一早", "一大早", "早晨", "清早"}:
        return _at(day, START_OF_WORK)
    if part == "下午":
        return _at(day, END_OF_WORK)
    if part.endswith(("晚", "晚上", "晚间", "夜里", "夜间", "半夜")):
        return _at(day, _LAST)
    return _at(day, time(_PART_HOURS.get(part, now.hour)))


def _special(word: str, day: date) -> datetime:
    if word in {"零点", "午夜"}:
        return _at(day + timedelta(days=1), time(0))
    return _at(day, _SPECIAL_TIMES.get(word, END_OF_WORK))


def _figure(written: str | None) -> int:
    if not written:
        return 0
    return int(written) if written[0] in "0123456789" else chinese_value(written) or 0


def _minute(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return {"一": 15, "三": 45}[match["quarter"]]
    return int(match["minute"]) if match["minute"] else _figure(match["spoken"])


def _with_clock(match: re.Match[str], day: date) -> datetime:
    hour, minute = _figure(match["hour"]), _minute(match)
    part = match["part"] or ""
    if part in _EVENING and 0 < hour < _SMALL_HOURS:
        return _at(day + timedelta(days=1), time(hour, minute))
    if hour < _NOON and _is_past_noon(part, hour):
        hour += 12
    if hour == _NOON and part.endswith(("晚", "晚上", "夜", "夜里", "半夜")):
        hour = _MIDNIGHT  # 今晚12点 is midnight
    if hour == _MIDNIGHT:  # 24点 is the next day's midnight
        day, hour = day + timedelta(days=1), 0
    return _at(day, time(hour, minute))


def _is_past_noon(part: str, hour: int) -> bool:
    if part in {"中午", "午间"}:
        return hour < _NOON - 2
    return part in _AFTERNOON or (part in _EVENING + _NIGHT and hour >= _SMALL_HOURS)


def _clock_only(match: re.Match[str], now: datetime, *, past: bool) -> Moment:
    today = now.date()
    if match["special"]:
        at = _special(match["special"], today)
        return Moment(match.start(), match.end(), at, has_clock=True, has_day=False)
    if match["bare"]:
        at = _part_only(match["bare"], today, now)
        return Moment(match.start(), match.end(), at, has_clock=False, has_day=False)
    at = _with_clock(match, today)
    if not match["part"]:
        at = _leaned(at, now, past=past, is_spoken=match["minute"] is None)
    return Moment(match.start(), match.end(), at, has_clock=True, has_day=False)


def _leaned(at: datetime, now: datetime, *, past: bool, is_spoken: bool) -> datetime:
    """Return what an hour without 上午/下午 means: at 10:00, "5点前" is 17:00."""
    if past:
        return at - timedelta(days=1) if at > now + timedelta(minutes=30) else at
    if at >= now:
        return at
    afternoon = at + timedelta(hours=12)
    if at.hour < _NOON and (is_spoken or at.hour < _DAWN) and afternoon.day == at.day:
        return afternoon if afternoon > now else at + timedelta(days=1)
    return at + timedelta(days=1)
