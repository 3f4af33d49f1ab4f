"""The pages put together, to be mounted beside the other addresses of the service."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from bot.board.admin_router import build_admin
from bot.board.cases import Parts, build_cases
from bot.board.duty_board import build_duty_board
from bot.board.exports import build_exports
from bot.board.gate import Gate
from bot.board.learning import build_learning
from bot.board.lists import build_lists
from bot.board.papers import build_papers
from bot.board.place import Place
from bot.board.signing_in import Whose, build_signing_in
from bot.board.statistics import build_statistics
from bot.clocks import Clocks
from handlers.desk import Desk
from storage.database import Database

Board = Callable[[Whose], APIRouter]  # how the service mounts the pages, once it can ask who it is


@dataclass(frozen=True, slots=True)
class Folders:
    """Where files lie: what was sent and written, and what messages hand out."""

    evidence: Path
    papers: Path | None = None


def build_board(
    database: Database, desk: Desk, place: Place, folders: Folders, clocks: Clocks
) -> Board:
    """Return the maker of all pages; sessions live by the clock that is never shifted."""

    def made(whose: Whose) -> APIRouter:
        gate = Gate(database, place, clock=clocks.real)
        parts = Parts(database, desk, clocks.engine, folders.evidence, folders.papers)
        router = APIRouter()
        router.include_router(build_signing_in(database, gate, whose))
        router.include_router(build_cases(parts, gate))
        router.include_router(build_lists(parts, gate))
        router.include_router(build_duty_board(parts, gate))
        router.include_router(build_admin(parts, gate))
        router.include_router(build_statistics(parts, gate))
        router.include_router(build_exports(parts, gate))
        router.include_router(build_papers(parts, gate))
        router.include_router(build_learning(parts, gate))
        return router

    return made
