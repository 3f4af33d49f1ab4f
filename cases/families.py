"""Families of kinds: one function for each family makes one table over all kinds."""

from collections.abc import Callable, Iterable
from typing import TypeVar, get_args

Given = TypeVar("Given")


def kinds_of(family: object) -> tuple[type, ...]:
    """Return the classes of a family: the members of a union, or the one class it is."""
    return get_args(family) or ((family,) if isinstance(family, type) else ())


def by_kind(
    families: Iterable[tuple[object, Callable[..., Given]]],
) -> dict[type, Callable[..., Given]]:
    """Return which function is for which class; each function is for all of its family."""
    return {kind: function for family, function in families for kind in kinds_of(family)}
