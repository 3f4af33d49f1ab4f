"""What units report: progress (首报, 续报, 终报), verdicts, the end, drafts, publication."""

import re

from cases.chat.dues import iso
from cases.chat.intents import Found, Intent, slots
from cases.chat.lengths import CLAUSE, LINE, WORD
from cases.chat.message import LEADERS, Message
from cases.chat.normalise import CASE
from cases.chat.numbers import value_of
from cases.chat.times import find_moments
from cases.people import Role

_HEAD = re.compile(
    rf"^\s*(?:{CASE}|\s|[,、])*(?:[\u4e00-\u9fff]{{2,8}}?(?:局|委|办|队|镇|街道|公司|"
    rf"学校))?\s*(?:{CASE})?\s*[【\[(]?(?P<kind>首报|初报|续报|终报|进展(?:情况)?|"
    "最新进展|工作进展|处置进展|进度|现场情况|情况反馈|阶段(?:性)?进展)"
    r"(?:\s?[(第]?\s?(?P<seq>[0-9]{1,2}|"
    r"[一二三四五六七八九十]{1,3})[)次期]?)?(?:[】\])]\s*:?|(?<![】\]])\s*(?:[:,。\s]|"
    "(?=我|已|现|目前|经|截至)))"
)
_SECOND = re.compile(r"第(?P<seq>[0-9]{1,2}|[一二三四五六七八九十]{1,3})次续报[:,\s]")
_LOOSE = re.compile(
    "正在|已(?:经)?(?:派|到|安排|联系|组织|约谈|赶到|封存|送检|介入|成立|启动|通知|"
    "协调|完成|恢复|更换|修复|开始|抢修|疏散|转移|立案|排查|对接|与|解释|告知|上门|"
    "当面|答复|处理|整改|按)|找到了|目前|截至|现场|"
    "在路上|马上到|抢修中|排查中|处理中|核实中|还在|继续|预计|删除|删了"
)
_HARM = re.compile(
    r"([0-9]{1,4}|[一二两三四五六七八九十]{1,3})\s?(?:名|"
    r"个)?(?:[\u4e00-\u9fff]{0,4})?(?:人)?(?:死亡|遇难|身亡|失联|受伤|轻伤|重伤|伤亡|"
    "轻微伤|骨折|中毒)"
)
_DEAD_AND_HURT = re.compile(r"([0-9]{1,4})\s?死\s?([0-9]{1,4})\s?伤")
_NO_HARM = re.compile(r"(?:无|没有|未造成|未发生|无任何)(?:人员)?(?:伤亡|受伤)|零伤亡")
_VERDICT = re.compile(
    "部分(?:情况|内容|问题)?属实|基本属实|大体属实|大部分属实|不完全属实|属实|"
    "不实(?!施|行)|失实|查无实据|无事实依据|不存在(?:该|此|这)?(?:问题|情况|"
    "现象)?(?=$|[,。;!])|情况不符|与事实不符|(?:系|是|为)谣言|子虚乌有|没有(?:这回|"
    "此)事|有出入|属于误(?:读|解)|属谣言"
)
# Said plainly by a unit, without the word: 核实过了,是真的.
_PLAIN_VERDICT = re.compile(
    r"(?:^|[,。;]|确实)是真的|确有此事|(?:^|[,。;]|是)假的(?=$|[,。;!])|(?:^|[,。;])没有这(?:回|个)事"
)
_PARTLY = re.compile(r"部分|基本属实|大体|有出入|不完全")
_FALSE = re.compile(
    r"不(?:完全)?属实|不实|失实|不存在|不符|谣言|子虚乌有|没有(?:这[回个]|此)事|误读|误解|假的"
)
_CHECKED = re.compile(
    "核实|核查|经查|查实|查明|调查|了解|核了|查了|反映|情况|"
    rf"^\s*(?:{CASE})?\s*(?:[\u4e00-\u9fff]{{0,4}})?(?:部分|基本)?(?:属实|不属实|不实|失实|查无)|"
    "网帖|帖子|视频|内容|网传|投诉"
)
_CHECKED_FIRST = re.compile(rf"^\s*(?:{CASE}|已)?\s*(?:经|已)?(?:核|查|调)|{CASE}")
_NOT_VERDICT = re.compile(
    r"真的?假的|真的吗|是否属实|属实(?:吗|么|\?|不\?|与否|的话)|属不属实|如(?:果)?(?:情况)?属实|若属实|"
    "拟|有没有属实|如属实|查清|核实(?:一下)?是否"
)
_CAUSE = re.compile(r"(?:系|因为|因|原因是?:?|由于|为|是|:)(?P<reason>[^。;\n]{3,})")
_DONE = re.compile(
    "(?:处置|处理|整改|办理|修复|抢修|清理|解决|核查)(?:工作)?(?:已(?:经)?)?(?:完毕|"
    "完成|完了|到位|妥当|好了|结束|完(?=$|[,。;!]))|已(?:经)?(?:全部)?(?:办结|整改|"
    "处置|处理(?!中)|解决|修复|办完|完结)(?!中|过)|(?:请|申请|可以|建议)(?:予以|"
    "给予)?(?:办结|销号|结案|销案)|(?:修|弄|办|清|排|疏通|恢复|处理|解决|换|补|装|"
    rf"通)(?:好|完|掉|干净|清)了|办完了|搞定|弄好了|(?:{CASE})\s*(?:已)?办结|办结了"
)
_NOT_DONE = re.compile(
    r"未|没|还(?:要|需|没)|预计|正在|拟|何时|什么时候|[?吗]\s*$|部分(?:已)?整改|力争|"
    "争取|前(?:完成|办结|处理完)|能(?:办|处理)"
)
_DRAFT = re.compile(
    "(?:拟(?:以.{0,10})?(?:回复|答复|回应|发布|通报)(?:口径|内容|意见|稿|如下)?|"
    "(?:回复|答复|回应|通报|声明|公告|情况说明|发布|新闻)(?:初|文|代拟)?稿(?:件)?|"
    "(?:回复|答复|回应|对外|统一)?口径|(?:回复|答复|回应)(?:内容|意见|文本)|代拟稿|"
    r"草稿|初稿|情况说明|情况通报)(?![^:\n]{0,12}[0-9]:[0-9]{2})"
    "(?:如下|见下|在此|请(?:领导|办公室|舆情办)?(?:审核|审定|审阅|审批|审|核|把关|"
    r"阅示)|,|\s|\(?第?[0-9一二三]?稿?\)?|拟好了?|写好了?|已拟好|报上|发上|"
    r"供审){0,4}\s*[:\n]\s*(?P<draft>\S.{5,})",
    re.DOTALL,
)
_DRAFT_SENT = re.compile(
    "(?:回复|答复|回应|通报|代拟)稿(?:已)?(?:报上|发上|拟好|写好|附上|上传|交)|"
    "(?:稿子?|口径).{0,6}请(?:审|核)|(?:稿子?|口径)(?:已经?)?(?:报上|发上|拟好|写好)|"
    r"^\s*拟(?:回复|答复|回应)[:,]"
)
_DRAFT_TAIL = re.compile(
    r"[,。;\s]*(?:妥否|当否|是否妥当|可否)[,，]?\s*(?:请|望)?(?:领导)?(?:批示|审示|"
    r"指示|审核|审定|审阅)?[。!?？\s]*$|[,。;\s]*请(?:领导)?审(?:核|定|阅|示)[。!\s]*$"
)
_PUBLISHED = re.compile(
    r"(?:已(?:经)?(?:于|在|用|以|通过|由|从)?[^,。;\n]{0,24}?(?:发布|发出|发到|发在|"
    "公布|跟帖|跟贴|回帖|回复(?:网友|网民)?|推送|刊发|上线|挂网|置顶|"
    r"发(?:了)?(?=公众号|官微|微博|官网|抖音|网站|通报)|发(?=$|[,。\s\ue000-\ue1ff])))|"
    "(?:发布|发出去|发出来|推送|跟帖|回复)了(?!吗|没|视频|一)|发布完毕|挂出来了|"
    "(?:通报|公告|声明|情况说明|回应)(?:已)?(?:发了|发布|发出|上线)"
)
_OWN = re.compile(
    "通报|回应|回复|情况说明|公告|声明|官微|官方|官网|公众号|我局|我委|我单位|我校|"
    "我院|我区|跟帖|账号|发布会|原帖|稿|微信|发布"
)
_CHANNEL = re.compile(
    "官方(?:抖音|微博|微信|快手|公众|视频|头条|账)?号?(?:公众号)?|官微|官网|"
    "(?:微信)?公众号|政务微博|政务微信|门户网站|政府网站|新闻发布会|"
    r"[\u4e00-\u9fff]{2,4}发布(?=公众号|微博|账号|上)|融媒体?(?:中心|客户端)?|视频号|"
    "抖音号|微博|微信|抖音|头条号?|今日头条|快手|小红书|官方号|网站|客户端|留言板"
)
_REPLIED = re.compile(r"跟帖|跟贴|回帖")
_BY_OTHERS = re.compile(
    "(?:网友|博主|楼主|网民|媒体|记者|发帖人|家长|作者)[^,。;]{0,8}(?:已|又)?(?:发布|"
    "发了|发出|推送|删)|未发布|没发布|还没|暂不|不要发布|别发布"
)


