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


Tracking = TrackingChecked | Rebounded
