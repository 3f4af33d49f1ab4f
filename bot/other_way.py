"""When the intelligent robot cannot say it: the app says it one to one, and the reason is kept."""

import json
from datetime import datetime

from bot.gateway import GiveUp
from bot.retries import is_message
from cases.robot_payload import BadRobotMessageError, read
from storage.outbox import Claimed, NewMessage
from storage.states import Channel

TRIES_BY_ROBOT = 3  # within some twenty seconds; an answer that comes much later is none
_DIRECT = "/私聊"
# A finished stream is refused a second time, a response_url works once, and a response_code
# changes a card once: after an attempt whose outcome nobody knows, such a refusal says that it
# arrived.
_CODE_USED = 60140
_USED_UP = frozenset({846606, _CODE_USED})


def proves_delivery(claim: Claimed, refusal: GiveUp) -> bool:
    """Whether a refusal says that the way back was used up, by an earlier try of this message."""
    if claim.channel == Channel.AIBOT:
        return refusal.errcode in _USED_UP
    return refusal.errcode == _CODE_USED and not is_message(claim.payload)


def instead_of(claim: Claimed, why: str, now: datetime) -> NewMessage | None:
    """Return the app's message that takes the place of a robot's; None: there is none."""
    if claim.channel != Channel.AIBOT:
        return None
    try:
        message = read(claim.payload)
    except BadRobotMessageError:
        return None
    if not message.otherwise:
        return None
    return NewMessage(
        key=claim.key + _DIRECT,
        kind=claim.kind,
        channel=Channel.APP,
        recipient=_addressee(message.otherwise),
        payload=message.otherwise,
        reason=f"{claim.reason} (机器人没有答成, 改由应用私聊: {why})",
        priority=claim.priority,
        next_at=now,
        case_id=claim.case_id,
    )


def _addressee(payload: str) -> str:
    return str(json.loads(payload)["touser"])
