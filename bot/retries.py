"""When to try again, and for how long a repeat is still harmless."""

import hashlib
import json
from datetime import datetime, timedelta

from storage.outbox import Claimed, NewMessage
from storage.states import Channel

REVISION = "/重发"  # behind the key of a card that is sent again under a new task_id
_WAITS = (5, 15, 60, 180, 600, 1800)  # seconds after the first, second, … try; then the last
_QUICK_WAITS = (2, 5, 10)  # errcode -1: the platform suggests no more than three retries
_JITTER = 0.2
_LONGEST_WINDOW = 14_400  # seconds: for no longer are equal requests dropped (R9)
_MAX_TRIES_IN_DOUBT = 60  # a card's task_id is remembered for long, but not for ever


def wait_after(attempt: int, key: str, *, is_quick: bool = False) -> timedelta:
    """Return how long to wait after try number `attempt` (from 1) of the message `key`.

    Up to a fifth is taken off, by the key and not by chance: rows of one outage do not return
    together, and a replayed run is the same run.
    """
    waits = _QUICK_WAITS + _WAITS if is_quick else _WAITS
    seconds = waits[min(attempt, len(waits)) - 1]
    digest = hashlib.sha256(f"{key}|{attempt}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return timedelta(seconds=seconds * (1 - _JITTER * share))


def fault_of(channel: Channel, payload: str) -> str | None:
    """Return what makes a payload unsafe to send, or None.

    A repeat must be recognisable to the platform: a card by its task_id, a text by the duplicate
    check that the stored request itself switches on (R9). Webhooks and chats have neither.
    """
    try:
        fields = json.loads(payload)
    except ValueError:
        return "消息不是 JSON"
    if not isinstance(fields, dict):
        return "消息不是 JSON 对象"
    if channel != Channel.APP or "msgtype" not in fields:
        return None
    if fields["msgtype"] == "template_card":
        card = fields.get("template_card")
        return None if isinstance(card, dict) and card.get("task_id") else "卡片缺少 task_id"
    if fields.get("enable_duplicate_check") != 1 or not fields.get("duplicate_check_interval"):
        return "消息没有打开重复检查"
    return None


def tries_in_doubt(payload: str) -> int:
    """Return how often a message whose outcome is unknown may be tried.

    Equal texts are dropped within the interval the request names, so the tries must be over before
    it ends. A card is known by its task_id for longer. A webhook or a chat has no such check; there
    the same bound keeps a notice from being repeated for ever.
    """
    fields = json.loads(payload)
    if fields.get("msgtype") == "template_card":
        return _MAX_TRIES_IN_DOUBT
    window = fields.get("duplicate_check_interval", _LONGEST_WINDOW)
    tries, waited = 1, 0
    while waited + _WAITS[min(tries, len(_WAITS)) - 1] < window:
        waited += _WAITS[min(tries, len(_WAITS)) - 1]
        tries += 1
    return tries


def with_new_task_id(payload: str, revision: int) -> str:
    """Return the card under a new task_id, derived from the old one and the revision."""
    fields = json.loads(payload)
    old = fields["template_card"]["task_id"]
    digest = hashlib.sha256(f"{old}|{revision}".encode()).hexdigest()
    fields["template_card"]["task_id"] = f"m-{digest[:40]}"
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def is_card(payload: str) -> bool:
    """Whether a payload is a card, which a task_id identifies."""
    fields = json.loads(payload)
    return isinstance(fields, dict) and fields.get("msgtype") == "template_card"


def revised(claim: Claimed, revision: int, now: datetime) -> NewMessage:
    """Return the card again as a message of its own, under a new key and a new task_id."""
    return NewMessage(
        key=claim.key + REVISION,
        kind=claim.kind,
        channel=claim.channel,
        recipient=claim.recipient,
        payload=with_new_task_id(claim.payload, revision),
        reason=claim.reason,
        priority=claim.priority,
        next_at=now,
        case_id=claim.case_id,
        clock_id=claim.clock_id,
        generation=claim.generation,
        mentions=claim.mentions,
    )


def form_of(claim: Claimed) -> str:
    """What a failpoint may be armed for alone: card, robot, aibot, digest, broadcast, else text."""
    if claim.kind in ("digest", "broadcast"):
        return claim.kind
    if claim.channel != Channel.APP:
        return str(claim.channel)
    return "card" if is_card(claim.payload) else "text"


def is_message(payload: str) -> bool:
    """Whether a payload says something to somebody, rather than changing what is there."""
    fields = json.loads(payload)
    return isinstance(fields, dict) and "msgtype" in fields
