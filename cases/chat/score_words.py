"""What is said about scores (考核): to see them, appeal, rule, give a point, publish."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from cases.scores.rules import Fact


class ScoreDeed(StrEnum):
    """What is wanted."""

    SHOW = "查看"
    APPEAL = "申诉"
    RULE = "裁定"
    GIVE = "记分"
    PREVIEW = "预览通报"
    PUBLISH = "发通报"
    MINE = "我的首报"
    FIRST_REPORTS = "首报名单"


@dataclass(frozen=True, slots=True)
class ScoreWish:
    """What is wanted; what is not said is empty."""

    deed: ScoreDeed
    month: str = ""  # 本月, 上月, 10月, 2026-10
    unit: str = ""
    case: str = ""
    fact: Fact | None = None
    number: int = 0  # of an appeal
    upheld: bool = False
    reason: str = ""


_MONTH = r"(?P<month>本月|这个?月|上个?月|(?:20[0-9]{2}年?-?)?[0-9]{1,2}月|20[0-9]{2}-[0-9]{2})"
_CASE = r"(?P<case>(?:YQ-?[0-9]{8}-?|(?:20[0-9]{2})?[0-9]{4}-)?[0-9]{3})"
_UNIT = r"(?P<unit>[\u4e00-\u9fff]{2,12}?)"
_OWN = r"(?:我们?(?:单位|局|委|这里)?的?|本单位的?)"
_SHOW = re.compile(
    rf"^(?:查看?|看看?)?\s?(?:{_OWN}|{_UNIT}的?)?\s?(?:考核|考核(?:得?分|成绩|情况|表)|得分)\s?{_MONTH}?[?。]?$"
)
_SHOW_MONTH_FIRST = re.compile(
    rf"^(?:查看?|看看?)?\s?{_MONTH}(?:份)?的?\s?(?:{_OWN}|{_UNIT}的?)?\s?考核(?:得?分|成绩|情况|表)?[?。]?$"
)
_APPEAL = re.compile(
    rf"^(?:考核)?申诉\s?[:,]?\s?{_CASE}(?:号?件)?[\s,的]*(?P<fact>[\u4e00-\u9fff]{{2,8}}?)"
    r"(?:扣分|的?(?:扣|那)分)?(?:[\s,:]+(?P<reason>.*))?$",
    re.DOTALL,
)
_RULE = re.compile(
    r"^申诉\s?(?:第)?\s?(?P<number>[0-9]{1,6})\s?号?\s?[,:]?\s?(?P<how>不?成立|不?支持|驳回)"
    r"(?:[\s,:]+(?P<reason>.*))?$",
    re.DOTALL,
)
_GIVE = re.compile(
    rf"^(?:记|加|扣|给)(?:考核)?分\s?[:,]?\s?{_UNIT}\s?[,:]?\s?(?P<fact>[\u4e00-\u9fff]{{2,6}})"
    rf"\s?[,:]?\s?{_CASE}?(?:号?件)?(?:[\s,:]+(?P<reason>.*))?$",
    re.DOTALL,
)
_NOTICE = re.compile(
    rf"^(?:请)?(?P<sure>确认)?(?:发布?|出|编发|印发|预览)\s?(?:{_MONTH})?(?:份)?的?\s?考核通报\s?"
    r"(?P<later>本月|上个?月|[0-9]{1,2}月|20[0-9]{2}-[0-9]{2})?[。]?$"
)
_MINE = re.compile(rf"^(?:查看?)?我的首报(?:记录|情况)?\s?{_MONTH}?[?。]?$")
_FIRST = re.compile(rf"^(?:查看?)?首报(?:名单|人员?名单|情况)\s?{_MONTH}?[?。]?$")


def score_wish(text: str) -> ScoreWish | None:
    """What is wanted of scores, None where it is about something else."""
    said = unicodedata.normalize("NFKC", text).strip()
    for pattern, read in _READERS:
        match = pattern.match(said)
        if match:
            found = read(match)
            if found is not None:
                return found
    return None


def fact_said(words: str) -> Fact | None:
    """Return the fact that is meant by 签收, 签收超时, 漏报."""
    exact = next((fact for fact in Fact if fact.value == words), None)
    return exact or next((fact for fact in Fact if fact.value.startswith(words)), None)


def _show(match: re.Match[str]) -> ScoreWish:
    return ScoreWish(ScoreDeed.SHOW, month=match["month"] or "", unit=match["unit"] or "")


def _appeal(match: re.Match[str]) -> ScoreWish:
    fact, reason = fact_said(match["fact"]), (match["reason"] or "").strip()
    return ScoreWish(ScoreDeed.APPEAL, case=match["case"], fact=fact, reason=reason)


def _rule(match: re.Match[str]) -> ScoreWish:
    upheld = match["how"] in ("成立", "支持")
    number, reason = int(match["number"]), (match["reason"] or "").strip()
    return ScoreWish(ScoreDeed.RULE, number=number, upheld=upheld, reason=reason)


def _give(match: re.Match[str]) -> ScoreWish | None:
    fact = fact_said(match["fact"])
    if fact is None:
        return None
    reason = (match["reason"] or "").strip()
    return ScoreWish(
        ScoreDeed.GIVE, unit=match["unit"], case=match["case"] or "", fact=fact, reason=reason
    )


def _notice(match: re.Match[str]) -> ScoreWish:
    deed = ScoreDeed.PUBLISH if match["sure"] else ScoreDeed.PREVIEW
    return ScoreWish(deed, month=match["month"] or match["later"] or "上月")


_READERS = (
    (_RULE, _rule),
    (_APPEAL, _appeal),
    (_GIVE, _give),
    (_NOTICE, _notice),
    (_MINE, lambda match: ScoreWish(ScoreDeed.MINE, month=match["month"] or "")),
    (_FIRST, lambda match: ScoreWish(ScoreDeed.FIRST_REPORTS, month=match["month"] or "")),
    (_SHOW_MONTH_FIRST, _show),
    (_SHOW, _show),
)
