"""Beijing time: the zone of calendar work and of wording. Everywhere else moments are aware UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")

_WEEKDAYS = "一二三四五六日"


def in_beijing(moment: datetime) -> datetime:
    """Return `moment` as Beijing clocks show it.

    Raises:
        ValueError: `moment` has no zone, so nobody can know which moment it is.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"a moment needs its zone: {moment.isoformat()}")
    return moment.astimezone(BEIJING)


def at_beijing(day: date, clock: time) -> datetime:
    """Return the moment, in UTC, when Beijing clocks show `clock` on `day`."""
    return datetime.combine(day, clock, tzinfo=BEIJING).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return 24:00 of `day` in Beijing, in UTC (民法典 第二百零三条: 截止时间为二十四时)."""
    return at_beijing(day + timedelta(days=1), time(0))


def say_day(day: date) -> str:
    """Return the day with its weekday: 2026-11-20 周五."""
    return f"{day.isoformat()} 周{_WEEKDAYS[day.weekday()]}"


def say_moment(moment: datetime) -> str:
    """Return the moment in Beijing time: 2026-11-20 周五 10:00 (seconds only if any)."""
    local = in_beijing(moment)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{say_day(local.date())} {clock}"
