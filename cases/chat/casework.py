"""What the office does with a case: merge, split, reopen, close, archive, refuse, supervise."""

import re
from collections.abc import Callable
from dataclasses import replace

from cases.chat.actions import actions_in
from cases.chat.intents import Found, Intent, slots
from cases.chat.lengths import PHRASE, WORD
from cases.chat.message import UNIT_PEOPLE, Message
from cases.chat.normalise import CASE
from cases.people import Role

_MERGE = re.compile(
    "合并|并入|并到|并案|归并|合到|合成一|归到|一回事|一码事|并了吧|同一(?:件|个)?(?:事|问题|舆情)|"
    "是一(?:件|个)事|重复(?!上报)"
)
_INTO = re.compile(
    "(?:并入|并到|合并到|合并至|合并进|归并到|归并至|归到|合到|合并入|并进|合入|"
    rf"并案到|以|并至)\s*({CASE})|({CASE})\s*为(?:主|准)"
)
_SPLIT = re.compile(r"拆(?:分|成|开|为|出)|分拆|分成[两二三2-3]件")
_REOPEN = re.compile(
    "重新?(?:打开|启动|开启|办理|立案)|重开|重启|恢复办理|再(?:次)?打开|反弹|又炒|"
    "死灰复燃|复发|重新开|再开"
)
_AGAIN = re.compile(r"(?:昨晚)?又?(?:炒|反弹|复发|发酵|热)[^,。;]{0,12}")
_RESUME = re.compile(r"(?:恢复|继续|重新开始|重新)(?:计时|时限|倒计时|计算)|解除暂停|取消暂停")
_PAUSE = re.compile(r"暂停|(?:先)?挂起|停(?:止)?计时|中止(?:计时|办理)?|停表")
_REFUSE = re.compile(r"不予受理|不(?:再)?受理|不予办理")
_RESPONSE = r"(?:(?:[一二三四IV]{1,3}级|特别重大|重大|较大|一般)(?:舆情|级)?)?的?(?:应急)?响应"
_END = re.compile(
    rf"(?:终止|结束|解除|停止|终结)(?:对)?\s?(?:{CASE})?(?:号|件)?\s?的?{_RESPONSE}|"
    rf"{_RESPONSE}(?:工作)?(?:可以|予以|现已?|就|同意)?(?:终止|结束|解除|停止|终结)(?!后|前|之|时|条件)"
)
_NOT_END = (
    r"(?:不(?:能|要|得|许|可以?|宜)|别|未|暂不|暂缓|何时|什么时候)[^,。;]{0,3}"
    r"(?:终止|结束|解除|停止)"
)
_CLOSE = re.compile(
    r"(?:^|[,。;\s\ue200-\ue3ff])结(?:了|掉)吧|"
    "(?:可以|同意|准予|予以|批准|准许|确认|可|给|先|就|直接)(?:办结|销号|结案|结了?|"
    "闭环|办结了)|办结(?!了没|没有|率|期限|时限|报告|[?吗前不的])|销号|结案|闭环|"
    rf"(?:{CASE})\s*(?:可以)?(?:结了|结掉|结吧|关闭|关了|关掉)|把(?:{CASE})(?:结|关)了?"
)
_NOT_CLOSE = re.compile(
    "申请|请(?:领导|办公室|舆情办|主任)?(?:审核|审|求)|不能|不得|不可|未|没(?!(?:有|什么)?问题)|还|不予|"
    r"什么时候|几时|必须|务必|(?:工作日|小时|[天日周月底前内六])\s?(?:内|前|之前|"
    "以前)?(?:完成|予以)?办结|周[一二三四五六日].{0,3}办结|(?:又|再)"
)
_ARCHIVE = re.compile(r"归档|存档|入库|进案例库|归入案例")
_SUPERVISE = re.compile(
    r"(?P<kind>挂牌|重点|专项|领导|联合|提级|跟踪|现场)?督办(?!单|件|函|通知)|挂(?:个|上|块)牌(?!子)"
)
_KIND = "(?:挂牌|重点|专项|领导|联合|提级|跟踪|现场)"
_ABOUT = rf"(?:对)?\s?(?:{CASE})?(?:号|件)?\s?的?"
_OVERSIGHT_ENDS = re.compile(
    rf"(?:解除|撤[销消]|取消|结束|终止|停止){_ABOUT}{_KIND}(?:督办)?|(?:解除|结束|终止|停止){_ABOUT}督办|"
    rf"摘(?:掉|下|除|了)?{_ABOUT}(?:督办)?牌|销牌|(?:督办|挂牌)(?:的牌子)?(?:可以|予以|现已?|就|同意)?"
    rf"(?:解除|撤[销消]|取消|摘掉|摘了|结束)|不(?:再|用再?){_KIND}?督办"
)
_NOT_OVERSIGHT_ENDS = re.compile(
    r"(?:不(?:能|要|得|许|可以?|宜)|别|未|没|暂不|暂缓)[^,。;]{0,4}(?:解除|撤|取消|结束|终止|停止|摘|销)|"
    r"[?吗]\s*$|什么时候|何时|没有$"
)
_LONG = 40  # characters; a longer text that mentions 摘牌 is about something else
_REASON_NOISE = re.compile(rf"{CASE}|昨天|今天|刚才|办结的|这件|那件|的|这个|请|件|了$")


