"""Cards people hold: what each button stands for, whether it is still asked, how to change it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from cases.asks import Asks
from storage.columns import columns_for, is_new
from storage.states import CardState
from storage.tables.cards import CARD


@dataclass(frozen=True, slots=True)
class CardButton:
    """A button: its key, what is written on it, and the words it stands for.

    Without words it asks for a reason first (退回).
    """

    key: str
    label: str
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card being sent."""

    task_id: str
    key: str  # of its message in the outbox
    userid: str
    case_id: int
    asks: Asks
    unit: str
    round: str
    level: str
    face: Mapping[str, object]
    buttons: tuple[CardButton, ...]
    text: str
    put_at: datetime


@dataclass(frozen=True, slots=True)
class KeptCard(NewCard):
    """A card as it is kept."""

    codes: tuple[tuple[str, str], ...] = ()  # response_code, good until (ISO)
    state: CardState = CardState.OPEN
    outcome: str = ""
    stale: bool = False  # what people see is not `face`
    updates: int = 0
    settled_at: datetime | None = None


_CARDS = select(*columns_for(CARD, KeptCard)).order_by(CARD.c.put_at, CARD.c.task_id)
_BY_TASK = _CARDS.where(CARD.c.task_id == bindparam("which"))
_LOCKED = _BY_TASK.with_for_update()
_OF_CASE = _CARDS.where(CARD.c.case_id == bindparam("which"))


class CardStore:
    """The cards in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, card: NewCard) -> bool:
        """Keep a card; False when it is there already."""
        values = asdict(card) | {
            "buttons": _written(card.buttons),
            "codes": [],
            "state": CardState.OPEN,
            "outcome": "",
            "stale": False,
            "updates": 0,
        }
        return is_new(self._connection, CARD, ("task_id",), values)

    def by_task(self, task_id: str) -> KeptCard | None:
        """The card of this name at the platform."""
        found = self._read(_BY_TASK, task_id)
        return found[0] if found else None

    def of_case(self, case_id: int) -> list[KeptCard]:
        """All cards of a case, in the order of sending."""
        return self._read(_OF_CASE, case_id)

    def add_code(self, task_id: str, code: str, until: datetime) -> None:
        """Keep a response_code: it changes the card once, until a moment."""
        card = self._locked(task_id)
        if card is not None and code and all(code != known for known, _ in card.codes):
            self._set(task_id, codes=[*map(list, card.codes), [code, until.isoformat()]])

    def take_code(self, task_id: str, now: datetime) -> str | None:
        """Take the code that is good for longest out of those kept; None where none is good."""
        card = self._locked(task_id)
        if card is None:
            return None
        good = [pair for pair in card.codes if datetime.fromisoformat(pair[1]) > now]
        if not good:
            return None
        latest = max(good, key=lambda pair: pair[1])
        self._set(task_id, codes=[list(pair) for pair in good if pair is not latest])
        return latest[0]

    def settle(self, task_id: str, face: Mapping[str, object], outcome: str, now: datetime) -> None:
        """What it asked is not awaited any more; `outcome` says why to whoever presses it."""
        self._set(
            task_id,
            face=dict(face),
            outcome=outcome,
            state=CardState.SETTLED,
            settled_at=now,
            stale=True,
        )

    def ask_again(self, task_id: str, face: Mapping[str, object], level: str) -> None:
        """It is asked (again) with this face."""
        self._set(
            task_id,
            face=dict(face),
            level=level,
            outcome="",
            state=CardState.OPEN,
            settled_at=None,
            stale=True,
        )

    def shown(self, card: KeptCard, *, stale: bool) -> int:
        """Say whether people see the face that is kept; return how often it was changed."""
        updates = card.updates + (0 if stale else 1)
        self._set(card.task_id, stale=stale, updates=updates)
        return updates

    def renamed(self, old: str, new: str, key: str) -> None:
        """The card was sent again under another name (R9)."""
        statement = update(CARD).where(CARD.c.task_id == old)
        self._connection.execute(statement.values(task_id=new, key=key))

    def _set(self, task_id: str, **values: object) -> None:
        self._connection.execute(update(CARD).where(CARD.c.task_id == task_id).values(**values))

    def _locked(self, task_id: str) -> KeptCard | None:
        found = self._read(_LOCKED, task_id)
        return found[0] if found else None

    def _read(self, chosen: Select[Any], which: str | int) -> list[KeptCard]:
        rows = self._connection.execute(chosen, {"which": which})
        return [_read(dict(row)) for row in rows.mappings()]


def _written(buttons: Sequence[CardButton]) -> list[list[str]]:
    return [[button.key, button.label, *button.says] for button in buttons]


def _read(values: dict[str, Any]) -> KeptCard:
    buttons = tuple(CardButton(key, label, tuple(says)) for key, label, *says in values["buttons"])
    codes = tuple((code, until) for code, until in values["codes"])
    return KeptCard(**(values | {"buttons": buttons, "codes": codes}))
