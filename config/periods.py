"""Special periods (特殊时期) as the operator has written them down, from TOML."""

from collections.abc import Collection
from datetime import date, time
from pathlib import Path

from cases.special_periods import AS_USUAL, PeriodKind, PeriodRules, Turns
from config.checking import SettingsError, Table, read_table

SHIPPED = Path(__file__).with_name("periods.toml")
_CLOSEST = 50  # percent: closer, and a ladder is a siren
_LONGEST_DAYS = 400


def load_periods(path: Path, known: Collection[str]) -> tuple[PeriodKind, ...]:
    """Read a file of special periods, one section each.

    Args:
        path: the file.
        known: the userids of the directory.

    Raises:
        SettingsError: with every fault at once.
    """
    faults: list[str] = []
    top = read_table(path, faults)
    kinds = tuple(_kind(name, top.table(name)) for name in top.names())
    called = [word for kind in kinds for word in (kind.name, *kind.aliases)]
    twice = sorted({word for word in called if called.count(word) > 1})
    faults += [f"「{word}」写了两次, 聊天里分不清" for word in twice]
    on_duty = {userid for kind in kinds for turns in kind.turns for userid in turns.people}
    faults += [f"值班的 {userid} 不在名录中" for userid in sorted(on_duty - set(known))]
    if faults:
        raise SettingsError([f"{path.name}: {fault}" for fault in faults])
    return kinds


def _kind(name: str, table: Table) -> PeriodKind:
    spacing = table.number("spacing", AS_USUAL)
    if not _CLOSEST <= spacing <= AS_USUAL:
        table.faults.append(f"{table.where} 的 spacing 应在 {_CLOSEST} 到 {AS_USUAL} 之间")
    days = tuple(_days(table, text) for text in table.texts("days"))
    kind = PeriodKind(
        name=name,
        aliases=table.texts("aliases"),
        rules=PeriodRules(
            through_night=not table.flag("quiet", default=True),
            spacing=spacing,
            rounds=tuple(_clock(table, "rounds", text) for text in table.texts("rounds")),
        ),
        turns=tuple(_turns(one) for one in table.tables("rotation")),
        days=tuple(stretch for stretch in days if stretch is not None),
        on_holidays=table.flag("holidays", default=False),
    )
    table.done()
    return kind


def _days(table: Table, text: str) -> tuple[date, date] | None:
    first, _, last = text.partition("..")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        table.faults.append(f"{table.where} 的 days「{text}」应如 2027-06-01..2027-09-30")
        return None
    if not 0 <= (days[1] - days[0]).days <= _LONGEST_DAYS:
        table.faults.append(f"{table.where} 的 days「{text}」末日应在首日之后, 一年以内")
        return None
    return days


def _turns(table: Table) -> Turns:
    people = tuple(one.casefold() for one in table.texts("people"))
    if not people:
        table.faults.append(f"{table.where} 的 people 至少要有一人")
    turns = Turns(
        people,
        _clock(table, "start", table.text("start")),
        _clock(table, "end", table.text("end")),
    )
    table.done()
    return turns


def _clock(table: Table, name: str, text: str) -> time:
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo is not None or clock.second:
        table.faults.append(f"{table.where} 的 {name}: 「{text}」应写成 08:30")
        return time()
    return clock
