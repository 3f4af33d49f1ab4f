"""How a web address is recognised: the shape of the rules kept in config/platforms.toml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class LinkKind(StrEnum):
    """What a link leads to. Only an item (and a short link, once expanded) is one post."""

    ITEM = "item"
    SHORT = "short"  # 短链: its own key until somebody has read where it leads
    TOPIC = "topic"  # 话题, 搜索, 贴吧 itself
    PROFILE = "profile"  # 个人主页, 账号
    PAGE = "page"  # anything else


@dataclass(frozen=True, slots=True)
class Form:
    """One way a platform writes its addresses.

    `path` and every pattern of `query` must match whole; their named groups fill `key` and
    `item_id`. Without `key` the whole address is the key. In a wrapper the group `target` holds
    the address that is meant.
    """

    kind: LinkKind
    hosts: tuple[str, ...]  # on label boundaries; empty: wherever the platform lives
    path: re.Pattern[str]
    query: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]  # spellings of a name, its value
    convert: tuple[tuple[str, str], ...]  # group, name of the conversion in cases/link_ids.py
    key: str
    item_id: str | None
    is_wrapper: bool


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform (平台) and its forms, the first that fits wins."""

    name: str
    hosts: tuple[str, ...]  # empty for a kind of site that any host may be
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of site that many hosts run (Discuz, a mailbox of gov.cn): known by host or path."""

    host: re.Pattern[str]
    platform: Platform


@dataclass(frozen=True, slots=True)
class LinkRules:
    """Everything `find_links` needs to know about the world."""

    platforms: Mapping[str, Platform]  # by host; what lies below it belongs to it
    shapes: tuple[Shape, ...]
    tracking: tuple[str, ...]  # query names dropped everywhere; a trailing * is a prefix
    platform_tracking: tuple[str, ...]  # dropped as well on hosts of known platforms
    expandable: frozenset[str]  # hosts, or hosts with a path, at which short links are expanded
    bare_endings: frozenset[str]  # last labels under which an address without http:// is believed


def hosts_of(host: str) -> tuple[str, ...]:
    """Return `host` and the domains it lies in, the longest first: a match on label boundaries."""
    labels = host.split(".")
    return tuple(".".join(labels[n:]) for n in range(len(labels)))
