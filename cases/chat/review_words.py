"""What is said to look back on a case (复盘), and to have things made better (整改)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class ReviewDeed(StrEnum):
    """What is wanted."""

    SHOW = "复盘"
    SET = "布置整改"
    DONE = "整改完成"


@dataclass(frozen=True, slots=True)
class ReviewWish:
    """What is wanted of which case; the number of the task, 0 where none is said."""

    deed: ReviewDeed
    case: str = ""
    text: str = ""
    number: int = 0


_CASE = r"(?P<case>YQ-?[0-9]{8}-?[0-9]{3,4}|(?:20[0-9]{2})?[0-9]{4}-[0-9]{3}|[0-9]{3})"
_SHOW = re.compile(rf"^(?:看|查看?)?(?:#|编号)?\s?{_CASE}(?:号?件)?\s?的?复盘[?。]?$")
_SET = re.compile(
    rf"^(?:#|编号)?{_CASE}(?:号?件)?\s?,?\s?(?:布置)?整改\s?[:,]\s?(?P<text>\S.*)$", re.DOTALL
)
_DONE = re.compile(
    rf"^(?:#|编号)?(?:{_CASE})?(?:号?件)?\s?,?\s?整改\s?(?P<number>[0-9]{{1,3}})?\s?(?:号|项)?\s?"
    r"(?:已|都)?(?:全部)?完成(?:了)?[\s,:。]*(?P<text>.*)$",
    re.DOTALL,
)


def review_wish(text: str) -> ReviewWish | None:
    """What is wanted of reviews, None where it is about something else."""
    said = unicodedata.normalize("NFKC", text).strip()
    shown = _SHOW.match(said)
    if shown:
        return ReviewWish(ReviewDeed.SHOW, shown["case"])
    asked = _SET.match(said)
    if asked:
        return ReviewWish(ReviewDeed.SET, asked["case"], asked["text"].strip())
    done = _DONE.match(said)
    if done is None:
        return None
    number = int(done["number"]) if done["number"] else 0
    return ReviewWish(ReviewDeed.DONE, done["case"] or "", done["text"].strip(), number)
