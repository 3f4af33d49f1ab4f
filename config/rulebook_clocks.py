"""Load a rulebook's clocks.toml: from text to clock rules, or all its faults at once."""

import itertools
import re
import unicodedata
from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from cases.amounts import Amount, Basis, Unit
from cases.clocks import RULED, ClockRule, ClockRules, LevelClocks, Origin, Step
from cases.ladder import Audience, Climb, Ladder, QuietHours
from cases.working_time import Period
from config.checking import SettingsError, Table, read_text, table_of

SHIPPED = Path(__file__).with_name("rulebooks")
FILE = "clocks.toml"
LOWEST_ROW = 4
MOST_REPEATS = 12  # the ceiling's own ceiling: beyond it reminders are noise
_LONGEST = 100_000  # a count beyond it is a slip of the finger, not a deadline

_AMOUNT = re.compile(r"([0-9]{1,6}) ?(?:个)?(工作分钟|工作小时|工作日|分钟|小时|天|自然日)")
_STRETCH = re.compile(r"([0-9]{2}):([0-9]{2}) ?- ?([0-9]{2}):([0-9]{2})")
_PHONE = "电话通知"
_EXAMPLES = '"15 分钟" "2 小时" "2 工作小时" "5 工作日" "15 天" 当日 日报 周报 不定时'
_COUNTED: Mapping[str, tuple[Unit, int]] = {
    "分钟": (Unit.MINUTES, 1),
    "小时": (Unit.MINUTES, 60),
    "工作分钟": (Unit.WORKING_MINUTES, 1),
    "工作小时": (Unit.WORKING_MINUTES, 60),
    "工作日": (Unit.WORKING_DAYS, 1),
    "天": (Unit.DAYS, 1),
    "自然日": (Unit.DAYS, 1),
}
_UNCOUNTED = frozenset({Unit.SAME_DAY, Unit.DAILY, Unit.WEEKLY, Unit.NONE})
_UNTRACKED = ClockRule(Step.TRACK, Amount(Unit.NONE), Origin.PUBLISHED)
_OF_LADDER = {Unit.MINUTES: Basis.NATURAL, Unit.WORKING_MINUTES: Basis.WORKING}

Word = TypeVar("Word", bound=StrEnum)


