"""How units answer: sign, decline, ask for time or help, report, verify, finish (责任单位)."""

import re

from cases.chat.actions import actions_in
from cases.chat.dues import extension_of
from cases.chat.intents import Found, Intent, slots
from cases.chat.lengths import PHRASE
from cases.chat.message import LEADERS, Message
from cases.chat.normalise import CASE
from cases.people import Role

_SIGN = re.compile(
    rf"^(?:{CASE}|[、,和\s]){{0,20}}(?P<unit>[\u4e00-\u9fff]{{0,12}}?)(?:已经?|均已|"
    rf"都)?\s*(?:{CASE})?\s*(?:收到|收悉|签收|接单|接收|收讫|领命|接件|已收|收件)"
    r"(?!了?(?:没|群众|市民|投诉|举报|反映|网友|来信|通知书|网民|记者|一|吗|率|时|后|情况|的))"
)
_SIGNER = re.compile(
    "(?:好的?|嗯+|行|已)?,?(?:我.{0,6}|本.{0,4}|"
    ".*[局委办队镇道院校司区处所心部县乡村会厅站安建管防业厂])?"
)
_NO_SIGNER = re.compile(r"没|未|几|哪|等|请|谁|有|还|让|催|别|不")
_CLEAR_SIGN = re.compile(r"签收|接单|接件|收讫")
_DECLINE = re.compile(
    "不(?:属于?|归|是|在)(?:我|本|咱)|不(?:属于?|在)[^,。;]{0,6}(?:职责|职能|范围|"
    "辖区|管辖|管理)|不归[^,。;]{0,8}管|不是(?:我|本)?(?:们)?(?:局|单位|部门|委|街道|"
    "镇|辖区|公司|学校)?[^,。;]{0,6}(?:职责|职能|管|范围|的事)|非(?:我|"
    "本)[^,。;]{0,4}(?:辖区|职责|单位|局|管辖|职能)|职能不符|职责不符|权责不符|"
    "无管辖权|没有管辖权|产权未移交|未移交|退件|退单|退回|退办|"
    r"(?:^|[,。;]|这[个件]?事|此件|该件)(?:应该?|应当)?归(?!我|本|咱|档|类|还)[^,。;]{2,8}管|管不了|派错|交办错|不该(?:我|由我)|与我(?:局|单位|们)无关|属地(?:不符|不是)|跨辖区"
)
_SUGGEST = re.compile(
    "(?:建议|应该?|应当|请|申请|改|直接|需要?|该)*(?:转(?:交|给|至|到|由|派|办)?给?|"
    r"由|交(?:由|给)?|找|派给|改派|归|问)(?P<unit>[^,。;!\n移]{2,20})|"
    r"(?<!不)属于?(?!于|我|本|实|地)(?P<owner>[^,。;!\n]{2,14})|"
    r"是(?P<is>[^,。;!\n我不]{2,12}?)(?:管的?|负责的?|的事|的职责|的?辖区)"
)
_DECLINE_NOISE = re.compile(
    rf"{CASE}|(?:申请|请求|请|要求)?(?:退件|退单|退回|退办)(?:重派|处理|办理)?[::,]?|"
    "^经(?:查|核实|核查|了解)[,:]?(?:该帖|该件|此帖)?|^(?:这个|这件|这事|此件|该件|"
    "该帖)"
)
_EXTEND = re.compile(
    "延期|延长|宽限|延后|推迟|延到|延至|缓(?:一缓|几天|两天|一天|到|至)|再给(?:我们?|点|些)[^,。]{0,6}(?:天|时间|小时)|晚(?:几|两|一|"
    "[0-9])(?:天|个?小时)|延缓|展期|顺延|多给|延(?=[,。到]|$)"
)
_GRANT = re.compile(
    r"同意|准予|批准|准许|可以|允许|准了|最多|给你们|同意延|准延|延[到至].{0,10}吧|好的|(?<!不)批了"
)
_DENY = re.compile(
    "不同意|不批|不准|不予|(?<!行)不行|驳回|不能(?:再)?延|不得(?:再)?延|不允许|别延|不许|"
    "不可以|不再延|拒绝|没得延|不延|不给延|不要再延"
)
_ASKING = re.compile(
    r"申请|能否|能不能|行不行|好不好|可否|可不可以|请求|请予|恳请|希望|想|需要|是否可以|[?吗]\s*$|请批准|望"
)
_COOP = re.compile(r"需要?|请求?|得|想请|希望|要|申请|恳请|还需|须|建议|能否请|能不能请|麻烦|协调")
_HELP = re.compile(
    r"(?:的)?(?:一起)?(?:配合|协助|支援|支持|帮忙|一起|联合|介入|会同|共同|提供|出面|到场|派)"
)
_COOP_WORD = re.compile(r"配合|协助|支援|支持|一起|协调|联合|介入|出面|提供")


