"""Talking to the bot itself: questions, help, undo, choices, reminders, hand-off, chat."""

import re

from cases.chat.intents import Found, Intent, slots
from cases.chat.lengths import SHORT
from cases.chat.message import Message
from cases.chat.names import is_person
from cases.chat.normalise import CASE
from cases.chat.numbers import value_of
from cases.chat.times import find_moments

_HELP = re.compile(
    (
        r"^\s*(?:帮助|help|\?{2,}|使用说明|说明书|菜单|指令|命令)\s*[。!?]?\s*$|怎么用|"
        "如何(?:使用|操作)|能(?:做|干)(?:什么|啥|些什么)|会(?:做|干)(?:什么|啥)|"
        "使用(?:方法|说明)|不会用|怎么操作|有(?:哪些|什么)(?:功能|命令|指令)|操作(?:指南|"
        "手册|说明)|怎么(?:上报|签收|退回|延期|办结|发布|交班)"
    ),
    re.IGNORECASE,
)
_PING = re.compile(
    r"^\s*(?:督办|小督|系统|机器人)?[,。]?\s*(?:还?在(?:吗|不在?|么)|在线(?:吗|不)?|能收到(?:吗|消息吗)|"
    r"(?:还)?活着(?:吗|没)|通不通|没(?:坏|挂)吧|正常吗)\s*[。!?]*\s*$"
)
_UNDO = re.compile(
    (
        "(?:撤[销消回]|取消)(?:"
        + CASE
        + "|[0-9]{1,3}号)?的?(?:交办|定级|督办|合并|派单|催办)|撤[销消](?:刚才|上一步|"
        "上一个|操作|上条|前面|我刚)|刚才(?:点|按|发|说|操作|弄|打|派|"
        "交|定|批)错|(?:点|按|手|操作|批|并|合)(?:错|误|滑)了?[^,。]{0,2}(?:$|[,。!])|"
        "取消(?:刚才|上一步|上一个|刚刚)|(?<!驳)回退|恢复原样|撤回(?:刚才的?(?:同意|审批|操作|"
        "命令|批示|交办|定级)|上一步|上一个操作)|误操作|undo|按错|点错|收回(?:刚才|我)|"
        "还原"
    ),
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"^\s*(?:选|我选|选择|第|就|要|回复)?\s*(?P<n>[1-9]|[一二三四五六七八九]|"
    r"1[0-9])\s*(?:个|项|号|条|吧|。|\.|、)*\s*$|^\s*(?:选|我选|选择|"
    r"第)\s?(?P<m>[0-9]{1,2}|[一二三四五六七八九十])(?:个|项|号|条)?(?:吧|那个)?\s*$"
)
_YES_NO = re.compile(
    r"^\s*(?:(?P<yes>是的?|对的?|确认|确定|没错)|(?P<no>否|不是|不对|取消|算了))\s*[。!]?\s*$"
)
_MUTE = re.compile(
    "(?:别|不要|不用|停止|关闭|先别|暂停|关掉|不想)(?:再|老|总|一直)?(?:是)?(?:给我|向我)?(?:提醒|催|"
    "推送|通知|发提醒|@)(?:我)?|免打扰|静音|(?:提醒|催办|推送)(?:先)?(?:停|"
    "关)(?:一?下|掉|了)?|勿扰|安静"
)
_WHY = re.compile(
    "为(?:什么|啥|何)(?:要|又|老|总|一直|还)?(?:给我|向我)?(?:提醒|催|通知|@|发给|推|"
    "找)(?:我)?|凭什么催|怎么(?:又|老|总|还|一直)(?:提醒|催|@|通知|找)我?|催我干(?:嘛|"
    "什么|啥)|这条(?:提醒|消息)(?:是)?(?:怎么|什么)|为什么是我"
)
_DEADLINE = re.compile(
    (
        "(?:什么时候|几时|何时|几点|哪天|几号|啥时候)(?:前)?(?:到期|截止|超期|超时|要|该|"
        "必须|得|交|报|办结|首报|反馈|回复|办完|之前)|(?:时限|期限|截止(?:时间)?|到期时间|"
        r"办理时限|deadline)(?:是)?(?:多少|什么时候|几点|到哪天|到几号|是|还有|$|\?)|"
        "还(?:剩|有)(?:多久|多长时间|多少时间|几天|几个?小时)|剩余?时间|多久(?:到期|超期)|"
        "什么时候到"
    ),
    re.IGNORECASE,
)
_STATUS = re.compile(
    "什么(?:情况|状态|进展|进度|结果)|啥情况|到(?:哪|什么)(?:一步|里|了|步|环节|"
    "阶段)?|怎么样了?|咋样|进展|进度|状态|办(?:得|的)?(?:咋|怎)|办(?:到|理)?(?:如何|"
    "得如何)|谁(?:在办|在弄|在管|在跟|负责|牵头|主办|办的|经办|签收)|(?:签收|办结|回复|处理|首报|"
    "发布|核实|反馈|办完|批|解决|定级|交办|接|回|弄|报)了?(?:没有?|吗|了吗|了没)|"
    "有(?:没有)?(?:结果|进展|消息|回音|反馈)(?:了)?|查(?:一下|询|看|下)|看一?下|"
    "情况如何|现在如何|什么时候能|如何了|历史|办理记录|经过|时间线|流转|详情|"
    r"最新情况\?|卡在哪|到底"
)
_LIST = re.compile(
    "哪些|哪几件|几件|多少件|清单|列表|列一?下|列出|列个|待办|台账|有什么(?:没|未|要)|"
    "还有(?:没有)?(?:什么|啥|多少|几)|(?:全部|所有)(?:的)?(?:件|案|舆情|未|在办|超|"
    "没)|汇总(?:一下)?(?:未|在办|超)|(?:到期|超期|逾期|超时|未结|在办|待办|未办结|"
    "未签收|督办)(?:件|清单|案件|舆情)|在办的|没办(?:完|结)的|未(?:办结|结|签收)的|"
    "手(?:上|里|头)(?:的|还|有)|该我(?:办|批|审)|等我(?:批|审|办)|一共|超时的|超期的|"
    "到期的|逾期的|超期件|有没有(?:超|到期|没|未)|统计(?!局)"
)
_FILTERS = (
    ("overdue", re.compile("超时|超期|逾期|过期")),
    ("due", re.compile("到期|到点|快到期|今天要|截止")),
    ("unsigned", re.compile("(?:没|未)(?:有)?签收|待签收")),
    (
        "mine",
        re.compile(
            "我的|我手|手上|手里|手头|该我|等我|我(?:们|这边|这里|这儿)?(?:还)?(?:有|要)|我报|"
            "我在办|待办|我局|我单位|待我|我批"
        ),
    ),
    ("supervised", re.compile("督办")),
    ("closed", re.compile("(?<!没)(?<!未)(?:已办结|办结了的|办结的|结了的|已结)")),
    (
        "open",
        re.compile(
            "没办|未办|未结|没结|在办|未完|没完|在处理|没处理|待处理|还有|没销|未销|正在办|"
            "没办结|哪些"
        ),
    ),
)
_PERIOD = re.compile(r"本周|这周|上周|本月|这个月|上个?月|今年|近[0-9]{1,2}天")
_PHONED = re.compile(
    r"已(?:经)?(?:电话|打电话)(?:通知|联系|告知)(?:了)?[:\s]*(?P<who>[^,。;\s]{0,10})|"
    r"(?:电话|打电话)(?:已)?(?:通知|打)(?:了|通了|过了|到了)(?P<other>[^,。;\s]{0,8})|"
    r"打电话(?:跟|给|和|向)(?P<fourth>[^,。;\s]{1,10}?)(?:说|讲|通知|催|联系)(?:过|了)|"
    r"给(?P<third>[^,。;\s]{1,8}?)打(?:过|了)电话"
)
_CALLBACK = re.compile(r"回访")
_HANDOFF = re.compile(
    r"(?:我|这件|这个|此件|该件|"
    + CASE
    + (
        "|已|把|,|^|先|内部|现)[^,。;]{0,6}?(?:转给|交给|转交|转|派给|安排给?|分给|由|"
        r"移交|指定|请|让)(?P<to>[^,。;\s]{2,14}?)(?:具体|来|去|跟进|负责|办理|办|处理|"
        "落实|承办|经办|对接|签收|$|[,。;])"
    )
)
_SECTION = re.compile(
    r"科|股|室|站|所|中队|队|班|处|组|小[\u4e00-\u9fff]|老[\u4e00-\u9fff]|工$|同志"
)
_CHAT = re.compile(
    (
        "谢谢|感谢|多谢|辛苦|早上好|上午好|下午好|晚上好|中午好|你好|您好|大家好|哈哈|"
        "嘿嘿|呵呵|嘻嘻|吃(?:啥|什么|饭|了)|午饭|晚饭|早饭|食堂(?:今天|有)|天气|"
        "下雨(?:了)?|好冷|好热|周末|晚安|节日快乐|新年|生日|加油|厉害|真棒|在吗|"
        "在不在|有人吗|早啊|早!|下班(?:了|啦|咯|吗)|打球|堵车|困|累|再见|拜拜|bye|hello|"
        "hi|不客气|没事|客气|恭喜|祝|么么|牛|666|好家伙|呀$|红包|抢|快递|奶茶|咖啡"
    ),
    re.IGNORECASE,
)
_UNCLEAR = re.compile("[?]$|说|这|那|等")
_WORK = re.compile(
    "办|请(?!客|假)|快|舆情|核实|处置|处理|回复|口径|批|签|审|定级|级|交|转|催|超|期|链接|帖|媒体|"
    "单位|局|上报|报告|登记|退|案|件|#|稿|发布|按|删|撤|同意|提醒|通知|报|查"
)


