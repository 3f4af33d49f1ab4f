"""What leaves during a trial (试运行) says so: to the office alone, in front of every message."""

import json
from collections.abc import Callable

from cases.payload import MARKDOWN_BYTES, TEXT_BYTES, cut
from cases.robot_payload import ANSWER_BYTES, Spoken

MARK = "【试运行】"
_CARD_MARK = "督办 · 试运行"

_Body = dict[str, object]


def marked(payload: str) -> str:
    """Return the body of a message with the mark in front of its words, within the same limits.

    A body without words (a file, a picture, a recall) is returned as it is.
    """
    try:
        body = json.loads(payload)
    except ValueError:
        return payload
    if not isinstance(body, dict):
        return payload
    was_marked = [mark(body) for mark in _MARKS]
    return json.dumps(body, ensure_ascii=False) if any(was_marked) else payload


def _content(part: str, limit: int) -> Callable[[_Body], bool]:
    def mark(body: _Body) -> bool:
        held = body.get(part)
        if not isinstance(held, dict) or not isinstance(held.get("content"), str):
            return False
        held["content"] = _in_front(held["content"], limit)
        return True

    return mark


def _card(body: _Body) -> bool:
    card = body.get("template_card", body.get("card"))
    source = card.get("source") if isinstance(card, dict) else None
    if not isinstance(source, dict):
        return False
    source["desc"] = _CARD_MARK
    return True


def _spoken(body: _Body) -> bool:
    said = body.get("text")
    if body.get("spoken") not in {Spoken.ANSWER, Spoken.WELCOME} or not isinstance(said, str):
        return False
    body["text"] = _in_front(said, ANSWER_BYTES)
    return True


def _in_front(words: str, limit: int) -> str:
    return words if words.startswith(MARK) else cut(f"{MARK}{words}", limit=limit)


_MARKS = (_content("text", TEXT_BYTES), _content("markdown", MARKDOWN_BYTES), _card, _spoken)
