"""The facts rules speak of: name, question, possible values, and the words that show them."""

from dataclasses import dataclass
from enum import StrEnum

from cases.people import Role


class FactKind(StrEnum):
    """What sort of answer a fact takes."""

    FLAG = "flag"
    CHOICE = "choice"
    NUMBER = "number"
    LEVEL = "level"  # the name of one of the rulebook's own levels


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a fact can take, with the other ways people write it and words that show it."""

    value: str
    title: str
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact a rule may speak of: its name, the question for it, the words that show it."""

    name: str
    title: str
    kind: FactKind
    question: str
    asked: Role = Role.OFFICE_DIRECTOR
    choices: tuple[Choice, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    likely_counts: bool = False  # the clause itself speaks of 可能: a likely one is a yes
    publisher: tuple[str, ...] = ()  # words of a publisher's name that show it
    numbers: tuple[str, ...] = ()  # the words a number stands beside in the text

    def choice(self, said: str) -> Choice | None:
        """Return the choice that was meant by `said`, by value, title or alias."""
        wanted = said.strip().casefold()
        for choice in self.choices:
            if wanted in (choice.value, choice.title, *choice.aliases):
                return choice
        return None
