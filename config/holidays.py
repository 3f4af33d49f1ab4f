"""The operator's own days off and make-up days: a yearly notice entered by hand, local holidays."""

from datetime import date, timedelta
from pathlib import Path

from cases.holidays import Overrides
from config.checking import SettingsError, Table, read_table

_LONGEST = timedelta(days=60)  # no holiday lasts longer: a slip in the year or month


def load_overrides(path: Path) -> Overrides:
    """Read a file of `[holidays.2027]` tables with `off` and `work`, lists of days.

    A day is 2027-02-05, a stretch of days 2027-02-05..2027-02-11.

    Raises:
        SettingsError: with every fault at once.
    """
    faults: list[str] = []
    top = read_table(path, faults)
    years = top.table("holidays", required=False)
    off: set[date] = set()
    work: set[date] = set()
    for year in years.names():
        table = years.table(year)
        off |= _days(table, "off", year)
        work |= _days(table, "work", year)
        table.done()
    top.done()
    both = sorted(off & work)
    if both:
        faults.append(f"{', '.join(map(str, both))} 既放假又上班, 请只留一处")
    if faults:
        raise SettingsError([f"{path.name}: {fault}" for fault in faults])
    return Overrides(frozenset(off), frozenset(work))


def _days(table: Table, name: str, year: str) -> set[date]:
    days: set[date] = set()
    for text in table.texts(name):
        found = _stretch(text)
        if not found:
            example = "2027-02-05 或 2027-02-05..2027-02-11"
            table.faults.append(f"{table.where} 的 {name} 里「{text}」应如 {example}")
        elif {str(day.year) for day in found} != {year}:
            table.faults.append(f"{table.where} 的 {name} 里「{text}」不在 {year} 年")
        days |= found
    return days


def _stretch(text: str) -> set[date]:
    first, _, last = text.partition("..")
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if last else begin
    except ValueError:
        return set()
    if end - begin > _LONGEST:
        return set()
    return {date.fromordinal(nth) for nth in range(begin.toordinal(), end.toordinal() + 1)}
