"""Near-repeats: another case that may be the same matter is offered for merging, never merged."""

import re
from collections.abc import Iterable
from dataclasses import replace

from cases.drills.marking import link_key
from cases.encoding import wecom_field
from cases.links import Link
from cases.model import Case
from cases.notices import Choice, Notice, ToRole
from cases.people import Role
from cases.permissions import may_know
from cases.similar import WITHIN, Described, alike
from handlers.intake_gaps import STORY
from handlers.post import Origin, Post
from handlers.talk import Talk
from storage.intake import CaseText

_TITLE_BYTES = 90
_PLACE = re.compile(
    "[\u4e00-\u9fff]{2,4}?(?:路|街|巷|大道|小区|花园|家园|广场|公园|大桥|镇|乡|村|社区|"
    "小学|中学|大学|幼儿园|医院|市场|车站)"
)


def offer_near(talk: Talk, case: Case) -> str:
    """Offer the office the open case that is most like this one; return a line for the reporter.

    The reporter is told only of a case that he may know of.
    """
    near = _nearest(talk, case)
    if near is None:
        return ""
    return _offer(talk, case, near, why="标题或内容相近")


def offer_shared(talk: Talk, case: Case, links: Iterable[Link]) -> str:
    """A message held links of two open cases: offer the office to merge them."""
    keys = [link_key(link.key, case.drill) for link in links]
    ids = {talk.work.cases.open_by_link(key) for key in keys} - {None, case.id}
    lines = [
        _offer(talk, case, talk.work.cases.load(other), why="一条消息里有两件的链接")
        for other in sorted(i for i in ids if i is not None)[:2]
    ]
    return "\n".join(line for line in lines if line)


def offer_same(talk: Talk, case: Case, other: Case, *, why: str) -> None:
    """Offer the office that two open cases are one matter."""
    _offer(talk, case, other, why=why)


def _nearest(talk: Talk, case: Case) -> Case | None:
    if STORY in case.missing or case.is_drill:  # a title of ours says nothing of the matter
        return None
    unit = case.lead.unit_id if case.lead else case.proposal.lead
    mine = Described(case.title, case.summary, unit, case.reported_at)
    scored = []
    for other in talk.work.intake.open_texts(case.reported_at - WITHIN):
        if other.id == case.id or STORY in other.missing:
            continue
        likeness = alike(*_comparable(mine, _described(other)))
        if likeness.is_alike:
            scored.append((likeness.score, -other.id))
    return talk.work.cases.load(-max(scored)[1]) if scored else None


def _described(other: CaseText) -> Described:
    unit = other.lead_unit or other.proposed_unit
    return Described(other.title, other.summary, unit, other.reported_at)


def _comparable(one: Described, other: Described) -> tuple[Described, Described]:
    """Two units may have been proposed for one place; then the words have to say more."""
    if one.unit != other.unit and _places(one) & _places(other):
        return replace(one, unit=None), replace(other, unit=None)
    return one, other


def _places(described: Described) -> set[str]:
    return {found[0] for found in _PLACE.finditer(f"{described.title} {described.text}")}


def _offer(talk: Talk, case: Case, other: Case, *, why: str) -> str:
    if talk.work.case_lists.hint(case.id, f"可能与 {other.short_number} 相同"):
        return ""  # the office sees it in the list
    title = wecom_field(other.title, _TITLE_BYTES)
    like = f"可能与 {other.short_number}《{title}》相同"
    mine = f"{case.short_number}《{wecom_field(case.title, _TITLE_BYTES)}》"
    text = f"【可能重复】{mine}{like} ({why})。\n不会自动合并; 不是一件事就不用管。"
    merge = f"{case.number} 合并到 {other.number}"
    choices = (Choice(f"合并到 {other.short_number}", (merge,)),)
    notice = Notice(
        ToRole(Role.OFFICE_DIRECTOR), text, "similar", "可能是同一件事", choices=choices
    )
    origin = Origin("case", str(case.id), f"similar.{other.id}", case=case)
    Post(talk.work, talk.desk, talk.now).tell((notice,), origin)
    return f"{like}, 已请舆情办看是否合并。" if may_know(talk.person, other) else ""
