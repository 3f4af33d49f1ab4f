"""One change an administrator wishes: who may, which fields it has, what it would do.

A wish is first shown: `propose` says in sentences what would become of it. It is carried out by
the same `propose` in the transaction that writes it down, with one row of the audit beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cases.errors import RefusalError
from cases.people import Person
from cases.permissions import Action
from handlers.desk import Desk
from handlers.pages.fields import Field, Given
from storage.admin import AdminChange
from storage.work import Work

State = Mapping[str, object]  # what something is; {} where it is not there


class WrongFieldsError(RefusalError):
    """Some fields cannot be so: each with what would be right, by the field's name."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wishes something of which subject, with which fields filled in, at which moment."""

    work: Work
    desk: Desk
    by: Person
    subject: str
    given: Given
    now: datetime
    shown_once: list[str] = field(default_factory=list)  # secrets: on the next page, never again


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change before it is made."""

    kind: str
    subject: str
    title: str  # 修改人员 刘洋
    does: tuple[str, ...]  # what it would do, one sentence each
    before: State
    carry: Callable[[], State]  # does it; returns what it is afterwards
    plans: bool = False  # what rings though nothing happens has to be planned anew


@dataclass(frozen=True, slots=True)
class Deed:
    """A kind of change with its form."""

    key: str
    label: str
    action: Action
    back: str  # the page it belongs to
    fields: Callable[[Wish], tuple[Field, ...]]  # as they stand now
    propose: Callable[[Wish], Proposed]
    note: str = ""  # what whoever fills it in should know


Restore = Callable[[Wish, AdminChange], Proposed]


@dataclass(frozen=True, slots=True)
class Undoing:
    """How changes of one kind are taken back."""

    action: Action
    back: str
    restore: Restore | None  # None: they cannot be
