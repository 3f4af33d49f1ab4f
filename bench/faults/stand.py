"""Where experiments are made: the nursery, the servers and the grounds, given back at the end."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.faults.ground import DIRECTORY, Ground, StuckError, clear, keep, prepare
from bench.faults.judge import LOST, Verdict, judge
from bench.faults.nursery import Nursery
from bench.faults.planting import sins_of
from bench.faults.records import Tally
from bench.faults.sins import uncaught
from bench.faults.town import Town
from bot.demo.player import Expected
from bot.demo.processes import NotRunningError
from tests.support import postgres

SAFE = ("synchronous_commit=on", "fsync=on", "max_connections=400")


class Stand:
    """Everything an experiment needs, made when it is asked for."""

    def __init__(self) -> None:
        self._ending = ExitStack()
        self._grounds: dict[str, Ground] = {}
        self.home = postgres.new_home()

    def __enter__(self) -> Self:
        self._ending.callback(postgres.stop, self.home)
        self.nursery = Nursery()
        self._ending.callback(self.nursery.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def sins(self) -> list[tuple[str, str, bool]]:
        """Plant every sin in a clean run: only a judge who names each is to be believed."""
        found = sins_of(self.nursery, self.ground("sqlite"))
        for missed in uncaught(found):
            sys.stdout.write(f"not caught: {missed}\n")
        return found

    def engines(self) -> list[str]:
        """Return the databases there are; both have to be where CI says so."""
        try:
            self.ground("postgresql")
        except postgres.NoServerError as error:
            if os.environ.get("DUBAN_REQUIRE_POSTGRES"):
                raise
            sys.stdout.write(f"no PostgreSQL: {error}\n")
            return ["sqlite"]
        return ["sqlite", "postgresql"]

    def ground(self, engine: str) -> Ground:
        """Return the ground of a database; PostgreSQL keeps what it has committed (fsync on)."""
        if engine not in self._grounds:
            self._grounds[engine] = self.new_ground(engine)
        return self._grounds[engine]

    def new_ground(self, engine: str, directory: Path = DIRECTORY) -> Ground:
        server = None
        if engine == "postgresql":
            if not (self.home / "ready").exists():
                postgres.found(self.home, SAFE)
            server = postgres.find(self.home)
        ground = prepare(self.nursery, server, directory)
        self._ending.callback(clear, ground)
        return ground


def conclude(
    town: Town, tally: Tally, name: str, expected: list[Expected] | None, may: list[Expected]
) -> Verdict:
    """Let the town come to rest, judge it, and note the verdict."""
    verdict = Verdict()
    try:
        town.settle()
        verdict = judge(town.close(expected, may))
    except (StuckError, NotRunningError) as error:
        town.abandon()
        verdict.say("I9", [error], "stuck", LOST)
    note(town.ground, tally, name, verdict, struck=town.struck)
    return verdict


def note(ground: Ground, tally: Tally, name: str, verdict: Verdict, *, struck: bool) -> None:
    """Add a verdict to the tally, tell it, and keep what a broken run has left."""
    tally.add(verdict, name, struck=struck)
    if verdict.broken:
        keep(ground, Path(name.replace(" ", "-").replace("/", "-")).name)
    said = "; ".join(verdict.broken)[:400] or ("ok" if struck else "not reached")
    sys.stdout.write(f"{ground.engine:10} {name:40} {said}\n")
    sys.stdout.flush()
