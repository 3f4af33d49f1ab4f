"""Outside text made inert for WeCom's text, markdown and cards (R20), within byte limits."""

import re
import unicodedata

# What can open a tag, mention, link, code, emphasis, heading, table or an id translation
# ($userName=…$, page 101380) is shown as its full-width twin: readable, and never live.
_INERT = {ord(c): chr(ord(c) + 0xFEE0) for c in "<>&@[]`*_#|$~\\"}
_SCHEME = re.compile(r":(?=//)")
_DOMAIN_DOT = re.compile(r"(?<=[0-9A-Za-z-])\.(?=[A-Za-z]{2})")  # clients make links of a.com too
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_MORE = "…"


def wecom_field(text: str, limit_bytes: int | None = None) -> str:
    """Return outside text as one inert line, at most `limit_bytes` UTF-8 bytes long.

    Use it for every title, name or word that goes into a message; a line break in it would let
    the text imitate a line of ours.
    """
    plain = "".join(_visible(character) for character in text)
    inert = " ".join(plain.split()).translate(_INERT)
    inert = _DOMAIN_DOT.sub("\uff0e", _SCHEME.sub("：", inert))
    return inert if limit_bytes is None else cut_bytes(inert, limit_bytes)


def wecom_lines(text: str, limit_bytes: int | None = None) -> str:
    """Return outside text made inert line by line: for a draft or a history shown as a whole."""
    inert = "\n".join(wecom_field(line) for line in text.splitlines())
    return inert if limit_bytes is None else cut_bytes(inert, limit_bytes)


def as_seen(text: str) -> str:
    """Return outside text without what nobody sees: it would turn a line round, or colour it.

    For pages and terminals, which do their own escaping besides; line breaks and tabs stay.
    """
    return text if text.isprintable() else _UNSEEN.sub("", text)


def cut_bytes(text: str, limit: int) -> str:
    """Return `text` within `limit` UTF-8 bytes, cut between characters, with … where it was cut."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return raw.decode()
    room = limit - len(_MORE.encode())
    tail = _MORE if room >= 0 else ""
    kept = raw[: max(room, 0) if tail else max(limit, 0)].decode("utf-8", "ignore")
    after = text[len(kept)]
    if kept and unicodedata.combining(after):  # an accent belongs to the letter before it
        kept = kept[:-1]
    return kept + tail


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # invisible: zero-width, direction marks
        return ""
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "\ufffd" if category == "Cs" else character
