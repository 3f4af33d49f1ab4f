"""Let Hypothesis play many towns: `python -m bench.model --examples 200 --steps 40`."""

import argparse
import itertools
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import create_engine, text

from bench.faults.judge import Verdict
from bench.faults.records import Experiment, Goal
from bench.model.machine import RULES, new_world, town_at
from bench.model.world import World
from storage.database import Database
from storage.engines import parse
from tests.support import postgres

_COUNT = itertools.count()


_METHOD = (
    "Hypothesis draws towns whose people do anything in any order, with a platform that fails, a "
    "database that goes away and a process that ends; after each step I1 to I10 are asked of the "
    "database. The service's own parts in one thread and virtual time; only HTTP is left out."
)


def main() -> int:
    """Play; a broken promise is printed with the steps that lead to it, shortened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--both", action="store_true", help="on one after the other")
    parser.add_argument("--report", action="store_true", help="write docs/evidence/")
    given = parser.parse_args()
    engines = ["sqlite", "postgresql"] if given.both else []
    engines = engines or (["postgresql"] if given.postgres else ["sqlite"])
    found = Experiment(
        "model",
        "Towns as a state machine",
        f"python -m bench.model --both --examples {given.examples} --steps {given.steps} --report",
        "Hypothesis, derandomized",
        promises=("P1", "P2", "P3", "P4", "P5", "P6"),
        compressed="virtual",
        notes=[_METHOD],
    )
    began = time.monotonic()
    for engine in engines:
        _play(engine, given.examples, given.steps, found)
    found.seconds = time.monotonic() - began
    found.goals.append(Goal("at least 12 rules", f"{RULES}", RULES >= 12))
    if given.report:
        print(f"written to {found.save()}")
    return 1 if found.failed else 0


def _play(engine: str, examples: int, steps: int, found: Experiment) -> None:
    """Play so many towns; a broken promise is printed with its steps and noted."""
    home, began, verdict = postgres.new_home(), time.monotonic(), Verdict()
    try:
        with TemporaryDirectory(prefix="duban-model-") as folder:
            if engine == "postgresql":
                place = partial(_on_postgres, postgres.find(home), Path(folder))
            else:
                empty = Path(folder) / "empty.db"
                _upgrade(f"sqlite:///{empty}")
                place = partial(new_world, empty)
            run_state_machine_as_test(town_at(place), settings=_settings(examples, steps))
    except AssertionError as broken:
        traceback.print_exc()
        said = str(broken).splitlines()[0]
        verdict.say(said.partition(":")[0] if said.startswith("I") else "I5", [said], "broken")
    finally:
        postgres.stop(home)
    tally = found.tally(engine)
    tally.add(verdict, "a town", struck=True)
    tally.runs = tally.reached = examples
    seconds = time.monotonic() - began
    print(f"{examples} towns of {steps} steps, {RULES} rules, {engine}: {seconds:.0f} s")


def _settings(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=True,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def _upgrade(url: str) -> None:
    made = Database(url)
    made.upgrade()
    made.close()


@contextmanager
def _on_postgres(server: postgres.Server, folder: Path) -> Iterator[World]:
    name = f"duban_model_{os.getpid()}_{next(_COUNT)}"
    admin = create_engine(parse(server.url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    _upgrade(server.database(name))
    place = folder / name
    place.mkdir()
    world = World(server.database(name), place)
    try:
        yield world
    finally:
        world.close()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


if __name__ == "__main__":
    sys.exit(main())
