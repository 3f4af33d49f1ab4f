"""Months of scores, by the calendar of Beijing."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from cases.beijing import at_beijing, in_beijing

_WRITTEN = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_DECEMBER = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month, e.g. 2026-11."""

    year: int
    month: int

    def __str__(self) -> str:
        """Return it as 2026-11."""
        return f"{self.year}-{self.month:02d}"

    @property
    def said(self) -> str:
        """The month as officers write it."""
        return f"{self.year}年{self.month}月"

    @property
    def starts(self) -> datetime:
        """The first moment of it."""
        return at_beijing(date(self.year, self.month, 1), time())

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self.next.starts

    @property
    def next(self) -> "Month":
        """The month after."""
        if self.month == _DECEMBER:
            return Month(self.year + 1, 1)
        return Month(self.year, self.month + 1)

    @property
    def before(self) -> "Month":
        """The month before."""
        return (
            Month(self.year - 1, _DECEMBER) if self.month == 1 else Month(self.year, self.month - 1)
        )


def month_of(moment: datetime) -> Month:
    """Return the month of a moment."""
    local = in_beijing(moment)
    return Month(local.year, local.month)


def read_month(written: str) -> Month | None:
    """Return the month written as 2026-11, None where it is none."""
    match = _WRITTEN.fullmatch(written)
    return Month(int(match[1]), int(match[2])) if match else None
