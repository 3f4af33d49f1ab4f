"""A case pointed at by quoting a message about it: 什么情况 below the quote asks how it stands."""

import re

from cases.chat.normalise import clean
from cases.chat.references import find_references
from cases.encoding import wecom_field
from handlers.asking import status
from handlers.references import visible_open
from handlers.talk import Talk

_LONGEST = 30  # characters: whoever asks in more words says more than this
_AT = re.compile(r"@\S{1,30}\s?")
_ASKS = re.compile(
    "^(?:请问)?(?:这|那|此)?[个件条事]{0,2}(?:现在|目前|最近|到底|如今)?(?:是|办|办得|处理得?|进行)?(?:"
    "(?:个)?(?:什么|啥)(?:情况|状况|进展|进度|结果|状态)|到(?:了)?(?:哪|什么)(?:里|儿|一?步|个?环节|阶段)?|"
    "(?:怎么?样?|咋样?|如何)|(?:有(?:没有)?)?(?:啥|什么)?(?:新)?(?:进展|进度|结果|下文)|(?:情况|进展|进度)如何"
    ")(?:了|啦|啊|呢|呀|没有?|吗|么){0,2}[?\uff1f。!\uff01~]{0,3}$"
)
_OURS = re.compile(
    r"(?<![0-9])(?P<number>(?:YQ-[0-9]{8}-)?[0-9]{3,4})《(?P<title>[^》\n]{1,200})》"
)
_TITLE_BYTES = 120  # as our messages show it


def asks_about_quoted(own: str, quoted: str) -> bool:
    """Whether somebody's own words only ask how the one case stands that is quoted above."""
    plain = _AT.sub("", own).strip()
    return len(plain) <= _LONGEST and bool(_ASKS.match(plain)) and bool(_number(quoted))


def answer(talk: Talk, quoted: str) -> str:
    """Return how the quoted case stands.

    Raises:
        RefusalError: no such case, or none the speaker may know of.
    """
    return status(talk, {"case": _today_or_then(talk, quoted)})


def _number(quoted: str) -> str:
    """Return the one number the quoted words name, "" where there is none or several."""
    _, references = find_references(clean(quoted, ()))
    named = {one.written for one in references if one.written and not one.is_topic}
    named |= {found["number"] for found in _OURS.finditer(quoted)}
    return named.pop() if len(named) == 1 else ""


def _today_or_then(talk: Talk, quoted: str) -> str:
    """Return the number in full where the title tells which day's 001 was quoted."""
    number, ours = _number(quoted), _OURS.search(quoted)
    if ours is None:
        return number
    same = [
        case.number
        for case in visible_open(talk)
        if case.short_number == number and wecom_field(case.title, _TITLE_BYTES) == ours["title"]
    ]
    return same[0] if len(same) == 1 else number
