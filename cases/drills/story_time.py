"""What time it is in a drill: it begins at a moment of its own and may pass faster."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.beijing import say_moment
from cases.clocks import Due
from cases.ladder import Departure


@dataclass(frozen=True, slots=True)
class StoryTime:
    """The time of one drill: at `began_at` it is `story_at` there, and `speed` minutes pass in one.

    Only what is counted for the cases of the drill goes by it; nobody's clock is moved.
    """

    began_at: datetime
    story_at: datetime
    speed: int = 1

    def to_story(self, moment: datetime) -> datetime:
        """Return what time it is in the drill at a real moment."""
        return self.story_at + (moment - self.began_at) * self.speed

    def to_real(self, moment: datetime) -> datetime:
        """Return at what real moment it is that time in the drill."""
        return self.began_at + (moment - self.story_at) / self.speed

    @property
    def is_real(self) -> bool:
        """Whether it is no other time than everybody's."""
        return self.speed == 1 and self.began_at == self.story_at


def real(leaving: Departure, time: StoryTime) -> Departure:
    """Return a reminder counted in a drill with the real moments at which it is due and leaves."""
    if time.is_real:
        return leaving
    rung = replace(leaving.rung, at=time.to_real(leaving.rung.at))
    leaves_at = None if leaving.leaves_at is None else time.to_real(leaving.leaves_at)
    return replace(leaving, rung=rung, leaves_at=leaves_at)


def real_due(counted: Due | None, time: StoryTime) -> Due | None:
    """Return a deadline counted in a drill at its real moment, which the computation names."""
    if counted is None or time.is_real:
        return counted
    at = time.to_real(counted.at)
    said = f"以上是演练里的时间, 演练中 {time.speed} 分钟为实际 1 分钟; 实际截止: {say_moment(at)}"
    return replace(counted, at=at, steps=(*counted.steps, said))