def find_progress_headed(message: Message) -> Found | None:
    """Return a report of the unit under its heading: 首报, 续报 N, 终报, 进展."""
    head = message.find(_HEAD) or message.find(_SECOND)
    if head is None or message.role in LEADERS or len(message.said) - head.end() <= WORD:
        return None
    kind = head.groupdict().get("kind") or "续报"
    named = kind if kind in {"首报", "续报", "终报"} else {"初报": "首报"}.get(kind, "")
    return Found(
        Intent.UNIT_PROGRESS, _told(message, head.end(), report_kind=named, seq=head["seq"])
    )


def find_progress(message: Message) -> Found | None:
    """Return what a unit tells of its work without a heading."""
    if not message.find(_LOOSE) or not (
        message.is_unit or (message.role is None and message.cases)
    ):
        return None
    if re.search(r"[?吗]\s*$|请(?!假)|能否|能不能|申请", message.said):
        return None
    return Found(Intent.UNIT_PROGRESS, _told(message, 0, report_kind="", seq=None), weak=True)


def _told(message: Message, start: int, *, report_kind: str, seq: str | None) -> dict[str, object]:
    return slots(
        case=message.case,
        report_kind=report_kind,
        report_seq=value_of(seq) if seq and report_kind == "续报" else None,
        text=message.words(start),
    ) | _harm(message.said)


