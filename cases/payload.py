"""The JSON bodies the platform takes (pages 90236, 99110), rendered once and kept byte for byte.

A retry must be identical to the last byte: the platform drops a repeated request only then. So the
body is built when the message is decided, never when it is sent.
"""

import json

TEXT_BYTES = 2048  # app and robot text, UTF-8 (pages 90236, 99110)
_WINDOW = 14400  # seconds: the longest the platform remembers a body


def cut(text: str, more: str = "", limit: int = TEXT_BYTES) -> str:
    """Return `text` within `limit` UTF-8 bytes, cut on a character, ending in `more` if cut.

    The beginning is kept: it holds the number, the level and the deadline.
    """
    raw = text.encode()
    if len(raw) <= limit:
        return text
    tail = f"…{more}"
    kept = raw[: limit - len(tail.encode())]
    return kept.decode(errors="ignore") + tail


def app_text(agent_id: int, userid: str, content: str, *, key: str) -> str:
    """Return a text message of the app to one person.

    `key` makes two messages of equal words differ as requests, so that only a retry of the same
    message is dropped as a repeat.
    """
    body = {
        "touser": userid,
        "msgtype": "text",
        "agentid": agent_id,
        "text": {"content": content},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": _WINDOW,
        "duban_key": key,
    }
    return json.dumps(body, ensure_ascii=False)


def robot_text(content: str, mentioned: tuple[str, ...]) -> str:
    """Return a text post of a group robot that @-mentions people by userid."""
    body = {"msgtype": "text", "text": {"content": content, "mentioned_list": list(mentioned)}}
    return json.dumps(body, ensure_ascii=False)
