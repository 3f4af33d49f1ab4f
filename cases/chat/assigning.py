"""Who is to deal with a case: assign, transfer, add helpers, urge (交办, 转办, 加协办, 催办)."""

import re
from collections.abc import Iterator

from cases.chat.actions import actions_in
from cases.chat.dues import deadline_of
from cases.chat.intents import Found, Intent, slots
from cases.chat.leaders import RELAYED
from cases.chat.lengths import WORD
from cases.chat.message import Message
from cases.chat.names import is_person
from cases.chat.normalise import CASE
from cases.people import Role

_GIVE = re.compile(
    "交由|交给|交办给?|转办给?|派给|派单给|派单?到|派发给?|分给|分办给?|分派给?|"
    "指派给?|安排给?|下发给?|推送给?|移交给?|转给|转交给?|给|派|转(?!发)|"
    r"交(?!流|代|班|接|通|警|上来|叉|管|付|费|易)|由|请|让|指定|责成|要求|通知|安排|叫|烦请|麻烦"
)
_LEAD = re.compile(r"\s*(?:来|负责)?(?:牵头|主办|为主(?:办)?|主责|主抓)")
_COOP = re.compile(
    r"\s*(?:等)?(?:单位|部门)?(?:来|一起|共同|予以|积极)?(?:配合|协办|协助|协同|为协办|参与)"
)
_COOP_NAMED = re.compile(r"会同\s*|(?:协办|配合)(?:单位)?(?:为|是|:|再?加上?|再?增加|追加)\s*")
_MENTION = re.compile(
    r"@\s?(?P<unit>[^\s@\-_,。:/(]{2,20})(?:\s?[-_/(]\s?(?P<person>[^\s@,。:)]{1,8})\)?)?"
)
_TRANSFER = re.compile(
    "转给|转交(?:给|由)?|转由|转到|转办给?|转派给?|移交给?|移送给?|改派给?|改由|"
    "改交给?|改给|重新(?:派给|交给|交办给?)|换(?:成|给|到)|调整(?:为|到|给)|"
    r"转(?!发|载|运|院|移|账|学|播|赞|评|为|成|一|来|自|入)"
)
_ADD = re.compile(
    "再(?:加上?|请|叫上?|让|增加)?|增加|加上|加(?!快|强|急|大|班)|追加|新增|增派|补充|"
    "另(?:外)?请|另加|拉上|叫上|还要|还有|请|让|把"
)
_HELPS = re.compile(
    r"(?:也|都|一起|一并|共同|来|为|作为|参与|参加|进来|做|,|予以|\s)*(?:协办|配合|"
    "协助|参加|参与|一起办|协同|支援)"
)
_ADD_WORD = re.compile(
    r"(?:^|[,。;\ue200-\ue3ff])\s*(?:再|增加|加|追加|新增|补充|另请|拉上|叫上|协办|"
    "配合单位)|再(?:加|请|叫|让)|也(?:来|一起)?(?:参加|参与|协办|配合)|一并(?:协办|"
    r"配合|参与)|(?:^|[,。;\ue200-\ue3ff])\s*请[^,。;牵主]{2,16}(?:协办|协同办理)"
)
_STARTS = re.compile(rf"^|[,。;\n、和与](?!\s)|(?:{_GIVE.pattern})")
_WORK = re.compile(
    "办理|处理|处置|核实|核查|调查|牵头|主办|承办|办|负责|阅处|反馈|回复|答复|落实|"
    "整改|研究|关注|解决|查|首报|提|拟|去|报"
)
_GIVE_WORD = re.compile(
    "交(?!流|代|班|接|通|警|叉|管|费|易)|派|分(?:给|办|派)|给(?!出|予|我|他|大家|网友|"
    "群众)|由|指定|责成|下发|推送|@|牵头|主办|请"
)
_URGE = re.compile(
    "催|抓紧|赶紧|加快|快(?:一)?点|快些|尽快|还剩|快(?:要)?(?:超时|到期|超期)|(?:马上|"
    "即将)(?:超时|到期|超期)|还没(?:有)?(?:首报|签收|反馈|回复|报|动静|办)|(?:仍|"
    "尚)?未(?:签收|首报|反馈|回复)|等着|麻烦.{0,4}快|超时了|超期了|逾期|提醒一下|"
    "该报了|到时间了|加急"
)
_URGED = re.compile(r"催促|催一下|催催|催下|催|请|提醒一下|提醒|让")
_NOT_URGE = re.compile(r"清单|哪些|列|为什么|为何|怎么|别催|不要催|催我|有没有|[?]\s*$|申请|延")
_PLAIN_URGE = re.compile(r"(?<![别要为么])催(?:催|一下|下|办一下)(?![?吗])")
_WHY_AFTER = re.compile(
    r"[,。;]\s*(?P<reason>[^,。;]*(?:不归|不属|不对|不符|管不了|不是|错了|派错|归|职能|"
    "职责|权属|产权|误|原来|因)[^。;]*)"
)