def find_merge(message: Message) -> Found | None:
    """Return which case goes into which."""
    if not message.find(_MERGE) or message.find(
        re.compile(r"不是(?:一回事|同一)|不要合并|别合并|不合并|取消合并|建议转")
    ):
        return None
    mentioned = list(dict.fromkeys(message.cases))
    into = message.find(_INTO)
    if not mentioned and not re.search(r"合并|并入|并到", message.said):
        return None
    target = message.piece(*into.span()).case if into else ""
    others = [case for case in mentioned if case != target]
    if not target and len(others) > 1:
        target, others = _older(others)
    found = slots(
        into_case=target, from_case=others[0] if others else "", from_cases=others[1:] and others
    )
    return Found(Intent.CASE_MERGE, found)


def _older(cases: list[str]) -> tuple[str, list[str]]:
    """Merging goes into the older case when nobody says otherwise."""
    digits = [case for case in cases if case.isdecimal()]
    if len(digits) == len(cases):
        oldest = min(cases, key=int)
        return oldest, [case for case in cases if case != oldest]
    return cases[0], cases[1:]


def _simple(
    pattern: re.Pattern[str], intent: Intent, *, but: str = r"(?!)"
) -> Callable[[Message], Found | None]:
    excluded = re.compile(but)

    def find(message: Message) -> Found | None:
        if not message.find(pattern) or message.find(excluded):
            return None
        return Found(intent, slots(case=message.case, reason=_reason(message, pattern)))

    return find


def _reason(message: Message, pattern: re.Pattern[str]) -> str:
    kept = []
    for match in re.finditer(r"[^,。;\n!:]+", message.said):
        rest = pattern.sub("", _REASON_NOISE.sub("", match[0])).strip()
        if not pattern.search(match[0]) and len(rest) > 1:
            kept.append(message.words(*match.span()))
        elif len(rest) > WORD:  # "昨天办结的又炒起来了"
            kept.append(rest)
    return ",".join(kept)


_QUESTION = r"[?吗]\s*$|没有$|怎么|什么时候|为什么|能否|是否"
find_split = _simple(_SPLIT, Intent.CASE_SPLIT, but=r"拆(?:迁|除|违)|" + _QUESTION)
find_refuse = _simple(_REFUSE, Intent.CASE_REFUSE, but=_QUESTION + "|为何不")
find_end = _simple(_END, Intent.RESPONSE_END, but=f"{_QUESTION}|{_NOT_END}")
find_resume = _simple(_RESUME, Intent.CASE_RESUME, but=_QUESTION)
_find_pause = _simple(
    _PAUSE, Intent.CASE_PAUSE, but=r"提醒|催|施工|营业|供|停工|暂停(?:使用|发布|回复)|" + _QUESTION
)
_find_reopen = _simple(
    _REOPEN,
    Intent.CASE_REOPEN,
    but=r"是否|会不会|防止|防范|注意|跟踪|未反弹|没有?反弹|无反弹|" + _QUESTION,
)


def find_pause(message: Message) -> Found | None:
    """Return the wish to stop the clocks of a case for a while."""
    return None if message.is_unit and not message.cases else _find_pause(message)


def find_reopen(message: Message) -> Found | None:
    """Return the wish to open a closed case again (反弹重开)."""
    if re.search(r"^\s*(?:反弹|复发)\s*$", message.said):
        return None
    found = _find_reopen(message)
    if found and "reason" not in found.slots:
        again = message.find(_AGAIN)
        return replace(found, slots=found.slots | slots(reason=again[0] if again else ""))
    return found


def find_close(message: Message) -> Found | None:
    """Return the confirmation that a case is done; from a unit it is only a request."""
    if message.role in UNIT_PEOPLE or message.role is Role.INFORMANT or not message.find(_CLOSE):
        return None
    if message.find(_NOT_CLOSE) or message.said.rstrip().endswith(("?", "吗", "没有", "没")):
        return None
    if message.role is None and re.search("已经?办结|办结完毕", message.said):
        return None
    return Found(Intent.CASE_CLOSE, slots(case=message.case))


def find_archive(message: Message) -> Found | None:
    """Return the wish to file a closed case (归档), with what is to be written."""
    if not message.find(_ARCHIVE) or re.search(r"[?吗]\s*$", message.said):
        return None
    return Found(
        Intent.CASE_ARCHIVE,
        slots(case=message.case, action=[a for a in actions_in(message.said) if a == "复盘"]),
    )


def find_supervise_end(message: Message) -> Found | None:
    """Return the word that ends the supervision of a case (解除督办, 摘牌)."""
    is_about_case = bool(message.cases or message.find(re.compile("督办|挂牌")))
    if not message.find(_OVERSIGHT_ENDS) or message.find(_NOT_OVERSIGHT_ENDS) or message.addresses:
        return None
    if len(message.said) > _LONG or not (is_about_case or len(message.said) <= PHRASE * 2):
        return None
    return Found(
        Intent.SUPERVISE_END, slots(case=message.case, reason=_reason(message, _OVERSIGHT_ENDS))
    )


def find_supervise(message: Message) -> Found | None:
    """Return the order to put a case under supervision (督办)."""
    match = message.find(_SUPERVISE)
    if match is None or re.search(r"[?吗]\s*$|哪些|取消|解除|多少|清单|列表", message.said):
        return None
    kind = f"{match['kind'] or ''}督办" if "督办" in match[0] else "挂牌督办"
    return Found(Intent.SUPERVISE, slots(case=message.case, kind=kind))
