"""What a public page showed about itself: it completes a title, it never changes what was said."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.links import find_links
from cases.masking import classified_reason, mask
from cases.model import Case
from cases.people import Person
from handlers.desk import Desk
from handlers.intake import complete
from handlers.intake_gaps import STORY
from handlers.intake_near import offer_near, offer_same
from handlers.talk import Talk
from storage.cases import NewLink
from storage.intake import FreshLink
from storage.work import Work

_READER = Person("系统:链接预览", "链接预览", frozenset())
_TITLE_LENGTH = 60  # characters
_AUTHOR_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """What could be read of one link; all "" where it could not."""

    title: str = ""
    author: str = ""
    leads_to: str = ""  # of a short link


def show(work: Work, desk: Desk, link: FreshLink, shown: Shown, now: datetime) -> None:
    """Use what a page showed: the title of a case without one, the author, where it leads."""
    case = work.cases.load(link.case_id)
    if not case.is_open or classified_reason(shown.title) is not None:
        return
    talk = Talk(work, desk, _READER, f"preview:{link.id}", shown.title, now)
    if shown.author:
        work.intake.show_author(link.id, mask(shown.author)[:_AUTHOR_LENGTH])
    if shown.title and STORY in case.missing:
        title = mask(shown.title)[:_TITLE_LENGTH]
        complete(talk, replace(case, title=title), STORY, f"页面标题: {title}")
        case = talk.case or case
        offer_near(talk, case)
    if shown.leads_to:
        _follow(talk, case, shown.leads_to)


def _follow(talk: Talk, case: Case, address: str) -> None:
    """Where a short link leads: to an open case, it is offered; else it is one more link."""
    for link in find_links(address, talk.desk.link_rules)[:1]:
        known = talk.work.cases.open_by_link(link.key)
        if known == case.id:
            return
        if known is not None:
            other = talk.work.cases.load(known)
            offer_same(talk, case, other, why="短链接展开后是同一条")
            return
        new = NewLink(
            link_key=link.key,
            url=link.canonical,
            canonical=link.canonical,
            platform=link.platform,
            kind=link.kind.value,
            item_id=link.item_id,
            needs_expansion=False,
            added_by=_READER.userid,
            at=talk.now,
        )
        talk.work.cases.add_links(case.id, [new])
