"""Read the conditions of a grading rule: any of, all of, thresholds; every fault is named."""

import difflib
import math
from collections.abc import Mapping

from cases.grading.conditions import (
    AllOf,
    Amount,
    AnyOf,
    Condition,
    Counted,
    Flag,
    Join,
    Not,
    OneOf,
)
from cases.grading.specs import FactKind, FactSpec
from config.checking import Table

_AMOUNT_KEYS = frozenset({"max", "sum", "from", "to", "over", "under", "counted"})
NEVER = Flag("")  # stands where a condition could not be read; the fault is already noted


class ConditionReader:
    """Reads the conditions of one rulebook against the facts it may speak of."""

    def __init__(self, specs: Mapping[str, FactSpec], levels: tuple[str, ...]) -> None:
        self.specs = specs
        self.levels = levels

    def read(self, table: Table) -> Condition | None:
        """Return the condition of a rule's `any` and `all` together, None if it has neither."""
        parts = [
            self._joined(word, table.values.pop(word), table)  # taken out: it may hold tables
            for word in ("any", "all")
            if word in table.values
        ]
        if len(parts) > 1:
            return AllOf(tuple(parts))
        return parts[0] if parts else None

    def _joined(self, word: str, values: object, table: Table) -> Condition:
        if not isinstance(values, list) or not values:
            table.faults.append(f"{table.where} 的 {word} 应为不空的列表")
            return NEVER
        parts = tuple(self._one(value, table) for value in values)
        if len(parts) == 1:
            return parts[0]
        return AnyOf(parts) if word == "any" else AllOf(parts)

    def _one(self, value: object, table: Table) -> Condition:
        if isinstance(value, str):
            name = value.removeprefix("not ").strip()
            flag = Flag(self._fact(name, FactKind.FLAG, table))
            return Not(flag) if value.startswith("not ") else flag
        if isinstance(value, dict):
            return self._table(value, table)
        table.faults.append(f"{table.where}: 条件应为名称或 {{…}}，不是 {value!r}")
        return NEVER

    def _table(self, value: Mapping[str, object], table: Table) -> Condition:
        keys = set(value)
        if keys == {"fact", "is"}:
            return self._one_of(value, table)
        if keys & {"max", "sum"} and keys <= _AMOUNT_KEYS:
            return self._amount(value, table)
        if len(keys) == 1 and keys <= {"any", "all"}:
            word = keys.pop()
            return self._joined(word, value[word], table)
        if keys == {"not"}:
            return Not(self._one(value["not"], table))
        table.faults.append(
            f"{table.where}: 看不懂条件 {{{'、'.join(sorted(keys))}}}，"
            "应为 {fact, is}、{max 或 sum, from/over, to/under}、{any}、{all} 或 {not}"
        )
        return NEVER

    def _one_of(self, value: Mapping[str, object], table: Table) -> Condition:
        name = self._fact(value["fact"], None, table)
        wanted = value["is"] if isinstance(value["is"], list) else [value["is"]]
        spec = self.specs.get(name)
        if spec is None:
            return NEVER
        known = self.levels if spec.kind is FactKind.LEVEL else tuple(c.value for c in spec.choices)
        for one in wanted:
            if one not in known:
                choices = "、".join(known) or "（它不是选项）"
                table.faults.append(f"{table.where}: {name} 没有取值“{one}”，可用：{choices}")
        return OneOf(name, frozenset(str(one) for one in wanted))

    def _amount(self, value: Mapping[str, object], table: Table) -> Condition:
        join = Join.SUM if "sum" in value else Join.LARGEST
        names = value[join]
        facts = tuple(
            self._fact(name, FactKind.NUMBER, table)
            for name in (names if isinstance(names, list) else [names])
        )
        low_open, high_open = "over" in value, "under" in value
        if ("from" in value and low_open) or ("to" in value and high_open):
            table.faults.append(f"{table.where}: from 与 over、to 与 under 只能各写一个")
        counted = value.get("counted", Counted.ONE_POST.value)
        if counted not in set(Counted):
            table.faults.append(f"{table.where}: counted 应为 {'、'.join(Counted)}")
            counted = Counted.ONE_POST.value
        low = _border(value, ("over", "from"), 0, table)
        high = _border(value, ("under", "to"), math.inf, table)
        if low > high or (low == high and (low_open or high_open)):
            table.faults.append(f"{table.where}: 没有数能同时不小于 {low:g} 且不大于 {high:g}")
        return Amount(facts, join, low, low_open, high, high_open, Counted(str(counted)))

    def _fact(self, name: object, kind: FactKind | None, table: Table) -> str:
        spec = self.specs.get(name) if isinstance(name, str) else None
        if spec is None:
            near = difflib.get_close_matches(str(name), self.specs, n=1)
            hint = f"，是否想写 {near[0]}" if near else ""
            table.faults.append(f"{table.where}: 不认识名为“{name}”的事实{hint}")
            return ""
        if kind is not None and spec.kind is not kind:
            words = {FactKind.FLAG: "是否类", FactKind.NUMBER: "数字类"}
            table.faults.append(f"{table.where}: {name} 不是{words[kind]}事实")
        return spec.name


def _border(
    value: Mapping[str, object], keys: tuple[str, str], default: float, table: Table
) -> float:
    for key in keys:
        if key in value:
            number = value[key]
            if isinstance(number, int | float) and not isinstance(number, bool):
                return float(number)
            table.faults.append(f"{table.where}: {key} 应为数字")
    return default
