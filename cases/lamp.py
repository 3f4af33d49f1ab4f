"""The lamp beside a deadline: green, yellow or red, and the same in words and in shape."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.wording.moments import span

SOON = timedelta(hours=1)  # from here on a deadline is near
_MINUTE = timedelta(minutes=1)


class Lamp(StrEnum):
    """How near a deadline is; the value is what the pages call it."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NONE = "none"  # nothing is due

    @property
    def label(self) -> str:
        """The word beside the lamp: colour alone tells not everybody something."""
        return _LABELS[self]

    @property
    def shape(self) -> str:
        """The lamp as a character: each colour has a shape of its own."""
        return _SHAPES[self]


_LABELS = {
    Lamp.GREEN: "正常",
    Lamp.YELLOW: "将到期",
    Lamp.RED: "已超时",
    Lamp.NONE: "无时限",
}
_SHAPES = {Lamp.GREEN: "●", Lamp.YELLOW: "▲", Lamp.RED: "■", Lamp.NONE: "○"}


@dataclass(frozen=True, slots=True)
class Countdown:
    """A deadline as seen at one moment."""

    lamp: Lamp
    words: str  # beside the label: 还剩 40 分钟; 2 小时 (behind 已超时)


def countdown(due_at: datetime | None, now: datetime) -> Countdown:
    """Return the lamp of a deadline and how long it is until then, or since."""
    if due_at is None:
        return Countdown(Lamp.NONE, "")
    left = due_at - now
    if left < timedelta():
        late = span(-left)
        return Countdown(Lamp.RED, late if -left >= _MINUTE else "刚刚")
    lamp = Lamp.GREEN if left > SOON else Lamp.YELLOW
    return Countdown(lamp, f"还剩 {span(left)}" if left >= _MINUTE else "不到 1 分钟")