def find_sign(message: Message) -> Found | None:
    """Return the receipt: it signs only when somebody of a unit says it; a leader has only read."""
    match = message.find(_SIGN)
    if match is None or re.search(r"[?吗]\s*$|没有?$", message.said):
        return None
    if not _SIGNER.fullmatch(match["unit"]) or _NO_SIGNER.search(match["unit"]):
        return None
    units = message.names.units_in(match["unit"]) or [
        u
        for u in message.names.units_of(match["unit"])
        if re.search(r"[局委办队镇道院校司区]$", u) and not re.match("我|本", u)
    ]
    found = slots(case=message.case, units=units, action=actions_in(message.said))
    if message.is_unit:
        return Found(Intent.UNIT_SIGN, found)
    if message.role is None:
        return _unknown_receipt(
            message, found, is_clear=bool(units or _CLEAR_SIGN.search(message.said))
        )
    return Found(Intent.READ_ACK, found, weak=True)


def _unknown_receipt(message: Message, found: dict[str, object], *, is_clear: bool) -> Found:
    """收到 from nobody in the table: signing is the unit's alone, so without more words we ask."""
    if is_clear or message.cases:
        return Found(Intent.UNIT_SIGN, found)
    return Found(Intent.AMBIGUOUS, found, likeliest=(Intent.UNIT_SIGN, Intent.READ_ACK))


def find_decline(message: Message) -> Found | None:
    """Return the wish to return a case that is not the unit's (退回)."""
    match = message.find(_DECLINE)
    if (
        match is None
        or message.role in LEADERS | {Role.INFORMANT}
        or re.search(r"[?]\s*$|稿|口径|重写|重拟", message.said)
    ):
        return None
    if message.role in {Role.OFFICE_DIRECTOR, Role.DUTY_OFFICER} and not re.search(
        "我|本单位|申请", message.said
    ):
        return None
    if message.role is None and match[0] in {"退回", "退办"} and len(message.said) < PHRASE:
        return None
    reason = _decline_reason(message)
    return Found(
        Intent.UNIT_DECLINE,
        slots(case=message.case, reason=reason, suggest_unit=_suggested(message)),
    )


def _suggested(message: Message) -> str:
    found = _SUGGEST.finditer(message.said)
    for match in sorted(found, key=lambda one: one["unit"] is None):  # 建议交… before 属…
        written = match["unit"] or match["owner"] or match["is"]
        if re.search(r"^(?:我|本|咱)|查|不|退|开发商|核实", written):
            continue
        units, _end = message.names.leading(written)
        if units:
            return units[0]
    return ""


def _decline_reason(message: Message) -> str:
    kept = []
    for match in re.finditer(r"[^,。;\n!]+", message.said):
        clause = _DECLINE_NOISE.sub("", match[0]).strip(" :,")
        if len(clause) > 1 and not re.match(r"(?:建议|请|应该?|应由|申请)", clause):
            kept.append(clause)
    return ",".join(kept)


