"""Slots of what was understood, as the types the handlers need."""

from collections.abc import Mapping
from datetime import UTC, datetime

Slots = Mapping[str, object]


def text(slots: Slots, name: str) -> str:
    """Return a text slot, "" where it is not filled."""
    value = slots.get(name)
    return value if isinstance(value, str) else ""


def texts(slots: Slots, name: str) -> tuple[str, ...]:
    """Return a slot that holds several texts."""
    value = slots.get(name)
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def moment(slots: Slots, name: str) -> datetime | None:
    """Return a time slot as aware UTC."""
    value = slots.get(name)
    return datetime.fromisoformat(value).astimezone(UTC) if isinstance(value, str) else None


def numbers(slots: Slots, name: str) -> dict[str, int | float | str]:
    """Return a slot that maps names to values (metrics)."""
    value = slots.get(name)
    if not isinstance(value, Mapping):
        return {}
    return {str(key): n for key, n in value.items() if isinstance(n, int | float | str)}
