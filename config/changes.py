"""What differs between two configurations, by name; a secret is only said to differ."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

from config.secret import Secret
from config.settings import Settings

# What is opened once: the socket, the database and the chain that is sealed into it.
_NOT = ("warnings",)
_ONCE = ("host", "port", "database_url", "database_pooled", "audit", "spool", "clock_offset")


def changes(old: Settings, new: Settings) -> tuple[list[str], list[str]]:
    """Return what changed and can be taken at once, and what changed but needs a restart."""
    now: list[str] = []
    later: list[str] = []
    for name, words in _differences("", old, new):
        first = name.split(".")[0]
        (later if first in _ONCE else now).append(words)
    return now, later


def taken_at_once(old: Settings, new: Settings) -> Settings:
    """Return the new configuration as far as it can be in force without a restart."""
    return replace(
        new,
        host=old.host,
        port=old.port,
        database_url=old.database_url,
        database_pooled=old.database_pooled,
        audit=old.audit,
        spool=old.spool,
        clock_offset=old.clock_offset,
    )


def _differences(where: str, old: object, new: object) -> Iterator[tuple[str, str]]:
    if isinstance(old, Secret) or isinstance(new, Secret):
        if not (isinstance(old, Secret) and isinstance(new, Secret) and old.value == new.value):
            yield where, f"{where}: 密钥已换"
        return
    inside = _inside(old), _inside(new)
    if inside[0] is not None and inside[1] is not None:
        for key in sorted({*inside[0], *inside[1]}):
            name = f"{where}.{key}" if where else key
            yield from _differences(name, inside[0].get(key), inside[1].get(key))
    elif old != new:
        yield where, f"{where}: {_shown(old)} → {_shown(new)}"


def _inside(value: object) -> dict[str, object] | None:
    """Return the parts of a section by name; None for a single value."""
    if isinstance(value, dict):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in fields(value) if one.name not in _NOT}
    return None


def _shown(value: object) -> str:
    if _inside(value) is not None:  # it may hold secrets
        return "(有)"
    return "(无)" if value is None or value == () else str(value)
