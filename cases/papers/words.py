"""What is said about papers in chat: 文稿12 同意, 退回 007 特报 …, 文稿12 补 影响范围: ….

Each paper has a number of its own, shown with it; or it is named by its case and kind.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from cases.papers.model import Kind


class PaperAct(StrEnum):
    """What somebody wants of a paper."""

    APPROVE = "同意"
    RETURN = "退回"
    FILL = "补"
    SENT = "已报"
    SHOW = "看"
    WRITE = "出"
    LIST = "文稿"


@dataclass(frozen=True, slots=True)
class PaperWords:
    """A sentence about a paper; `number` 0 where it is named by case and kind."""

    act: PaperAct
    number: int = 0
    case: str = ""
    kind: Kind | None = None
    field: str = ""
    text: str = ""


_CASE = r"(?:YQ-?[0-9]{8}-?[0-9]{3,4}|(?:20[0-9]{2})?[0-9]{4}-[0-9]{3}|0[0-9]{2})"
_KINDS = "|".join(sorted((kind.value for kind in Kind), key=len, reverse=True))
_OF_CASE = rf"(?:#|编号)?(?P<case>{_CASE})?(?:号件|号|件)?的?\s?(?P<kind>{_KINDS})"
_ONE = rf"(?:文稿\s?(?P<number>[0-9]{{1,9}})号?|{_OF_CASE})"
_END = r"[。!~\s]*$"
_AGREED = r"(?:同意|可以|没意见|核定|照此|通过|可)(?:报送?|发出?|印发)?"
_BACK = r"(?:退回(?:修改|重写)?|打回|不同意|修改意见|改一下|请修改|重写)"
_OUT = r"已(?:经)?(?:报送|上报|报出|报|发出|印发|送达|送|发)(?:了|给|至|到)*"
_MAKE = (
    r"(?:请|帮我|帮忙)?(?:出|生成|打印|拟|开|做|写|起草|重新生成|重出|更新)(?:一下|一)?[份张个]?"
)
_ACTS = (
    (PaperAct.APPROVE, re.compile(rf"^(?:{_AGREED})\s?{_ONE}{_END}")),
    (PaperAct.APPROVE, re.compile(rf"^{_ONE}\s?[,:]?\s?{_AGREED}{_END}")),
    (PaperAct.RETURN, re.compile(rf"^{_BACK}\s?{_ONE}\s?[,:。;]?\s*(?P<text>.*)$", re.DOTALL)),
    (
        PaperAct.RETURN,
        re.compile(rf"^{_ONE}\s?[,:]?\s?{_BACK}\s?[,:。;]?\s*(?P<text>.*)$", re.DOTALL),
    ),
    (
        PaperAct.FILL,
        re.compile(
            rf"^{_ONE}\s?[,:]?\s?(?:补充?|填写?|改)\s?(?P<field>[^:\n]{{1,40}}):\s*(?P<text>.*)$",
            re.DOTALL,
        ),
    ),
    (PaperAct.SENT, re.compile(rf"^{_ONE}\s?[,:]?\s?{_OUT}\s?(?P<text>.*?){_END}", re.DOTALL)),
    (PaperAct.WRITE, re.compile(rf"^{_MAKE}\s?{_ONE}{_END}")),
    (
        PaperAct.SHOW,
        re.compile(rf"^(?:看|查|打开|发我)?\s?文稿\s?(?P<number>[0-9]{{1,9}})号?{_END}"),
    ),
)
_LIST = re.compile(rf"^(?:我的|待核|等我核的?|有哪些|查看?)?文稿(?:列表|清单)?{_END}")
_TO_GENERAL = frozenset(kind for kind in Kind if not kind.is_of_case)


def find_paper_words(text: str) -> PaperWords | None:
    """Return what is said about a paper, None where the sentence is about something else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _LIST.match(plain):
        return PaperWords(PaperAct.LIST)
    for act, pattern in _ACTS:
        if match := pattern.match(plain):
            found = _read(act, match)
            if found is not None:
                return found
    return None


def _read(act: PaperAct, match: re.Match[str]) -> PaperWords | None:
    said = match.groupdict()
    number, kind = int(said.get("number") or 0), said.get("kind")
    if not number and (act is PaperAct.SENT or (kind and Kind(kind) in _TO_GENERAL)):
        return None  # 特报已报, 出一份本周周报: the general reader knows them
    if act is PaperAct.RETURN and not number and not said.get("case"):
        return None
    return PaperWords(
        act,
        number,
        case=said.get("case") or "",
        kind=Kind(kind) if kind else None,
        field=(said.get("field") or "").strip(),
        text=(said.get("text") or "").strip(),
    )
