"""A conversation by a page: what would be said in chat is kept for the page that follows."""

from dataclasses import dataclass, field
from enum import StrEnum

from cases.model import Case
from cases.notices import Choice
from handlers.talk import Talk


class Outcome(StrEnum):
    """What became of a pressed button; the value is the word above the answer."""

    DONE = "已办"
    ANSWERED = "答复"  # something is asked back, or a sentence was answered
    REFUSED = "没有办成"


@dataclass(frozen=True, slots=True)
class Told:
    """What a page answers to a pressed button."""

    text: str
    outcome: Outcome
    choices: tuple[Choice, ...] = ()


@dataclass(slots=True)
class PageTalk(Talk):
    """As `Talk`, but its speaker reads the answer on the page, not in chat."""

    shown: list[str] = field(default_factory=list)
    offered: list[Choice] = field(default_factory=list)

    def say(
        self,
        text: str,
        choices: tuple[Choice, ...] = (),
        case: Case | None = None,  # noqa: ARG002 - the page is about one case
    ) -> None:
        """Keep what is answered, and what it offers, for the page."""
        if text:
            self.shown.append(text)
        self.offered.extend(choices)

    def told(self, answer: str, *, is_sentence: bool) -> Told:
        """Return all that was answered, to a button or to a sentence."""
        text = "\n".join(part for part in (*self.shown, answer) if part)
        is_done = not (self.shown or is_sentence)
        outcome = Outcome.DONE if is_done else Outcome.ANSWERED
        return Told(text or "收到。", outcome, tuple(self.offered))
