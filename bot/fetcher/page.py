"""What a page shows publicly about itself: title, site, author, time. Nothing in it is followed."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

TITLE_CHARACTERS = 120
_FIELD_CHARACTERS = 60
_TAGS = 4000  # a head has some hundred; 100 000 nested elements took the parser 20 s
_META_BYTES = 1024  # where a page must name its charset (HTML standard)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_-]{1,20})", re.IGNORECASE)
_KNOWN = {
    "utf-8": "utf-8",
    "gb2312": "gb18030",  # pages that say gb2312 use more than gb2312 has
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
_DATE = re.compile(
    r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?:[T ]{1,2}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_TITLE = ("og:title", "twitter:title")
_SITE = ("og:site_name", "application-name")
_AUTHOR = ("author", "article:author", "og:article:author")
_TIME = (
    "article:published_time",
    "og:release_date",
    "publishdate",
    "pubdate",
    "weibo:article:create_at",
)


@dataclass(frozen=True, slots=True)
class Preview:
    """A page as publicly shown. Every text is outside text: encode it where it is shown."""

    host: str  # the host really contacted, punycode
    title: str
    site: str
    author: str
    published: str  # as the page writes it; "" if it does not


def read_page(body: bytes, content_type: str, host: str) -> Preview | None:
    """Return what the page shows, None if it has no title."""
    parser = LexborHTMLParser(_beginning(decoded(body, content_type)))
    metas: dict[str, str] = {}
    for node in parser.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
        metas.setdefault(name, attributes.get("content") or "")
    heading = parser.css_first("title")
    words = heading.text() if heading is not None else ""
    title = _first(metas, _TITLE, TITLE_CHARACTERS) or _clean(words, TITLE_CHARACTERS)
    if not title:
        return None
    date = _DATE.search(_first(metas, _TIME, _FIELD_CHARACTERS))
    return Preview(
        host=host,
        title=title,
        site=_first(metas, _SITE, _FIELD_CHARACTERS),
        author=_first(metas, _AUTHOR, _FIELD_CHARACTERS),
        published=date[0] if date else "",
    )


def _beginning(html: str) -> str:
    """Return the page up to a number of tags: nesting costs the parser time by its square."""
    end = -1
    for _ in range(_TAGS):
        end = html.find("<", end + 1)
        if end < 0:
            return html
    return html[:end]


def decoded(body: bytes, content_type: str) -> str:
    """Return a page's text: charset of the header, else of its meta, else UTF-8, else GB18030."""
    if body.startswith(codecs.BOM_UTF8):
        return body.decode("utf-8-sig", "replace")
    for source in (content_type, body[:_META_BYTES].decode("latin-1")):
        named = _CHARSET.search(source)
        coding = _known(named[1]) if named else None
        if coding is not None:
            return body.decode(coding, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body)  # may end inside a character
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def _known(label: str) -> str | None:
    try:
        return _KNOWN.get(codecs.lookup(label).name)
    except LookupError:
        return None


def _first(metas: dict[str, str], names: tuple[str, ...], limit: int) -> str:
    return next((text for name in names if (text := _clean(metas.get(name, ""), limit))), "")


def _clean(text: str, limit: int) -> str:
    start = text[: limit * 20]  # a title of a megabyte is not read to its end
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in start)
    return " ".join(shown.split())[:limit]
