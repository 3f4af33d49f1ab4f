"""What may be asked of a case that has its public answer and is watched (跟踪)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckTracking:
    """Somebody has looked: there is something new, or not (答复后有无新情况)."""

    has_news: bool
    text: str = ""


Tracking = CheckTracking
