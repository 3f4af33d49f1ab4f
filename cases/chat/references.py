"""How people point at a case: #007, 007, 7号件, 1120-007, in full, or "校服那个事"."""

import re
from dataclasses import dataclass
from datetime import date

from cases.chat.normalise import CASE_MARK, Clean, mask

FULL = re.compile(r"YQ-?([0-9]{8})-?([0-9]{3,4})\Z", re.IGNORECASE)
_DATED = re.compile(r"(?:(20[0-9]{2}))?([0-9]{4})-([0-9]{1,4})\Z")

# After "5号" these make it a date, a door, a line or a document, not a case.
_NOT_A_CASE = (
    r"(?!\s?(?:前|之前|以前|上午|下午|中午|晚|早|凌晨|[0-9点到至止左]|截止|下班|那天|"
    "当天|之内|以内|内|后|之后|起|开始|发布|发生|"
    r"[楼线门院路文台窗机井厂桥令公口栋馆桌床岗球仓区地车教宿柜码店坑孔煤矿站房]))"
)
_ACT = (
    r"(?=\s?(?:交|转|定|升|降|给|派|由|请|并|合|重|归|办|销|撤|作废|加|按|同意|不|退|"
    "申请|已|续报|首报|终报|签|收|数据|更新|最新|"
    "补充|又|新增|建议|提|的|挂|列|拆|暂停|恢复|什么|怎么|现在|进展|状态|到|谁|还|快|"
    "催|经|属实|部分|查|拟|核|稿|延|改|增|分|和|与|、|发|链接|播|阅|可以|能|需|"
    "来|做|写|明|今|下午|上午|[@:,]|别|回访|准|终止|存|反弹|被|是|超|先|误报|报错|要|"
    "为什么|看|结|处|整改|进|案|舆情|$))"
)
# "001 002 003 同意办结": a blank between numbers says as much as 、; a telephone number is none.
_MORE_NUMBERS = r"(?=(?: 0[0-9]{2}(?![0-9]))+(?! ?[0-9.%/\-]))"
# A number of the institution's own 台账, from before: named as such, or as no date is written.
_OLD_NUMBER = (
    r"(?:原编号|旧编号|台账编号)\s?:?\s?(?P<called>[^\s,。;、:「」()]{1,40})"
    r"|(?:(?<=^)|(?<=[\n,;。]))查(?:询|一下|下)?\s?(?P<looked>(?=[^\s,。;、]{0,30}[0-9])"
    r"(?=[^\s,。;、]{0,30}[A-Za-z\u3014\[\-])"
    r"(?!YQ|https?:|[原旧]编号|台账|20[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}(?![0-9\-]))"
    r"[^\s,。;、:/#]{2,40})(?=$|[\s,。;、])"
    r"|(?<![0-9A-Za-z\-./])(?P<yearly>20[0-9]{2}-[0-9]{3,5})(?![0-9\-./])"
)
_REFERENCE = re.compile(
    r"(?:#|编号\s?:?\s?)?\s?(?P<full>YQ-?[0-9]{8}-?[0-9]{3,4})(?![0-9])"
    r"|(?:#|编号|案号|件号)?\s?:?\s?(?P<dated>(?<![0-9\-])(?:20[0-9]{2})?(?:0[1-9]|"
    r"1[0-2])[0-3][0-9]-[0-9]{3})(?![0-9\-])"
    r"(?:号件|号)?"
    r"|#\s?(?P<hash>[0-9]{1,4})(?![0-9])(?:号件|号|件)?"
    r"|(?:编号|案号|件号)\s?:?\s?(?P<named>[0-9]{1,4})(?![0-9\-])(?:号件|号|件)?"
    r"|(?<![0-9.:])(?P<item>[0-9]{1,4})\s?号(?:件|案(?!例)|舆情|单子?|工单|事项|督办件|交办件)"
    r"|(?<![0-9.\-/第A-Za-z年月#])(?<![0-9]:)(?P<zero>0[0-9]{2})(?:" + _MORE_NUMBERS + r"|"
    r"(?!\s?(?:[0-9.%/\-年月"
    "日时万千百wWkK元人多余个条次名点米吨户天]|:[0-9]|分(?!给|派|办|配))))(?:号件|号|"
    "件)?"
    r"|(?:(?<=^)|(?<=[\n,;。把将入])|(?<=[并合]到))(?P<bare>[1-9][0-9]{2})"
    + _ACT
    + r"|(?:(?<=^)|(?<=[\n,;。、和与把将入催])|(?<=[并合]到))(?P<day>[0-9]{1,3})号"
    + _NOT_A_CASE
    + _ACT
    + (
        r"|#\s?(?P<broken>(?=[^\s]{0,11}?(?:[Oo]{2}|"
        r"[0-9\u0660-\u0669\u06f0-\u06f9]))[0-9A-Za-z\u0660-\u0669\u06f0-\u06f9\-]{2,12})"
    )
    + "|"
    + _OLD_NUMBER,
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"(?:那个|那件|关于|这个)(?P<after>[\u4e00-\u9fff]{2,8}?)的?(?:事情?|那?件事?|舆情|"
    "案子|问题)(?!实|故|件|业|项|局|处)"
    r"|(?:^|(?<=[\n,;。])|(?<=把)|(?<=看看)|(?<=查下)|(?<=查一下)|(?<=问下)|(?<=催下)|(?<=催催))"
    r"(?P<before>[\u4e00-\u9fff]{2,8}?)(?:那个?事|那件事?|那条|这件事|这个事|的那件)"
)
_NO_TOPIC = re.compile(
    "谁|什么|哪|怎|负责|核实|处理|刚才|刚刚|上面|前面|昨天|今天|早上|上午|下午|我报|"
    "我们|你们|他们|这|那|不|是|"
    "同意|退回|收到|一下|所有|其他|请"
)
_MOST = 60  # references of one message
_SPAN = r"[1-9][0-9]?(?:\s?[-~至到]\s?[1-9][0-9]?)?"
_ITEMS = re.compile(
    rf"(?:(?<=^)|(?<=[\n,;。]))\s*(?:第\s?)?(?P<items>{_SPAN}(?:\s?[、,和]\s?{_SPAN}|"
    rf"\s{_SPAN}){{0,40}})\s?(?:号|条|件|项)?"
    r"(?=\s?(?:都|全|均|一起|统一|也)?(?:并入|并到|合并|定|按|交|转给|派|撤|作废|不予|"
    "归|升|降|给|由|请|报重))"
    r"|(?:(?<=^)|(?<=[\n,;。]))\s*(?P<rest>其余的?|剩下的?|其他的?|余下的?)(?=\s?(?:都|"
    "全|均|一起|统一|也)?(?:并入|并到|合并|定|按|交|转给|派|撤|作废|不予|归|给|由))"
)
_HAS_SIGN = re.compile(r"[0-9#\u0660-\u0669\u06f0-\u06f9]|[事件条余剩]|其他")


