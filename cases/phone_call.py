"""A call that the operator's own command makes (电话通知): what it is told, as a message is kept.

The words name number, level, step and time, never a title: they leave by another network.
"""

import json
import re
from dataclasses import asdict, dataclass

KIND = "phone-call"  # of the message in the outbox
_DIALLED = re.compile(r"\+?[0-9][0-9 -]{2,30}")


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """Who is to be called about which case, and what is to be said."""

    phone: str
    name: str
    number: str  # of the case
    text: str

    @property
    def can_be_dialled(self) -> bool:
        """Whether the phone is a number and nothing that a program could take for an option."""
        return _DIALLED.fullmatch(self.phone) is not None

    def fill(self, argument: str) -> str:
        """Return one argument of the command with {phone}, {name} and {number} filled in."""
        for name in ("phone", "name", "number"):
            argument = argument.replace(f"{{{name}}}", getattr(self, name))
        return argument


def payload_of(call: PhoneCall) -> str:
    """Return the call as a message is kept."""
    return json.dumps({"call": asdict(call)}, ensure_ascii=False)


def call_in(payload: str) -> PhoneCall | None:
    """Return the call that a message is; None where it is another message."""
    fields = json.loads(payload)
    said = fields.get("call") if isinstance(fields, dict) else None
    if not isinstance(said, dict):
        return None
    return PhoneCall(*(str(said.get(name, "")) for name in ("phone", "name", "number", "text")))