def _harm(text: str) -> dict[str, object]:
    short = _DEAD_AND_HURT.search(text)
    if short:
        return {"casualties": sum(int(figure) for figure in short.groups())}
    counted = [value_of(match[1]) or 0 for match in _HARM.finditer(text)]
    if counted:
        return {"casualties": sum(counted)}
    return {"casualties": 0} if _NO_HARM.search(text) else {}


def find_verdict(message: Message) -> Found | None:
    """Return what the unit found: 属实, 部分属实, 不属实, 查无实据."""
    match = message.find(_VERDICT) or (message.is_unit and message.find(_PLAIN_VERDICT)) or None
    if match is None or message.find(_NOT_VERDICT) or not message.find(_CHECKED):
        return None
    if message.is_leader or (message.role is Role.INFORMANT and not message.find(_CHECKED_FIRST)):
        return None
    text = message.said
    cause = _CAUSE.search(text, match.end()) or _CAUSE.search(text)
    rest = text[match.end() :].strip(" ,:;。!")
    shown = message.words(match.end()) if rest else ""
    reason = message.words(*cause.span("reason")) if cause else ""
    found = slots(
        case=message.case,
        verdict=_verdict(text),
        reason=reason or shown,
        text=shown or message.words(),
    )
    return Found(Intent.UNIT_VERIFY_RESULT, found)


def _verdict(text: str) -> str:
    without_false = re.sub("不(?:完全)?属实", "", text)
    if _PARTLY.search(text) or ("属实" in without_false and _FALSE.search(text)):
        return "部分属实"
    if re.search("查无实据|无事实依据", text):
        return "查无实据"
    return "不属实" if _FALSE.search(text) else "属实"


def find_done(message: Message) -> Found | None:
    """Return the unit's word that it is done: a request to close, never the closing itself."""
    match = message.find(_DONE)
    if match is None or message.find(_NOT_DONE) or message.role in LEADERS:
        return None
    if message.role is Role.OFFICE_DIRECTOR and not re.search(
        "处置完|处理完|整改|申请", message.said
    ):
        return None
    text = re.sub(
        rf"^(?:{CASE}|\s)*(?:处置|处理|整改|办理)?(?:完毕|完成|完了|到位)?[,。:]?", "", message.said
    )
    shown = message.words(len(message.said) - len(text)) if len(text) > 1 else ""
    return Found(Intent.UNIT_DONE, slots(case=message.case, text=shown or message.words()))


def find_draft(message: Message) -> Found | None:
    """Return the reply text a unit submits (拟回复), exactly as typed."""
    if message.role in LEADERS:
        return None
    match = _DRAFT.search(message.text)
    if match and match.start() < LINE:  # later it is part of another text
        draft = _DRAFT_TAIL.sub("", message.raw[message.at[match.start("draft")] :]).strip()
        return Found(Intent.UNIT_DRAFT_REPLY, slots(case=message.case, draft=draft))
    sent = message.find(_DRAFT_SENT)
    if sent and message.role is not Role.OFFICE_DIRECTOR:
        rest = message.words(sent.end())
        return Found(
            Intent.UNIT_DRAFT_REPLY,
            slots(case=message.case, draft=rest if len(rest) >= CLAUSE else ""),
        )
    return None


def find_publication(message: Message) -> Found | None:
    """Return that the answer is out: where, when and with which link."""
    if not message.find(_PUBLISHED) or message.find(_BY_OTHERS) or message.role in LEADERS:
        return None
    if (message.role is Role.INFORMANT and not message.find(_OWN)) or re.search(
        r"[?吗]\s*$|没有$", message.said
    ):
        return None
    if not (message.addresses or message.find(_OWN)):
        return None
    clocks = [
        m
        for m in find_moments(message.said, message.now, past=True)
        if m.has_clock and not m.is_span
    ]
    found = slots(
        case=message.case,
        channel=_channel(message.said),
        url=message.url,
        time=iso(clocks[-1].at) if clocks else "",
    )
    return Found(Intent.UNIT_PUBLISHED, found)


def _channel(text: str) -> str:
    place = _CHANNEL.search(text)
    named = place[0] if place else ""
    if not _REPLIED.search(text):
        return named
    return f"{'原帖' if '原帖' in text else ''}{named}跟帖"
