"""More about a case, its withdrawal, and the report that there is nothing (零报告)."""

import re

from cases.chat.intents import Found, Intent, slots
from cases.chat.lengths import PHRASE, WORD
from cases.chat.message import UNIT_PEOPLE, Message
from cases.chat.metrics import metrics_in
from cases.chat.normalise import CASE, LINK
from cases.chat.reports import find_report
from cases.chat.times import find_moments

_MORE = re.compile(
    r"^\s*(?:再?补充(?:一下|一点|说明|材料|信息|:|,|\s|两|几|个)|更新(?:一下|数据|:|,)|"
    "数据更新|最新(?:数据|情况|:|,|进展)|(?:补|附)(?:上|个|一下|一个)?(?:链接|截图|"
    "网址|说明|一条)|链接(?:来了|补上|补充|在这|如下|是|更新)|原帖链接|"
    "刚才(?:那[条个件]|说的|报的)|上一?条|上面那[条个]|还是那[条个件])"
    rf"|补充一下|补充:|(?:{CASE})\s*,?\s*(?:再?补充|更新|最新|数据|新增|又有|有新|又发|"
    "再报)|链接补上|补上链接|补个链接|又发了(?:第|新|一)|发了第[二三四五]条"
)
_WITHDRAW = re.compile(
    "误报|作废|报错了?|报重了?|发错了?|搞错了?|弄错了?|重复上报|撤回|撤掉|撤销|撤下|"
    "撤了|取消上报|不算(?:$|,|。|了)|当我没(?:说|报)|看错了"
)
_WITHDRAW_WORDS = re.compile(
    rf"{CASE}|{_WITHDRAW.pattern}|[请把是我先都个件的吧了]|申请|刚才|那条|这条|那个|上面|一下|\s"
)
_NOT_WITHDRAW = re.compile(
    "操作|延期|热搜|退回|督办|上一步|刚才的?(?:命令|指令|审批|同意|批)|(?:撤|"
    "取消)[^,。;]{0,5}(?:同意|审批|交办|定级|合并)|公司|撤(?:掉|下|了|销)?(?:这|那|"
    "原)?(?:个|条)?(?:帖|视频|稿|文章|微博)|(?:帖子|视频|文章|微博|"
    "稿子?)[^,。;]{0,4}撤|平台|网站|点错|派错|批错"
)
_REASON_LEAD = re.compile(
    r"^(?:核对了?|核实了?|查了|原来|因为|原因是?:?|经核|发现|确认|,|:|是(?=[^的]))+"
)
_NOTHING = re.compile(
    "零报告|零报送|[无没](?:有)?(?:发现)?(?:新的?|"
    r"任何)?(?:涉[\u4e00-\u9fff]{1,4}?的?)?(?:负面|敏感|重大)?(?:网络)?(?:舆情|负面|"
    "负面信息|敏感信息)(?!通报|要求)|未(?:发现|监测到|见)[^,。;]{0,10}(?:舆情|负面|"
    "异常|敏感|信息)|(?:巡查|巡网|轮巡|监测|巡检|值班)[^,。;]{0,8}(?:无异常|无情况|"
    "正常|平安)|一切正常|没(?:有)?(?:啥|什么)(?:事|情况|异常)|平安无事|无事项报告"
)
_QUESTION = re.compile(r"[?吗]\s*$|没有?\s*$|怎么样|到哪|进展如何")
_PATROL = re.compile(
    "[看刷扫转]了一[遍圈]|巡查|巡网|轮巡|巡检|监测|巡|值班|班|今日|今天|本日|昨日|昨天|零报|[0-9]日|"
    "[0-9]号|早|中午|晚|本周|期间|舆情"
)
_ROUNDS = (
    ("早", re.compile("早|上午|晨")),
    ("中", re.compile("中班|午间|中午|午班|下午|中巡|(?<!其)中")),
    ("晚", re.compile("晚|夜")),
)
_ROUND_WORD = re.compile(
    "(?:[早中晚午夜晨]|上午|下午|中午|晚上|夜间|早间|晚间|午间|早上)(?:班|间|上|轮|巡|"
    r",|\s)?[^,。;]{0,3}(?:巡|监测|零报|值班|班|查|无)|[早中晚]班"
)
_CLOCK_ROUND = re.compile(r"([0-9]{1,2})(?:点|时|:00)(?:[^,。]{0,2})(?:轮|巡|监测|班|零报)")


