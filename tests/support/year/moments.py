"""Beijing time as whole seconds, so that the oracle shares no calendar code with the engine.

A moment is the number of seconds since 1970-01-01 00:00 in Beijing, which knows no summer time:
day and hour are a division away.
"""

from datetime import UTC, date, datetime

DAY = 86_400
HOUR = 3_600
MINUTE = 60
_EPOCH = 719_163  # the ordinal of 1970-01-01
_EAST = 8 * HOUR


def midnight(day: date) -> int:
    """The beginning of a day."""
    return (day.toordinal() - _EPOCH) * DAY


def day_of(moment: int) -> date:
    """The day of a moment."""
    return date.fromordinal(moment // DAY + _EPOCH)


def clock(text: str) -> int:
    """The seconds of 08:30 since midnight."""
    hours, minutes = text.split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE


def utc(moment: int) -> datetime:
    """The moment as the engine is told it."""
    return datetime.fromtimestamp(moment - _EAST, UTC)


def beijing(moment: datetime) -> int:
    """The moment that the engine speaks of; parts of a second are dropped."""
    return int(moment.timestamp()) + _EAST


def said(moment: int) -> str:
    """2026-02-10 09:30:05."""
    of_day = moment % DAY
    hours, minutes = of_day // HOUR, of_day % HOUR // MINUTE
    return f"{day_of(moment)} {hours:02}:{minutes:02}:{of_day % MINUTE:02}"
