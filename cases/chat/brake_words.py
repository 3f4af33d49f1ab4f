"""What is said to hold messages in an emergency (紧急暂停), and to let them leave again."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class BrakeDeed(StrEnum):
    """What is wanted."""

    PULL = "暂停"
    ASK = "恢复"  # shows what would leave, and asks
    SEND_ALL = "全部发出"
    SEND_LATEST = "只发最新"
    SEND_NONE = "作废不发"
    SHOW = "查看"


class BrakeKind(StrEnum):
    """A kind of message that can be held by itself."""

    ESCALATION = "升级"
    REMINDER = "提醒"
    NOTICE = "通知"
    DIGEST = "播报"


@dataclass(frozen=True, slots=True)
class BrakeWish:
    """What is wanted; of a unit as it was called, or of a kind; both empty: of everything."""

    deed: BrakeDeed
    unit: str = ""
    kind: BrakeKind | None = None


_PLEASE = "(?:请|先|马上|立即|立刻|现在|紧急)*"
_OUT = "(?:对外)?(?:消息)?(?:的)?(?:发送|外发|推送|群发)"
_KINDS = {
    "升级": BrakeKind.ESCALATION,
    "升级提醒": BrakeKind.ESCALATION,
    "提醒": BrakeKind.REMINDER,
    "催办": BrakeKind.REMINDER,
    "通知": BrakeKind.NOTICE,
    "播报": BrakeKind.DIGEST,
    "汇总": BrakeKind.DIGEST,
}
_OF_ALL = "(?:全部|所有|一切|全局|整个系统)?(?:的)?"
_ALL = re.compile(
    f"^{_PLEASE}(?:暂停|停止|停掉|先停){_OF_ALL}{_OUT}[。!]?$|^{_PLEASE}(?:刹车|紧急暂停)[。!]?$"
)
_KIND = re.compile(
    f"^{_PLEASE}(?:暂停|停止|停掉){_OF_ALL}(?P<kind>{'|'.join(_KINDS)}){_OUT}[。!]?$"
)
_UNIT = re.compile(
    f"^{_PLEASE}(?:暂停|停止|停掉)(?:给|对|向)?(?P<unit>[\u4e00-\u9fff]{{2,12}}?)(?:的)?{_OUT}[。!]?$"
)
_RESUME = re.compile(
    f"^{_PLEASE}(?:可以)?(?:恢复|继续|重新开始){_OF_ALL}{_OUT}"
    "(?:[,;:\\s]*(?P<how>全部发出|只发最新|作废不发))?[。!]?$"
)
_SHOW = re.compile(f"^(?:现在)?(?:暂停情况|{_OUT}暂停了吗|还在暂停吗|暂停着吗)[?？。]?$")


def brake_wish(text: str) -> BrakeWish | None:
    """What is wanted of the emergency brake, None where it is about something else."""
    said = unicodedata.normalize("NFKC", text).strip()
    if _SHOW.match(said):
        return BrakeWish(BrakeDeed.SHOW)
    if resumed := _RESUME.match(said):
        return BrakeWish(BrakeDeed(resumed["how"]) if resumed["how"] else BrakeDeed.ASK)
    if _ALL.match(said):
        return BrakeWish(BrakeDeed.PULL)
    if kind := _KIND.match(said):
        return BrakeWish(BrakeDeed.PULL, kind=_KINDS[kind["kind"]])
    if unit := _UNIT.match(said):
        return BrakeWish(BrakeDeed.PULL, unit=unit["unit"])
    return None