def find_zero_report(message: Message) -> Found | None:
    """Return the statement that a round found nothing."""
    nothing = message.find(_NOTHING)
    if nothing is None or message.addresses or not message.find(_PATROL):
        return None
    if re.search(r"[?吗]\s*$|进展|#", message.said) or message.cases:
        return None
    moments = [m for m in find_moments(message.said, message.now, past=True) if m.has_day]
    day = moments[0].at if moments and not moments[0].is_span else message.now
    head = message.said[: nothing.start()]
    units = [
        unit
        for unit in message.names.units_of(re.split(r"[0-9早中晚今昨本零巡,:\s]", head)[0])
        if len(unit) > WORD
    ]
    return Found(
        Intent.ZERO_REPORT,
        slots(date=f"{day:%Y-%m-%d}", round=_round(message.said), units=_places(units)),
    )


def _places(units: list[str]) -> list[str]:
    return [
        unit
        for unit in units
        if not re.match(r"[我本]|未|无|全", unit)
        and re.search(r"[局委办区县镇乡道院校学处部司心队村]$", unit)
    ]


def _round(text: str) -> str:
    clock = _CLOCK_ROUND.search(text)
    if clock:
        return f"{int(clock[1]):02d}:00"
    word = _ROUND_WORD.search(text)
    if word is None:
        return ""
    return next((name for name, words in _ROUNDS if words.search(word[0])), "")


def find_withdrawal(message: Message) -> Found | None:
    """Return the wish to take a report back (误报/撤回)."""
    match = message.find(_WITHDRAW)
    if (
        match is None
        or message.find(_NOT_WITHDRAW)
        or (message.role in UNIT_PEOPLE and not message.cases)
    ):
        return None
    kept = [
        _REASON_LEAD.sub("", re.sub(CASE, "", clause).strip())
        for clause in re.split(r"[,。;\n]", message.said)
        if len(_WITHDRAW_WORDS.sub("", clause)) > 1
    ]
    reason = ",".join(clause for clause in kept if clause)
    if not reason and "重" in message.said:
        reason = "重复上报"
    return Found(Intent.REPORT_WITHDRAW, slots(case=message.case, reason=reason))


def find_supplement(message: Message) -> Found | None:
    """Return more about a case already reported: figures, a link, words."""
    metrics = metrics_in(message.text)
    is_more = bool(message.find(_MORE))
    about_case = bool(message.cases) and bool(metrics or message.addresses)
    figures_only = _only_figures(message, metrics)
    if not (is_more or about_case or figures_only) or _QUESTION.search(message.said):
        return None
    if message.is_leader and not metrics and not message.addresses:
        return None
    if message.is_unit and not metrics and not message.addresses:
        return None
    found = slots(
        case=message.case,
        metrics=metrics,
        url=message.url,
        text=re.sub(rf"^[{CASE[1:-1]}]?\s*(?:再?补充(?:一下)?)[:,\s]*", "", message.words()),
    )
    report = find_report(message) if message.addresses else None
    extra = {
        k: v
        for k, v in (report.slots if report else {}).items()
        if k in {"author", "urls", "platform"}
    }
    return Found(Intent.REPORT_SUPPLEMENT, extra | found, weak=not (is_more or about_case))


def _only_figures(message: Message, metrics: dict[str, object]) -> bool:
    if not metrics or message.addresses:
        return False
    if not any(isinstance(value, int | float) for value in metrics.values()):
        return False
    rest = re.sub(
        (
            rf"[0-9.万wWkK+多千百\s,:]|{LINK}|阅读|播放|评论|转发|点赞|收藏|现在|已经|目前|涨|"
            "到|了|量|热搜|热榜|同城|全国|第|刚才|那条|这条|抖音|微博|数"
        ),
        "",
        message.said,
    )
    return len(rest) <= PHRASE
