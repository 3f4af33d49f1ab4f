"""Figures about a post: 播放12万, 86转发, 同城热榜第5, 负面占比60%."""

import re

from cases.chat.numbers import NUMBER, value_of

_NAMES = {
    "reads": "阅读|浏览|点击|阅(?=[0-9])|看过",
    "plays": "播放|观看|完播",
    "comments": "评论|留言|评(?=[0-9:])",
    "replies": "跟帖|跟贴|回帖|回贴|回复",
    "reposts": "转发|转载|分享|转(?=[0-9])",
    "likes": "点赞|喜欢|获赞|赞",
    "favorites": "收藏",
    "total": "舆情总量|相关信息|相关帖文|总量",
    "followers": "粉丝",
}
_NAME = "|".join(f"(?P<{slot}>(?:{words}))" for slot, words in _NAMES.items())
_FILLER = (
    r"(?:量|数量|数|次数|人数|情况)?(?:\s|:|=|已经|已有?|现在|现|目前|大概|大约|约|有|"
    "是|为|了|都|又|也|超过|超|突破|破|接近|近|到|达到?|涨到|升到|飙到|增至|增加到|"
    r"升至|涨至|至|变成|从|数|快|过|上|不到|累计|共){0,6}"
)
_TOKEN = re.compile(
    rf"(?:{_NAME})(?P<filler>{_FILLER})(?P<after>{NUMBER})?|"
    rf"(?P<before>(?<![0-9:.]){NUMBER}(?![0-9:点时分年月日号]))"
)
_COUNTER = re.compile(r"(?:个|条|次|人次|人|位|的|篇|多|余|\s){0,3}")
_RANK = re.compile(
    "(?P<scope>同城|全国|本地|省内|全省|全市|总)?(?:微博|抖音|快手|百度|头条|知乎|"
    "小红书|B站)?的?(?:热搜榜?|热榜|热点榜|榜单|要闻榜|上升榜)"
    "(?:榜)?(?P<inner>同城|全国|本地)?(?:的|了|排名|排到|排|位列|位居|冲到|冲上|到|是|"
    r"已经|目前|现在|,|:|\s){0,4}"
    r"(?:第\s?(?P<rank>[0-9]{1,3}|[一二三四五六七八九十]{1,3})|"
    r"(?P<top>TOP)\s?(?P<number>[0-9]{1,3})|(?P<first>榜首|首位|(?<=榜)首)|"
    "(?P<plain>[0-9]{1,2})位)?",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"负面(?:评论|信息)?(?:占比?|比例|率)(?:约|为|:|达|到|\s){0,3}([0-9]{1,3}(?:\.[0-9]+)?)\s?%"
)
_ANY = re.compile("|".join(_NAMES.values()) + "|热搜|热榜|榜|负面")
_SLASHED = re.compile(
    r"转[/、]?(?:发)?[/、]?评(?:论)?[/、]?(?:点)?赞[^0-9,。;\n]{0,8}([0-9][0-9.万wk]*)"
    r"[、/,\s]+([0-9][0-9.万wk]*)[、/,\s]+([0-9][0-9.万wk]*)"
)


def metrics_in(text: str) -> dict[str, object]:
    """Return the figures in `text` by the names of the contract; the first of each name counts."""
    if not _ANY.search(text):
        return {}
    found: dict[str, object] = {}
    grouped = _SLASHED.search(text)
    if grouped:
        for name, written in zip(("reposts", "comments", "likes"), grouped.groups(), strict=True):
            found[name] = value_of(written)
        text = text[: grouped.start()] + text[grouped.end() :]
    for clause in re.split(r"[。;\n,](?![0-9]{3}(?![0-9]))", text):
        for name, value in _pairs(clause):
            found.setdefault(name, value)
    return found | _hot(text) | _negative(text)


def _pairs(clause: str) -> list[tuple[str, int]]:
    """Return name and number pairs; who stands first in a clause, name or number, leads."""
    pairs: list[tuple[str, int]] = []
    waiting: tuple[str, int] | None = None  # a number that may belong to the name after it
    for match in _TOKEN.finditer(clause):
        if match["before"]:
            waiting = (match["before"], match.end())
            continue
        name = next(slot for slot in _NAMES if match[slot])
        if waiting and not _COUNTER.sub("", clause[waiting[1] : match.start()], count=1):
            value = value_of(waiting[0])
            after = match["after"]
            waiting = (after, match.end()) if after else None
        else:
            value, waiting = value_of(match["after"] or ""), None
        if value is not None:
            pairs.append((name, value))
    return pairs


def _hot(text: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for match in _RANK.finditer(text):
        written = (
            match["rank"] or match["number"] or match["plain"] or ("1" if match["first"] else "")
        )
        scope = match["scope"] or match["inner"]
        if not written:
            later = re.match(
                r".{0,8}?(同城|全国|本地)?第\s?([0-9]{1,3}|[一二三四五六七八九十]{1,3})",
                text[match.end() :],
            )
            written, scope = (later[2], scope or later[1]) if later else ("", scope)
        if written:
            found["hot_rank"] = value_of(written)
        if scope and scope != "总":
            found["hot_scope"] = scope
    return found


def _negative(text: str) -> dict[str, object]:
    match = _RATIO.search(text)
    return {"negative_ratio": round(float(match[1]) / 100, 4)} if match else {}
