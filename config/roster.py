"""The duty roster from a file: shifts one by one, or people who take turns; TOML or CSV."""

import csv
from collections.abc import Collection
from datetime import date, datetime, time
from pathlib import Path

from cases.beijing import BEIJING
from cases.duty import Rotation, Shift, expand
from config.checking import SettingsError, Table, read_table

_COLUMNS = ("person", "from", "to")
_LONGEST_HOURS = 72
_MOST_DAYS = 400


def load_roster(path: Path, known: Collection[str]) -> tuple[Shift, ...]:
    """Read a roster. TOML holds [[shift]] and [[rotation]], CSV the columns person, from, to.

    Args:
        path: the file; `.csv` is read as CSV.
        known: the userids of the directory.

    Raises:
        SettingsError: with every fault at once.
    """
    faults: list[str] = []
    if path.suffix.lower() == ".csv":
        shifts = _from_csv(path, faults)
    else:
        top = read_table(path, faults)
        shifts = [_shift(table) for table in top.tables("shift")]
        for table in top.tables("rotation"):
            shifts += _rotation(table)
        top.done()
    whole = [shift for shift in shifts if shift is not None]
    strangers = sorted({shift.userid for shift in whole} - set(known))
    faults += [f"值班表里的 {userid} 不在名录中" for userid in strangers]
    if faults:
        raise SettingsError([f"{path.name}: {fault}" for fault in faults])
    return tuple(sorted(whole, key=lambda shift: (shift.starts_at, shift.userid)))


def _shift(table: Table) -> Shift | None:
    person = table.text("person").casefold()
    start, end = table.text("from"), table.text("to")
    table.done()
    return _checked(person, start, end, (table.where, table.faults))


def _checked(person: str, start: str, end: str, where: tuple[str, list[str]]) -> Shift | None:
    place, faults = where
    begins, ends = _moment(start, place, faults), _moment(end, place, faults)
    if begins is None or ends is None:
        return None
    if not 0 < (ends - begins).total_seconds() <= _LONGEST_HOURS * 3600:
        faults.append(f"{place}: 一个班应在 {_LONGEST_HOURS} 小时以内, 且结束晚于开始")
        return None
    return Shift(person, begins, ends)


def _moment(text: str, place: str, faults: list[str]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        faults.append(f"{place}: 时间「{text}」应写成 2026-11-20 18:00")
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def _rotation(table: Table) -> list[Shift | None]:
    people = tuple(one.casefold() for one in table.texts("people"))
    first, last = _day(table, "first"), _day(table, "last")
    start, end = _clock(table, "start"), _clock(table, "end")
    table.done()
    if not people:
        table.faults.append(f"{table.where} 的 people 至少要有一人")
    if first is None or last is None or start is None or end is None or not people:
        return []
    if not 0 <= (last - first).days < _MOST_DAYS:
        table.faults.append(f"{table.where}: last 应在 first 之后, 相隔不超过 {_MOST_DAYS} 天")
        return []
    return list(expand(Rotation(people, first, last, start, end)))


def _day(table: Table, name: str) -> date | None:
    text = table.text(name)
    try:
        return date.fromisoformat(text)
    except ValueError:
        table.faults.append(f"{table.where} 的 {name} 应写成 2026-11-20")
        return None


def _clock(table: Table, name: str) -> time | None:
    text = table.text(name)
    try:
        return time.fromisoformat(text)
    except ValueError:
        table.faults.append(f"{table.where} 的 {name} 应写成 08:30")
        return None


def _from_csv(path: Path, faults: list[str]) -> list[Shift | None]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"读不了文件: {type(error).__name__}")
        return []
    rows = csv.DictReader(text.splitlines())
    if tuple(rows.fieldnames or ()) != _COLUMNS:
        faults.append(f"第一行应为 {','.join(_COLUMNS)}")
        return []
    return [
        _checked(
            (row["person"] or "").strip().casefold(),
            row["from"] or "",
            row["to"] or "",
            (f"第 {nth} 行", faults),
        )
        for nth, row in enumerate(rows, start=2)
    ]
