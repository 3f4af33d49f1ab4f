"""What may be asked about closing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Close:
    """Confirm that it is done (办结); `words` verbatim."""

    words: str
    needs_answer: bool = False  # at this level a case is answered in public before it is closed


@dataclass(frozen=True, slots=True)
class SendBack:
    """Not done yet: back to the unit with a reason."""

    reason: str


Closing = Close | SendBack
