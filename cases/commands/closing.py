"""What may be asked about closing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Close:
    """Confirm that it is done (办结); `words` verbatim."""

    words: str


@dataclass(frozen=True, slots=True)
class SendBack:
    """Not done yet: back to the unit with a reason."""

    reason: str


Closing = Close | SendBack
