"""The forms of the pages: what each button asks for, and what came back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from cases.errors import RefusalError

LONGEST = 4000  # characters of one field
_MOST_VALUES = 50
_ROOM = 100  # for the order before a text that is offered back: 仍报审 YQ-20261120-007 …
_MOMENT = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")


class FieldKind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    AREA = "area"
    CHOICE = "choice"
    MANY = "many"
    MOMENT = "moment"
    DAY = "day"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values to choose from."""

    value: str
    label: str
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    is_required: bool = True
    options: tuple[Option, ...] = ()
    value: str = ""
    hint: str = ""

    def filled(self, given: "Given") -> "Field":
        """Return the field as somebody has filled it in, to be shown again."""
        values = given.values.get(self.name, ())
        options = tuple(replace(one, is_set=one.value in values) for one in self.options)
        return replace(self, options=options, value=next(iter(values), ""))


@dataclass(frozen=True, slots=True)
class Given:
    """What a form brought."""

    values: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """Return a field's text, "" where it is empty.

        Raises:
            RefusalError: it is longer than anybody may write.
        """
        return _short_enough(next(iter(self.values.get(name, ())), "").strip())

    def many(self, name: str) -> tuple[str, ...]:
        """Return the values chosen.

        Raises:
            RefusalError: one is longer than anybody may write.
        """
        values = self.values.get(name, ())[:_MOST_VALUES]
        most = LONGEST + _ROOM
        return tuple(_short_enough(value.strip(), most) for value in values if value.strip())

    def moment(self, name: str) -> str:
        """Return a moment of Beijing in ISO 8601, "" where the field is empty.

        Raises:
            RefusalError: it is no moment.
        """
        value = self.text(name)
        if not value:
            return ""
        whole = f"{value}:00+08:00"
        try:
            is_moment = bool(_MOMENT.fullmatch(value) and datetime.fromisoformat(whole))
        except ValueError:  # the 40th of a month
            is_moment = False
        if not is_moment:
            raise RefusalError("时间请写成 2026-11-20T17:30 的样子, 或用日历选。")
        return whole

    def day(self, name: str) -> date | None:
        """Return a day, None where the field holds none."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None

    def long_text(self, name: str) -> str:
        """Return a field's text, however long: a whole table."""
        return next(iter(self.values.get(name, ())), "")

    def everything(self) -> str:
        """Return all that was written, for the look at classified matter."""
        return "\n".join(value for values in self.values.values() for value in values)


def _short_enough(value: str, most: int = LONGEST) -> str:
    if len(value) > most:
        raise RefusalError(f"最多写 {LONGEST} 字, 现在是 {len(value)} 字, 请分开写。")
    return value
