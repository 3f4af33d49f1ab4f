"""The special periods of the year, as the oracle reads them."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.support.year.moments import DAY, clock, midnight

FILE = Path(__file__).with_name("periods.toml")
_MORNING = clock("08:30")  # quiet hours of every shipped rulebook
_EVENING = clock("22:00")
_TOLD_BEFORE = clock("20:02")  # where the night is quiet when it begins
_A_LITTLE = 120


@dataclass(frozen=True, slots=True)
class Period:
    """A special period from `begin` to before `end`."""

    nth: int  # counted from 1 in the order of the file
    name: str
    begin: int
    end: int
    is_awake: bool  # reminders leave at night
    spacing: int  # percent
    rounds: tuple[int, ...]  # seconds after midnight

    def told(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """When its start and its end are told: both lie at midnight, in quiet hours."""
        before = self.begin - DAY + _TOLD_BEFORE
        return ("start", before), ("end", self.end + _MORNING + _A_LITTLE)


def read_periods(first: date, days: int) -> tuple[Period, ...]:
    """Those of so many days from `first` and a little after, numbered as they are written down."""
    begins_by = midnight(first) + (days + 40) * DAY
    found = []
    for name, written in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        for stretch in written["days"]:
            begin, end = (midnight(date.fromisoformat(day)) for day in stretch.split(".."))
            if end + DAY > midnight(first):
                found.append((name, written, begin, end + DAY))
    return tuple(
        Period(
            nth,
            name,
            begin,
            end,
            is_awake=not written.get("quiet", True),
            spacing=written.get("spacing", 100),
            rounds=tuple(clock(text) for text in written.get("rounds", ())),
        )
        for nth, (name, written, begin, end) in enumerate(found, start=1)
        if begin < begins_by
    )
