"""Reports through other doors: a monitoring vendor's interface, a table. The same path as chat."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cases.errors import RefusalError
from cases.links import Link, find_links
from cases.masking import classified_reason, mask
from cases.people import OTHER_DOOR, Person, Role
from handlers import intake
from handlers.desk import Desk
from handlers.report import Described
from handlers.talk import Talk
from storage.errors import ConcurrentChange
from storage.work import Work

_TITLE_LENGTH = 60  # characters


class ClassifiedError(RefusalError):
    """What came may be classified matter; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One report as another door gives it. There is no place in it for who posted it."""

    source: str  # the vendor's, or the table's name
    vendor_id: str  # the same id is the same report, whatever else it says
    title: str = ""
    summary: str = ""
    urls: tuple[str, ...] = ()  # the main one first
    platform: str = ""
    media: str = ""
    appeal: str = ""
    units: tuple[str, ...] = ()
    posted_at: datetime | None = None
    metrics: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report: its case, and whether this id has come before."""

    number: str
    is_repeat: bool  # this id was taken before; nothing was done now
    place: int  # how many messages the case has had, this one included


def take(work: Work, desk: Desk, imported: Imported, now: datetime) -> Taken:
    """Register one report of another door, once for each id of its source.

    Raises:
        RefusalError: neither a link nor what happened is in it, or an address cannot be read;
            ClassifiedError where it may be classified matter.
        ConcurrentChange: another transaction takes the same id; run it again.
    """
    known = work.intake.case_of(imported.source, imported.vendor_id)
    if known is not None:
        case = work.cases.load(known)
        return Taken(case.number, is_repeat=True, place=len(work.cases.reports(known)))
    text = _text(imported)
    reason = classified_reason(text)
    if reason is not None:
        raise ClassifiedError(f"像有涉密内容 ({reason}), 没有登记也没有保存, 请走保密渠道。")
    who = Person(f"{OTHER_DOOR}{imported.source}", imported.source, frozenset({Role.INFORMANT}))
    key = f"import:{imported.source}:{imported.vendor_id}"
    talk = Talk(work, desk, who, key, mask(text), now)
    intake.register(talk, _described(talk, imported, text))
    if talk.case is None or not work.intake.took(
        imported.source, imported.vendor_id, talk.case.id, now
    ):
        raise ConcurrentChange(f"{key} 正被另一处登记")
    place = len(work.cases.reports(talk.case.id))
    return Taken(talk.case.number, is_repeat=False, place=place)


def _text(imported: Imported) -> str:
    parts = (imported.title, imported.summary, imported.appeal, imported.media, *imported.urls)
    return "\n".join(part for part in parts if part)


def _described(talk: Talk, imported: Imported, text: str) -> Described:
    links = _links(talk, imported.urls)
    shown = next((link.platform for link in links if link.platform != "其他"), "")
    summary = mask(imported.summary)
    return Described(
        title=(mask(imported.title) or summary)[:_TITLE_LENGTH],
        summary=summary,
        text=mask(text),
        links=links,
        platform=shown or imported.platform,
        source_media=imported.media,
        appeal=mask(imported.appeal),
        units=imported.units,
        metrics=dict(imported.metrics),
        event_at=imported.posted_at,
    )


def _links(talk: Talk, urls: tuple[str, ...]) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for url in urls:
        links = find_links(url, talk.desk.link_rules)
        if not links:
            raise RefusalError(f"看不懂的链接: {url[:60]}")
        found.setdefault(links[0].key, links[0])
    return tuple(found.values())
