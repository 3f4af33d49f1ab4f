"""New reports: any link, any wording (report.new), and what they tell of the matter."""

import re

from cases.chat.blocks import Field, fields_in, heading_of
from cases.chat.blurbs import find_blurb
from cases.chat.dues import iso
from cases.chat.intents import Found, Intent, slots
from cases.chat.lengths import CLAUSE, PHRASE, WORD
from cases.chat.media import medium_in, platform_named
from cases.chat.message import Message
from cases.chat.metrics import metrics_in
from cases.chat.normalise import LINK
from cases.chat.times import find_moments

OTHER = "其他"
_OPENERS = re.compile(
    r"^\s*(?:紧急|急|快报|速报|上报|报送|报告|报一[条个下件]|上报一[条个件]|"
    "发现一?[条个则件]?|刚发现|监测到?|刚看到|看到一?[条个]|舆情|线索|转一?条|"
    "新增一?[条件]|爆料|反映|有一条|又有一[条个]|注意|报(?=[:,]))"
    r"(?:[!:,\s]|(?=有|一|微|抖|快|小|网|某|贴|本|公|头|知|视))"
)
_STORY = re.compile(
    "(?:抖音|微博|快手|小红书|网|论坛|贴吧|朋友圈|群|头条|视频号)[上里](?:有|在传|都|"
    "在|出现)(?:视频|帖|人|传|说|图|很多|不少|网友)|"
    "有人在(?:抖音|微博|快手|小红书|网|论坛|贴吧|头条|视频号|知乎)|"
    "网传|网上(?:在?传|有人|反映|流传)|网[友民](?:反映|爆料|发帖|发视频|投诉|称|吐槽|"
    "质疑|拍|说|在|留言|@)|有(?:网友|网民|市民|家长|业主|群众|人|学生|村民|患者|账号|"
    r"博主|大V)[^。\n]{0,16}(?:反映|爆料|发帖|发视频|投诉|称|吐槽|质疑|拍|说|曝|举报|"
    "拉横幅|维权|打电话)|"
    "(?:市民|群众|业主|家长|村民|居民|学生|患者|读者)(?:来电|投诉|反映|举报|留言|拨打|"
    "爆料)|转来一?件|朋友圈(?:里?都?在)?[传转]|(?:家长|业主|微信)群里?(?:在?传|"
    "都?在?[传说转]|有人)|链接(?:稍后|待|后|一会|随后|晚点)补?|没有?链接|热帖|"
    "发帖(?:称|说|反映|质疑|曝)|"
    r"(?:说|称)(?:我|咱们?)[市县区局院校]|爆料|截图(?:我)?(?:一会|稍后|随后|见)"
)
_SAID = re.compile(
    "(?:发帖|发视频|发文|发笔记|爆料|留言|笔记|视频|来电)?(?:反映称?|爆料称?|吐槽|"
    r"质疑|投诉|举报|声称|称|说(?!是)|曝光?|网传)[:,\s]?"
)
_CLAUSE = re.compile(r"[,。;\n!]+")
_NO_STORY = re.compile(
    rf"^(?:\s|{LINK}|链接|网址|地址)*$|^\s*(?:链接|截图|视频|网址)?(?:稍后|待|后|一会|"
    r"随后|没有?|晚点|见|暂无)[^\n]{0,6}$|^\s*(?:请|建议)[^\n]{0,20}(?:关注|核实|"
    r"处理|处置|跟进|研判|核查|研提)|^\s*(?:负面|中性|正面|紧急|急)\s*$|^\s*(?:没|"
    "无)(?:有)?链接"
)
_ASKED = re.compile(
    "(?:请|建议(?:请|由|转|交)?|拟请|涉及|责任单位是|"
    r"应由)(?P<units>[^,。;!\n]{2,24}?)(?=关注|核实|核查|处理|处置|跟进|研判|回应|研提|"
    r"牵头|办理|调查|重视|$|[,。;!\n])"
)
_AUTHOR = re.compile(
    "(?:网友|博主|用户|账号|UP主|up主|网民|大V|主播|作者|"
    r"楼主)\s?(?:@\s?(?P<at>[^\s@,。:;!、]{1,24})|"
    r"[“\"「](?P<quoted>[^”\"」]{1,24})[”\"」])"
)
_TOLD = 400  # characters of a one-liner; what is longer says the same once more
_SHOWN = ("title", "summary", "appeal", "suggest", "place", "harm", "handled", "trend", "reporter")


def find_block(message: Message) -> Found | None:
    """Return a block report: a heading 【舆情】, or at least two labelled lines."""
    fields = fields_in(message)
    heading = heading_of(message)
    kinds = {field.slot for field in fields}
    if heading or (len(kinds) > 1 and kinds & {"title", "summary", "url", "platform", "appeal"}):
        return Found(Intent.REPORT_NEW, _block(message, fields, heading))
    return None


