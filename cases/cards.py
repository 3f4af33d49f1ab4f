"""Template cards (模板卡片, platform pages 90236 and 94888): faces within the limits of each field.

The same faces serve the app and the intelligent robot. A card is known to the platform by its
task_id, made from the key of its message: sent again it is the same card (R9).
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from cases.encoding import cut_bytes

# The platform recommends lengths in characters; a Chinese character has three UTF-8 bytes.
TITLE_BYTES = 36 * 3
DESC_BYTES = 44 * 3
BODY_BYTES = 160 * 3
NAME_BYTES = 5 * 3
VALUE_BYTES = 30 * 3
BUTTON_BYTES = 10 * 3
KEY_BYTES = 1024
URL_BYTES = 2048
MOST_ROWS = 6
MOST_BUTTONS = 2  # the platform takes six; what is more opens the page of the case
CODE_LIVES = timedelta(hours=72)  # a response_code updates its card once, within this

_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,2040}")
_HOW = "回复「"  # how a line begins that says what to answer
_ABOVE = "\n…全文见上一条"
_PRIMARY, _SECONDARY = 1, 2  # styles of buttons: blue, grey


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what is written on it, and the key by which its press is told."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Row:
    """A name with a value, and where it leads, if anywhere."""

    name: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. With buttons it is a button_interaction, without a text_notice."""

    title: str  # 【交办】007《…》二级
    desc: str = ""  # until when, or what became of it
    body: str = ""
    hint: str = ""  # the last line of the body: kept when the body is cut
    rows: tuple[Row, ...] = ()
    buttons: tuple[Button, ...] = ()
    menu: tuple[Button, ...] = ()  # behind the dots in the corner
    page: str = ""  # the page of the case; "" where none can be opened
    done: str = ""  # written in place of the buttons once it is settled: 已签收


def task_id_of(key: str) -> str:
    """Return the card's name at the platform, made from the key of its message (R9)."""
    return f"m-{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def task_of(payload: str) -> str:
    """Return the name of the card that a message shows; "" where it shows none."""
    card = json.loads(payload).get("template_card")
    return str(card.get("task_id", "")) if isinstance(card, dict) else ""


def face(text: str, *, desc: str = "", hint: str = "") -> tuple[Card, bool]:
    """Return the face of a message that begins with number, title and level; and if it is whole.

    A line that is an address becomes a row that opens it. Where the words do not fit, the
    message itself has to be sent before the card.
    """
    title, *lines = text.splitlines()
    links = [line for line in lines if _ADDRESS.fullmatch(line)]
    said = [line for line in lines if line and line not in links]
    if len(title.encode()) > TITLE_BYTES:  # what the title of the card has no room for
        said.insert(0, title)
    rows = tuple(Row("原文", "打开原文链接", link) for link in links[:1])
    made = Card(title, desc, "\n".join(said), hint, rows)
    return made, _body(made) == "\n".join((*said, *([hint] if hint else [])))


def settled(card: Card, done: str, desc: str) -> Card:
    """Return the card once there is nothing left to press: `done` on it, `desc` says by whom."""
    lines = [line for line in card.body.splitlines() if not line.startswith(_HOW)]
    return replace(card, done=done, desc=desc, body="\n".join(lines), hint="")


def template_card(card: Card, task_id: str = "") -> dict[str, object]:
    """Return the platform's `template_card`, each field within its limit.

    Raises:
        ValueError: a card without buttons that opens no page: the platform takes none such.
    """
    if not card.buttons and not card.page:
        raise ValueError("a text_notice needs a page")
    built: dict[str, object] = {
        "card_type": "button_interaction" if card.buttons else "text_notice",
        "source": {"desc": "督办", "desc_color": 0},
        "main_title": _without_empty(
            title=_cut_title(card.title), desc=cut_bytes(card.desc, DESC_BYTES)
        ),
        "sub_title_text": _body(card),
        "horizontal_content_list": [_row(row) for row in card.rows[:MOST_ROWS]],
        "task_id": task_id,
    }
    if card.menu:
        entries = [_pressed(button) for button in card.menu[:3]]
        built["action_menu"] = {"desc": "更多", "action_list": entries}
    built |= _buttons(card) | _pages(card)
    return {name: value for name, value in built.items() if value not in ("", [])}


def app_card(agent_id: int, userid: str, card: Card, *, key: str) -> str:
    """Return the message of the app that shows a card to one person."""
    body = {
        "touser": userid,
        "msgtype": "template_card",
        "agentid": agent_id,
        "template_card": template_card(card, task_id_of(key)),
    }
    return json.dumps(body, ensure_ascii=False)


def card_update(agent_id: int, userids: Sequence[str], response_code: str, card: Card) -> str:
    """Return the request that puts `card` in the place of what `userids` see; good for one use."""
    body = {
        "userids": list(userids),
        "agentid": agent_id,
        "response_code": response_code,
        "template_card": template_card(card),
    }
    return json.dumps(body, ensure_ascii=False)


def robot_card(card: Card) -> str:
    """Return the post of a group robot that shows a notice. Robots have no buttons (page 99110)."""
    notice = replace(card, buttons=(), menu=(), done="")
    return json.dumps(
        {"msgtype": "template_card", "template_card": template_card(notice)}, ensure_ascii=False
    )


def _buttons(card: Card) -> dict[str, object]:
    if not card.buttons:
        return {}
    built: dict[str, object] = {
        "button_list": [
            _pressed(button) | {"style": _SECONDARY if nth else _PRIMARY}
            for nth, button in enumerate(card.buttons[:MOST_BUTTONS])
        ]
    }
    return built | ({"replace_text": cut_bytes(card.done, BUTTON_BYTES)} if card.done else {})


def _pages(card: Card) -> dict[str, object]:
    if not card.page:
        return {}
    page: dict[str, object] = {"type": 1, "url": card.page}
    jump = {} if card.buttons else {"jump_list": [{**page, "title": "打开案件页"}]}
    return {"card_action": page, **jump}


def _body(card: Card) -> str:
    hint = cut_bytes(card.hint, BODY_BYTES // 2)
    tail = f"\n{hint}" if card.body and hint else hint
    return _whole_lines(card.body, BODY_BYTES - len(tail.encode())) + tail


def _whole_lines(body: str, room: int) -> str:
    """Cut between lines, saying where the rest is; a first line that is too long inside it."""
    if len(body.encode()) <= room:
        return body
    kept = cut_bytes(body, room - len(_ABOVE.encode())).rpartition("\n")[0]
    return kept + _ABOVE if kept else cut_bytes(body, room)


def _cut_title(title: str) -> str:
    """Cut inside 《》: the number before it and the level behind it are kept."""
    if len(title.encode()) <= TITLE_BYTES:
        return title
    head, mark, tail = title.rpartition("》")
    kept = mark + cut_bytes(tail, TITLE_BYTES // 3)
    return cut_bytes(head if mark else title, TITLE_BYTES - len(kept.encode())) + kept


def _row(row: Row) -> dict[str, object]:
    built: dict[str, object] = {
        "keyname": cut_bytes(row.name, NAME_BYTES),
        "value": cut_bytes(row.value, VALUE_BYTES),
    }
    is_open = _ADDRESS.fullmatch(row.url) and len(row.url.encode()) <= URL_BYTES
    return built | ({"type": 1, "url": row.url} if is_open else {})


def _pressed(button: Button) -> dict[str, object]:
    return {
        "text": cut_bytes(button.text, BUTTON_BYTES),
        "key": cut_bytes(button.key, KEY_BYTES),
    }


def _without_empty(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
