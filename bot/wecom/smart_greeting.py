"""The one thing a robot says in an HTTP answer: its greeting, which no other way can carry.

Everything else is answered through the outbox (decision 12); but a robot in callback mode is given
no response_url when its chat is opened, and may not speak first.
"""

import json

from bot.wecom.crypto import Keyring, Sealed
from bot.wecom.fields import MalformedError, read_json


def is_entering(plaintext: bytes) -> bool:
    """Whether somebody opens the single chat, for the first time today (page 101027)."""
    try:
        event = read_json(plaintext).get("event")
    except MalformedError:
        return False
    return isinstance(event, dict) and event.get("eventtype") == "enter_chat"


def greet(keyring: Keyring, asked: Sealed, words: str) -> bytes:
    """Return the sealed answer; its nonce must be the callback's (page 101033)."""
    plain = json.dumps({"msgtype": "text", "text": {"content": words}}, ensure_ascii=False)
    sealed = keyring.seal(plain.encode(), timestamp=asked.timestamp, nonce=asked.nonce)
    answer = {
        "encrypt": sealed.encrypted,
        "msgsignature": sealed.signature,
        "timestamp": int(sealed.timestamp),
        "nonce": sealed.nonce,
    }
    return json.dumps(answer).encode()
