"""What is played in a drill: who says what when, by the drill's own time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.people import Role

CASE = "{件}"  # stands in a step for the number of the drill's latest case


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody says something, some minutes after the beginning."""

    after: int  # minutes of the drill
    by: Role  # whoever holds the role; 值班员 is whoever is on duty
    says: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A drill as an institution has written it down."""

    name: str
    about: str
    steps: tuple[Step, ...]
    lasts: int  # minutes of the drill after which it ends by itself
    speed: int = 1  # how many minutes of the drill pass in one
    starts: datetime | None = None  # what time it is in it at the beginning; None: the real time
    aliases: tuple[str, ...] = ()

    def called(self, words: str) -> bool:
        """Whether it is meant by these words."""
        return words == self.name or words in self.aliases


def kept(scenario: Scenario) -> dict[str, object]:
    """Return a scenario as the database keeps it with a drill."""
    steps = [
        {"after": step.after, "by": step.by.value, "says": step.says} for step in scenario.steps
    ]
    return {"about": scenario.about, "lasts": scenario.lasts, "steps": steps}


def steps_of(kept_as: Mapping[str, object]) -> tuple[Step, ...]:
    """Return the steps of a scenario that `kept` wrote."""
    steps = kept_as.get("steps")
    if not isinstance(steps, list):
        return ()
    return tuple(Step(int(one["after"]), Role(one["by"]), str(one["says"])) for one in steps)


def minutes(count: int) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=count)
