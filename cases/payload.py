"""The JSON bodies the platform takes (pages 90236, 99110), rendered once and kept byte for byte.

A retry must be identical to the last byte: the platform drops a repeated request only then. So the
body is built when the message is decided, never when it is sent.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence

MARKDOWN_BYTES = 4096  # of a group robot (page 99110)
PICTURE_BYTES = 2 * 1024 * 1024  # of a group robot, before base64
CHAT_NAME_LENGTH = 50  # characters (page 90245)
_USERID = re.compile(r"[0-9A-Za-z_.@-]{1,64}")
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


def robot_markdown(content: str, mentioned: Sequence[str] = ()) -> str:
    """Return a markdown post of a group robot; `mentioned` are userids out of the directory."""
    calls = "".join(f"<@{userid}>" for userid in mentioned if _USERID.fullmatch(userid))
    tail = f"\n{calls}" if calls else ""
    words = cut(content, limit=MARKDOWN_BYTES - len(tail.encode()))
    body = {"msgtype": "markdown", "markdown": {"content": words + tail}}
    return json.dumps(body, ensure_ascii=False)


def robot_image(picture: bytes) -> str:
    """Return a post of a group robot that shows a picture (JPG or PNG).

    Raises:
        ValueError: the picture is larger than the platform takes.
    """
    if len(picture) > PICTURE_BYTES:
        raise ValueError("a picture of a robot has at most 2 MB")
    digest = hashlib.md5(picture, usedforsecurity=False).hexdigest()
    image = {"base64": base64.b64encode(picture).decode(), "md5": digest}
    return json.dumps({"msgtype": "image", "image": image})


def robot_file(stored: str, name: str) -> str:
    """Return a post of a group robot that hands out a file kept under `stored`, called `name`."""
    return json.dumps({"msgtype": "file", "file": _stored(stored, name)}, ensure_ascii=False)


def app_file(agent_id: int, userid: str, file: tuple[str, str], *, key: str) -> str:
    """Return a message of the app that hands out a file: (where it is kept, what it is called).

    It goes up to the platform when the message leaves; a repeat names the same upload.
    """
    body = {
        "touser": userid,
        "msgtype": "file",
        "agentid": agent_id,
        "file": _stored(*file),
        "enable_duplicate_check": 1,
        "duplicate_check_interval": _WINDOW,
        "duban_key": key,
    }
    return json.dumps(body, ensure_ascii=False)


def _stored(stored: str, name: str) -> dict[str, str]:
    return {"stored": stored, "name": name}


def chat_create(chat_id: str, name: str, owner: str, members: Sequence[str]) -> str:
    """Return the request that makes a group chat of the app under an id of our own."""
    body = {"chatid": chat_id, "name": name, "owner": owner, "userlist": list(members)}
    return json.dumps(body, ensure_ascii=False)


def chat_update(chat_id: str, owner: str, add: Sequence[str], remove: Sequence[str]) -> str:
    """Return the request that lets people into a group chat and out of it."""
    body = {
        "chatid": chat_id,
        "owner": owner,
        "add_user_list": list(add),
        "del_user_list": list(remove),
    }
    return json.dumps(body, ensure_ascii=False)


def chat_text(chat_id: str, content: str) -> str:
    """Return a text in a group chat of the app. It has no key: a repeat would show twice (R9)."""
    body = {"chatid": chat_id, "msgtype": "text", "text": {"content": cut(content)}, "safe": 0}
    return json.dumps(body, ensure_ascii=False)