def find_help(message: Message) -> Found | None:
    """Return the wish to know what one can do here."""
    return Found(Intent.HELP) if message.find(_HELP) and not message.cases else None


def find_ping(message: Message) -> Found | None:
    """Return the question whether anybody is there."""
    return Found(Intent.PING) if message.find(_PING) else None


def find_undo(message: Message) -> Found | None:
    """Return the wish to take one's last command back."""
    if not message.find(_UNDO) or message.addresses:
        return None
    return Found(Intent.UNDO, slots(case=message.case))


def find_choice(message: Message) -> Found | None:
    """Return the number picked from what was offered, or a yes or no."""
    match = message.find(_CHOICE)
    if match:
        return Found(Intent.CHOICE, {"number": value_of(match["n"] or match["m"])})
    answer = message.find(_YES_NO)
    return Found(Intent.CHOICE, {"answer": "yes" if answer["yes"] else "no"}) if answer else None


def find_reminder_wish(message: Message) -> Found | None:
    """Return that somebody wants no more reminders, or asks why they got one."""
    if message.find(_WHY):
        return Found(Intent.WHY, slots(case=message.case))
    if message.find(_MUTE):
        return Found(Intent.MUTE, slots(case=message.case))
    return None


def find_deadline_question(message: Message) -> Found | None:
    """Return the question when something is due."""
    if not message.find(_DEADLINE) or re.search("哪些|列|清单", message.said):
        return None
    return Found(Intent.QUERY_DEADLINE, slots(case=message.case))


