"""What a message says to its reader: its words, whom it mentions, and which links are live."""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from bot.sandbox.fields import Json, items, mapping, mappings, text, texts

_MENTION = re.compile(r"<@([^<>@\s][^<>\s]{0,63}|all)>")
_HREF = re.compile(r"<a\s[^<>]{0,40}href=[\"']([^\"'<>]{1,2048})[\"']", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\[[^\[\]\n]{0,200}\]\(([^()\s]{1,2048})\)")
_BARE = re.compile(r"https?://[^\s<>\"'()\[\]，。；！？、）】》]{1,2048}", re.IGNORECASE)
_ALL = "@all"


class Door(StrEnum):
    """Where a message is sent to; what is live in it depends on that."""

    APP = "app"
    ROBOT = "robot"
    CHAT = "chat"


def words_of(msgtype: str, part: Json) -> str:
    """Return what the reader sees, as plain lines."""
    writer = _WRITERS.get(msgtype)
    return f"[{msgtype}]" if writer is None else writer(part)


def _content(part: Json) -> str:
    return text(part, "content")


def _textcard(part: Json) -> str:
    return f"{text(part, 'title')}\n{text(part, 'description')}".strip()


def _news(part: Json) -> str:
    articles = mappings(part.get("articles"))
    return "\n".join(
        f"{text(one, 'title')}\n{text(one, 'description')}".strip() for one in articles
    )


def _card(part: Json) -> str:
    return "\n".join(line for line in _card_lines(part) if line)


def _card_lines(card: Json) -> Iterator[str]:
    yield text(mapping(card.get("source")), "desc")
    for name in ("main_title", "emphasis_content"):
        held = mapping(card.get(name))
        yield text(held, "title")
        yield text(held, "desc")
    quoted = mapping(card.get("quote_area"))
    yield text(quoted, "title")
    yield text(quoted, "quote_text")
    yield text(card, "sub_title_text")
    for one in mappings(card.get("vertical_content_list")):
        yield f"{text(one, 'title')} {text(one, 'desc')}".strip()
    for one in mappings(card.get("horizontal_content_list")):
        yield f"{text(one, 'keyname')}: {text(one, 'value')}"
    yield from (f"[{text(one, 'text')}]" for one in mappings(card.get("button_list")))
    submit = text(mapping(card.get("submit_button")), "text")
    yield f"[{submit}]" if submit else ""


_WRITERS: Mapping[str, Callable[[Json], str]] = {
    "text": _content,
    "markdown": _content,
    "markdown_v2": _content,
    "textcard": _textcard,
    "news": _news,
    "mpnews": _news,
    "template_card": _card,
    "image": lambda _: "[图片]",
    "voice": lambda _: "[语音]",
    "video": lambda part: f"[视频] {text(part, 'title')}".strip(),
    "file": lambda _: "[文件]",
}


def mentions_of(door: Door, msgtype: str, part: Json) -> tuple[str, ...]:
    """Return whom the message mentions, casefolded; app messages and markdown_v2 mention nobody."""
    if door is Door.APP or msgtype not in {"text", "markdown"}:
        return ()
    found: list[str] = []
    if msgtype == "text":
        found += texts(part.get("mentioned_list")) + texts(part.get("mentioned_mobile_list"))
    if door is Door.ROBOT:
        found += _MENTION.findall(_content(part))
    named = (_ALL if one in {"all", _ALL} else one.casefold() for one in found)
    return tuple(dict.fromkeys(named))


def links_of(msgtype: str, part: Json) -> tuple[str, ...]:
    """Return the addresses a reader could open from the message."""
    if msgtype in {"text", "markdown", "markdown_v2"}:
        content = _content(part)
        marked = _MARKDOWN_LINK.findall(content) if msgtype != "text" else []
        found = [*_HREF.findall(content), *marked, *_BARE.findall(content)]
    else:
        found = list(_urls(part))
    return tuple(dict.fromkeys(found))


def _urls(value: object) -> Iterator[str]:
    """Yield every `url` and bare address inside a card or an article list."""
    if isinstance(value, dict):
        for name, held in value.items():
            if name in {"url", "picurl", "icon_url", "image_url"} and isinstance(held, str):
                if held and name == "url":
                    yield held
            else:
                yield from _urls(held)
    elif isinstance(value, list):
        for held in items(value):
            yield from _urls(held)
    elif isinstance(value, str):
        yield from _HREF.findall(value)