def find_ruling(message: Message) -> Found | None:
    """Return the office's ruling on a return: taken back, or the unit keeps it."""
    text = message.said
    if message.is_unit or not re.search("退回|退件|退单|维持交办|退办", text):
        return None
    if re.search(
        (
            "(?:不同意|不准|不予|不得|不能|不许|驳回|不可以|别|不要)[^,。;]{0,4}(?:退|申请)|"
            "维持交办|维持原(?:交办|派)|退[^,。]{0,6}(?:不予|不同意|不批|驳回)"
        ),
        text,
    ):
        return Found(Intent.DECLINE_DENY, slots(case=message.case, reason=_why_kept(message)))
    if re.search(
        r"(?:同意|准予|准许|可以|批准|接受)[^,。;]{0,6}退|退(?:回|件|单)(?:申请)?(?:同意|可以)",
        text,
    ):
        return Found(Intent.DECLINE_GRANT, slots(case=message.case))
    return None


_RULED = re.compile("退回|退件|退单|退办|维持(?:交办|原)|^\\s*请")
_BECAUSE = re.compile(r"^\s*(?:理由是?|原因是?|因为|由于)[:\s]*")


def _why_kept(message: Message) -> str:
    """Return why the unit keeps it: the clauses that say neither the ruling nor an order."""
    kept = []
    for match in re.finditer(r"[^,。;\n!]+", message.said):
        if _RULED.search(match[0]):
            continue
        because = _BECAUSE.match(match[0])
        kept.append(message.words(match.start() + (because.end() if because else 0), match.end()))
    return ", ".join(one for one in kept if len(one) > 1)


def find_extension(message: Message) -> Found | None:
    """Return an extension asked for, granted or denied (延期)."""
    text = message.said
    if not message.find(_EXTEND):
        if (
            message.is_unit
            or not re.search(r"原(?:定)?(?:时间|时限|期限)", text)
            or not re.search("不批|不同意|不行|按", text)
        ):
            return None
        return Found(Intent.EXTEND_DENY, slots(case=message.case))
    found = slots(case=message.case) | extension_of(message)
    if _DENY.search(text):
        return Found(Intent.EXTEND_DENY, found | slots(reason=_rest(message)))
    if _GRANT.search(text) and not (_ASKING.search(text) or message.is_unit):
        return Found(Intent.EXTEND_GRANT, found)
    if (
        message.is_leader
        and re.search(r"(?:延|宽限|推迟)[到至]", text)
        and not _ASKING.search(text)
    ):
        return Found(Intent.EXTEND_GRANT, found)
    if re.search(r"^[^,。]{0,6}(?:会|发布会)|会议|会商", text):
        return None
    return Found(Intent.UNIT_EXTEND, found | slots(reason=_rest(message)))


def _rest(message: Message) -> str:
    kept = [
        message.words(*match.span())
        for match in re.finditer(r"[^,。;\n!]+", message.said)
        if not _EXTEND.search(match[0]) and not re.search("今天必须|必须", match[0])
    ]
    because = re.search(r"(?:因为?|由于)([^,。;]{2,30})", message.said)
    return ",".join(k for k in kept if len(k) > 1) or (because[1] if because else "")


def find_coop_request(message: Message) -> Found | None:
    """Return whose help the unit needs (需XX配合)."""
    if (message.role is not None and not message.is_unit) or not message.find(_COOP_WORD):
        return None
    if re.search(r"牵头|已(?:经)?(?:协调|联合)", message.said):
        return None
    for match in _COOP.finditer(message.said):
        units, end = message.names.leading(message.said[match.end() :])
        kept = [unit for unit in units if not re.search("舆情办|办公室", unit)]
        rest = match.end() + end
        if kept and _HELP.match(message.said, rest):
            reason = re.split("[,。;]", message.words(rest))[0]
            return Found(
                Intent.UNIT_COOP_REQUEST, slots(case=message.case, coop=kept, reason=reason)
            )
    return None
