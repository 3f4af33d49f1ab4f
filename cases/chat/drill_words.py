"""What is said to begin a drill (演练), to end it, and to see how it went."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class DrillDeed(StrEnum):
    """What is wanted."""

    LIST = "有哪些"
    BEGIN = "开始"
    END = "结束"
    SHEET = "结果"
    PRINT = "出结果表"


@dataclass(frozen=True, slots=True)
class DrillWish:
    """What is wanted; to begin: which one, and how fast (0: as it is written)."""

    deed: DrillDeed
    name: str = ""
    speed: int = 0


_MINUTES = {"小时": 60, "分钟": 1, "天": 1440}
_LIST = re.compile(r"^(?:有(?:哪些|什么)?)?演练(?:场景|清单|列表)?(?:有哪些|有什么)?[?]?$")
_BEGIN = re.compile(
    r"^(?:请)?(?:现在|马上)?(?:开始|启动|组织|搞)(?:一次|一场)?演练\s*[:,]?\s*[「\"“]?"
    r"(?P<name>[\w·-]{1,20}?)[」\"”]?"
    r"(?:[\s,]*(?:按|以)?\s*(?P<count>[0-9]{1,4})\s*(?P<unit>小时|分钟|天)\s*(?:=|为|等于|算)\s*"
    r"(?:1|一)\s*分钟)?[。!]?$"
)
_END = re.compile(
    r"^(?:请)?(?:结束|停止|终止|中止)(?:本次|这次)?演练[吧了。!]*$|^演练(?:结束|停止)[。!]?$"
)
_SHEET = re.compile(
    r"^(?:查看?|看)?(?:上次|本次|这次|最近)?(?:的)?演练(?:的)?(?:结果|情况|成绩|记录)表?[?。]?$"
)

_PRINT = re.compile(
    r"^(?:请|帮我)?(?:出|打印|导出|生成)(?:一[份张]|一下)?(?:上次|本次|这次|最近)?(?:的)?演练(?:的)?"
    r"结果表?[。]?$"
)


def drill_wish(text: str) -> DrillWish | None:
    """What is wanted of drills, None where it is about something else."""
    said = unicodedata.normalize("NFKC", text).strip()
    if _LIST.match(said):
        return DrillWish(DrillDeed.LIST)
    if _END.match(said):
        return DrillWish(DrillDeed.END)
    if _SHEET.match(said):
        return DrillWish(DrillDeed.SHEET)
    if _PRINT.match(said):
        return DrillWish(DrillDeed.PRINT)
    begun = _BEGIN.match(said)
    if begun is None:
        return None
    speed = int(begun["count"]) * _MINUTES[begun["unit"]] if begun["count"] else 0
    return DrillWish(DrillDeed.BEGIN, begun["name"], speed)