def find_list(message: Message) -> Found | None:
    """Return which list of cases is wanted."""
    if message.cases or not message.find(_LIST) or message.addresses:
        return None
    text = message.said
    named = next((name for name, words in _FILTERS if words.search(text)), "")
    units = message.names.units_in(text)
    if named == "mine" and units:
        named = "open"
    days = [m for m in find_moments(text, message.now, past=True) if m.has_day and not m.is_span]
    period = message.find(_PERIOD)
    date = f"{days[0].at:%Y-%m-%d}" if days and not period else ""
    return Found(
        Intent.QUERY_LIST,
        slots(units=units, filter=named, date=date, period=period[0] if period else ""),
    )


def find_status(message: Message) -> Found | None:
    """Return the question how a case stands."""
    text = message.said
    if not message.find(_STATUS) or message.find(_HURRY):
        return None
    asks = re.search(
        (
            r"[?吗]\s*$|没有?$|没有?(?=,)|查|看|什么|怎|咋|哪|谁|如何|状态|进度|到底|历史|记录|"
            "时间线|流转|详情"
        ),
        text,
    )
    if not asks or not (
        message.cases or re.search(r"我报|那[条件个]|这[条件个]|刚才|上次|昨天|进度|进展|办", text)
    ):
        return None
    detail = "history" if re.search("历史|记录|经过|时间线|流转", text) else ""
    return Found(Intent.QUERY_STATUS, slots(case=message.case, detail=detail))


_HURRY = re.compile(r"(?:抓紧|赶紧|尽快)(?:回|报|反馈|办)\w{0,2}[。!]?\s*$")
_SHOW = re.compile(rf"{CASE}|查询|查看|查|看看|看一?下|看|给我|一下|详情|[\s,、?件。]")


def find_status_bare(message: Message) -> Found | None:
    """A number and nothing else, or "查 007": show the case."""
    if message.cases and not _SHOW.sub("", message.said):
        return Found(Intent.QUERY_STATUS, slots(case=message.case), weak=True)
    return None


def find_phoned(message: Message) -> Found | None:
    """Return that somebody was called by telephone (电话通知)."""
    match = message.find(_PHONED)
    if match is None:
        return None
    who = match["who"] or match["other"] or match["third"] or match["fourth"] or ""
    return Found(Intent.PHONED, slots(case=message.case, to=who))


def find_callback(message: Message) -> Found | None:
    """Return what the citizen said when called back (回访): the result only, never who."""
    if not message.find(_CALLBACK) or re.search(r"[?吗]\s*$|没有$|请|安排|要求|尽快", message.said):
        return None
    text = message.said
    result = ""
    if re.search("基本满意", text):
        result = "基本满意"
    elif re.search("不(?:太)?满意|不认可|有意见", text):
        result = "不满意"
    elif re.search("满意|认可", text):
        result = "满意"
    elif re.search("未接|没接|联系不上|打不通|无人接", text):
        result = "未联系上"
    return Found(
        Intent.CALLBACK_RESULT, slots(case=message.case, result=result, text=message.words())
    )


def find_handoff(message: Message) -> Found | None:
    """Return to whom in the unit the liaison hands the case (second tier)."""
    if not message.is_unit:
        return None
    match = message.find(_HANDOFF)
    if match is None or re.search("建议|不属|不归|退|申请", message.said):
        return None
    to = match["to"]
    if not (_SECTION.search(to) or is_person(to)) or re.search(r"[局委](?!.)|舆情办|领导", to):
        return None
    return Found(Intent.HANDOFF, slots(case=message.case, to=to))


def find_chat(message: Message) -> Found | None:
    """Return small talk: nothing of the work in it."""
    if message.cases or message.addresses or len(message.said) >= SHORT:
        return None
    if message.find(_CHAT):
        return Found(Intent.CHAT, weak=True)
    says_something = re.search(r"[\u4e00-\u9fffA-Za-z]", message.said)
    if says_something and not message.find(_WORK) and not message.find(_UNCLEAR):
        return Found(Intent.CHAT, weak=True)
    return None
