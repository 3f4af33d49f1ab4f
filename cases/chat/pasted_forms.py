"""The forms that words of others have when somebody pastes them: headers, marks, notices."""

import re
from collections.abc import Collection
from dataclasses import dataclass

_DATE = (
    r"(?:[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}|"
    r"(?:20[0-9]{2}|(?<![0-9])[0-9]{2})[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?|"
    r"[0-9]{1,2}[-/月][0-9]{1,2}日?|昨天|前天|今天|星期[一二三四五六日天])"
)
_CLOCK = r"(?:(?:凌晨|早上|上午|中午|下午|傍晚|晚上)\s?)?[0-9]{1,2}:[0-9]{2}(?P<seconds>:[0-9]{2})?"
_WHEN = re.compile(
    rf"[(\[]?(?<![0-9:])(?:(?P<date>{_DATE})\s?)?{_CLOCK}(?![0-9:])\s?(?:[AaPp][Mm])?"
    rf"(?:,?\s?(?P<after>{_DATE}))?[)\]]?"
)
# After a name and a time these make it one's own sentence: 刘洋 17:00 前报首报.
_DUE = re.compile(r"[前后起到至止开截准左~-]|之[前后]|以[前后]")
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严华金魏陶姜谢邹喻章苏潘葛范"
    "彭郎鲁韦马苗方俞任袁柳史唐薛雷贺倪汤滕罗毕郝安常于傅齐康伍余顾孟黄穆萧尹姚邵汪毛戴宋"
    "庞熊纪舒祝董梁杜阮蓝闵席季贾江童颜郭梅盛林徐邱骆高夏蔡田胡霍万管卢莫房丁邓洪包石崔吉"
    "龚程邢裴陆荣翁荀段侯宁甘武刘景龙叶黎白蒲温庄晏柴瞿阎连习艾向易廖文曾关游耿辛简饶欧肖"
)
_PERSON = re.compile(
    rf"(?:(?:欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒)[\u4e00-\u9fff]{{1,2}}"
    rf"|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|[老小][{_SURNAMES}])\Z"
)
_NO_PERSON = re.compile(
    "周[一二三四五六日天末边期]|[万高常金段白温雷连马方任文关管石安卫于曾向易华景龙江汪]"
    "(?:事|人|峰|速|空|温|考|铁|委|务|态|规|额|落|天|班|馨|度|雨|电|夜|忙|上|案|便|向|面|务|期|件|书|"
    "字|稿|于|闭|注|道|网|线|料|排|全|保|置|检|生|是|经|上|下|中|前|后|区|点|头|边|水|洋|管)|"
    r".*(?:局|委|办|队|路|街|镇|乡|村|区|县|市|站|所|院|校|厂|桥|间|段|况|情|报|况)\Z"
)
# A decision behind a name and a time is somebody's own, whether we know the name or not.
_DECIDED = re.compile(
    r"#?(?:[0-9-]{1,16}\s?)?(?:我)?(?:原则)?(?:不?同意|批准|可以|准予|准了|照办|按此|可?办结|"
    r"(?:可以|马上)?发布|退回)"
)
_LABEL = re.compile(
    "(?:时间|日期|时刻|时限|期限|截止|截至|记录|地点|监控|视频|画面|录像|截图|显示|进展|续报|首报|"
    r"终报|情况|内容|摘要|报告|轮巡|巡查|会议|会商|发布会|值班|交班)\Z"
)
_BAD_IN_NAME = re.compile(r"[,。;!?:、<>《》\[\]【】=/]|[0-9]{5}")
_DIGIT = re.compile("[0-9]")
_BRACKET = re.compile(r"\s*(?:[(][^)]{0,24}[)]|@.{1,24})\s*\Z")
_UNIT_END = "局委办队院司科处部区县镇街会站所厅-·_ |"
_LONGEST_NAME = 24
_NAME_LENGTHS = (2, 3, 4)

