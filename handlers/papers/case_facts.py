"""The facts of one case, read for a paper."""

from datetime import datetime

from cases.case_clocks import OFFICE
from cases.model import Case
from cases.papers.facts import NO_LESSON, Facts, Happened, Page, Reading, Timed
from cases.people import Role
from handlers.desk import Desk
from storage.clocks import Clock
from storage.states import ClockState, EvidenceState
from storage.work import Work

_PERSON = "person:"
_SHOWN = frozenset({ClockState.RUNNING, ClockState.SETTLED})
_HEARD_BACK = "回访结果:"
_KINDS = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}


def case_facts(work: Work, desk: Desk, case: Case, now: datetime) -> Facts:
    """Return what is known of a case at this moment."""
    units = {unit.id: unit.name for unit in work.people.units()}
    happened = tuple(
        Happened(one.at, work.people.name_of(one.by) if one.by else "", one.event)
        for one in work.cases.history(case.id)
    )
    signers = [part.signed_by for part in case.assignments if part.signed_by]
    clocks = [one for one in work.clocks.of_case(case.id) if one.state in _SHOWN]
    return Facts(
        case=case,
        institution=desk.institution,
        now=now,
        happened=happened,
        units=units,
        people={one: work.people.name_of(one) for one in (*case.reporters, *signers)},
        pages=tuple(
            Page(link.url, link.canonical, link.author or "") for link in work.cases.links(case.id)
        ),
        readings=tuple(Reading(one.name, one.value, one.at) for one in work.cases.metrics(case.id)),
        clocks=tuple(_timed(work, one, units) for one in clocks),
        attached=_attached(work, case),
        heard_back=tuple(
            one.text.removeprefix(_HEARD_BACK).strip()
            for one in work.cases.reports(case.id)
            if one.text.startswith(_HEARD_BACK)
        ),
        lesson=kept.lesson if (kept := work.library.lesson(case.id)) else NO_LESSON,
        liaisons={part.unit_id: _contact(work, part.unit_id) for part in case.assignments},
    )


def _timed(work: Work, clock: Clock, units: dict[str, str]) -> Timed:
    return Timed(
        step=clock.step,
        holder=holder_name(work, clock.holder, units),
        started_at=clock.started_at,
        due_at=clock.due_at,
        ended_at=clock.ended_at,
        is_provisional=clock.provisional,
    )


def holder_name(work: Work, holder: str, units: dict[str, str]) -> str:
    """Return whose clock it is, in words."""
    if holder == OFFICE:
        return "舆情办"
    if holder.startswith(_PERSON):
        return work.people.name_of(holder.removeprefix(_PERSON))
    return units.get(holder, holder)


def _attached(work: Work, case: Case) -> tuple[str, ...]:
    kept = [one for one in work.evidence.of_case(case.id) if one.state is EvidenceState.KEPT]
    return tuple(f"附件{one.id}（{one.name or _KINDS.get(one.kind, '文件')}）" for one in kept)


def _contact(work: Work, unit: str) -> str:
    liaisons = [one for one in work.people.of_unit(unit) if Role.LIAISON in one.roles]
    return "、".join(f"{one.name} {one.phone or ''}".strip() for one in liaisons[:2])
