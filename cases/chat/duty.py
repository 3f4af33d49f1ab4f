"""The duty desk: hand over, roster, swaps and leave (值班)."""

import re
from datetime import datetime, timedelta
from itertools import pairwise

from cases.chat.calendar_words import DAY
from cases.chat.dues import iso
from cases.chat.intents import Found, Intent, slots
from cases.chat.message import Message
from cases.chat.numbers import value_of
from cases.chat.times import Moment, find_moments

_HANDOVER = re.compile(
    r"交班|接班|交接(?:班)?|(?:我|本人|由我|[\u4e00-\u9fff]{2,3})(?:来)?(?:值班|带班|"
    "顶班|代班|值守)|(?:值班|带班)(?:人|员)?(?:是|:|换成|改为|改成)|(?:今晚|明天|今天|"
    "周[一二三四五六日])[^,。]{0,6}值班"
)
_QUESTION = re.compile(
    "谁(?:在|来|是)?(?:值班|带班|的班|当班|当值)|值班(?:表|安排|人员|"
    "领导)?(?:是)?(?:谁|发|看|查|名单|有哪些|$)|值班表|排班|带班领导是谁|(?:查|"
    "看)[^,。]{0,6}值班"
)
_SWAP = re.compile(
    "(?:换|调|对调|调换|串)(?:一?下|个)?[^,。;]{0,10}(?:值?班)|(?:班|"
    "值班)[^,。]{0,8}(?:换|调|对调)|替[^,。]{1,6}(?:值|顶)(?:一?下)?班|换班|调班|顶班"
)
_LEAVE = re.compile(
    r"请假|休假|[\u4e00-\u9fff]{2,3}[替代]我值|出差|年假|病假|事假|产假|外出学习|不在(?:岗|单位|班)|(?:我|本人)[^,。]{0,8}休息"
)
_STAND_IN = re.compile(
    r"(?:由|请|让|找)?(?P<who>[\u4e00-\u9fff]{2,4}?)(?:代我|替我|代班|代理|代为|代值|"
    "顶我|接替|代签|代办|代(?:$|[,。]))|(?:代理人|代班人?|委托|授权|工作交给?|"
    r"有事找)(?:是|:|给)?(?P<other>[\u4e00-\u9fff]{2,4})"
)
_OPEN = re.compile(
    "(?:未结|未办结|在办|待办|遗留|没办完|没结)(?:的)?(?:共|有|"
    r":)?\s?(?P<count>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s?(?:件|个|起|条)|"
    r"(?P<before>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s?件(?:未结|在办|待办|"
    "没办完|未办结|没结)"
)
_RANGE = re.compile(r"^\s*(?:[-~至到]|一直到|持续到)")
_WITH = re.compile(r"(?:和|跟|与|同|找)(?P<who>[\u4e00-\u9fff]{2,3}?)(?=换|调|对调|对|的|串)")


def find_duty(message: Message) -> Found | None:
    """Return what is said about the duty desk."""
    if message.find(_QUESTION):
        return Found(Intent.DUTY_ROSTER, slots(date=_date(message)))
    if message.find(_SWAP):
        who = message.find(_WITH)
        return Found(
            Intent.DUTY_SWAP, slots(date=_date(message), **{"with": who["who"] if who else ""})
        )
    if message.find(_LEAVE):
        return _leave(message)
    if message.find(_HANDOVER) and not re.search(r"[?吗谁]\s*$", message.said):
        return _handover(message)
    return None


def _date(message: Message) -> str:
    day = next((m for m in find_moments(message.said, message.now) if m.has_day), None)
    return f"{day.at:%Y-%m-%d}" if day else ""


def _leave(message: Message) -> Found | None:
    if (message.is_leader and not re.search("我|本人", message.said)) or message.addresses:
        return None
    moments = [m for m in find_moments(message.said, message.now) if m.has_day]
    days = [m for m in moments if not m.is_span]
    stand_in = message.find(_STAND_IN)
    who = (stand_in["who"] or stand_in["other"]) if stand_in else ""
    start = _midnight(days[0].at) if days else None
    last = _midnight(days[-1].at) + timedelta(days=1) if days else None
    return Found(
        Intent.DUTY_LEAVE,
        slots(start=iso(start), end=iso(last), stand_in=re.sub("^(?:由|请|让)", "", who or "")),
    )


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0)


def _handover(message: Message) -> Found:
    counted = message.find(_OPEN)
    count = value_of(counted["count"] or counted["before"]) if counted else None
    start, end = _shift(message) if not message.cases else (None, None)
    return Found(
        Intent.DUTY_HANDOVER,
        slots(
            open_cases=list(dict.fromkeys(message.cases)),
            open_count=count,
            start=iso(start),
            end=iso(end),
            text=message.words(),
        ),
    )


def _shift(message: Message) -> tuple[datetime | None, datetime | None]:
    """Return from when to when; a start without a day lies on the day named before it."""
    text = message.said
    moments = [m for m in find_moments(text, message.now) if not m.is_span]
    for first, second in pairwise(moments):
        if _RANGE.match(text[first.end : second.start]):
            return _shift_between(first, second, moments, text)
    clocked = [m for m in moments if m.has_clock]
    return (clocked[0].at if clocked else moments[0].at if moments else None), None


def _shift_between(
    first: Moment, second: Moment, moments: list[Moment], text: str
) -> tuple[datetime, datetime]:
    named = next((m for m in moments if m.has_day), None)
    day = named.at.date() if named and named.start <= first.start else first.at.date()
    start = _read_clock(first, text).replace(year=day.year, month=day.month, day=day.day)
    end = (
        second.at
        if second.has_day
        else _read_clock(second, text).replace(year=day.year, month=day.month, day=day.day)
    )
    return start, end if end > start else end + timedelta(days=1)


def _read_clock(moment: Moment, text: str) -> datetime:
    """Return the hour as said: in a shift "8点" is not moved to the evening."""
    written = text[moment.start : moment.end]
    said = re.match(r"[早上午晨\s]*([0-9]{1,2})", written)
    if said and not DAY.match(written) and moment.at.hour == int(said[1]) + 12:
        return moment.at - timedelta(hours=12)
    return moment.at
