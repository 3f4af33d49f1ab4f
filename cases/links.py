"""Links in what people send: found in the text, named by platform, given one key per item."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from cases.link_ids import CONVERSIONS
from cases.link_rules import Form, LinkKind, LinkRules, Platform, hosts_of
from cases.link_text import addresses_in, guarded, trimmed
from cases.web_address import WebAddress, parse_address

OTHER = "其他"
_KEY_LIMIT = 500  # characters; an index of the database takes no more than 2700 bytes
_WRAPPERS_DEEP = 2
_UNKNOWN = Platform(OTHER, (), ())


@dataclass(frozen=True, slots=True)
class Link:
    """One link. Two links with the same key lead to the same item."""

    url: str  # as written
    canonical: str  # the https address without tracking
    key: str
    platform: str  # 其他 where nobody knows it, look-alike hosts included
    kind: LinkKind
    item_id: str | None
    needs_expansion: bool  # a short link: equal to nothing until expanded


def find_links(text: str, rules: LinkRules) -> tuple[Link, ...]:
    """Return the links of `text` in order of appearance, once per key."""
    found: dict[str, Link] = {}
    for written, ready in addresses_in(text, rules.bare_endings):
        address = parse_address(ready)
        if address is not None:
            link = _identify(written, address, rules, deep=0)
            found.setdefault(link.key, link)
    return tuple(found.values())


def _identify(written: str, address: WebAddress, rules: LinkRules, *, deep: int) -> Link:
    candidates = _candidates(address.host, rules)
    for platform in candidates:
        for form in platform.forms:
            groups = _match(form, address)
            if groups is None:
                continue
            if form.is_wrapper:
                inner = parse_address(unquote_plus(groups["target"]))
                if inner is not None and deep < _WRAPPERS_DEEP:
                    return _identify(written, inner, rules, deep=deep + 1)
            elif form.key:
                return _made(written, address, (platform, form), groups)
            else:
                return _page(written, address, platform, rules)
    known = next((platform for platform in candidates if platform.hosts), _UNKNOWN)
    return _page(written, address, known, rules)


def _candidates(host: str, rules: LinkRules) -> list[Platform]:
    """Return the platform the host belongs to, else the kinds of site it may be."""
    known = [rules.platforms[h] for h in hosts_of(host) if h in rules.platforms]
    return known[:1] or [shape.platform for shape in rules.shapes if shape.host.search(host)]


def _match(form: Form, address: WebAddress) -> dict[str, str] | None:
    if form.hosts and not set(form.hosts).intersection(hosts_of(address.host)):
        return None
    path = form.path.fullmatch(_tidy(address.path).rstrip("/") or "/")
    if path is None:
        return None
    groups = path.groupdict(default="")
    for names, pattern in form.query:
        value = pattern.fullmatch(unquote_plus(_value(address.query, names) or ""))
        if value is None:
            return None
        groups |= value.groupdict(default="")
    return _converted(form, groups)


def _converted(form: Form, groups: dict[str, str]) -> dict[str, str] | None:
    for group, conversion in form.convert:
        converted = CONVERSIONS[conversion](groups[group])
        if converted is None:
            return None
        groups[group] = converted
    return groups


def _tidy(path: str) -> str:
    while "//" in path:
        path = path.replace("//", "/")
    return path


def _value(query: Iterable[tuple[str, str]], names: tuple[str, ...]) -> str | None:
    return next((value for name, value in query if name.lower() in names), None)


def _made(
    written: str, address: WebAddress, match: tuple[Platform, Form], groups: dict[str, str]
) -> Link:
    platform, form = match
    wanted = {name for names, _ in form.query for name in names}
    kept = tuple(pair for pair in address.query if pair[0].lower() in wanted)
    known = {"host": address.site.removeprefix("www.")}
    return Link(
        url=written,
        canonical=guarded(f"https://{address.site}{_tidy(address.path)}{_joined(kept)}"),
        key=_bounded(form.key.format_map(known | groups)),
        platform=platform.name,
        kind=form.kind,
        item_id=form.item_id.format_map(groups) if form.item_id else None,
        needs_expansion=form.kind is LinkKind.SHORT,
    )


def _page(written: str, address: WebAddress, platform: Platform, rules: LinkRules) -> Link:
    """Return the link of an address without an id: all of it but tracking is its identity."""
    dropped = rules.tracking + (rules.platform_tracking if platform.hosts else ())
    kept = tuple(sorted(pair for pair in address.query if not _is_any(pair[0], dropped)))
    rest = trimmed(f"{address.path}{_joined(kept)}{address.route}")
    site = address.site.removeprefix("www.") if platform.hosts else address.site
    return Link(
        url=written,
        canonical=f"https://{address.site}{rest}",
        key=_bounded(f"url:{site}{rest}"),
        platform=platform.name,
        kind=LinkKind.PAGE,
        item_id=None,
        needs_expansion=False,
    )


def _is_any(name: str, patterns: tuple[str, ...]) -> bool:
    folded = name.lower()
    return any(folded.startswith(p[:-1]) if p.endswith("*") else folded == p for p in patterns)


def _joined(query: tuple[tuple[str, str], ...]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in query) if query else ""


def _bounded(key: str) -> str:
    """Return the key, the end of a very long one replaced by its digest."""
    if len(key) <= _KEY_LIMIT:
        return key
    return f"{key[: _KEY_LIMIT - 65]}~{hashlib.sha256(key.encode()).hexdigest()}"
