"""Who is to deal with a case: assigning, transferring, adding helpers, urging (交办, 转办, 协办, 催办)."""

import re

from cases.chat.actions import actions_in
from cases.chat.dues import deadline_of
from cases.chat.intents import Found, Intent, slots
from cases.chat.message import Message
from cases.chat.names import TASK, is_person
from cases.chat.normalise import CASE
from cases.people import Role

_ARG = r"[^,。;!?\n:@]{1,40}?"
_STOP = rf"(?=(?:{TASK})|[,。;!\n]|$)"
_LEAD = re.compile(rf"(?:请|由|交由|交给|交|指定|让|安排|以)?(?P<lead>{_ARG})(?:牵头|主办|为主|主责|负责牵头)")
_COOP = re.compile(rf"(?:请|由|让|和|、|,|^|。|;|办|头)(?P<coop>{_ARG})(?:配合|协办|协助|协同)")
_COOP_AFTER = re.compile(rf"(?:协办|配合)(?:单位)?(?:为|是|:|加上?|增加)(?P<coop>{_ARG})(?=[,。;!\n]|$)")
_GIVE = re.compile(
    rf"(?:交由|交给|交办给?|转办给?|派给|派单给|派单?到|派发给?|分给|分办给?|分派给?|指派给?|安排给?|下发给?|推送给?|转|给|派|交(?!流|代|班|接|通|警|上来|叉|管|付|费|易)|由|请|让|指定|责成|要求|通知|安排|叫)"
    rf"\s*(?P<units>{_ARG}){_STOP}"
)
_MENTION = re.compile(r"@\s?(?P<unit>[^\s@\-_,。:/(]{2,20})(?:\s?[-_/(]\s?(?P<person>[^\s@,。:)]{1,8})\)?)?")
_TRANSFER = re.compile(
    rf"(?:转给|转交(?:给|由)?|转由|转到|转办给?|转派给?|移交给?|移送给?|改派给?|改由|改交给?|改给|重新(?:派给|交给|交办给?)|换(?:成|给|到)|调整(?:为|到|给)|转(?!发|载|运|院|移|账|学|播|赞|评|为|成|移|一))(?P<units>{_ARG}){_STOP}"
)
_ADD = re.compile(
    rf"(?:再|增加|加上|加|追加|补充|新增|增派|另请|另|也?请|把|让|拉上|叫上|还要|还有)+\s*(?P<units>{_ARG})(?:也|都|一起|一并|共同|来|为|作为|参与|参加|进来|做|,)*(?:协办|配合|协助|参加|参与|一起办|协办单位)"
)
_ADDED = re.compile(rf"(?:协办|配合)(?:单位)?(?:再)?(?:加上?|增加|追加)(?P<units>{_ARG})(?=[,。;!\n]|$)")
_ADD_WORD = re.compile(r"(?:^|[,。;]|[\ue200-\ue3ff])\s*(?:再|增加|加|追加|新增|补充|另请|拉上|叫上|协办单位|请[^,]{2,12}也|[^,]{2,10}也(?:参加|参与|协办|配合))|再加|也(?:参加|参与|协办)")
_WORK = re.compile(
    r"办理|处理|处置|核实|核查|调查|牵头|主办|承办|办|负责|阅处|反馈|回复|答复|落实|整改|研究|关注|解决|查|首报|提|拟|去|报"
)
_GIVE_WORD = re.compile(r"交(?!流|代|班|接|通|警|叉|管|费|易)|派|分(?:给|办|派)|给(?!出|予|我|他|大家|网友|群众)|由|指定|责成|下发|推送|@|牵头|主办|请")
_URGE = re.compile(
    r"催|抓紧|赶紧|加快|快(?:一)?点|快些|尽快|还剩|快(?:要)?(?:超时|到期|超期)|(?:马上|即将)(?:超时|到期|超期)|还没(?:有)?(?:首报|签收|反馈|回复|报|动静|办)|(?:仍|尚)?未(?:签收|首报|反馈|回复)|等着|麻烦.{0,4}快|超时了|超期了|逾期|提醒一下|该报了|到时间了"
)
_NOT_URGE = re.compile(r"清单|哪些|列|为什么|为何|怎么|别催|不要催|催我|有没有|[?]\s*$|申请|延")
_WHY_AFTER = re.compile(r"[,。;]\s*(?P<reason>[^,。;]*(?:不归|不属|管不了|不是|错了|归|职能|职责|权属|产权|误|原来|因)[^。;]*)")
_FUNCTION = re.compile(rf"{CASE}|把|这件|这个|此件|该件|的|都|件|吗|吧")


def _units(message: Message, argument: str) -> list[str]:
    return message.names.units_of(_FUNCTION.sub("", argument))


def _reason(message: Message) -> str:
    match = _WHY_AFTER.search(message.said)
    return message.words(*match.span("reason")) if match else ""


