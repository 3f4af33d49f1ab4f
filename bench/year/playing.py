"""One institution of the year, played in a process of its own."""

import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, text

from bench.year.report import Summary, summary_of
from storage.engines import parse
from tests.support import postgres
from tests.support.year.moments import said
from tests.support.year.run import Plan, play
from tests.support.year.sins import NotCaughtError, prove


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the databases are made."""

    folder: Path
    server: str  # URL of a PostgreSQL server, "" for SQLite


def play_town(stage: Stage, plan: Plan) -> Summary:
    """Play one institution, plant the sins, and sum it up.

    Raises:
        NotCaughtError: the judge overlooked a planted sin.
    """
    began = time.process_time()
    folder = stage.folder / plan.rulebook
    folder.mkdir()
    run = play(plan, _url(stage, plan, folder), folder, partial(_told, plan.rulebook))
    for file in folder.iterdir():
        file.unlink()
    try:
        caught = prove(run.played, run.judge)
    except NotCaughtError as error:
        raise NotCaughtError(f"{plan.rulebook}: {error}") from error
    summary = summary_of(run, caught, time.process_time() - began)
    sys.stdout.write(f"{plan.rulebook}: {summary.cases} cases, {summary.faults} differences\n")
    sys.stdout.flush()
    return summary


def _url(stage: Stage, plan: Plan, folder: Path) -> str:
    if not stage.server:
        return f"sqlite:///{folder}/year.db"
    name = f"duban_year_{plan.rulebook}"
    admin = create_engine(parse(stage.server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return postgres.Server(stage.server).database(name)


def _told(rulebook: str, done: int, now: int) -> None:
    if done % 2000 == 0:
        sys.stdout.write(f"{rulebook}: {done} commands, {said(now)}\n")
        sys.stdout.flush()
