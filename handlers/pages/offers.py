"""A button of the page: what it is called, who may press it now, and which act it stands for."""

from collections.abc import Callable
from dataclasses import dataclass

from cases.model import Case
from cases.permissions import Action
from handlers.pages.fields import Field, Given
from handlers.pages.talk import PageTalk
from handlers.said import Slots
from handlers.talk import Talk

Do = Callable[[PageTalk, Case, Given], str]
Offered = Callable[[PageTalk, Case], bool]
Fields = Callable[[PageTalk, Case], tuple[Field, ...]]


def _none(_talk: PageTalk, _case: Case) -> tuple[Field, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Act:
    """One act; `action` is what is asked of the permissions, None where it makes no sense now.

    `offered` only spares people a button that leads nowhere: whether the act may be done is
    decided when it is done, by the same decision as in chat.
    """

    key: str
    label: str | Callable[[Case], str]
    action: Action | Callable[[Case], Action | None]
    offered: Offered
    do: Do
    fields: Fields = _none
    is_main: bool | Callable[[Case], bool] = False

    def wanted(self, case: Case) -> Action | None:
        """Return what is asked of the permissions, where the case stands."""
        return self.action if isinstance(self.action, Action) else self.action(case)

    def stands_out(self, case: Case) -> bool:
        """Return whether it is what is most likely wanted where the case stands."""
        return self.is_main if isinstance(self.is_main, bool) else self.is_main(case)

    def called(self, case: Case) -> str:
        """Return what the button says."""
        return self.label if isinstance(self.label, str) else self.label(case)


def while_allowed(_talk: PageTalk, case: Case) -> bool:
    """Offer it while the case is open."""
    return case.is_open


def plain(doer: Callable[[Talk, Slots], str]) -> Do:
    """Return an act of chat that needs the number only."""
    return lambda talk, case, _given: doer(talk, {"case": case.number})
