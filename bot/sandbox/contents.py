"""Checks what a message holds, by its type: required fields, bytes, media (page 90236)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.sandbox.answers import RefusalError
from bot.sandbox.cards import NOTICES, calls_back, card_type, check_card
from bot.sandbox.fields import Json, cut, mapping, mappings, size, text
from bot.sandbox.media import MediaStore, is_picture

TEXT_BYTES = 2048
MARKDOWN_BYTES = 2048
ROBOT_MARKDOWN_BYTES = 4096
URL_BYTES = 2048
_MOST_ARTICLES = 8
PICTURE_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: whose media may be used, and whether a card's press could come back."""

    media: MediaStore
    scope: str
    now: float
    has_callback: bool = False


Check = Callable[[Sender, Json], Json]


def checked(sender: Sender, msgtype: str, body: Json, checks: Mapping[str, Check]) -> Json:
    """Return the message's own part, cut where the platform cuts.

    Raises:
        RefusalError: 40008 for a type this door does not take, else what the type's check finds.
    """
    check = checks.get(msgtype)
    if check is None:
        raise RefusalError(40008)
    return check(sender, mapping(body.get(msgtype)))


def _too_long(name: str, limit: int) -> RefusalError:
    return RefusalError(40058, f"{name} exceed max length {limit}. invalid Request Parameter")


def _cut_text(_: Sender, part: Json) -> Json:
    content = text(part, "content")
    if not content:
        raise RefusalError(44004)
    return {**part, "content": cut(content, TEXT_BYTES)}


def _whole_text(_: Sender, part: Json) -> Json:
    return _limited(part, "text", TEXT_BYTES)


def _limited(part: Json, name: str, limit: int) -> Json:
    content = text(part, "content")
    if not content:
        raise RefusalError(44004)
    if size(content) > limit:
        raise _too_long(f"{name}.content", limit)
    return part


def _markdown(_: Sender, part: Json) -> Json:
    return _limited(part, "markdown", MARKDOWN_BYTES)


def _robot_markdown(_: Sender, part: Json) -> Json:
    return _limited(part, "markdown", ROBOT_MARKDOWN_BYTES)


def _robot_markdown_v2(_: Sender, part: Json) -> Json:
    return _limited(part, "markdown_v2", ROBOT_MARKDOWN_BYTES)


def _media_of(*kinds: str) -> Check:
    def check(sender: Sender, part: Json) -> Json:
        media = sender.media.find(text(part, "media_id"), scope=sender.scope, now=sender.now)
        if media.kind not in kinds:
            raise RefusalError(40007)
        return {**part, "name": media.name, "size": len(media.data)}

    return check


def _address(part: Json, *, required: bool) -> None:
    address = text(part, "url")
    if not address:
        if required:
            raise RefusalError(41010)
        return
    if not re.match(r"[a-z]+://", address, re.IGNORECASE):
        raise RefusalError(45034)
    if size(address) > URL_BYTES:
        raise RefusalError(40039)


def _textcard(_: Sender, part: Json) -> Json:
    for name, errcode in (("title", 41016), ("description", 41033)):
        if not text(part, name):
            raise RefusalError(errcode)
    _address(part, required=True)
    title, description = text(part, "title")[:128], text(part, "description")[:512]
    return {**part, "title": title, "description": description, "btntxt": text(part, "btntxt")[:4]}


def _articles(_: Sender, part: Json) -> Json:
    articles = tuple(mappings(part.get("articles")))
    if not 1 <= len(articles) <= _MOST_ARTICLES:
        raise RefusalError(45008)
    for article in articles:
        if not text(article, "title"):
            raise RefusalError(41016)
        _address(article, required="appid" not in article)
    short = [
        {
            **one,
            "title": cut(text(one, "title"), 128),
            "description": cut(text(one, "description"), 512),
        }
        for one in articles
    ]
    return {**part, "articles": short}


def _mp_articles(sender: Sender, part: Json) -> Json:
    articles = tuple(mappings(part.get("articles")))
    if not 1 <= len(articles) <= _MOST_ARTICLES:
        raise RefusalError(45008)
    for article in articles:
        if not text(article, "title"):
            raise RefusalError(41016)
        if not text(article, "content"):
            raise RefusalError(44004)
        sender.media.find(text(article, "thumb_media_id"), scope=sender.scope, now=sender.now)
    return part


def _app_card(sender: Sender, part: Json) -> Json:
    check_card(part)
    if calls_back(part) and not sender.has_callback:
        raise RefusalError(43012)
    return part


def _robot_card(_: Sender, part: Json) -> Json:
    if card_type(part) not in NOTICES:
        raise RefusalError(42031, "card_type not supported by webhook")
    check_card(part)
    return part


def _robot_picture(_: Sender, part: Json) -> Json:
    try:
        data = base64.b64decode(text(part, "base64"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusalError(40123) from error
    if not data:
        raise RefusalError(44001)
    if len(data) > PICTURE_BYTES:
        raise RefusalError(93018)
    if not is_picture(data):
        raise RefusalError(40123)
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != text(part, "md5").lower():
        raise RefusalError(301019)
    return part


APP_CHECKS: Mapping[str, Check] = {
    "text": _cut_text,
    "markdown": _markdown,
    "textcard": _textcard,
    "image": _media_of("image"),
    "voice": _media_of("voice"),
    "video": _media_of("video"),
    "file": _media_of("file", "image", "voice", "video"),
    "news": _articles,
    "mpnews": _mp_articles,
    "template_card": _app_card,
}

CHAT_CHECKS: Mapping[str, Check] = {
    name: check for name, check in APP_CHECKS.items() if name != "template_card"
}

ROBOT_CHECKS: Mapping[str, Check] = {
    "text": _whole_text,
    "markdown": _robot_markdown,
    "markdown_v2": _robot_markdown_v2,
    "image": _robot_picture,
    "news": _articles,
    "file": _media_of("file"),
    "voice": _media_of("voice"),
    "template_card": _robot_card,
}
