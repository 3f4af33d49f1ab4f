"""A web address taken apart as browsers do (WHATWG), without what never tells pages apart."""

import re
from dataclasses import dataclass

import can_ada

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_AMPERSAND = re.compile(r"&(?:amp;|amp$)+", re.IGNORECASE)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SCHEMES = {"http:", "https:"}
_DEFAULT_PORTS = {"", "80", "443"}  # http and https are one


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http(s) address without scheme, credentials and fragment. All parts are ASCII."""

    host: str  # lower case, punycode, no final dot
    port: str  # "" for 80 and 443
    path: str  # begins with /
    query: tuple[tuple[str, str], ...]  # as written, percent-encoding normalised, in order
    route: str  # a fragment that is a page of its own (#/detail?id=1), else ""
    had_credentials: bool = False

    @property
    def site(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}" if self.port else self.host


def parse_address(text: str) -> WebAddress | None:
    """Return the http(s) address, or None for what no browser would open.

    `&amp;` (copied from a page's source) is read as `&`; characters nobody sees are ignored.
    """
    cleaned = _AMPERSAND.sub("&", text.translate(_INVISIBLE))
    try:
        url = can_ada.parse(cleaned)
    except (ValueError, TypeError):  # TypeError: half a surrogate pair
        return None
    host = url.hostname.rstrip(".")
    if url.protocol not in _SCHEMES or not host:
        return None
    fragment = url.hash
    return WebAddress(
        host=host,
        port="" if url.port in _DEFAULT_PORTS else url.port,
        path=_normal(url.pathname),
        query=_pairs(url.search),
        route=_normal(fragment) if fragment.startswith(("#/", "#!/")) else "",
        had_credentials=bool(url.username or url.password),
    )


def _normal(part: str) -> str:
    """Undo the escapes nobody needs and write the others in capitals (RFC 3986 6.2.2).

    An address inside the address keeps its slashes escaped: it must not read as a second one.
    """
    return _ESCAPE.sub(_escape, part).replace("://", ":%2F%2F")


def _escape(match: re.Match[str]) -> str:
    value = int(match[1], 16)
    return chr(value) if value in _UNRESERVED else f"%{value:02X}"


def _pairs(search: str) -> tuple[tuple[str, str], ...]:
    parts = (part.partition("=") for part in search[1:].split("&") if part)
    return tuple((_normal(name), _normal(value)) for name, _, value in parts)
