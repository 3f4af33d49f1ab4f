"""节假日与调休: the operator's own days, a layer over the file and the published calendar."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from cases.beijing import in_beijing
from cases.errors import RefusalError
from cases.holidays import Overrides, is_known, look_up
from cases.permissions import Action
from handlers.admin.changing import UNDO, must_stand
from handlers.admin.deed import Deed, Proposed, State, Undoing, Wish, WrongFieldsError
from handlers.desk import Desk, own_days
from handlers.pages.fields import Field, FieldKind, Option
from storage.admin import AdminChange
from storage.settings import OWN_DAYS
from storage.work import Work

KIND, BACK = "days", "/admin/days"
_OFF, _WORK, _AS_PUBLISHED = "放假", "上班", "恢复原安排"
_MEANT: dict[str, bool | None] = {_OFF: False, _WORK: True, _AS_PUBLISHED: None}
_MOST_DAYS = 60  # no holiday lasts longer: a slip in the year or month
_MOST_LINES = 12
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class ShownDay:
    """One day of the calendar as the page shows it."""

    day: date
    works: bool
    why: str
    is_own: bool  # entered on this page
    is_odd: bool  # otherwise than its weekday says
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """One month; `lead` days of the week come before its first."""

    title: str
    lead: int
    days: tuple[ShownDay, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """One year; one whose holidays are not known is counted Monday to Friday (推算)."""

    year: int
    is_known: bool
    months: tuple[Month, ...]


def years(work: Work, desk: Desk, today: date) -> tuple[Year, ...]:
    """Return the calendar of this year and the next."""
    own = own_days(work)
    return tuple(_year(year, desk.days_off, own, today) for year in (today.year, today.year + 1))


def _year(year: int, days_off: Overrides, own: Mapping[date, bool], today: date) -> Year:
    months = []
    for month in range(1, 13):
        first = date(year, month, 1)
        days = tuple(_shown(day, days_off, own, today) for day in _days_of(first))
        months.append(Month(f"{month}月", first.weekday(), days))
    return Year(year, is_known(year, days_off), tuple(months))


def _days_of(first: date) -> Iterator[date]:
    day = first
    while day.month == first.month:
        yield day
        day += timedelta(days=1)


def _shown(day: date, days_off: Overrides, own: Mapping[date, bool], today: date) -> ShownDay:
    found = look_up(day, days_off)
    is_odd = found.works == (day.weekday() > 4)  # noqa: PLR2004 - Saturday, Sunday
    return ShownDay(day, found.works, found.why, day in own, is_odd, day == today)


def fields(wish: Wish) -> tuple[Field, ...]:
    """Return the form for one day or a stretch of days."""
    day = wish.subject
    return (
        Field("first", "从", FieldKind.DAY, value=day),
        Field("last", "到 (只一天就和上面一样)", FieldKind.DAY, value=day),
        Field(
            "meant",
            "改为",
            FieldKind.CHOICE,
            options=tuple(Option(one, one) for one in _MEANT),
        ),
    )


def propose(wish: Wish) -> Proposed:
    """Say what the days would become.

    Raises:
        WrongFieldsError: naming each field that cannot be so.
        RefusalError: nothing would change.
    """
    first, last = wish.given.day("first"), wish.given.day("last")
    meant = wish.given.text("meant")
    faults = {}
    today = in_beijing(wish.now).date()
    if first is None or last is None:
        which = "first" if first is None else "last"
        raise WrongFieldsError({which: "日期请写成 2027-02-15 的样子, 或用日历选"})
    if not 0 <= (last - first).days < _MOST_DAYS:
        faults["last"] = f"结束日期应不早于开始日期, 一次最多 {_MOST_DAYS} 天"
    if not date(today.year, 1, 1) <= first <= date(today.year + 2, 12, 31):
        faults["first"] = f"只能改 {today.year} 年到 {today.year + 2} 年的日子"
    if meant not in _MEANT:
        faults["meant"] = f"请从{'、'.join(_MEANT)}里选"
    if faults:
        raise WrongFieldsError(faults)
    count = (last - first).days + 1
    days = {first + timedelta(days=nth): _MEANT[meant] for nth in range(count)}
    span = f"{first}" if first == last else f"{first} 至 {last}"
    return _proposed(wish, days, f"{span} {meant}")


def _proposed(wish: Wish, days: Mapping[date, bool | None], title: str) -> Proposed:
    own = dict(own_days(wish.work))
    later = {
        **{day: is_worked for day, is_worked in own.items() if day not in days},
        **{day: is_worked for day, is_worked in days.items() if is_worked is not None},
    }
    if later == own:
        raise RefusalError("和现在一样, 没有要改的。")
    filed = wish.desk.filed_days or wish.desk.days_off
    new = filed.under(later)
    lines = [line for day in sorted(days) if (line := _line(day, wish.desk.days_off, new))]
    more = [f"… 共 {len(lines)} 天有变。"] if len(lines) > _MOST_LINES else []
    known = [
        f"{year} 年的放假安排从此按已录入算, 不再标推算。"
        for year in sorted({day.year for day in days})
        if is_known(year, new) and not is_known(year, wish.desk.days_off)
    ]
    later_words = "此后起算的工作时限和提醒按新日历; 在办的时限不变 (领导可另行指定)。"
    return Proposed(
        KIND,
        f"{min(days)}..{max(days)}",
        f"节假日 {title}",
        (*lines[:_MOST_LINES], *more, *known, later_words),
        {f"{day}": own.get(day) for day in days},
        partial(_carry, wish, days, later),
        plans=True,
    )


def _carry(wish: Wish, days: Mapping[date, bool | None], later: Mapping[date, bool]) -> State:
    wish.work.settings.put(OWN_DAYS, {f"{day}": later[day] for day in sorted(later)})
    return {f"{day}": later.get(day) for day in days}


def _line(day: date, before: Overrides, after: Overrides) -> str:
    was, becomes = look_up(day, before), look_up(day, after)
    if (was.works, was.why) == (becomes.works, becomes.why):
        return ""
    return f"{day} (周{_WEEKDAYS[day.weekday()]}): {was.why} → {becomes.why}。"


def restore(wish: Wish, change: AdminChange) -> Proposed:
    """Propose that the days be again what they were before a change.

    Raises:
        RefusalError: one of them was changed again since.
    """
    own = own_days(wish.work)
    must_stand(change, {day: own.get(date.fromisoformat(day)) for day in change.after})
    days = {
        date.fromisoformat(day): None if is_worked is None else is_worked is True
        for day, is_worked in change.before.items()
    }
    made = _proposed(wish, days, "")
    title = f"{UNDO}{change.title}"
    return Proposed(KIND, made.subject, title, made.does, made.before, made.carry, plans=True)


DEED = Deed(KIND, "节假日与调休", Action.ARRANGE, BACK, fields, propose)
UNDOING = Undoing(Action.ARRANGE, BACK, restore)