@dataclass(frozen=True, slots=True)
class Reference:
    """A case as somebody pointed at it: digits as written, or a topic in words."""

    written: str
    is_topic: bool = False
    items: tuple[int, ...] = ()  # numbers of the list last shown ("1-12 并入007"), not of cases
    is_rest: bool = False  # 其余: the items of that list nobody has named yet


def find_references(source: Clean) -> tuple[Clean, tuple[Reference, ...]]:
    """Return the text with every reference masked, and the references in order."""
    if not _HAS_SIGN.search(source.text):
        return source, ()
    found = [
        (match.span(), Reference(match[match.lastgroup]))
        for match in _REFERENCE.finditer(source.text)
        if match.lastgroup
    ]
    found += _items(source.text, [span for span, _reference in found])
    found = sorted(found or _topics(source.text), key=lambda pair: pair[0])[:_MOST]
    spans = [span for span, _reference in found]
    return mask(source, spans, CASE_MARK), tuple(reference for _span, reference in found)


def _topics(text: str) -> list[tuple[tuple[int, int], Reference]]:
    found = []
    for match in _TOPIC.finditer(text):
        words = match["after"] or match["before"]
        if not _NO_TOPIC.search(words):
            found.append((match.span(), Reference(words, is_topic=True)))
    return found


def _items(text: str, taken: list[tuple[int, int]]) -> list[tuple[tuple[int, int], Reference]]:
    found = []
    for match in _ITEMS.finditer(text):
        group = "items" if match["items"] else "rest"
        start, end = match.start(group), match.end()
        if any(start < stop and first < end for first, stop in taken):
            continue
        numbers = _numbers(match["items"] or "")
        found.append(((start, end), Reference("", items=numbers, is_rest=not numbers)))
    return found


def _numbers(written: str) -> tuple[int, ...]:
    """Return the numbers of a list like "1-3 7 9"; a span backwards is only its two ends."""
    numbers: list[int] = []
    for match in re.finditer(r"([0-9]+)(?:\s?[-~至到]\s?([0-9]+))?", written):
        first, last = int(match[1]), int(match[2] or match[1])
        numbers += range(first, last + 1) if first <= last else (last, first)
    return tuple(dict.fromkeys(numbers))


def full_number(written: str, today: date) -> str | None:
    """Return the whole number that `written` means on `today`, None if it is no number.

    007 and 7 mean today's, 1120-007 this year's, YQ-20261120-007 itself. ASCII digits only (C11).
    """
    whole = FULL.match(written)
    if whole:
        return f"YQ-{whole[1]}-{int(whole[2]):03d}"
    dated = _DATED.match(written)
    if dated:
        return f"YQ-{dated[1] or today.year}{dated[2]}-{int(dated[3]):03d}"
    if re.fullmatch("[0-9]{1,4}", written):
        return f"YQ-{today:%Y%m%d}-{int(written):03d}"
    return None
