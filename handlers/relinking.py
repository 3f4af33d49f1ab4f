"""A case that follows an earlier one: the same links again, or split off long after its end."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cases import events
from cases.lifecycle.ending import REOPEN_WITHIN
from cases.links import Link
from cases.model import Case, State
from handlers.carry_out import record
from handlers.talk import Talk
from storage.cases import NewCase, NewReport
from storage.states import ReportKind

_BEIJING = ZoneInfo("Asia/Shanghai")


def closed_lately(talk: Talk, links: Sequence[Link]) -> Case | None:
    """Return the case with one of these links that closed within the days of 反弹重开."""
    # A drill is nobody's rebound.
    keys = [link.key for link in links] if talk.drill is None else []
    since = talk.now - REOPEN_WITHIN
    case_id = talk.work.cases.closed_by_link(keys, since) if keys else None
    return None if case_id is None else talk.work.cases.load(case_id)


def open_linked(talk: Talk, old: Case, reason: str) -> Case:
    """Register the matter of `old` anew, linked to it, with its links; return the new case."""
    work, now = talk.work, talk.now
    rules = talk.desk.rulebook(talk.desk.rulebook_in_force)
    case = work.cases.add(
        NewCase(
            number=work.cases.take_number(now.astimezone(_BEIJING).date()),
            title=old.title,
            summary=reason,
            appeal=old.appeal,
            platform=old.platform,
            source_media=old.source_media,
            state=State.REPORTED,
            proposal=old.proposal,
            reported_by=talk.person.userid,
            reported_at=now,
            rulebook_id=rules.id,
            restricted=old.restricted,
            missing=old.missing,
            facts=old.facts,
            linked_to=old.number,
        )
    )
    report = NewReport(case.id, ReportKind.NEW, talk.person.userid, now, reason, talk.key)
    work.cases.add_report(report)
    work.cases.copy_links(old.id, case.id)
    happened = events.Registered(
        case.number,
        case.title,
        talk.person.userid,
        case.proposal.level,
        case.proposal.lead,
    )
    talk.case = record(work, talk.desk, case, (happened,), talk.act, now=now).case
    return talk.case
