"""What has happened while a case was watched after its public answer (跟踪)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrackingChecked:
    """The unit has looked and found nothing new."""

    nth: int
    text: str


@dataclass(frozen=True, slots=True)
class Rebounded:
    """There is something new after the answer (反弹): the case is handled again."""

    text: str


@dataclass(frozen=True, slots=True)
class CalledBack:
    """The unit has called back (回访) and records what was said; never who it was."""

    result: str  # 满意, 基本满意, 不满意, 未联系上
    solved: bool
    text: str = ""


Tracking = TrackingChecked | Rebounded | CalledBack
