"""Cases that are one matter (合并/拆分) in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events
from cases.wording.numbers import with_day


def in_words(event: events.Merging, _units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.Merged(into=into):
            return f"并入 {with_day(into)}"
        case events.Absorbed(numbers=numbers):
            return "、".join(with_day(number) for number in numbers) + " 并入本件"
        case events.Released(number=number):
            return f"{with_day(number)} 拆出"
        case _:
            assert_never(event)
