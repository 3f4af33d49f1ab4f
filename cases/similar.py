"""Near-repeats: whether two cases may be one matter, by what they say and never by who said it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

WITHIN = timedelta(days=7)
# Of 100. Chosen on 60 labelled pairs (tests/data/similar_pairs.tsv): 28 of the 30 real repeats are
# found, 1 of the 30 others is offered. A person decides, so a wrong offer costs one tap.
TITLE_ENOUGH = 74.0
TEXT_ENOUGH = 70.0
UNKNOWN_UNIT_ENOUGH = 85.0  # while a unit is not known the words must say more
_TEXT_SHORTEST = 30  # characters; below that a text says too little to be compared
_TEXT_LONGEST = 600
_TITLE_LONGEST = 60

_URL = re.compile(r"https?://[!-~]+")
# Words of the trade that every report has and that make different matters look alike.
_TRADE = re.compile(
    "舆情|网民|网友|网传|反映|称|视频|居民|业主|市民|家长|投诉|被指|抖音|微博|快手|小红书|公众号|平台"
    "|我市|我县|咱们|实拍|标题|曝光|发现|引争议|的|了|又|还"
)
_MEANINGLESS = re.compile(r"[^0-9a-z\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Described:
    """What is compared: deliberately without an author."""

    title: str
    text: str
    unit: str | None  # the responsible unit, None while nobody knows it
    at: datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whether two may be one matter, how much alike they are (0–100), and why."""

    is_alike: bool
    score: float
    reason: str


def alike(one: Described, other: Described, within: timedelta = WITHIN) -> Likeness:
    """Compare two descriptions; the answer is an offer to a person, never a decision."""
    if one.unit is not None and other.unit is not None and one.unit != other.unit:
        return Likeness(is_alike=False, score=0.0, reason="责任单位不同")
    if abs(one.at - other.at) > within:
        return Likeness(is_alike=False, score=0.0, reason="时间相隔较久")
    certain = one.unit is not None and one.unit == other.unit
    titles = _title_score(_heading(one), _heading(other))
    texts = _text_score(one.text, other.text)
    if titles >= (TITLE_ENOUGH if certain else UNKNOWN_UNIT_ENOUGH):
        return Likeness(is_alike=True, score=titles, reason="标题相近")
    if texts >= (TEXT_ENOUGH if certain else UNKNOWN_UNIT_ENOUGH):
        return Likeness(is_alike=True, score=texts, reason="内容相近")
    return Likeness(is_alike=False, score=max(titles, texts), reason="说的不像同一件事")


def _heading(described: Described) -> str:
    return (described.title.strip() or described.text.strip())[:_TITLE_LONGEST]


def _title_score(one: str, other: str) -> float:
    """Compare the sets of characters: titles of one matter share words in any order."""
    return fuzz.token_set_ratio(" ".join(_core(one)), " ".join(_core(other)))


def _text_score(one: str, other: str) -> float:
    """Compare the sets of character pairs: long texts share most characters anyway."""
    first, second = _core(one[:_TEXT_LONGEST]), _core(other[:_TEXT_LONGEST])
    if min(len(first), len(second)) < _TEXT_SHORTEST:
        return 0.0
    return fuzz.token_set_ratio(_pairs(first), _pairs(second))


def _core(text: str) -> str:
    plain = _URL.sub(" ", unicodedata.normalize("NFKC", text).lower())
    return _MEANINGLESS.sub("", _TRADE.sub(" ", plain))


def _pairs(text: str) -> str:
    return " ".join(text[n : n + 2] for n in range(len(text) - 1))
