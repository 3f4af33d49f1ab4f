"""How leaders answer: approve, approve with an edit, reject, pass upward, only read (批示)."""

import re

from cases.chat.actions import actions_in
from cases.chat.intents import Found, Intent, slots
from cases.chat.message import Message
from cases.chat.names import PERSON, person_in
from cases.chat.normalise import CASE

_YES = (
    "(?<![不未没否拟])(?<!不予)(?:同意|照办|赞成|批准|准予|可行|没意见|无意见|"
    "没有意见|没问题|OK|ok|Ok|可以|行|通过|准|按此办理|照此办理|照此执行|按程序办|"
    "按拟办意见办理?|按方案(?:办|执行)|就按(?:这个|此)(?:办|发|来)|签发|核发|发吧|"
    "可发|准发|认可|妥(?!否))"
)
_APPROVE = re.compile(
    rf"^\s*(?:(?:已阅|阅|好的?|嗯|{CASE}|我|本人|原则|完全|稿子|口径|回复|方案|这件|"
    rf"这个|该?稿|内容|拟稿|回应稿|回复稿)[,。:\s]*)*(?P<yes>{_YES})"
)
_APPROVE_LAST = re.compile(r"[,。;!]\s*(?P<yes>同意|照办|批准)[。!]?\s*$")
_EDIT_YES = re.compile(
    "原则(?:上)?(?:同意|可以|可行|赞成)|基本(?:同意|可以|可行|没问题|赞成)|"
    rf"大体(?:同意|可以)|总体(?:同意|可以)|{_YES}[,。;\s]*(?:但|不过|只是|就是|另外|把|"
    "请?(?:把|将)|须|要(?!求)|需|注意|删|加|改|去掉|补|最后|注明|写明|说明|明确|写上|"
    "补充|第[一二三四五0-9]|标题|修改|调整|完善|[^,。;]{0,8}(?:删掉|改成|改为|加上|"
    "去掉|补充))"
)
_EDIT = re.compile(
    "(?:加(?:上)?一?(?:句|段|个|条)|删(?:掉|除|去|了)|去掉|改(?:成|为|一下|下|改)|"
    "换成|补(?:充|上|一句)|调整|修改|润色|斟酌|前面加|后面加|增加|压缩|精简|"
    "完善|改[^,。;改]{1,4}(?:一?点|些))[^。;]{0,30}?(?:再|后|,|就)?(?:发|发布|报|可以|同意|签发|印发|上报|$)"
)
_NOT_NOW = re.compile(
    r"[?]\s*$|吗[?。!]?\s*$|是否|妥否|当否|可否|能否|行不行|同不同意|同意不同意|同意没|"
    "等等|再说|再议|再看看|缓一缓|先放"
)
_REPORTED = re.compile(
    rf"(?:{PERSON}|领导|他|上面|市里|县里|部里)(?:们)?(?:那边|已经?|也|都|刚|说|"
    "口头)*(?:说)?(?:同意|批准|批了|签了)|(?:等|待|如果|若|经|须|需|要|"
    "请)[^,。]{0,8}(?:同意|批准)(?:后|再|的话)?"
)
_ABOUT_REPLY = re.compile(
    r"发布|(?:可以|同意|准予|OK)[,。]?\s*发|发吧|发出|对外|回复|口径|稿|再发|可发|签发|公开|发$"
)
_OBJECT_OTHER = (
    ("extension", re.compile("延期")),
    ("assignment", re.compile("交办|派单")),
    ("close", re.compile("办结|销号")),
    ("upward", re.compile("上报|报市|报省|报上级")),
)
_UPWARD = re.compile(
    rf"(?:请|呈|报|送|转)?(?P<who>(?:[{PERSON[2:4]}])?[^,。;\s]{{0,8}}?)(?P<verb>阅示|"
    "审示|批示|示阅|定夺|审定|阅批|审批|核批)"
)
_UPWARD_WORD = re.compile(
    "(?:请|呈|报|妥否|当否|可否|拟|恭请|提请)[^。;]{0,20}(?:阅示|审示|批示|定夺|阅批|"
    r"审批|指示|核批|审签|审定)|(?:妥否|当否)[,。]?\s*请?|^[^,。]{0,10}(?:阅示|审示)"
)
_NO_UPWARD = re.compile(
    "(?:按|根据|落实|按照|贯彻|传达|遵照|有关|领导的|重要|收到|已)[^,。;]{0,8}(?:批示|"
    r"指示)|批示(?:精神|要求|件|内容|原文|意见|了|已)|阅示了|[?]\s*$"
)
_REJECT = re.compile(
    "退回|打回|退稿|退改|驳回|不同意|不予?批准?|不批|不行|重写|重拟|重新(?:拟|写|起草|"
    "来|修改|核实后再报)|不通过|否了|否决|不能(?:这么|这样|就这么)?发|不可以|不妥|"
    "不准发|通不过|不合格|再改|返工|不认可|拿回去"
)
_READ = re.compile(
    r"^\s*(?:好的?|嗯+|哦)?(?:[\ue200-\ue3ff]|\s|,)*(?:我|本人)?(?:看了(?=$|[,。!])|已阅|阅|已?圈阅|已?阅悉|阅知|已知悉|"
    "知悉|知道了|了解了?|收到|看到了|看过了|已看|明白|清楚了|晓得了|掌握了|悉|"
    "已阅知)(?![读览示处办研批兵卷])"
)
_REJECT_WORDS = re.compile(
    rf"{CASE}|{_REJECT.pattern}|[\s,、]|稿子?|口径|件|修改|去|吧|完善|重办|先|请"
)
_VERBAL_ACTIONS = ("持续关注",)
_WHY_NOT = re.compile(r"[^,。;\n!]+")

