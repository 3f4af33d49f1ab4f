"""今晚谁会超时: how long a unit usually takes, from its own history; too little is no forecast."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

ENOUGH = 8  # fewer finished steps say nothing: 样本不足不预测
_LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Forecast:
    """How likely a step is late, from `sample` finished ones of the same unit and step."""

    share: float  # of those that took longer than what is left allows
    median: timedelta
    slow: timedelta  # nine of ten were faster
    sample: int

    @property
    def is_likely(self) -> bool:
        """Whether at least half of the like were too late."""
        return self.share >= _LIKELY


def forecast(
    lengths: Sequence[timedelta], elapsed: timedelta, allowed: timedelta
) -> Forecast | None:
    """Return how likely a step that has run for `elapsed` takes longer than `allowed`.

    Only those that took longer than `elapsed` are compared: the others would be done by now.
    None where fewer than ENOUGH have finished, or none took that long.
    """
    if len(lengths) < ENOUGH:
        return None
    like = sorted(one for one in lengths if one > elapsed)
    if not like:
        return None
    late = sum(one > allowed for one in like)
    ordered = sorted(lengths)
    return Forecast(late / len(like), quantile(ordered, 0.5), quantile(ordered, 0.9), len(lengths))


def quantile(ordered: Sequence[timedelta], part: float) -> timedelta:
    """Return the nearest-rank quantile of lengths in order."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
