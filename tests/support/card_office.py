"""The office with cards: people press, cards change in their hands, codes are used up."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.cards import check_card
from bot.sandbox.reading import words_of
from cases.messages import EventInfo, Heard, HeardKind
from handlers import aftermath
from handlers.hear import Hearing
from storage.outbox import Claimed
from tests.support.office import Office, Told


@dataclass(slots=True)
class Held:
    """A card as one person sees it."""

    to: str
    task_id: str
    card: dict[str, object]

    @property
    def words(self) -> str:
        return words_of("template_card", self.card) + f"\n{self.card.get('replace_text', '')}"

    def key(self, label: str) -> str:
        entries = [*_list(self.card.get("button_list"))]
        menu = self.card.get("action_menu")
        entries += _list(menu.get("action_list")) if isinstance(menu, dict) else []
        return next(str(one["key"]) for one in entries if one["text"] == label)


def _list(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


@dataclass(slots=True)
class CardOffice(Office):
    """Speak, press, and look at the cards."""

    cards: bool = True
    held: list[Held] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # response_code -> task_id, while unused
    gives_codes: bool = True
    _presses: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def leaving(self) -> list[Told]:
        told: list[Told] = []
        while True:
            with self.database.work() as work:
                claims = work.outbox.claim(self.now, "test", 100)
                for claim in claims:
                    told += self._leave(claim)
                    work.outbox.sent(claim, f"m{claim.id}", self.now)
                    aftermath.sent(work, claim, self._code(claim), self.now, self.desk)
            if not claims:
                return told

    def _leave(self, claim: Claimed) -> list[Told]:
        body = json.loads(claim.payload)
        if "response_code" in body:
            self._change(body)
            return []
        if body["msgtype"] == "template_card":
            check_card(body["template_card"])
            card = Held(claim.recipient, body["template_card"]["task_id"], body["template_card"])
            self.held.append(card)
            return [Told(claim.recipient, card.words, claim.kind)]
        return [Told(claim.recipient, body["text"]["content"], claim.kind)]

    def _change(self, body: dict[str, object]) -> None:
        card = body["template_card"]
        assert isinstance(card, dict)
        check_card(card, update=True)
        task_id = self.codes.pop(str(body["response_code"]))  # each is good for one use
        held = next(one for one in self.held if one.task_id == task_id)
        assert [held.to] == body["userids"]
        held.card = card

    def _code(self, claim: Claimed) -> str:
        body = json.loads(claim.payload)
        if body.get("msgtype") != "template_card" or not self.gives_codes:
            return ""
        return self._new_code(body["template_card"]["task_id"])

    def _new_code(self, task_id: str) -> str:
        code = f"code{len(self.codes)}.{next(self._presses)}"
        self.codes[code] = task_id
        return code

    def card(self, who: str, words: str = "") -> Held:
        """The newest card of somebody, with these words on it."""
        return [one for one in self.held if one.to == who and words in one.words][-1]

    def presses(self, who: str, label: str, card: Held | None = None) -> list[Told]:
        """Somebody presses a button, of his newest card unless another is given."""
        in_menu = label == "查进度"
        held = card or self.card(who, "" if in_menu else f"[{label}]")
        name = "template_card_menu_event" if in_menu else "template_card_event"
        info = EventInfo(name, held.key(label), held.task_id, self._new_code(held.task_id))
        return self.happens(who, info)

    def happens(self, who: str, event: EventInfo) -> list[Told]:
        """An event about somebody arrives."""
        heard = Heard(
            key=f"event:{next(self._presses)}",
            channel="app",
            agent_id="1000002",
            sender=who,
            kind=HeardKind.EVENT,
            sent_at=self.now,
            event=event,
        )
        hearing = Hearing(self.desk)
        self.database.run(lambda work: hearing(work, heard, self.now))
        return self.leaving()