def find_report(message: Message) -> Found | None:
    """Return the new report told in a line, or in an app's share text."""
    if message.addresses:
        return Found(Intent.REPORT_NEW, _told(message))
    if message.cases or re.search(r"^\s*(?:请|核实|核查|催|把|尽快|查)|[?吗]\s*$", message.said):
        return None
    opened = _OPENERS.search(message.text)
    medium, _tier = medium_in(message.text)
    has_story = bool(_STORY.search(message.text))
    platform = platform_named(message.text)
    long_enough = len(message.text) > PHRASE  # platform + what happened
    if long_enough and (
        medium or has_story or (opened and (platform or len(message.text) > CLAUSE))
    ):
        return Found(Intent.REPORT_NEW, _told(message))
    return None


def _common(message: Message) -> dict[str, object]:
    """Return what is found the same way in every form: link, platform, medium, figures, author."""
    medium, tier = medium_in(message.text)
    link = next(iter(message.addresses), None)
    known = link.platform if link and link.platform != OTHER else ""
    author = _AUTHOR.search(message.text)
    found = slots(
        platform=known or platform_named(message.text),
        media=medium,
        media_tier=tier,
        author=(author["at"] or author["quoted"]) if author else "",
        metrics=metrics_in(message.text),
        urls=[address.url for address in message.addresses[1:]],
    )
    if link is None:
        return found | {"url": None, "needs_url": True}
    return found | {"url": link.url}


def _block(
    message: Message, fields: list[Field], heading: tuple[int, int] | None
) -> dict[str, object]:
    found = _common(message) if fields else _told(message)
    for field in fields:
        part = message.piece(field.start, field.end)
        value = _field_value(field.slot, part)
        if value:
            found[field.slot] = value
    if heading and "title" not in found:
        start, end = heading
        inside = [f.start for f in fields if start <= f.start <= end]
        line = message.piece(start, end) if not inside else None
        found |= slots(title=_plain(line) if line else "")
    return found


def _field_value(slot: str, part: Message) -> object:
    if slot == "url":
        return part.url
    if slot == "platform":
        return platform_named(part.text) or part.words()
    if slot == "units":
        return part.names.units_of(part.text.strip())
    if slot.endswith("_time"):
        moments = find_moments(part.text, part.now, past=True)
        return iso(moments[0].at) if moments else ""
    return part.words()


def _told(message: Message) -> dict[str, object]:
    """Return what a one-liner or an app's share text tells."""
    found = _common(message)
    message = message.piece(0, min(len(message.text), _TOLD))
    blurb = find_blurb(message)
    if blurb:
        return found | slots(title=blurb.title, author=blurb.author)
    story = _story(message)
    asked = _ASKED.search(message.text)
    units = message.names.units_of(asked["units"]) if asked else []
    return found | slots(title=story[:40], summary=story, units=units)


def _plain(message: Message) -> str:
    return re.sub(rf"\s*{LINK}\s*", " ", message.words()).strip()


def _story(message: Message) -> str:
    """Return the words that tell what happened: without link, figures and requests."""
    text = message.text
    position = 0
    kept: list[str] = []
    for clause in [*_CLAUSE.finditer(text), None]:
        end = clause.start() if clause else len(text)
        part = text[position:end]
        if part.strip() and not _NO_STORY.match(part) and not _is_figures(part):
            kept.append(_unmarked(message, position, end))
        position = clause.end() if clause else end
    told = ",".join(k for k in kept if k)
    said = _SAID.search(told)
    after = told[said.end() :].strip(" ,:") if said else ""
    return after if len(after) > WORD else told


def _unmarked(message: Message, start: int, end: int) -> str:
    """Return the words as typed, links left out, without an opener (上报, 发现一条)."""
    raw = message.raw[message.at[start] : message.at[end]]
    for link in message.addresses:
        raw = raw.replace(link.url, " ")
    opener = _OPENERS.match(raw)
    rest = raw[opener.end() :] if opener else raw
    rest = _LINK_WORD.sub(" ", rest)
    rest = _REQUEST.sub("", rest)
    return re.sub(r"(?:链接|网址)\s*[::]?\s*$", "", rest.strip(" ,:!\uff0c\uff1a\uff01")).strip()


# What is left where a link stood (链接 …), and whom it was passed to (… 请教体局关注).
_LINK_WORD = re.compile(r"(?:链接|网址)\s*[:\uff1a]?\s+")
_REQUEST = re.compile(
    r"(?:^|\s)请[^,。;\uff0c\uff1b]{1,20}?(?:关注|核实|核查|处理|处置|回应|跟进)\s*$"
)


def _is_figures(part: str) -> bool:
    return bool(metrics_in(part)) and len(re.sub(r"[0-9.万wWkK+多千百\s]", "", part)) < CLAUSE
