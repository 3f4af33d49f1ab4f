"""What may be asked about what people report."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Join:
    """The same link again, from `reporter` (并入)."""

    reporter: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """More about the case: words and metrics, never overwriting earlier ones (补充)."""

    text: str
    missing_now_known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the report back (误报/撤回)."""

    reason: str
    by_office: bool = False  # not by whoever reported it: those who did are told


Reporting = Join | Supplement | Withdraw