def shipped_clock_names() -> tuple[str, ...]:
    """Return the names of the rulebooks that ship, in order."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob(f"*/{FILE}")))


@cache
def load_shipped_clocks(name: str) -> ClockRules:
    """Return the clocks of a rulebook that ships.

    Raises:
        KeyError: none of that name ships.
        SettingsError: it has faults.
    """
    if name not in shipped_clock_names():
        raise KeyError(name)
    return load_clocks(SHIPPED / name)


def load_clocks(folder: Path) -> ClockRules:
    """Read `folder`/clocks.toml.

    Raises:
        SettingsError: with every fault at once.
    """
    return read_clocks(folder.name, read_text(folder / FILE))


def read_clocks(name: str, text: str) -> ClockRules:
    """Return the clock rules written in `text`, of the rulebook `name`.

    Raises:
        SettingsError: with every fault at once.
    """
    top = table_of(name, FILE, text)
    clock = top.table("time")
    periods, quiet = _periods(clock), _quiet(clock)
    clock.done()
    ladders = tuple(_ladders(top.table("ladder")))
    levels = tuple(_levels(top.table("level"), {ladder.name: ladder for ladder in ladders}))
    top.done()
    if top.faults:
        raise SettingsError([f"{name}/{FILE}: {fault}" for fault in top.faults])
    return ClockRules(name, levels, ladders, periods, quiet)


def parse_amount(text: str) -> Amount | None:
    """Return the amount of time written as `text`, None when it is none."""
    said = unicodedata.normalize("NFKC", text).strip()
    if said in _UNCOUNTED:
        return Amount(Unit(said))
    match = _AMOUNT.fullmatch(said)
    if match is None:
        return None
    unit, times = _COUNTED[match[2]]
    count = int(match[1]) * times
    return Amount(unit, count) if 0 < count <= _LONGEST else None


def _stretch(text: str) -> tuple[time, time] | None:
    match = _STRETCH.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, until_hours, until_minutes = (int(part) for part in match.groups())
    try:
        return time(hours, minutes), time(until_hours, until_minutes)
    except ValueError:
        return None


def _periods(table: Table) -> tuple[Period, ...]:
    periods = []
    for text in table.texts("work"):
        ends = _stretch(text)
        if ends is None or ends[0] >= ends[1]:
            table.faults.append(f"{table.where} 的 work 里「{text}」应如 08:30-12:00")
            continue
        periods.append(Period(*ends))
    if any(late.start < early.end for early, late in itertools.pairwise(periods)):
        table.faults.append(f"{table.where} 的 work 应按先后排列, 互不重叠")
    if not periods:
        table.faults.append(f"{table.where} 的 work 至少要有一个工作时段")
    return tuple(periods)


def _quiet(table: Table) -> QuietHours:
    text = table.text("quiet")
    ends = _stretch(text)
    if ends is None:
        table.faults.append(f"{table.where} 的 quiet「{text}」应如 22:00-08:30")
        return QuietHours()
    return QuietHours(*ends)


def _word(kind: type[Word], text: str, where: str, faults: list[str]) -> Word | None:
    try:
        return kind(text)
    except ValueError:
        faults.append(f"{where}「{text}」不认识, 可选: {' '.join(kind)}")
        return None


def _amount(text: str, where: str, faults: list[str]) -> Amount:
    amount = parse_amount(text)
    if amount is None:
        faults.append(f"{where}「{text}」看不懂, 可以写: {_EXAMPLES}")
        return Amount(Unit.NONE)
    return amount


def _ladders(table: Table) -> list[Ladder]:
    return [_ladder(name, table.table(name)) for name in table.names()]


def _ladder(name: str, table: Table) -> Ladder:
    units: set[Unit] = set()
    reader = _LadderReader(table, units)
    before = tuple(reader.minutes(text, "before") for text in table.texts("before"))
    times = table.number("times", 0)
    every = reader.minutes(table.text("repeat"), "repeat") if times else 0
    climbs = tuple(filter(None, (reader.climb(text) for text in table.texts("climb"))))
    holder = _word(Audience, table.text("to"), f"{table.where} 的 to", table.faults)
    table.done()
    basis = _OF_LADDER[units.pop()] if len(units) == 1 else Basis.NATURAL
    if units:
        table.faults.append(f"{table.where} 混用了自然时间和工作时间, 请统一")
    ladder = Ladder(name, holder or Audience.DUTY, basis, before, every, times, climbs)
    _check_order(ladder, table)
    return ladder


class _LadderReader:
    """Reads one ladder's times, noting which units it uses."""

    def __init__(self, table: Table, units: set[Unit]) -> None:
        self.table, self.units = table, units

    def minutes(self, text: str, what: str) -> int:
        """Return a time of the ladder in minutes."""
        amount = parse_amount(text)
        if amount is None or amount.unit not in _OF_LADDER:
            example = "15 分钟, 2 小时 或 2 工作小时"
            self.table.faults.append(f"{self.table.where} 的 {what}「{text}」应如 {example}")
            return 0
        self.units.add(amount.unit)
        return amount.count

    def climb(self, text: str) -> Climb | None:
        """Return one step up: 25 分钟: 值班员电话通知."""
        after, _, who = unicodedata.normalize("NFKC", text).partition(":")
        who = who.strip()
        phone = who.endswith(_PHONE)
        where = f"{self.table.where} 的 climb「{text}」里的"
        audience = _word(Audience, who.removesuffix(_PHONE), where, self.table.faults)
        minutes = self.minutes(after, "climb")
        return Climb(audience, minutes, phone) if audience else None


