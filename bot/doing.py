"""What the handlers do for each part of the service: what is heard, rings, fails or comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from bot.api.reports import build_reports_api
from bot.board.router import Board
from bot.clocks import Clocks
from bot.fetcher.previewer import Previewer, asking_inside
from bot.papers.maker import PaperMaker, Printing
from bot.sending import Aftermath
from bot.service import Doing, Intake, Printer
from bot.source_keys import SourceKeys
from handlers import aftermath
from handlers.apology import apologise, undeliverable
from handlers.desk import Desk
from handlers.digest import gather
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
        ring=lambda work, timer, now: ring(work, timer, now, desk.at(work)),
        gather=lambda work, waiting, look: gather(work, desk.at(work), waiting, look),
        apologise=lambda work, item, now: apologise(work, item, now, desk.at(work)),
        undeliverable=lambda work, claim, why, now: undeliverable(
            work, claim, why, now, desk.at(work)
        ),
        caught_up=lambda work, since, now: tell_outage(work, desk.at(work), since, now),
        aftermath=Aftermath(
            lambda work, claim, code, now: aftermath.sent(work, claim, code, now, desk.at(work)),
            lambda work, claim, errcode, why, now: aftermath.refused(
                work, claim, errcode, why, now=now, desk=desk.at(work)
            ),
        ),
        take_over=lambda work, contacts, now: take_over(work, desk.at(work), contacts, now),
    )


@dataclass(frozen=True, slots=True)
class Papers:
    """Where files lie, and whether public pages are read, by which words before the command."""

    evidence: Path
    previews: bool = False
    inside: tuple[str, ...] = ()


def intake_of(
    desk: Desk,
    papers: Papers,
    api: APIRouter | None = None,
    board: Board | None = None,
    printing: Printing | None = None,
) -> Intake:
    """Return what comes in beside words, as the service takes it."""
    return Intake(
        evidence=papers.evidence,
        tell_refused=lambda work, one, why, now: tell_refused(work, desk.at(work), one, why, now),
        previewer=Previewer(
            enabled=papers.previews,
            short_hosts=desk.link_rules.expandable,
            ask=asking_inside(papers.inside),
        ),
        show=lambda work, link, shown, now: show(work, desk.at(work), link, shown, now),
        api=api,
        board=board,
        papers=None if printing is None else _printer(desk, printing),
    )


def _printer(desk: Desk, printing: Printing) -> Printer:
    return lambda database, clock: PaperMaker(database, desk=desk, printing=printing, clock=clock)


def api_of(database: Database, desk: Desk, clocks: Clocks, sources: Mapping[str, str]) -> APIRouter:
    """Return the door of vendors; `sources` gives the keys of the configuration by their names."""
    return build_reports_api(
        database.run,
        keys=SourceKeys(database, sources),
        take=lambda work, imported, now: take(work, desk.at(work), imported, now),
        clock=clocks.engine,
    )