# Not a reason, but what is to be done, or by when.
_ORDERS = re.compile(
    "^\\s*(?:请|要求?|务必|必须|尽快|抓紧|立即|马上|并|限|于|由|同意|改)|[前内]\\s*(?:$|[办反报首回完])|"
    "反馈|[时期]限|退回|尽快|抓紧|报我|另行?通知"
)
_BECAUSE = re.compile(r"^\s*(?:理由是?|原因是?|因为|由于)[:\s]*")


def _reason(message: Message) -> str:
    match = _WHY_AFTER.search(message.said)
    return message.words(*match.span("reason")) if match else _why(message)


def _why(message: Message) -> str:
    """Return the clauses that name no unit to give it to, no order and no deadline."""
    kept = []
    for match in re.finditer(r"[^,。;\n!]+", message.said):
        if _TRANSFER.search(match[0]) or _ORDERS.search(match[0]):
            continue
        because = _BECAUSE.match(match[0])
        kept.append(message.words(match.start() + (because.end() if because else 0), match.end()))
    return ", ".join(one for one in kept if len(one) > WORD)


def _after(message: Message, pattern: re.Pattern[str], start: int = 0) -> tuple[list[str], int]:
    """Return the units named right after the first fitting word, and where their list ends."""
    for match in pattern.finditer(message.said, start):
        units, end = message.names.leading(message.said[match.end() :])
        if units:
            return units, match.end() + end
    return [], 0


def find_transfer(message: Message) -> Found | None:
    """Return to which unit a case moves (转办)."""
    if message.is_unit or re.search(
        r"建议转|[?吗]\s*$|牵头|主办|转发(?:量|数)?[0-9]", message.said
    ):
        return None
    units, _end = _after(message, _TRANSFER)
    if not units or is_person(units[0]):
        return None
    found = slots(case=message.case, units=units, reason=_reason(message))
    return Found(Intent.ASSIGN_TRANSFER, found | deadline_of(message))


_UNIT_GIVES = re.compile("转给|转交给?|转由|转到|转办给?|移交给?|移送给?|改派给?|改由|交给|派给")


def find_unit_transfer(message: Message) -> Found | None:
    """Return to which unit somebody of a unit would move a case: the office alone may."""
    if not message.is_unit or re.search(r"[?吗]\s*$|退|牵头|主办|协办", message.said):
        return None
    units, _end = _after(message, _UNIT_GIVES)
    if not units or is_person(units[0]) or not message.names.units_in(units[0]):
        return None
    return Found(Intent.ASSIGN_TRANSFER, slots(case=message.case, units=units), weak=True)


def find_add_coop(message: Message) -> Found | None:
    """Return which helpers are added (加协办)."""
    if not message.find(_ADD_WORD) or message.find(re.compile("牵头|主办")):
        return None
    if re.search(r"会商|开会|研判会|会议|[?吗]\s*$", message.said):
        return None
    units, _end = _after(message, _COOP_NAMED)
    if not units:
        units = _helpers(message)
    return Found(Intent.ASSIGN_ADD_COOP, slots(case=message.case, coop=units)) if units else None


def _helpers(message: Message) -> list[str]:
    for match in _ADD.finditer(message.said):
        units, end = message.names.leading(message.said[match.end() :])
        if units and _HELPS.match(message.said, match.end() + end):
            return units
    return []