def _check_order(ladder: Ladder, table: Table) -> None:
    if not 0 <= ladder.repeat_times <= MOST_REPEATS:
        table.faults.append(f"{table.where} 的 times 应在 0 到 {MOST_REPEATS} 之间")
        return
    late = [nth * ladder.repeat_every for nth in range(1, ladder.repeat_times + 1)]
    after = [climb.after for climb in ladder.climbs]
    moments = sorted(late + after)
    if len(set(moments)) < len(moments):
        table.faults.append(f"{table.where} 有两级提醒在同一时刻, 请错开")
    if after != sorted(after):
        table.faults.append(f"{table.where} 的 climb 应按时间先后排列")
    if list(ladder.before) != sorted(set(ladder.before), reverse=True):
        table.faults.append(f"{table.where} 的 before 应由早到晚排列, 不重复")
    slots = [climb.slot for climb in ladder.climbs]
    if len(set(slots)) < len(slots):
        table.faults.append(f"{table.where} 的 climb 里同一个人出现了两次")


def _levels(table: Table, ladders: Mapping[str, Ladder]) -> list[LevelClocks]:
    names = table.names()
    if not names:
        table.faults.append("[level] 里至少要有一个等级")
    return [_level(name, table.table(name), ladders) for name in names]


def _level(name: str, table: Table, ladders: Mapping[str, Ladder]) -> LevelClocks:
    row = table.number("row")
    if not 0 <= row <= LOWEST_ROW:
        table.faults.append(f"{table.where} 的 row 应在 0 到 {LOWEST_ROW} 之间")
    rules = tuple(
        _UNTRACKED
        if step is Step.TRACK
        and step.value not in table.values  # rulebooks from before 跟踪 had a clock
        else _rule(step, table.table(step.value), ladders)
        for step in RULED
    )
    table.done()
    return LevelClocks(name, row, rules)


def _rule(step: Step, table: Table, ladders: Mapping[str, Ladder]) -> ClockRule:
    faults, where = table.faults, table.where
    amount = _amount(table.text("within", Unit.NONE.value), f"{where} 的 within", faults)
    origin = _word(Origin, table.text("from", Origin.ASSIGNED.value), f"{where} 的 from", faults)
    later = table.text("later", "")
    rule = ClockRule(
        step=step,
        amount=amount,
        starts=origin or Origin.ASSIGNED,
        provisional=table.flag("provisional", default=False),
        source=table.text("source", ""),
        ladder=table.text("ladder", ""),
        kinds=_kinds(table),
        later=_amount(later, f"{where} 的 later", faults) if later else None,
        later_from=table.number("later_from", 0),
        looks=tuple(_amount(text, f"{where} 的 looks", faults) for text in table.texts("looks")),
    )
    table.done()
    if rule.looks and step is not Step.TRACK:
        faults.append(f"{where} 不能有 looks: 只有跟踪分几次核对")
    _check_ladder(rule, table, ladders)
    return rule


def _kinds(table: Table) -> tuple[tuple[str, Amount], ...]:
    kinds = table.table("kinds", required=False)
    return tuple(
        (kind, _amount(kinds.text(kind), f"{kinds.where} 的 {kind}", table.faults))
        for kind in kinds.names()
    )


def _check_ladder(rule: ClockRule, table: Table, ladders: Mapping[str, Ladder]) -> None:
    if rule.amount.unit is Unit.NONE:
        return
    ladder = ladders.get(rule.ladder)
    if ladder is None:
        known = " ".join(ladders)
        table.faults.append(f"{table.where} 的 ladder「{rule.ladder}」不存在, 可选: {known}")
        return
    same = _OF_LADDER.get(rule.amount.unit) is ladder.basis
    if same and ladder.before and ladder.before[0] >= rule.amount.count:
        table.faults.append(f"{table.where} 的提前提醒早于起算时刻: {ladder.name}")
