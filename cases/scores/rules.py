"""What an institution's rules say about scores: items, points, caps, exceptions (scores.toml)."""

from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """What a point can be for. The value is the word of the rule file and of the lists."""

    LATE_SIGN = "签收超时"
    LATE_FIRST_REPORT = "首报超时"
    LATE_FOLLOW_UP = "续报超时"
    LATE_RESPOND = "回应超时"
    LATE_PRESS = "发布会超时"
    LATE_CLOSE = "办结超时"
    EXTENDED = "延期"
    REPLY_RETURNED = "回应稿退回"
    SENT_BACK = "办结退回"
    FOUND = "主动发现并妥处"
    # Judged by people and given by hand, with a reason.
    MISSED = "漏报"
    CONCEALED = "瞒报谎报"
    MISSTATED = "口径失实"
    LEDGER = "台账不全"
    ADOPTED = "经验被采用"

    @property
    def is_given(self) -> bool:
        """Whether only a person can say that it was so."""
        return self in _GIVEN


_GIVEN = frozenset({Fact.MISSED, Fact.CONCEALED, Fact.MISSTATED, Fact.LEDGER, Fact.ADOPTED})


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """What one fact takes from an item, or gives."""

    fact: Fact
    item: str  # "" of what is added beside the items (加分)
    points: int  # below 0 taken, above 0 given
    over: int = 0  # counts only from the one after so many of the same case
    most: int = 0  # no more than this in a month, by its absolute value; 0: no cap
    veto: bool = False  # 一票否决: the whole month counts nothing
    source: str = ""


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item of the scorecard, with the points it has in full."""

    name: str
    points: int
    by_rates: bool = False  # counted from 解决率 and 满意率


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """The scorecard of a rulebook."""

    items: tuple[ScoreItem, ...]
    rules: tuple[ScoreRule, ...]
    bonus_most: int
    appeal_days: int  # working days
    publish_by: int  # the day of the following month
    ranking: bool  # whether the notice ranks units; people are never ranked
    except_parts: tuple[str, ...] = ()  # 协办
    except_levels: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The points of a month in which nothing went wrong."""
        return sum(item.points for item in self.items)

    def rule(self, fact: Fact) -> ScoreRule | None:
        """Return the rule of a fact, None where it costs nothing."""
        return next((rule for rule in self.rules if rule.fact is fact), None)
