"""What may be asked of a case that has its public answer and is watched (跟踪)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckTracking:
    """Somebody has looked: there is something new, or not (答复后有无新情况)."""

    has_news: bool
    text: str = ""
    nth: int = 0  # which look it was; 0: the next one


@dataclass(frozen=True, slots=True)
class RecordCallBack:
    """Somebody has called back (回访): the result only."""

    result: str
    solved: bool
    text: str = ""


Tracking = CheckTracking | RecordCallBack
