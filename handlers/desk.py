"""What the handlers are given by main: the rules, the calendar and the few values they need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cases.broadcasts import Broadcast
from cases.drills.scenario import Scenario
from cases.holidays import Overrides
from cases.link_rules import LinkRules
from cases.people import Person
from cases.rulebook import Rulebook
from cases.special_periods import PeriodKind


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a handler needs beside the transaction."""

    agent_id: int
    institution: str
    link_rules: LinkRules
    days_off: Overrides
    rulebook_in_force: int
    rulebook: Callable[[int], Rulebook]  # by its number in the database
    base_url: str = ""  # where people open our pages; "" where they cannot
    cards: bool = False  # decisions are asked by cards with buttons
    phones: Mapping[str, str] = field(default_factory=dict)  # published office phones
    broadcasts: tuple[Broadcast, ...] = ()  # none: nothing is said at fixed times
    periods: tuple[PeriodKind, ...] = ()  # special periods that can be
    drills: tuple[Scenario, ...] = ()  # what can be played
    most_a_minute: int = 200  # messages of one person that are carried out; nobody types as many

    def page_of(self, number: str) -> str:
        """Return the address of the page of a case, "" where pages cannot be opened."""
        return f"{self.base_url}/case/{number}" if self.base_url else ""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, in which words, heard as which message."""

    by: Person
    words: str
    message_key: str
    acting_for: str = ""  # the name of whoever a stand-in acts for (代)
