"""Case numbers as people say them: 007 on the same day, 1120-007 on another."""

from datetime import datetime

from cases.beijing import in_beijing


def with_day(number: str) -> str:
    """Return YQ-20261120-007 as 1120-007, which means the same on every day of the year."""
    _, day, seq = number.split("-")
    return f"{day[-4:]}-{seq}"


def number_said(number: str, now: datetime) -> str:
    """Return YQ-20261120-007 as said at `now`: 007 on its own day, 1120-007 later."""
    _, day, seq = number.split("-")
    return seq if day == f"{in_beijing(now):%Y%m%d}" else with_day(number)
