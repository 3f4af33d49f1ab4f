"""What a check has found: whether it is good, what is wrong, why it matters, how to mend it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, in words for somebody who is no programmer."""

    name: str
    verdict: Verdict
    what: str
    why: str = ""
    fix: str = ""


Check = Callable[[], Iterable[Finding]]


def ok(name: str, what: str) -> Finding:
    """Return that all is well."""
    return Finding(name, Verdict.OK, what)
