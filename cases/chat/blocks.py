"""Block reports: 【舆情】 and labelled lines (标题, 平台, 链接 …), in any order, by any name."""

import re
from dataclasses import dataclass

from cases.chat.message import Message

_LABELS = {
    "title": "舆情标题|标题|主题|题目|帖文标题|名称",
    "platform": "首发平台|发布平台|来源平台|信息来源|平台|来源|首发媒体|媒体|发布渠道|渠道|出处",
    "url": "原文链接|链接地址|信息链接|帖文链接|视频链接|链接|网址|原文|URL|url|地址链接",
    "post_time": "发布时间|发帖时间|首发时间|突发时间|事发时间|发生时间|事件时间|时间",
    "found_time": "发现时间|监测时间|采集时间",
    "reported_time": "上报时间|报送时间",
    "summary": (
        "主要内容|内容摘要|事件简述|事件概述|事件简介|事件经过|舆情内容|舆情概况|舆情概述|"
        "反映内容|反映问题|基本情况|情况简述|简要情况|摘要|内容|概述|简述|概况|梗概|事由|"
        "经过"
    ),
    "appeal": "网民诉求|网友诉求|群众诉求|核心诉求|主要诉求|诉求内容|诉求|民众诉求",
    "units": (
        "涉及单位|责任单位|涉事单位|涉及部门|责任部门|主管单位|主管部门|牵头单位|涉事主体|"
        "属地单位|涉及主体"
    ),
    "suggest": "处置建议|工作建议|拟办意见|拟办建议|建议措施|应对建议|建议|拟办",
    "place": "事发地点|发生地点|涉及地域|涉及地区|地点|属地|地域|区域",
    "harm": "伤亡及损失|伤亡情况|人员伤亡|伤亡|损失情况",
    "handled": "当前处置进展|当前进展|处置进展|处置情况|处理结果|处理情况|已采取措施|工作进展",
    "trend": (
        "舆情态势|传播情况|传播态势|跟帖情况|转载情况|评论情况|舆论态势|发展态势|态势|"
        "热度|数据|传播数据|阅读量|播放量"
    ),
    "author": "发布者|发帖人|发布人|发布账号|账号名称|账号|作者|博主|网友昵称|网名|昵称",
    "level": "建议等级|初判等级|舆情等级|等级|级别",
    "reporter": "报送单位|上报单位|填报单位|填报人|报送人|上报人|联系人|值班员",
}
_NAMES = {label: slot for slot, labels in _LABELS.items() for label in labels.split("|")}
_LABEL = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_LINE = re.compile(
    r"(?:(?<=^)|(?<=[\n\s;。,、)\]】|]))(?:[(]?[0-9一二三四五六七八九十]{1,2}[)、.]"
    r"\s*|[-*•·]\s*)?"
    rf"(?P<plain>{_LABEL})\s*:(?!//)[ \t]*"
)
_BOXED = re.compile(rf"[【\[](?P<boxed>{_LABEL})[】\]]\s*:?[ \t]*")
_BARE = re.compile(rf"(?:(?<=^)|(?<=[\n]))(?P<plain>{_LABEL})[ \t]+(?=\S)")
HEADING = re.compile(
    r"【[^】\n]{0,12}(?:舆情|线索|快报|提示|速报|预警|专报)[^】\n]{0,8}】|(?:^|"
    r"\n)\s*(?:网络|涉[\u4e00-\u9fff]{1,3})?舆情(?:快报|提示|速报|信息|线索|上报|报告|"
    r"预警|专报|通报)(?:单|函)?\s*(?:[:\n]|$)"
    r"|(?:^|\n)\s*(?:网络)?(?:舆情)?(?:快报|速报)\s*\n"
)


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value: message.text[start:end]."""

    slot: str
    start: int
    end: int


def fields_in(message: Message) -> list[Field]:
    """Return the labelled values of a block report in order."""
    text = message.text
    if ":" not in text and "】" not in text and "\n" not in text:
        return []
    marks = {m.start(): m for m in _BARE.finditer(text)} if text.count("\n") > 1 else {}
    marks |= {m.start(): m for m in _BOXED.finditer(text)}
    marks |= {m.start(): m for m in _LINE.finditer(text)}
    ordered = [marks[place] for place in sorted(marks)]
    headings = [m.start() for m in HEADING.finditer(text)]
    found = []
    for number, match in enumerate(ordered):
        end = ordered[number + 1].start() if number + 1 < len(ordered) else len(text)
        end = min([end, *(h for h in headings if h >= match.end())])
        name = match["boxed"] if match.re is _BOXED else match["plain"]
        found.append(Field(_NAMES[name], match.end(), end))
    return [field for field in found if text[field.start : field.end].strip()]


def heading_of(message: Message) -> tuple[int, int] | None:
    """Return where the words after the heading stand, to the end of their line."""
    match = HEADING.search(message.text)
    if match is None:
        return None
    stop = message.text.find("\n", match.end())
    return match.end(), len(message.text) if stop < 0 else stop
