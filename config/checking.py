"""Reading a TOML table strictly: every fault is collected and named at once, in Chinese."""

import difflib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T", str, int)


class SettingsError(Exception):
    """What is wrong with a configuration; `faults` has one sentence per fault, no secret in any."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Ask:
    """One value that the program asks for: in which section, what kind, what holds without it."""

    section: str
    name: str
    kind: str
    default: str | int | bool | None  # None: it has to be given


@dataclass(slots=True)
class Table:
    """One TOML table being read; what was not asked for is a fault in the end."""

    where: str  # [wecom] of duban.toml
    values: dict[str, object]
    faults: list[str]
    asked: list[Ask] = field(default_factory=list)  # by this table and those inside it
    _known: set[str] = field(default_factory=set)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; a missing one without default is a fault and reads as ""."""
        return self._take(name, str, "文本 (加引号)", default, "")

    def number(self, name: str, default: int | None = None) -> int:
        """Return a whole number; a missing one without default is a fault and reads as 0."""
        return self._take(name, int, "整数", default, 0)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        self._note(name, "true / false", default)
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            self.faults.append(f"{self.where} 的 {name} 应为 true 或 false")
            return default
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty when absent."""
        self._note(name, "文本列表", "")
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.faults.append(f'{self.where} 的 {name} 应为文本列表, 例如 ["甲", "乙"]')
            return ()
        return tuple(value)

    def table(self, name: str, *, required: bool = True) -> "Table":
        """Return a table inside this one, empty (and a fault, if required) when absent."""
        self._known.add(name)
        value = self.values.get(name)
        where = f"[{name}]" if not self.where.startswith("[") else f"{self.where[:-1]}.{name}]"
        if value is None and required:
            self.faults.append(f"缺少 {where} 一节")
        if value is not None and not isinstance(value, dict):
            self.faults.append(f"{where} 应为一节, 不是单个值")
        return Table(where, value if isinstance(value, dict) else {}, self.faults, self.asked)

    def tables(self, name: str) -> "list[Table]":
        """Return the tables of an array [[name]]."""
        self._known.add(name)
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.faults.append(f"[[{name}]] 应为若干节")
            return []
        return [
            Table(f"第 {nth} 个 [[{name}]]", item, self.faults, self.asked)
            for nth, item in enumerate(value, start=1)
        ]

    def names(self) -> tuple[str, ...]:
        """Return the names in this table, all of them asked for by this."""
        self.asked.append(Ask(self.where, "…", "名称 = 文件", ""))
        self._known.update(self.values)
        return tuple(self.values)

    def done(self) -> None:
        """Name every value nobody asked for, with the nearest known name."""
        for name in self.values:
            if name in self._known:
                continue
            near = difflib.get_close_matches(name, self._known, n=1)
            hint = f", 是否想写 {near[0]}" if near else ""
            self.faults.append(f"{self.where} 里不认识 {name}{hint}")

    def _note(self, name: str, kind: str, default: str | int | bool | None) -> None:  # noqa: FBT001
        self._known.add(name)
        self.asked.append(Ask(self.where, name, kind, default))

    def _take(self, name: str, kind: type[T], word: str, default: T | None, empty: T) -> T:
        self._note(name, word, default)
        value = self.values.get(name, default)
        if value is None:
            self.faults.append(f"{self.where} 缺少 {name}")
            return empty
        if not isinstance(value, kind) or isinstance(value, bool):
            self.faults.append(f"{self.where} 的 {name} 应为{word}")
            return empty
        return value


def read_table(path: Path, faults: list[str]) -> Table:
    """Return the TOML file as a table; an unreadable one is a fault and reads as empty."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(f"找不到文件 {path}")
        values = {}
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"读不了文件 {path}: {type(error).__name__}")
        values = {}
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path} 不是有效的 TOML: {error}")
        values = {}
    return Table(path.name, values, faults)


def read_text(path: Path) -> str:
    """Return what a file of a rulebook holds.

    Raises:
        SettingsError: it is not there or cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SettingsError([f"找不到文件 {path}"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"读不了文件 {path}: {type(error).__name__}"]) from error


def table_of(rulebook: str, file: str, text: str) -> Table:
    """Return the TOML of a rulebook's file as a table, whose faults are still to be judged.

    Raises:
        SettingsError: it is no TOML.
    """
    try:
        return Table(file, tomllib.loads(text), [])
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{rulebook}/{file} 不是有效的 TOML: {error}"]) from error
