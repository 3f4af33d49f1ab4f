"""The fixed times of broadcasts, from TOML."""

from datetime import time
from pathlib import Path

from cases.broadcasts import Broadcast, BroadcastKind, Days
from config.checking import SettingsError, Table, read_table

SHIPPED = Path(__file__).parent / "broadcasts.toml"
_KINDS = {kind.value: kind for kind in BroadcastKind}
_DAYS = {days.value: days for days in Days}
_MOST_MINUTES = 120


def load_broadcasts(path: Path) -> tuple[Broadcast, ...]:
    """Read a file of broadcasts, one section each.

    Raises:
        SettingsError: with every fault at once.
    """
    faults: list[str] = []
    top = read_table(path, faults)
    found = []
    for name in top.names():
        table = top.table(name)
        kind = _KINDS.get(name)
        if kind is None:
            faults.append(f"不认识 [{name}], 可用: {'、'.join(_KINDS)}")
            continue
        found.append(_broadcast(table, kind))
    if faults:
        raise SettingsError([f"{path.name}: {fault}" for fault in faults])
    return tuple(found)


def _broadcast(table: Table, kind: BroadcastKind) -> Broadcast:
    said = table.text("days")
    if said not in _DAYS:
        table.faults.append(f"{table.where} 的 days: 可用 {'、'.join(_DAYS)}")
    texts = table.texts("times")
    times = tuple(clock for text in texts if (clock := _time(table, text)) is not None)
    if not texts:
        table.faults.append(f'{table.where} 的 times 至少写一个, 例如 ["08:35"]')
    if len(set(times)) != len(times):
        table.faults.append(f"{table.where} 的 times 有重复")
    after = table.number("minutes_after", 0)
    units, robot = table.texts("units"), table.text("robot", "")
    if kind is BroadcastKind.SCHOOL_ROUND and not units:
        table.faults.append(f'{table.where} 的 units 至少写一个, 例如 ["学校", "教育局"]')
    if not 0 <= after <= _MOST_MINUTES:
        table.faults.append(f"{table.where} 的 minutes_after 应在 0 到 {_MOST_MINUTES} 之间")
    table.done()
    return Broadcast(kind, _DAYS.get(said, Days.DAILY), times, after, units, robot)


def _time(table: Table, text: str) -> time | None:
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo is not None or clock.second:
        table.faults.append(f"{table.where} 的 times: 「{text}」应写成 08:35")
        return None
    return clock
