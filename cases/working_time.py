"""Working time: adding hours and days across nights, lunch, weekends, holidays and make-up days.

Counting follows 民法典 第二百零一条 (hours run from the moment fixed; the first day is not counted)
and 第二百零三条 (the last day ends with the business hours, else at 24:00).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing, say_day, say_moment
from cases.holidays import NO_OVERRIDES, Overrides, is_known, look_up

_NOVEMBER = 11
_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of a working day, from `start` to before `end`, Beijing time."""

    start: time
    end: time

    def __str__(self) -> str:
        """Return it as written in a rulebook: 08:30-12:00."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


OFFICE_HOURS = (Period(time(8, 30), time(12)), Period(time(14), time(17, 30)))


@dataclass(frozen=True, slots=True)
class Counted:
    """A moment reached by counting working time, with the way there."""

    at: datetime  # aware UTC
    projected: bool  # a day on the way lies in a year whose holidays are not known
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When the institution works: the periods of a working day, and which days are worked.

    `periods` are in order and do not overlap; the break between two of them is lunch.
    """

    periods: tuple[Period, ...] = OFFICE_HOURS
    overrides: Overrides = NO_OVERRIDES

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked (make-up days are, holidays are not)."""
        return look_up(day, self.overrides).works

    def is_known(self, year: int) -> bool:
        """Whether the holidays of `year` are known."""
        return is_known(year, self.overrides)

    def closing(self, day: date) -> datetime:
        """Return the end of business hours (下班) of `day`, worked or not, in UTC."""
        return at_beijing(day, self.periods[-1].end)

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """Return the moment `minutes` of working time after `start`."""
        return self.count_minutes(start, minutes).at

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Return the end of business hours of the `days`-th working day after that of `start`."""
        return self.count_days(start, days).at

    def count_minutes(self, start: datetime, minutes: int) -> Counted:
        """Return the moment `minutes` (> 0) of working time after `start`, and how it was reached.

        Outside working time the count begins with the next period; it ends at the end of a
        period rather than at the beginning of the next.
        """
        start, left = start.astimezone(UTC), timedelta(minutes=minutes)
        steps: list[str] = []
        projected = False
        begin = start
        for opens, closes in self._periods_from(start):
            projected = projected or not self._is_certain(begin, opens)
            if not steps and opens > start:
                steps.append(f"{say_moment(start)} 不在工作时间, 自 {say_moment(opens)} 起算")
            begin = closes
            if closes - opens >= left:
                steps.append(f"{say_moment(opens)} 起计 {_span(left)}")
                return Counted((opens + left).astimezone(UTC), projected, tuple(steps))
            left -= closes - opens
            steps.append(
                f"{_stretch(opens, closes)} 计 {_span(closes - opens)}, 还剩 {_span(left)}"
            )
        raise AssertionError  # pragma: no cover - the periods never end

    def before_working_minutes(self, end: datetime, minutes: int) -> datetime:
        """Return the moment from which `minutes` (> 0) of working time lead up to `end`."""
        left = timedelta(minutes=minutes)
        day = in_beijing(end).date()
        while True:
            for opens, closes in reversed(self._periods_of(day)):
                stretch = min(closes, end) - opens
                if stretch >= left:
                    return (min(closes, end) - left).astimezone(UTC)
                left -= max(stretch, _NOTHING)
            day -= _ONE_DAY

    def count_days(self, start: datetime, days: int) -> Counted:
        """Return the end of the `days`-th (> 0) working day after the day of `start`."""
        day = in_beijing(start).date()
        steps = [f"{say_day(day)} 为起算日, 不计入"]
        projected = False
        nth = 0
        while nth < days:
            day += _ONE_DAY
            what = look_up(day, self.overrides)
            projected = projected or not what.known
            guess = "" if what.known else " (推算)"
            nth += what.works
            count = f"第 {nth} 个工作日" if what.works else "不计"
            extra = " (调休上班)" if what.works and what.why == "调休上班" else ""
            reason = "" if what.works else f"{what.why}, "
            steps.append(f"{say_day(day)} {reason}{count}{extra}{guess}")
        return Counted(self.closing(day), projected, tuple(steps))

    def missing_year_warning(self, today: date) -> str | None:
        """Return what to tell the administrators from November on while next year is missing.

        The State Council's notice comes in November; a current year that is missing is told
        about whatever the month.
        """
        missing = [today.year] if not self.is_known(today.year) else []
        if today.month >= _NOVEMBER and not self.is_known(today.year + 1):
            missing.append(today.year + 1)
        if not missing:
            return None
        years = "、".join(str(year) for year in missing)
        return (
            f"缺少 {years} 年的放假调休安排: 涉及的工作日期限暂按周一至周五推算, 并标明「推算」。"
            "国务院办公厅通知公布后, 请管理员写入节假日文件。"
        )

    def _is_certain(self, begin: datetime, end: datetime) -> bool:
        first, last = in_beijing(begin).date(), in_beijing(end).date()
        days = (first + timedelta(days=nth) for nth in range((last - first).days + 1))
        return all(look_up(day, self.overrides).known for day in days)

    def _periods_of(self, day: date) -> list[tuple[datetime, datetime]]:
        if not self.is_workday(day):
            return []
        return [(at_beijing(day, p.start), at_beijing(day, p.end)) for p in self.periods]

    def _periods_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield what is left of the periods from `start` on, without end."""
        day = in_beijing(start).date()
        while True:
            for opens, closes in self._periods_of(day):
                if closes > start:
                    yield max(opens, start), closes
            day += _ONE_DAY


def _stretch(opens: datetime, closes: datetime) -> str:
    return f"{say_moment(opens)} 至 {in_beijing(closes):%H:%M}"


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{hours} 小时" if hours else "", f"{minutes} 分钟" if minutes else ""]
    return " ".join(filter(None, [*parts, f"{rest} 秒" if rest else ""])) or "0 分钟"
