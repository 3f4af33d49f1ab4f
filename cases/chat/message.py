"""One message as the recognisers see it: folded, links and case numbers masked."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from cases.chat.intents import Found
from cases.chat.names import Names
from cases.chat.normalise import CASE, CASE_MARK, LINK, LINK_MARK, clean, hide_quotes
from cases.chat.pasted import QUOTE_BLOCK, separate
from cases.chat.references import Reference, find_references
from cases.chat.times import local
from cases.link_rules import LinkRules
from cases.links import Link, find_links
from cases.people import Role

LEADERS = frozenset({Role.DEPUTY_LEADER, Role.CHIEF_LEADER, Role.SUPERVISOR})
OFFICE = frozenset({Role.OFFICE_DIRECTOR, Role.DUTY_OFFICER})
UNIT_PEOPLE = frozenset({Role.LIAISON, Role.UNIT_LEADER, Role.SPOKESPERSON})

_CASES = re.compile(CASE)
_LINKS = re.compile(LINK)
_DOT = re.compile("[.\uff0e]")  # no link without one, in either width
_SURROGATE = re.compile("[\ud800-\udfff]")
# A clock after a link's comma belongs to the sentence, not to the address: "…/P0w7ex6A3,10:05".
_COMMA = re.compile(r"[,;](?=[0-9]{1,2}:[0-9]{2}(?![0-9])|[\u4e00-\u9fff])")
_TRIM = " \n\t,，。、;；:：!！?？"


@dataclass(frozen=True, slots=True)
class Message:
    """A message or one piece of it."""

    raw: str
    text: str  # folded, one mark for each link and case number
    said: str  # the same, quoted words blanked out
    at: tuple[int, ...]
    role: Role | None
    now: datetime  # on the institution's clock
    links: tuple[Link, ...]
    references: tuple[Reference, ...]
    names: Names

    def words(self, start: int = 0, end: int | None = None) -> str:
        """Return text[start:end] as it was typed, without punctuation around it."""
        last = len(self.text) if end is None else end
        return self.raw[self.at[start] : self.at[last]].strip(_TRIM)

    def piece(self, start: int, end: int) -> "Message":
        """Return the part text[start:end] as a message of its own."""
        return replace(
            self, text=self.text[start:end], said=self.said[start:end], at=self.at[start : end + 1]
        )

    def find(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Search what the sender said, quotations left out."""
        return pattern.search(self.said)

    @property
    def cases(self) -> list[str]:
        """The case references of this piece, as written, in order."""
        return [reference.written for reference in self._marked if reference.written]

    @property
    def items(self) -> list[int] | str:
        """The numbers of the list last shown that this piece names; "rest" for 其余."""
        if any(reference.is_rest for reference in self._marked):
            return "rest"
        return [number for reference in self._marked for number in reference.items]

    @property
    def _marked(self) -> list[Reference]:
        return [self.references[ord(mark) - CASE_MARK] for mark in _CASES.findall(self.text)]

    @property
    def case(self) -> str:
        """The first case reference, or ""."""
        return next(iter(self.cases), "")

    @property
    def has_topic(self) -> bool:
        """Whether a case is pointed at in words only."""
        return any(reference.is_topic for reference in self._marked)

    @property
    def addresses(self) -> list[Link]:
        """The links of this piece, in order."""
        return [self.links[ord(mark) - LINK_MARK] for mark in _LINKS.findall(self.text)]

    @property
    def url(self) -> str:
        """The first link as written, or ""."""
        return next((link.url for link in self.addresses), "")

    @property
    def is_leader(self) -> bool:
        """Whether a leader speaks."""
        return self.role in LEADERS

    @property
    def is_unit(self) -> bool:
        """Whether somebody of a responsible unit speaks."""
        return self.role in UNIT_PEOPLE


Recogniser = Callable[[Message], Found | None]


def listen(
    raw: str, role: Role | None, now: datetime, *, rules: LinkRules, names: Names
) -> Message:
    """Return the message in `raw`; a message quoted above it and pasted words are left out."""
    sound = _SURROGATE.sub("\ufffd", raw)
    quoted = QUOTE_BLOCK.match(sound)
    typed = " " * quoted.end() + sound[quoted.end() :] if quoted else sound
    own = separate(typed, is_leader=role in LEADERS).own
    found = find_links(_COMMA.sub(" ", own[:4000]), rules) if _DOT.search(own) else ()
    spans = tuple(_places(own, found))
    links = tuple(link for _start, _end, link in spans)
    folded, references = find_references(clean(own, tuple((s, e) for s, e, _ in spans)))
    return Message(
        raw=own,
        text=folded.text,
        said=hide_quotes(folded.text),
        at=folded.at,
        role=role,
        now=local(now),
        links=links,
        references=references,
        names=names,
    )


def _places(text: str, links: tuple[Link, ...]) -> list[tuple[int, int, Link]]:
    places = []
    position = 0
    for link in links[:100]:
        start = text.find(link.url, position)
        if start >= 0:  # pragma: no branch - a link is a piece of the text it was found in
            position = start + len(link.url)
            places.append((start, position, link))
    return places
