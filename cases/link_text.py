"""Web addresses found in what people type and paste: 口令, cards, lists, addresses without http://."""

import re
from collections.abc import Iterator

_HIDDEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
_PLAIN = rf"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%{_HIDDEN}]"
_WORDS = rf"[{_HAN}A-Za-z0-9·_-]{{1,60}}+"
# Chinese ends an address, except where the address bar shows it: a topic, a search, a domain.
_TAIL = (
    rf"(?:[?&](?:q|kw|keyword|wd|word|query|topic_name)=(?:%23|\#)?+{_WORDS}(?:%23|\#)?+"
    rf"|%23{_WORDS}%23"
    rf"|/(?:search|k)/{_WORDS}"
    rf"|{_PLAIN})"
)
_HAN_ENDINGS = "中国|公司|网络|政务|公益|网址|在线|中文网|集团|商城|我爱你|香港|台湾|广东|佛山"
_HAN_HOST = (
    rf"(?:[A-Za-z0-9{_HAN}-]{{1,63}}+\.){{1,8}}+(?:{_HAN_ENDINGS}|[A-Za-z]{{2,18}}(?![A-Za-z.]))"
)
_SCHEME = r"(?i:https?)[:：][/\uff0f]{2}"  # an input method may write both wide
_ADDRESS = re.compile(
    rf"{_SCHEME}(?:\[[0-9A-Fa-f:.]{{2,45}}\]{_TAIL}*+|{_HAN_HOST}{_TAIL}*+|{_TAIL}++)"
    r"|(?<![A-Za-z0-9@._%/\\-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}+"
    rf"(?P<ending>[A-Za-z]{{2,18}})(?::[0-9]{{1,5}})?+(?P<bare>/{_TAIL}*+|(?![A-Za-z0-9.@:/_-]))"
)
_NEXT_SCHEME = re.compile(r"(?<![=%])(?i:https?)://")
_HASHTAG = re.compile(rf"=#({_WORDS})#")  # q=#停水#: a browser would take it for a fragment
_TRAILING = frozenset(".,;:!?'*()") | frozenset(_HIDDEN)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
_FOLD = _WIDE | {0xFF0E: ord(".")}  # one character for one: places stay as they were


def addresses_in(text: str, endings: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield each address of `text` in order: as written, and ready to be parsed.

    An address without http:// is believed when its last label is one of `endings` and a path
    follows, or when it begins with www.
    """
    folded = text.translate(_FOLD)
    for match in _ADDRESS.finditer(folded):
        prefix = "" if match["ending"] is None else "https://"
        for start, stop in _runs(match):
            end = _trimmed(folded, start, stop)
            if not prefix or _is_believed(match, endings):
                yield text[start:end], prefix + _ready(folded[start:end])
            prefix = ""


def _runs(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of the addresses in one run: people paste them with nothing between."""
    starts = [
        match.start(),
        *(m.start() for m in _NEXT_SCHEME.finditer(match.string, match.start() + 1, match.end())),
    ]
    yield from zip(starts, [*starts[1:], match.end()], strict=True)


def _ready(address: str) -> str:
    narrow = address.replace("：", ":", 1).replace("\uff0f", "/")
    return _HASHTAG.sub(r"=%23\1%23", narrow)


def _is_believed(match: re.Match[str], endings: frozenset[str]) -> bool:
    path: str = match["bare"]
    has_path = len(path) > 1
    return match["ending"].lower() in endings and (
        has_path or match[0][:4].lower() == "www."  # a bare name alone is only a mention
    )


def trimmed(address: str) -> str:
    """Return the address without the punctuation that would be taken for the sentence's."""
    return address[: _trimmed(address, 0, len(address))]


def guarded(address: str) -> str:
    """Return the address with its last character escaped if a reader would cut it off."""
    last = address[-1]
    return f"{address[:-1]}%{ord(last):02X}" if trimmed(address) != address else address


def _trimmed(text: str, start: int, end: int) -> int:
    """Return where the address really ends: punctuation after it belongs to the sentence."""
    open_brackets = text.count("(", start, end) - text.count(")", start, end)
    while end > start and text[end - 1] in _TRAILING:
        last = text[end - 1]
        if last == ")" and open_brackets >= 0:  # it was opened inside the address
            break
        open_brackets += {"(": -1, ")": 1}.get(last, 0)
        end -= 1
    return end
