"""What a callback says: the plaintext XML of messages and events (pages 90239, 90240).

The platform writes the same message in several ways (order of elements, CDATA or not, line breaks),
so a packet is written at random once, and then repeated as it is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from xml.sax.saxutils import escape

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBERS = frozenset(
    {"CreateTime", "MsgId", "AgentID", "Location_X", "Location_Y", "Scale", "Latitude"}
)

Element = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Raw:
    """An element whose inside is XML already."""

    name: str
    inside: str


@dataclass(frozen=True, slots=True)
class Packet:
    """A plaintext on its way to an app: who is meant and what identifies it."""

    agentid: int
    userid: str
    msgid: str  # "" for events
    kind: str  # MsgType, or the event's name
    plain: bytes


def _cdata(value: str) -> str:
    return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _written(name: str, value: str, random: Random) -> str:
    clean = _NOT_XML.sub("", value)
    if name in _NUMBERS and clean:
        return f"<{name}>{escape(clean)}</{name}>"
    # A line break at either end would be lost without CDATA, as it would be on the platform.
    wrapped = bool(clean.strip() != clean) or random.random() < 0.8  # noqa: PLR2004
    return f"<{name}>{_cdata(clean) if wrapped else escape(clean)}</{name}>"


def write(fields: Iterable[Element | Raw], random: Random) -> bytes:
    """Return the XML of a packet, its look drawn from `random`."""
    parts = [
        f"<{one.name}>{one.inside}</{one.name}>"
        if isinstance(one, Raw)
        else _written(one[0], one[1], random)
        for one in fields
    ]
    if random.random() < 0.5:  # noqa: PLR2004 - a coin
        random.shuffle(parts)
    between = "\n" if random.random() < 0.5 else ""  # noqa: PLR2004 - a coin
    return f"<xml>{between.join(parts)}{between}</xml>".encode()


def selected(chosen: Sequence[tuple[str, Sequence[str]]]) -> Raw:
    """Return SelectedItems for (question key, option ids) pairs."""
    inside = "".join(
        f"<SelectedItem><QuestionKey>{_cdata(question)}</QuestionKey><OptionIds>"
        + "".join(f"<OptionId>{_cdata(option)}</OptionId>" for option in options)
        + "</OptionIds></SelectedItem>"
        for question, options in chosen
    )
    return Raw("SelectedItems", inside)
