"""Events as they are kept: a kind and JSON values, read back by any later version."""

from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import get_args

from cases.events import Event

KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}
_MOMENTS = frozenset({"at", "deadline", "due_at", "until", "report_by", "respond_by"})


def pack(event: Event) -> tuple[str, dict[str, object]]:
    """Return the kind of an event and its data as JSON values."""
    data = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(event).items()
    }
    return type(event).__name__, {
        name: list(value) if isinstance(value, tuple) else value for name, value in data.items()
    }


def unpack(kind: str, data: dict[str, object]) -> Event:
    """Return the event that `pack` took apart; fields added later take their defaults.

    Raises:
        KeyError: no such kind.
    """
    cls = KINDS[kind]
    names = {field.name for field in fields(cls)}
    return cls(**{name: _value(name, value) for name, value in data.items() if name in names})  # type: ignore[arg-type]


def _value(name: str, value: object) -> object:
    if name in _MOMENTS and isinstance(value, str):
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
