"""What the office says about special periods (特殊时期): start, end, which there are."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class PeriodDeed(StrEnum):
    """What is wanted."""

    START = "启动"
    END = "结束"
    LIST = "查看"


@dataclass(frozen=True, slots=True)
class PeriodWish:
    """What is wanted of which period, by the name said ("" of all)."""

    deed: PeriodDeed
    name: str = ""


_WATCH = "(?:期间?)?(?:的)?(?:24小时|特殊时期|应急)?(?:值守|值班|特殊时期|勤务)"
_NAME = "(?P<name>[\u4e00-\u9fff]{2,8}?)"
_START = re.compile(
    rf"^(?:请|现在|从|自)?[^,。;?启进]{{0,24}}(?:启动|进入|转入)\s?{_NAME}{_WATCH}[^?吗]{{0,40}}$"
)
_END = re.compile(rf"^(?:请|现在|提前)?(?:结束|解除|终止)\s?{_NAME}{_WATCH}[。!]?$")
_LIST = re.compile(
    "^(?:(?:现在)?(?:有哪些|有什么|查|看|列一下)?特殊时期(?:有哪些|安排|值守)?"
    "|现在是(?:什么|哪个)(?:特殊)?时期)[?。]?$"
)


def period_wish(text: str) -> PeriodWish | None:
    """Return what is wanted of a special period, None where the words are about something else."""
    said = unicodedata.normalize("NFKC", text).strip()
    if _LIST.match(said):
        return PeriodWish(PeriodDeed.LIST)
    for deed, words in ((PeriodDeed.START, _START), (PeriodDeed.END, _END)):
        match = words.match(said)
        if match:
            return PeriodWish(deed, match["name"])
    return None
