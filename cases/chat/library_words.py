"""What is said to look into the case library, and to fill in what a case teaches."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class LibraryDeed(StrEnum):
    """What is wanted."""

    SEARCH = "查案例"
    WORDING = "查口径"
    LESSON = "填案例要点"
    SKIP = "跳过"
    SKIP_ALL = "都跳过"


@dataclass(frozen=True, slots=True)
class LibraryWish:
    """What is wanted; of which case or about what, "" where it is not said."""

    deed: LibraryDeed
    case: str = ""
    about: str = ""


_CASE = r"(?P<case>YQ-?[0-9]{8}-?[0-9]{3,4}|(?:20[0-9]{2})?[0-9]{4}-[0-9]{3}|0[0-9]{2})"
_SIMILAR = re.compile(
    rf"^(?:请问)?(?:#|编号)?(?:{_CASE})?(?:号?件)?[\s,]*(?:以前|过去|之前|历史上|从前)"
    r"(?:有没有|有无|是否有|出过|遇到过|处理过|有过?)(?:处理过)?(?P<about>[\w]{0,20}?)"
    r"(?:类似|相似|差不多|同类|这样|这类|一样)?的?(?:件|案例|事|情况|舆情|事情)?[吗么呢]?[?。]?$"
)
_OF_CASE = re.compile(
    rf"^(?:#|编号)?{_CASE}(?:号?件)?[\s,的]*(?:类似|相似|同类)(?:的)?(?:案例|件)?[?。]?$"
)
_SEARCH = re.compile(r"^(?:查|搜|找|看)?(?:一?下)?案例(?:库)?\s*[:,]?\s*(?P<about>\S[^\n]{0,60})$")
_WORDING = re.compile(
    r"^(?:查|搜|找|看)?(?:一?下)?(?:以前的?)?口径(?:库)?\s+(?P<about>\S[^\n]{0,60})$"
)
_LESSON = re.compile(rf"^(?:#|编号)?(?:{_CASE})?(?:号?件)?[\s,的]*(?:填写?|补)?案例要点[。]?$")
_SKIP = re.compile(
    rf"^(?:{_CASE})?(?:号?件)?\s?(?:案例)?(?:要点)?(?P<all>都|全部?)?(?:跳过|略过|不填了?)[。]?$"
)


def library_wish(text: str) -> LibraryWish | None:
    """What is wanted of the case library, None where it is about something else."""
    said = unicodedata.normalize("NFKC", text).strip()
    skipped = _SKIP.match(said)
    if skipped:
        deed = LibraryDeed.SKIP_ALL if skipped["all"] else LibraryDeed.SKIP
        return LibraryWish(deed, skipped["case"] or "")
    lesson = _LESSON.match(said)
    if lesson:
        return LibraryWish(LibraryDeed.LESSON, lesson["case"] or "")
    of_case = _OF_CASE.match(said)
    if of_case:
        return LibraryWish(LibraryDeed.SEARCH, of_case["case"])
    similar = _SIMILAR.match(said)
    if similar:
        return LibraryWish(LibraryDeed.SEARCH, similar["case"] or "", similar["about"])
    for deed, pattern in ((LibraryDeed.SEARCH, _SEARCH), (LibraryDeed.WORDING, _WORDING)):
        found = pattern.match(said)
        if found:
            return LibraryWish(deed, about=found["about"].strip())
    return None