# The office passes a leader's words on: "李市长批示:请住建局阅处".
RELAYED = re.compile(
    rf"^\s*(?:{CASE}\s*)?[\u4e00-\u9fff]{{0,2}}(?:{PERSON})(?:批示|指示|要求|批)[:,]"
)


def _object(text: str) -> str:
    for name, words in _OBJECT_OTHER:
        if words.search(text):
            return name
    return "reply" if _ABOUT_REPLY.search(text) else ""


def find_upward(message: Message) -> Found | None:
    """Return a request to a leader above (呈XX阅示): never an approval."""
    if not message.find(_UPWARD_WORD) or message.find(_NO_UPWARD) or message.find(RELAYED):
        return None
    text = message.said
    opinion = re.search(r"拟(?:同意|不同意|办理?意见|按[^,。;]{1,12})", text)
    to = re.search(
        (
            rf"(?:请|呈|报|送|转|恭请|提请)(?P<who>(?:[\u4e00-\u9fff]{{0,3}}?)(?:{PERSON})(?:["
            rf"、,和]\s?(?:{PERSON}))*)"
        ),
        text,
    )
    who = to["who"] if to else person_in(text)
    return Found(
        Intent.ESCALATE_FOR_APPROVAL,
        slots(case=message.case, to=who, opinion=opinion[0] if opinion else ""),
    )


def find_edit(message: Message) -> Found | None:
    """Return an approval under a condition: what must be changed before anything goes out."""
    if (
        (message.is_unit and not re.search("原则", message.said))
        or message.find(_NOT_NOW)
        or message.find(_REJECT)
    ):
        return None
    agreed, edited = message.find(_EDIT_YES), _EDIT.search(message.said)
    if not agreed and not (
        edited
        and (message.is_leader or message.role is not None)
        and re.search("再发|后发|再报|就(?:可以|行|发)|后(?:可以?|同意|印发|签发)", message.said)
    ):
        return None
    if not agreed and message.find(re.compile("帖|视频")):
        return None
    start = agreed.end() if agreed else 0
    tail = message.said[start:]
    lead = re.match(r"[,。;:\s]*(?:但是?|不过|只是|另外|请|就是)?[,\s]*", tail)
    shown_from = _edit_start(message, agreed, start + (lead.end() if lead else 0))
    edit = re.sub(r"(?:再|后|就)(?:发布?|报|签发|印发)(?:吧|出)?$", "", message.words(shown_from))
    return Found(
        Intent.APPROVE_WITH_EDIT,
        slots(case=message.case, edit=edit, object=_object(message.said) or ""),
    )


def _edit_start(message: Message, agreed: re.Match[str] | None, default: int) -> int:
    """The condition begins after the word of approval, even where the match ran into it."""
    if agreed is None:
        return 0
    yes = re.match(
        (
            rf"(?:原则上?|基本|大体|总体)?(?:{_YES}|同意|可以|可行|赞成|"
            r"没问题)[,。;:\s]*(?:但是?|不过|只是|另外)?[,\s]*"
        ),
        message.said[agreed.start() :],
    )
    return agreed.start() + yes.end() if yes else default