_MARKS = re.compile(
    # [聊天记录], 刘洋和孙磊的聊天记录, 【合并转发】
    r"[\[【(]\s*(?:聊天记录|(?:合并|逐条)?转发(?:消息|内容)?|群聊记录|引用(?:消息)?|"
    r"系统(?:通知|消息|提示|公告))\s*[\]】)]"
    r"|[^\s0-9:,。]{0,20}(?:聊天|群聊)记录(?:如下)?\s*:?\Z"
    # —— 以下为转发 ——, 以下转自工作群:, 以下是周书记原话:
    r"|[-=*_\s]{0,40}以下(?!.{0,20}(?:回复|答复|回应|口径|稿))[^\n:。]{0,12}?"
    r"(?:转发|转自|聊天|群聊|原话|原文)[^\n:。]{0,12}?[-=*_\s]{0,40}(?::|\Z)"
    # 转发群消息:…, 转发周国华的话: …, 转自政务微信群:…, Fwd: …
    r"|转发(?:自)?(?:群里?(?:的)?消息|消息|内容|如下|通知|[^\s:0-9]{1,10}(?:的话|的消息|说的|原话|"
    r"意见))[^\n:]{0,6}:"
    r"|转自[^\n:]{1,16}:|[Ff][Ww][Dd]?\s?:"
    # what duban itself has sent: 【请签批】007《青禾路积水》…
    r"|【[^】\n]{2,12}】\s*(?:YQ-)?[0-9-]{3,16}\s*《|(?:已登记|已并入|您已报过)\s?[0-9-]{3,16}《"
)
_NOTICE = re.compile(
    r"[\[【]\s*(?![^】\]]{0,12}(?:舆情|线索|快报))[^】\]\n]{0,12}(?:通知|公告|消息|通告|公示)\s*"
    r"[\]】](?!\s*(?:https?:|[A-Za-z0-9-]{1,40}\.[A-Za-z]{2,10}/))"
)
_QUOTED_LINE = re.compile(r"\s*>")
_LEADING = re.compile(r"\A[\s「『“‘\"'|·•*]{0,8}")
END = re.compile(
    r"[-=*_\s]{0,40}(?:以上(?:为|是|均为|系)?[^\n:。]{0,12}?(?:转发|转自|聊天|群聊|原话|原文)[^\n:。]{0,12}?|"
    r"转发(?:内容)?(?:结束|完毕))[-=*_\s]{0,40}\Z"
)
# What follows is the text of a reply or a report, whoever is named in it.
OWN_TEXT = re.compile(
    "(?:拟(?:回复|答复|回应|发布|通报)|(?:回复|答复|回应|通报|声明|公告|情况说明|代拟)稿|口径|情况通报|"
    r"情况说明|初稿|草稿)[^\n]{0,30}?(?:如下|:)|^\s*【[^】\n]{0,12}(?:舆情|线索|快报|速报|专报)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message, folded, and whether anything follows it."""

    text: str
    is_last: bool


def is_quoted(line: Line) -> bool:
    """Whether this one line repeats somebody (> …)."""
    return _QUOTED_LINE.match(line.text) is not None


def said_after_header(line: Line, others: Collection[str]) -> str | None:
    """Return what stands behind the header with which others' words begin; None without one.

    Args:
        line: the line, folded.
        others: names of people of the directory, the sender's own left out.
    """
    plain = _LEADING.sub("", line.text, count=1)
    mark = _MARKS.match(plain) or _NOTICE.match(plain)
    if mark:
        return plain[mark.end() :]
    when = _WHEN.search(plain[:60])
    if when and _is_header(plain, when, line, others):
        return plain[when.end() :].lstrip(" ):")
    name, colon, said = plain.partition(":")
    is_name = bool(colon) and not said.startswith("//") and not _DIGIT.search(name)
    return said if is_name and _is_known(name, others) else None


def _is_header(plain: str, when: re.Match[str], line: Line, others: Collection[str]) -> bool:
    before, rest = plain[: when.start()].rstrip(" ,("), plain[when.end() :].lstrip(" )")
    if not before:
        return _is_time_first(when, rest, line, others)
    said = rest.lstrip(": ")
    has_space = plain[: when.start()] != before or bool(when["date"])
    if has_space and _is_known(before, others) and not _DUE.match(said):
        return True
    if _LABEL.search(before) or not _may_be_name(before):
        return False
    is_alone = not said and not line.is_last
    if when["seconds"] and is_alone:
        return True
    has_all = bool(when["date"] and when["seconds"])
    decides = has_space and _DECIDED.match(said) is not None
    return (is_alone or has_all or decides) and _looks_like_person(before)


def _is_time_first(when: re.Match[str], rest: str, line: Line, others: Collection[str]) -> bool:
    """2026-11-20 10:00:12 刘洋, then what was said."""
    name, colon, _said = rest.partition(":")
    if not (colon or not line.is_last) or not _may_be_name(name) or _LABEL.search(name):
        return False
    return _is_known(name, others) or bool(
        when["seconds"] and when["date"] and _looks_like_person(name.strip())
    )


def _may_be_name(text: str) -> bool:
    return 0 < len(text.strip()) <= _LONGEST_NAME and not _BAD_IN_NAME.search(text)


def _looks_like_person(text: str) -> bool:
    plain = _BRACKET.sub("", text)
    return bool(_PERSON.match(plain)) and not _NO_PERSON.match(plain)


def _is_known(text: str, others: Collection[str]) -> bool:
    """Whether a chat shows somebody of the directory so: 刘洋, 城管局-刘洋, 刘洋@城管局."""
    plain = _BRACKET.sub("", text).strip()
    if plain in others:
        return True
    return any(
        (plain[-size:] in others and plain[-size - 1] in _UNIT_END)
        or (plain[:size] in others and plain[size] in "-·_ |")
        for size in _NAME_LENGTHS
        if len(plain) > size and len(plain) <= _LONGEST_NAME
    )
