"""What the handlers are given by main: the rules, the calendar and the few values they need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from cases.broadcasts import Broadcast
from cases.drills.scenario import Scenario
from cases.holidays import Overrides
from cases.library.terms import Related
from cases.link_rules import LinkRules
from cases.papers.model import Kind
from cases.people import Person
from cases.rulebook import Rulebook
from cases.special_periods import PeriodKind
from handlers.workbench import Workbench
from storage.settings import OWN_DAYS
from storage.work import Work


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
    calls: bool = False  # a command of the operator's makes the calls of 电话通知
    phones: Mapping[str, str] = field(default_factory=dict)  # published office phones
    broadcasts: tuple[Broadcast, ...] = ()  # none: nothing is said at fixed times
    periods: tuple[PeriodKind, ...] = ()  # special periods that can be
    drafts: frozenset[Kind] = frozenset()  # papers that are drafted without being asked for
    drills: tuple[Scenario, ...] = ()  # what can be played
    related: Related = field(default_factory=Related)  # words of the field that mean the same
    most_a_minute: int = 200  # messages of one person that are carried out; nobody types as many
    bench: Workbench | None = None  # reads and edits rulebooks, where they can be edited
    filed_days: Overrides | None = None  # `days_off` of the file alone; None where nothing is added

    def at(self, work: Work) -> "Desk":
        """Return the desk as it stands in this transaction.

        Another process may have put other rules in force, or entered days off, since the service
        began: both are looked up by their keys, and parsed only where they differ.
        """
        in_force = work.rulebooks.in_force_id() or self.rulebook_in_force
        filed = self.days_off if self.filed_days is None else self.filed_days
        days = filed.under(own_days(work))
        if (in_force, days) == (self.rulebook_in_force, self.days_off):
            return self
        return replace(self, rulebook_in_force=in_force, days_off=days, filed_days=filed)

    is_quiet: bool = False  # an import of what others know already: nobody is told of it

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


def own_days(work: Work) -> Mapping[date, bool]:
    """Return the days entered on the pages: whether each is worked."""
    kept = work.settings.get(OWN_DAYS)
    if not isinstance(kept, Mapping):
        return {}
    return {date.fromisoformat(str(day)): is_worked is True for day, is_worked in kept.items()}
