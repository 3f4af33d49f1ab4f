"""The worked utterances kept as test data, and how far a reading may differ from them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cases.chat import Understood, role_named, understand
from cases.people import Role
from config.platforms import load_link_rules

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")  # a Friday
RULES = load_link_rules()
DATA = Path(__file__).parents[1] / "data"
# Free text: the key is there and says something. Names, numbers, times, levels: exactly.
LOOSE = frozenset(
    [
        *("title", "summary", "appeal", "suggest", "reason", "text", "draft", "edit", "opinion"),
        *("channel", "place"),
    ]
)


@dataclass(frozen=True)
class Utterance:
    text: str
    role: Role | None
    intent: str
    slots: Mapping[str, object]

    def wrong(self, got: Understood) -> list[str]:
        if got.intent != self.intent:
            return [f"{self.text!r}: {got.intent} instead of {self.intent}"]
        return [
            f"{self.text!r}: {name} is {got.slots.get(name)!r} instead of {value!r}"
            for name, value in self.slots.items()
            if not _fits(name, value, got.slots)
        ]


def _fits(name: str, value: object, slots: Mapping[str, object]) -> bool:
    return bool(slots.get(name)) if name in LOOSE else name in slots and slots[name] == value


def utterances(name: str) -> Iterator[Utterance]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines()[1:]:
        text, role, intent, slots = line.split("\t")
        yield Utterance(text.replace("\\n", "\n"), role_named(role), intent, json.loads(slots))


def said(text: str, role: Role | None = None, now: datetime = NOW) -> Understood:
    return understand(text, role, now, RULES)


def intents(text: str, role: Role | None = None) -> list[str]:
    got = said(text, role)
    return [got.intent.value, *(one.intent.value for one in got.more)]
