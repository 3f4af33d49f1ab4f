"""What somebody pasted is taken from what they say: chat records, notices, forwarded texts (C06).

The words of others are content, never a command. Where they begin is known by their form (a name
of the directory with a time, a header alone on its line, 【系统通知】, 以下为转发); they go on
to the end of the message, or to a line 以上为转发. One's own words stand above them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cases.chat.pasted_forms import END, OWN_TEXT, Line, is_quoted, said_after_header

_MOST_LINES = 200  # nobody types more: what follows is content
_LOOKED_AT = 120  # characters of a line: a header is shorter
# Without one of these there is nothing to look at.
_HINT = re.compile("[:\uff1a【\\[>\uff1e《]|以下|聊天记录|群聊记录")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\u2500"), "-")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
# The old way WeCom quotes: 「某人:…」, a line of dashes, then one's own words.
# What is quoted may hold 「…」 itself, as our reminders do: it ends at the 」 above the dashes.
QUOTE_BLOCK = re.compile(r"\A\s*「((?:[^」]|」(?!\s*-[- \n]{4})){0,3000})」\s*-[- \n]{4,}")


@dataclass(frozen=True, slots=True)
class Separated:
    """A message in two: `own` is as long as the message, what others said is blank in it."""

    own: str
    pasted: str  # "" where everything is one's own


def separate(text: str, others: Collection[str] = (), *, is_leader: bool = False) -> Separated:
    """Take the words of others out of a message.

    Args:
        text: the message as typed.
        others: names of people of the directory, the sender's own left out.
        is_leader: a leader speaks, who drafts no reply: names in a draft are not looked at.
    """
    if not _HINT.search(text):
        return Separated(text, "")
    own, pasted = [], []
    for start, end, is_own in _parts(text, others, is_leader=is_leader):
        part = text[start:end]
        own.append(part if is_own else re.sub(r"[^\n]", " ", part))
        if not is_own:
            pasted.append(part)
    return Separated("".join(own), "".join(pasted).strip())


def _parts(
    text: str, others: Collection[str], *, is_leader: bool
) -> Iterator[tuple[int, int, bool]]:
    """Cut the message into its lines, each one's own or not."""
    quote = QUOTE_BLOCK.match(text)
    position = quote.end() if quote else 0
    if quote:
        yield 0, position, True  # left to whoever reads quotations
    last = len(text.rstrip())
    is_others = is_text = False
    for nth, whole in enumerate(text[position:].splitlines(keepends=True)):
        end = position + len(whole)
        line = Line(_folded(whole), is_last=end >= last)
        is_end = is_others and END.match(line.text) is not None
        is_others = is_others or (
            not is_text and (nth >= _MOST_LINES or said_after_header(line, others) is not None)
        )
        is_text = not is_leader and (
            is_text or (not is_others and OWN_TEXT.search(line.text) is not None)
        )
        yield position, end, not (is_others or (not is_text and is_quoted(line)))
        is_others = is_others and not is_end
        position = end


def said_in(pasted: str, others: Collection[str] = ()) -> str:
    """Return what pasted words say, without the headers and marks by which they were known."""
    kept = []
    for raw in pasted.splitlines()[:_MOST_LINES]:
        line = Line(_folded(raw), is_last=False)
        said = said_after_header(line, others)
        kept.append(raw.lstrip(" >") if said is None and not END.match(line.text) else said or "")
    return "\n".join(part.strip() for part in kept if part.strip())


def _folded(line: str) -> str:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", line[:_LOOKED_AT]))
    return plain.translate(_DASHES).strip()
