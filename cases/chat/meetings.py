"""Meetings, press conferences and reports on order (会商, 发布会, 日报/周报/专报)."""

import re

from cases.chat.dues import iso
from cases.chat.intents import Found, Intent, slots
from cases.chat.message import Message
from cases.chat.times import find_moments

_CONSULT = re.compile(
    "会商|研判会|碰头|碰一下|碰个面|开(?:个|一个)?(?:短|视频|紧急|协调|调度|专题|碰头|电话)?会|"
    "协调会|调度会|专题会|视频会|碰个头|会议室(?:集合|见)|联席会"
)
_NOT_CONSULT = re.compile(
    r"发布会|建议会商|新闻通气|开会(?:呢|中|去了)|在开会|[?吗]\s*$|家长会|业主(?:大)?会|没开会"
)
_PLACE = re.compile(
    r"(?:在|到|地点[:是]?)\s?(?P<place>[^\s,。;:]{1,14}?)(?=开|会商|碰头|召开|集合|"
    "举行|碰|见|研|[,。;]|$)|(?P<room>(?:[一二三四五六七八九十0-9]{1,3}楼|政府|机关|"
    r"办公楼)?[^\s,。;:点半分会商]{0,6}(?:会议室|指挥中心|会商室|调度室)|"
    "[一二三四五六七八九十0-9]{1,3}楼)"
)
_WHO = re.compile(
    r"(?P<units>[^,。;:\n]{2,60}?)(?:参加|参会|出席|到会|列席|来|都来|一起|与会|负责人|派人)"
)
_CONCLUSION = re.compile(
    r"会商(?:结论|意见|结果|纪要|决定)(?:是|为|如下)?\s*[:,]\s*(?P<text>.+)", re.DOTALL
)
_PRESS = re.compile(r"发布会|通气会|吹风会|媒体见面会|记者会")
_HELD = re.compile(
    r"(?:已经?|刚|顺利)?(?:开完|结束|举行完|召开完|开过)了?|已经?(?:召开|举行|举办|开)|圆满"
)
_BRIEF = re.compile(
    "(?P<type>日报|周报|月简报|月报|季报|季度报|年报|专报|简报|快报|特报|通报|"
    "工作报告|情况报告|分析报告|复盘报告|复盘材料|总结报告|统计表|台账|处置表|汇总表|"
    "汇总)"
)
_ORDER = re.compile(
    "出|做|写|生成|整理|整|来(?:一)?[份个期]|要(?:一)?[份个]|导出|形成|"
    "拟(?:一)?[份个]|弄|发(?:给)?我|给我|编|起草|准备|汇总|打印|上报|报(?:市|省|县|"
    "上级|送|给)|发一?[份下个]|看一?下|看看|推送|我要"
)
_NOT_BRIEF = re.compile(
    r"^\s*(?:快报|特报|通报|简报)[:,\s]|已(?:经)?(?:在|于|发布|发|报|出|做)|情况通报|"
    "通报(?:批评|表扬)|通报稿|拟|[日周]报社|日报(?:社|记者|客户端|头版|报道|刊|"
    "发(?:了|文|表))|都市报|记者|报道|为什么|怎么还没"
)
_PERIOD = re.compile(
    "本周|上周|这周|本月|上个?月|这个月|今天|今日|昨天|昨日|本季度?|上季度?|"
    "第?[一二三四1-4]季度|今年|全年|去年|上半年|下半年|"
    "近[0-9一二三四五六七八九十]{1,3}[天日周]|(?:1[0-2]|[1-9])月份?|[0-9]{4}年"
)
_TO = re.compile(
    "(?:报送给?|上报给?|报给|报(?!告)|呈送?|送(?:给)?|发给|抄送)(?P<to>(?:市|省|县|区|"
    r"国)?[^,。;\s]{2,10}?)(?=$|[,。;!]|审|阅|备案|,)"
)
_PERIODS = {"上个月": "上月", "这个月": "本月", "这周": "本周", "今日": "今天", "昨日": "昨天"}


def _when(message: Message) -> str:
    moments = [m for m in find_moments(message.said, message.now) if not m.workdays]
    clocked = [m for m in moments if m.has_clock] or [m for m in moments if m.has_day]
    return iso(clocked[-1].at) or "" if clocked else ""


def find_consult(message: Message) -> Found | None:
    """Return a meeting: when, where, who; or what it concluded."""
    concluded = message.find(_CONCLUSION)
    if concluded:
        return Found(
            Intent.CONSULT,
            slots(case=message.case, conclusion=message.words(concluded.start("text"))),
        )
    if not message.find(_CONSULT) or message.find(_NOT_CONSULT):
        return None
    place = message.find(_PLACE)
    return Found(
        Intent.CONSULT,
        slots(
            case=message.case,
            time=_when(message),
            place=(place["place"] or place["room"]) if place else "",
            units=_participants(message),
        ),
    )


def _participants(message: Message) -> list[str]:
    match = message.find(_WHO)
    named = message.names.units_of(match["units"]) if match else []
    kept = [unit for unit in named if not re.search("会|点|楼|会商", unit)]
    return kept or message.names.units_in(message.said)


def find_press(message: Message) -> Found | None:
    """Return a press conference, planned or held."""
    if not message.find(_PRESS) or re.search(r"[?吗]\s*$", message.said):
        return None
    if message.find(_HELD):
        rest = re.split(r"[,。;]", message.words(), maxsplit=1)
        return Found(
            Intent.PRESS_HELD,
            slots(case=message.case, text=rest[1] if len(rest) > 1 else "", url=message.url),
        )
    place = message.find(_PLACE)
    return Found(
        Intent.PLAN_PRESS_CONF,
        slots(
            cancelled="取消" in message.said or None,
            case=message.case,
            time=_when(message),
            place=(place["place"] or place["room"]) if place else "",
        ),
    )


def find_brief(message: Message) -> Found | None:
    """Return which report is wanted, of what, for whom."""
    match = message.find(_BRIEF)
    if match is None or message.find(_NOT_BRIEF) or message.addresses:
        return None
    period = message.find(_PERIOD)
    rest = re.sub(rf"{_BRIEF.pattern}|{_PERIOD.pattern}|[的份一\s,。!]", "", message.said)
    if not message.find(_ORDER) and rest and not message.cases:
        return None
    to = _TO.search(message.said, match.end())
    named = period[0] if period else ""
    return Found(
        Intent.BRIEF_REQUEST,
        slots(
            report_type=match["type"],
            case=message.case,
            period=_PERIODS.get(named, named),
            to=to["to"] if to else "",
        ),
    )
