"""Links in what people send: found in the text, named by platform, given one key per item."""

from dataclasses import dataclass

from cases.link_rules import LinkKind


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
