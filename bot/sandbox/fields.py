"""Reading values out of JSON from outside: each returns what is wanted or says it is not there."""

import re
from collections.abc import Iterator, Mapping, Sequence

_WHOLE = re.compile(r"[0-9]{1,18}")

Json = Mapping[str, object]


def mapping(value: object) -> Json:
    """Return `value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> Sequence[object]:
    """Return `value` if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else ()


def mappings(value: object) -> Iterator[Json]:
    """Yield the objects of a JSON array, leaving out what is none."""
    return (item for item in items(value) if isinstance(item, dict))


def text(source: Json, name: str) -> str:
    """Return a field as text; numbers are written out as the platform tolerates, all else is ""."""
    value = source.get(name)
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) else ""


def texts(value: object) -> tuple[str, ...]:
    """Return the texts of a JSON array, leaving out what is none."""
    return tuple(item for item in items(value) if isinstance(item, str))


def whole(source: Json, name: str, default: int = 0) -> int:
    """Return a field as an integer; digits in a string count too (Alertmanager sends "1000002")."""
    value = source.get(name)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return default


def cut(value: str, limit: int) -> str:
    """Return `value` cut to `limit` bytes of UTF-8 on a character's border."""
    raw = value.encode("utf-8", "replace")
    return value if len(raw) <= limit else raw[:limit].decode("utf-8", "ignore")


def size(value: str) -> int:
    """Return the length in bytes of UTF-8."""
    return len(value.encode("utf-8", "replace"))