def parts_of(message: Message) -> dict[str, object]:
    """Return lead, units, coop and mention as far as the message names them."""
    lists = list(_lists(message))
    lead = next((units for units, after in lists if _LEAD.match(after)), [])
    helpers = next((units for units, after in lists if _COOP.match(after)), [])
    helpers = helpers or _after(message, _COOP_NAMED)[0]
    if lead and not helpers:  # 给交警和城管一起办,交警牵头
        together = next((units for units, _after in lists if lead[0] in units[:] and units[1:]), [])
        helpers = [unit for unit in together if unit not in lead and not is_person(unit)]
    mention = _MENTION.search(message.said)
    units = [unit for unit in lead if not is_person(unit)]
    if mention and not lead:
        units = [mention["unit"]]
    if not lead and not mention:
        units = _given(message, helpers)
    return slots(
        lead=lead[0] if lead else "",
        units=[u for u in units if u not in helpers],
        coop=helpers,
        mention=(mention["person"] or "") if mention else "",
    )


def _lists(message: Message) -> Iterator[tuple[list[str], str]]:
    """Yield every list of names with the words after it; a list begins after a stop or 请, 由 …."""
    for match in _STARTS.finditer(message.said):
        units, end = message.names.leading(message.said[match.end() :])
        if units:
            yield units, message.said[match.end() + end :]


def _given(message: Message, helpers: list[str]) -> list[str]:
    for match in _GIVE.finditer(message.said):
        units, _end = message.names.leading(message.said[match.end() :])
        if units and not set(units) & set(helpers):
            return [unit for unit in units if not is_person(unit)]
    return [unit for unit in message.names.units_in(message.said) if unit not in helpers][:6]


def find_assignment(message: Message) -> Found | None:
    """Return who is made responsible, and by when (交办)."""
    if not message.find(_GIVE_WORD) or message.is_unit or (message.is_leader and not message.cases):
        return None
    if re.search(r"[?吗]\s*$|发布会|会商|值班|交班|阅示|审示|批示", message.said):
        return None
    parts = parts_of(message)
    has_work = bool(message.find(_WORK) or message.cases or re.search("交|派|给", message.said))
    if not (parts.get("units") or parts.get("lead")) or not has_work:
        return None
    found = slots(case=message.case) | parts | deadline_of(message)
    return Found(Intent.ASSIGN, found, weak=message.role is Role.INFORMANT)


def find_instruction(message: Message) -> Found | None:
    """Return a leader's free order (批示): who is to do what by when."""
    told = message.find(RELAYED)
    if message.role is not None and not message.is_leader and not told:
        return None
    text = message.said
    acts = [act for act in actions_in(text) if act != "持续关注"]
    given = re.search(
        rf"请|由|让|牵头|配合|速|立即|马上|立刻|务必|必须|尽快|抓紧|要|报我|给我|回话|{CASE}", text
    )
    if not (given or (message.is_leader and acts)) or re.search(
        r"[?吗]\s*$|能不能|可不可以|吃|开会", text
    ):
        return None
    parts = (
        parts_of(message)
        if re.search("请|由|让|叫|@|牵头|配合|局|委|办|部|队|镇|街道|公司|院|校", text)
        else {}
    )
    due = deadline_of(message)
    if not (acts or due or (parts and _WORK.search(text))):
        return None
    if message.role is None and not (parts and acts):
        return None
    return Found(Intent.INSTRUCT, slots(case=message.case, action=acts) | parts | due)


def find_urge(message: Message) -> Found | None:
    """Return whom to hurry (催办)."""
    plainly = message.find(_PLAIN_URGE)
    if not message.find(_URGE) or message.is_unit or (message.find(_NOT_URGE) and not plainly):
        return None
    if message.is_leader and not re.search("催|还没|未|动静", message.said):
        return None
    wants_work = re.search(r"核实|处理|处置|办理|调查|查清|牵头|交办", message.said)
    has_due = bool(
        re.search(
            r"[0-9一二三四五六日天底]\s?[日号点时周]?[0-9:]{0,5}前|下班前|之?内(?!容)", message.said
        )
    )
    if wants_work and has_due:
        return None
    mention = _MENTION.search(message.said)
    units = [mention["unit"]] if mention else message.names.units_in(message.said)
    if not units:
        units = [unit for unit in _after(message, _URGED)[0] if not is_person(unit)]
    person = (mention["person"] or "") if mention else ""
    found = slots(case=message.case, units=units, mention=person)
    return Found(Intent.URGE, found | deadline_of(message))
