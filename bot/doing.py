"""What the handlers do for each part of the service: what is heard, rings, fails or comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from bot.api.reports import build_reports_api
from bot.board.router import Board
from bot.clocks import Clocks
from bot.fetcher.previewer import Previewer, asking_inside
from bot.sending import Aftermath
from bot.service import Doing, Intake
from handlers import aftermath
from handlers.apology import apologise, undeliverable
from handlers.desk import Desk
from handlers.hear import Hearing
from handlers.intake_evidence import tell_refused
from handlers.intake_import import take
from handlers.intake_preview import show
from handlers.outage import tell_outage
from handlers.people_sync import take_over
from handlers.ringing import ring
from storage.database import Database


def doing_of(desk: Desk) -> Doing:
    """Return the handlers of one institution, as the service calls them."""
    return Doing(
        hear=Hearing(desk),
        ring=lambda work, timer, now: ring(work, timer, now, desk),
        apologise=lambda work, item, now: apologise(work, item, now, desk),
        undeliverable=lambda work, claim, why, now: undeliverable(work, claim, why, now, desk),
        caught_up=lambda work, since, now: tell_outage(work, desk, since, now),
        aftermath=Aftermath(
            lambda work, claim, code, now: aftermath.sent(work, claim, code, now, desk),
            lambda work, claim, errcode, why, now: aftermath.refused(
                work, claim, errcode, why, now=now, desk=desk
            ),
        ),
        take_over=lambda work, contacts, now: take_over(work, desk, contacts, now),
    )


@dataclass(frozen=True, slots=True)
class Papers:
    """Where files lie, and whether public pages are read, by which words before the command."""

    evidence: Path
    previews: bool = False
    inside: tuple[str, ...] = ()


def intake_of(
    desk: Desk, papers: Papers, api: APIRouter | None = None, board: Board | None = None
) -> Intake:
    """Return what comes in beside words, as the service takes it."""
    return Intake(
        evidence=papers.evidence,
        tell_refused=lambda work, one, why, now: tell_refused(work, desk, one, why, now),
        previewer=Previewer(
            enabled=papers.previews,
            short_hosts=desk.link_rules.expandable,
            ask=asking_inside(papers.inside),
        ),
        show=lambda work, link, shown, now: show(work, desk, link, shown, now),
        api=api,
        board=board,
    )


def api_of(
    database: Database, desk: Desk, clocks: Clocks, sources: Mapping[str, str]
) -> APIRouter | None:
    """Return the door of vendors, by name and key; None where there are none."""
    if not sources:
        return None
    return build_reports_api(
        database.run,
        sources=sources,
        take=lambda work, imported, now: take(work, desk, imported, now),
        clock=clocks.engine,
    )