def find_approval(message: Message) -> Found | None:
    """Return a plain approval of what was shown last; a question or another's word is none."""
    match = message.find(_APPROVE) or message.find(_APPROVE_LAST)
    if match is None or (match.re is _APPROVE_LAST and person_in(message.said)):
        return None
    if message.find(_NOT_NOW) or (message.find(_REPORTED) and not match["yes"].startswith("同意")):
        return None
    rest = message.said[match.end() :]
    if match["yes"] in {
        "可以",
        "行",
        "准",
        "通过",
        "妥",
        "OK",
        "ok",
        "Ok",
        "没问题",
    } and not re.match(r"\s*(?:$|[,。!;]|的|了|啊|吧|同意|发|办|按|照)", rest):
        return None
    if re.search(r"^(?:的|了)?(?:话|人|意见不)", rest):
        return None
    found = slots(
        case=message.case,
        object=_object(message.said)
        if message.find(_ABOUT_REPLY) or message.find(re.compile("延期|上报"))
        else "",
    )
    return Found(Intent.APPROVE, found)


_UNDECIDED = re.compile(
    r"^\s*(?:等等|等一等|等一下|再说|再议|先放(?:一放|着|放)?|缓一缓|先缓缓|再看看?|"
    r"先(?:别|不要|不)(?:急着?|忙)?发(?:布|出去)?[。!]?\s*$|看着办|你看着办|再想想|再斟酌|斟酌一下|考虑一下|先不急|回头再说|研究一下再说)"
    # "退回,先核实再说" is a decision with its reason, "先放着再说" is none
    r"|^(?!.{0,8}(?:退回|打回|驳回|不同意|不行)).*再说吧?\s*$"
    r"|^\s*(?:还是|就)?[按照]着?(?:刚才|上次|上午|昨天|之前|原来|前面|老|会上|上回|"
    "你说|大家说)[^,。;]{0,10}$"
)
_NOD = re.compile(
    r"\s*(?:嗯+|哦+|噢|喔|好+的?|好嘞|好滴|行+|可|ok|okay|OK|Ok|中|成|哦了|明白了?)[!。~,\s]*",
    re.IGNORECASE,
)


def find_undecided(message: Message) -> Found | None:
    """Return that nothing was decided (等等再说), or only a nod: both are asked about."""
    if message.find(_UNDECIDED):
        return Found(Intent.AMBIGUOUS)
    return Found(Intent.AMBIGUOUS) if _NOD.fullmatch(message.said) else None


def find_hearsay(message: Message) -> Found | None:
    """A question about approval, or somebody else's approval told on, approves nothing: ask."""
    text = message.said
    approves = re.search(r"(?<!不)同意|可以发|批准", text)
    if approves and (message.find(_NOT_NOW) or message.find(_REPORTED)):
        return Found(Intent.AMBIGUOUS, {}, likeliest=(Intent.APPROVE, Intent.ESCALATE_FOR_APPROVAL))
    return None


def find_rejection(message: Message) -> Found | None:
    """Return what is sent back to be done again (退回, 重写)."""
    if (
        not message.find(_REJECT)
        or message.is_unit
        or re.search(r"[?吗]\s*$|申请退|删", message.said)
    ):
        return None
    if message.role is None and re.fullmatch(r"\s*(?:退回|打回)[。!]?\s*", message.said):
        return Found(Intent.AMBIGUOUS, {}, likeliest=(Intent.REJECT, Intent.UNIT_DECLINE))
    kept = [
        message.words(*m.span())
        for m in _WHY_NOT.finditer(message.said)
        if _REJECT_WORDS.sub("", m[0])
    ]
    acts = [a for a in actions_in(message.said) if a in {"重写", "修改", "整改", "核实"}]
    if "重写" not in acts and re.search("重来|返工|打回", message.said) and not acts:
        acts = ["重写"]
    about = (
        "reply" if re.search("稿|口径|重写|重拟|措辞|语气|表述|发|起草|回复", message.said) else ""
    )
    return Found(
        Intent.REJECT,
        slots(
            case=message.case,
            reason=",".join(k for k in kept if len(k) > 1),
            action=acts,
            object=about,
        ),
    )


def find_read(message: Message) -> Found | None:
    """Return that somebody has only read it (已阅, 圈阅, 知道了): never an approval."""
    if (
        not message.find(_READ)
        or (message.is_unit and not re.search("阅", message.said))
        or re.search(r"[?吗]\s*$", message.said)
    ):
        return None
    acts = [act for act in actions_in(message.said) if act in _VERBAL_ACTIONS]
    return Found(Intent.READ_ACK, slots(case=message.case, action=acts), weak=True)
