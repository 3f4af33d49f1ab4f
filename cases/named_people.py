"""Names of complainants and minors in a text that is meant for the public."""

import re

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余"
    "潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_SOMEBODY = (
    "(?:反映人|投诉人|举报人|信访人|来电人|发帖人|发帖者|网友|网民|市民|居民|业主|患者|家长"
    "|当事人|群众|村民)"
)
_YOUNG = "(?:学生|儿童|幼儿|孩子|小孩|男孩|女孩|男童|女童|未成年人|之子|之女|小朋友)"
# What follows a name, and seldom a word that only begins like one (网友高度关注, 市民方便出行).
_AFTER = (
    r"(?=[,。;、:（(\s]|反映|投诉|举报|来电|称|说|家|的|于|在|发|提|所|向|同学|先生|女士|等|已|因|被"
    "|受伤|入院|$)"
)
_NAME = rf"(?P<name>[{_SURNAMES}](?!某)[\u4e00-\u9fff]{{1,2}}?)"
_NOT_NAMES = frozenset(
    {
        "高度",
        "高兴",
        "方面",
        "方便",
        "常常",
        "万一",
        "任何",
        "白天",
        "金额",
        "石油",
        "马上",
        "何时",
        "何人",
        "万人",
        "万户",
        "常规",
        "江边",
        "文明",
        "文化",
        "易地",
        "方式",
        "许多",
        "余人",
        "余户",
    }
)
_COMPLAINANT = re.compile(rf"{_SOMEBODY}[:: ]?{_NAME}{_AFTER}")
_SHORT = rf"[{_SURNAMES}](?!某)[\u4e00-\u9fff]{{1,2}}?"
_MINOR = re.compile(
    rf"{_YOUNG}[:: ]?{_NAME}{_AFTER}|(?<![\u4e00-\u9fff])(?P<own>{_SHORT})同学"
    rf"|(?:班|中学|小学|幼儿园)(?P<pupil>{_SHORT})(?:同学|小朋友)"
)


def named_complainants(text: str) -> tuple[str, ...]:
    """Return what looks like names of people who complained; 张某 is none."""
    found = (match["name"] for match in _COMPLAINANT.finditer(text))
    return tuple(dict.fromkeys(name for name in found if name[:2] not in _NOT_NAMES))


def named_minors(text: str) -> tuple[str, ...]:
    """Return what looks like names of pupils and children."""
    found = (match["name"] or match["own"] or match["pupil"] for match in _MINOR.finditer(text))
    return tuple(dict.fromkeys(name for name in found if name[:2] not in _NOT_NAMES))
