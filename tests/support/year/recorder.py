"""Where the platform would begin: what leaves is written down, with its moment."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.gateway import Outcome, Sent
from tests.support.year.moments import beijing


@dataclass(frozen=True, slots=True)
class Left:
    """One message as it passed the gateway."""

    at: int
    channel: str
    recipient: str
    key: str  # what the engine calls it; "" for a post in a group
    text: str


@dataclass(slots=True)
class Recorder:
    """The gateway: takes everything, forgets nothing."""

    clock: Callable[[], datetime]
    left: list[Left] = field(default_factory=list)
    recalls: int = 0
    cards: int = 0
    changes: int = 0  # of cards sent before

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        """Write it down; what is called back (R13) is counted."""
        body, at = json.loads(payload), beijing(self.clock())
        if "text" in body:
            text, key = body["text"]["content"], body.get("duban_key", "")
            self.left.append(Left(at, channel, recipient, key, text))
        elif body.get("msgtype") == "template_card":
            self.cards += 1
            card = body["template_card"]
            text = "【卡片】" + card["main_title"]["title"]
            self.left.append(Left(at, channel, recipient, f"card|{card['task_id']}", text))
            return Sent(f"m{len(self.left)}", response_code=f"c{len(self.left)}")
        else:
            is_change = "response_code" in body
            self.changes += is_change
            self.recalls += not is_change
        return Sent(f"m{len(self.left)}")