def find_transfer(message: Message) -> Found | None:
    """Return to which unit a case moves (转办)."""
    match = message.find(_TRANSFER)
    if match is None or message.is_unit or re.search(r"转发(?:量|数)?[0-9]|建议转|[?吗]\s*$", message.said):
        return None
    units = _units(message, match["units"])
    if not units or not all(_is_name(message, unit) for unit in units):
        return None
    found = slots(case=message.case, units=units, reason=_reason(message))
    return Found(Intent.ASSIGN_TRANSFER, found | deadline_of(message))


def _is_name(message: Message, unit: str) -> bool:
    """Whether an argument is a unit at all, not a piece of a sentence."""
    return bool(message.names.units_in(unit)) or 1 < len(unit) <= 8 and not re.search(r"[我你他这那了着过吗呢吧很不]|转|一下|手里|出去|过去", unit)  # noqa: PLR2004


def find_add_coop(message: Message) -> Found | None:
    """Return which helpers are added (加协办)."""
    if not message.find(_ADD_WORD) or message.find(re.compile("牵头|主办")):
        return None
    match = message.find(_ADDED) or message.find(_ADD)
    units = _units(message, match["units"]) if match else []
    if not units or re.search(r"会商|开会|研判会|会议", message.said):
        return None
    return Found(Intent.ASSIGN_ADD_COOP, slots(case=message.case, coop=units))


def parts_of(message: Message) -> dict[str, object]:
    """Return lead, units, coop and mention as far as the message names them."""
    lead = message.find(_LEAD)
    leads = _units(message, lead["lead"]) if lead else []
    if lead and not leads and is_person(lead["lead"]):
        leads = [lead["lead"]]
    rest = message.said[lead.end():] if lead else message.said
    coop = _COOP.search(rest) or _COOP_AFTER.search(rest)
    helpers = _units(message, coop["coop"]) if coop else []
    mention = _MENTION.search(message.said)
    units = [unit for unit in leads if not is_person(unit)]
    if mention and not leads:
        units = [mention["unit"]]
    if not leads and not mention:
        given = _GIVE.search(message.said)
        units = [u for u in _units(message, given["units"]) if _is_name(message, u)] if given else []
    if not units and not leads:
        units = [u for u in message.names.units_in(rest) if u not in helpers][:6]
    return slots(
        lead=leads[0] if leads else "",
        units=[u for u in units if u not in helpers],
        coop=helpers,
        mention=mention["person"] if mention and mention["person"] else "",
    )


def find_assignment(message: Message) -> Found | None:
    """Return who is made responsible, and by when (交办)."""
    if not message.find(_GIVE_WORD) or message.is_unit or message.is_leader and not message.cases:
        return None
    if re.search(r"[?吗]\s*$|发布会|会商|值班|交班|阅示|审示|批示", message.said):
        return None
    parts = parts_of(message)
    has_work = bool(_WORK.search(message.said)) or bool(message.cases) or bool(re.search("交|派|给", message.said))
    if not (parts.get("units") or parts.get("lead")) or not has_work:
        return None
    found = slots(case=message.case) | parts | deadline_of(message)
    return Found(Intent.ASSIGN, found, weak=message.role is Role.INFORMANT)


def find_instruction(message: Message) -> Found | None:
    """Return a leader's free order (批示): who is to do what by when."""
    if message.role is not None and not message.is_leader:
        return None
    text = message.said
    acts = [act for act in actions_in(text) if act != "持续关注"]
    given = re.search(rf"请|由|让|牵头|配合|速|立即|马上|立刻|务必|必须|尽快|抓紧|要|报我|给我|回话|{CASE}", text)
    if not given or re.search(r"[?吗]\s*$|能不能|可不可以|吃|开会", text):
        return None
    parts = parts_of(message) if re.search("请|由|让|@|牵头|配合|局|委|办|部|队|镇|街道|公司|院|校", text) else {}
    due = deadline_of(message)
    if not (acts or due or (parts and _WORK.search(text))):
        return None
    if message.role is None and not (parts and acts):
        return None
    return Found(Intent.INSTRUCT, slots(case=message.case, action=acts) | parts | due)


def find_urge(message: Message) -> Found | None:
    """Return whom to hurry (催办)."""
    if not message.find(_URGE) or message.find(_NOT_URGE) or message.is_unit:
        return None
    if message.is_leader and not re.search("催|还没|未", message.said):
        return None
    wants_work = re.search(r"核实|处理|处置|办理|调查|查清|牵头|交办", message.said)
    has_due = bool(re.search(r"[0-9一二三四五六日天底]\s?[日号点时周]?[0-9:]{0,5}前|下班前|之?内(?!容)", message.said))
    if wants_work and has_due:
        return None
    mention = _MENTION.search(message.said)
    units = [mention["unit"]] if mention else message.names.units_in(message.said)
    if not units:
        given = re.search(rf"(?:催一?下?|催促|请|提醒一?下?|让)(?P<u>{_ARG})(?={TASK}|,|$|还|快|签|反|首)", message.said)
        units = [u for u in _units(message, given["u"]) if _is_name(message, u)] if given else []
    found = slots(case=message.case, units=units, mention=mention["person"] if mention else "")
    return Found(Intent.URGE, found)
