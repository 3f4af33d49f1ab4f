"""Moments as people say them: 10:56, 明天 08:30, 11月27日 17:30."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_BEIJING = ZoneInfo("Asia/Shanghai")
_HOUR = 60


def clock_time(moment: datetime, now: datetime) -> str:
    """Return the moment as said at `now`, in Beijing time."""
    local, today = moment.astimezone(_BEIJING), now.astimezone(_BEIJING).date()
    hour = f"{local:%H:%M}"
    if local.date() == today:
        return hour
    if local.date() == today + timedelta(days=1):
        return f"明天 {hour}"
    year = "" if local.year == today.year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {hour}"


def day_time(moment: datetime, day: datetime) -> str:
    """Return the moment with its date, unless it is on the day of `day`: it never becomes wrong."""
    local, today = moment.astimezone(_BEIJING), day.astimezone(_BEIJING).date()
    date = "" if local.date() == today else f"{local.month}月{local.day}日 "
    return f"{date}{local:%H:%M}"


def span(length: timedelta) -> str:
    """Return a length of time in words: 40 分钟, 2 小时 5 分钟, 3 天 4 小时."""
    minutes = max(0, int(length.total_seconds() // 60))
    hours, minutes = divmod(minutes, _HOUR)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} 天" + (f" {hours} 小时" if hours else "")
    if hours:
        return f"{hours} 小时" + (f" {minutes} 分钟" if minutes else "")
    return f"{minutes} 分钟"
