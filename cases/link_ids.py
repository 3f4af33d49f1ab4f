"""Ids of one item in several spellings, brought to one: 微博 mid/bid, B站 av/BV, a topic."""

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

_BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BID_GROUP = 4  # characters of a bid …
_MID_GROUP = 7  # … for digits of a mid
_MID_SHORTEST = 10  # a bid has 9 characters at most
_BASE58 = "FcwAPNKTMug3GV5Lj7EJnHpWsx4tb8haYeviqBz6rkCy12mUSDQX9RdoZf"
_BV_XOR = 23442827791579
_BV_LIMIT = 1 << 51
_BV_LENGTH = 12
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_ENCODED_TIMES = 2  # s.weibo.com/weibo/%2523… is what its own pages write


def weibo_mid(text: str) -> str:
    """Return the mid of a 微博 post from its mid or bid; what cannot be a bid stays as it is.

    A bid is the mid in base 62, 7 digits to 4 characters, counted from the right.
    """
    if text.isdigit() and len(text) >= _MID_SHORTEST:
        return text
    groups = []
    end = len(text)
    while end > 0:
        number = 0
        for character in text[max(0, end - _BID_GROUP) : end]:
            number = number * 62 + _BASE62.index(character)
        if number >= 10**_MID_GROUP:
            return text
        groups.append(f"{number:0{_MID_GROUP}d}")
        end -= _BID_GROUP
    return "".join(reversed(groups)).lstrip("0") or text


def bilibili_bv(text: str) -> str:
    """Return the BV id of a video from av123, 123 or BV1…; a number too large stays as it is.

    The scheme of 2023 (51 bits), which contains the older one.
    """
    if text[:2].lower() == "bv":
        return "BV" + text[2:]
    number = int(text.lower().removeprefix("av"))
    return _bv_of(number) if 0 < number < _BV_LIMIT else f"av{number}"


def _bv_of(number: int) -> str:
    rest = (_BV_LIMIT | number) ^ _BV_XOR
    letters = ["B", "V", "1", *"0" * 9]
    place = _BV_LENGTH - 1
    while rest:
        rest, digit = divmod(rest, 58)
        letters[place] = _BASE58[digit]
        place -= 1
    return "".join(_swapped(letters))


def _swapped(letters: list[str]) -> list[str]:
    letters[3], letters[9] = letters[9], letters[3]
    letters[4], letters[7] = letters[7], letters[4]
    return letters


def words(text: str) -> str | None:
    """Return the words of a topic or search as people read them; None when there are none."""
    for _ in range(_ENCODED_TIMES):
        text = unquote(text) if _ESCAPE.search(text) else text
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in plain)
    return " ".join(visible.split()) or None


def lower(text: str) -> str:
    """Return the id in lower case: hexadecimal ids."""
    return text.lower()


def upper(text: str) -> str:
    """Return the id in capitals: ids that a site writes both ways."""
    return text.upper()


def base64(text: str) -> str:
    """Return base64 with the = that copying loses: the __biz of 微信公众号."""
    bare = text.rstrip("=")
    return bare + "=" * (-len(bare) % 4)


CONVERSIONS: dict[str, Callable[[str], str | None]] = {
    "weibo_mid": weibo_mid,
    "bilibili_bv": bilibili_bv,
    "words": words,
    "lower": lower,
    "upper": upper,
    "base64": base64,
}
