"""The working days of 2024-2026 typed from the State Council's notices, and a slow second counting.

Written apart from `cases.working_time`: it walks minute by minute and day by day, and knows
neither its calendar library nor its code.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")

# (first, last) of every holiday, weekends inside included.
OFF = [
    # 2024: 元旦 春节 清明 劳动节 端午 中秋 国庆
    ("2024-01-01", "2024-01-01"),
    ("2024-02-10", "2024-02-17"),
    ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"),
    ("2024-06-10", "2024-06-10"),
    ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
    # 2025: 元旦 春节 清明 劳动节 端午 国庆中秋
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    # 2026: 元旦 春节 清明 劳动节 端午 中秋 国庆
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]
MAKE_UP = [
    *("2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11"),
    *("2024-09-14", "2024-09-29", "2024-10-12"),
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
]

_OFF_DAYS = {
    date.fromordinal(nth)
    for first, last in OFF
    for nth in range(
        date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1
    )
}
_MAKE_UP_DAYS = {date.fromisoformat(day) for day in MAKE_UP}


def is_worked(day: date) -> bool:
    """Whether `day` is a working day by the notices."""
    if day in _MAKE_UP_DAYS:
        return True
    return day not in _OFF_DAYS and day.isoweekday() <= 5


def is_working_minute(moment: datetime) -> bool:
    """Whether the minute that begins at `moment` is worked: 08:30-12:00 and 14:00-17:30."""
    clock = moment.hour * 60 + moment.minute
    in_hours = 510 <= clock < 720 or 840 <= clock < 1050
    return in_hours and is_worked(moment.date())


def after_working_minutes(start: datetime, minutes: int) -> datetime:
    """Walk minute by minute from `start`, a whole Beijing minute, until `minutes` were worked."""
    moment = start.replace(tzinfo=None)
    while minutes:
        minutes -= is_working_minute(moment)
        moment += timedelta(minutes=1)
    return moment.replace(tzinfo=BEIJING)


def after_working_days(start: datetime, days: int) -> datetime:
    """Walk day by day from the day after that of `start`; the last day ends 17:30."""
    day = start.date()
    while days:
        day += timedelta(days=1)
        days -= is_worked(day)
    return datetime(day.year, day.month, day.day, 17, 30, tzinfo=BEIJING)
