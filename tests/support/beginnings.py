"""Where a journey begins: what many have in common is played once and its database copied."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.database import Database
from tests.support.chat import Chat, Seen
from tests.support.office import MORNING
from tests.support.town import Servers, town

Journey = Callable[[Chat], None]

_BEGINS: dict[Journey, Journey] = {}


def begins(opening: Journey) -> Callable[[Journey], Journey]:
    """Let a journey, or another opening, begin where `opening` ends."""

    def mark(journey: Journey) -> Journey:
        _BEGINS[journey] = opening
        return journey

    return mark


@dataclass(frozen=True, slots=True)
class Moment:
    """How far it has come: the database, what was told and seen, the time."""

    database: Path
    told: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()
    now: datetime = MORNING


class Beginnings:
    """Plays each opening once; a chat begins in a copy of where it ended."""

    def __init__(self, servers: Servers, empty: Path, folder: Path) -> None:
        self._servers = servers
        self._folder = folder
        self._empty = Moment(empty)
        self._known: dict[Journey, Moment] = {}

    @contextmanager
    def chat(self, journey: Journey, folder: Path) -> Iterator[Chat]:
        """Begin a journey in an institution of its own."""
        moment = self._before(journey)
        shutil.copy(moment.database, folder / "duban.db")
        database = Database(f"sqlite:///{folder}/duban.db", audit_key=b"the audit key of a journey")
        try:
            with town(self._servers, database, folder) as built:
                if moment.now != MORNING:
                    built.clock.set_offset((moment.now - MORNING).total_seconds())
                yield Chat(built, list(moment.told), list(moment.seen))
        finally:
            database.close()

    def _before(self, journey: Journey) -> Moment:
        opening = _BEGINS.get(journey)
        if opening is None:
            return self._empty
        if opening not in self._known:
            self._known[opening] = self._play(opening)
        return self._known[opening]

    def _play(self, opening: Journey) -> Moment:
        folder = self._folder / str(len(self._known)) / opening.__name__
        folder.mkdir(parents=True)
        with self.chat(opening, folder) as chat:
            opening(chat)
            chat.nothing_more()
            chat.town.change("DELETE FROM token")  # each sandbox has its own
            told, seen, now = tuple(chat.told), tuple(chat.seen), chat.town.now
        return Moment(folder / "duban.db", told, seen, now)
