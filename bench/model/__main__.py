"""Let Hypothesis play many towns: `python -m bench.model --examples 200 --steps 40`."""

import argparse
import itertools
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import create_engine, text

from bench.model.machine import RULES, new_world, town_at
from bench.model.world import World
from storage.database import Database
from storage.engines import parse
from tests.support import postgres

_COUNT = itertools.count()


def main() -> int:
    """Play; a broken promise is printed with the steps that lead to it, shortened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    given = parser.parse_args()
    home = postgres.new_home()
    began = time.monotonic()
    try:
        with TemporaryDirectory(prefix="duban-model-") as folder:
            if given.postgres:
                place = partial(_on_postgres, postgres.find(home), Path(folder))
            else:
                empty = Path(folder) / "empty.db"
                _upgrade(f"sqlite:///{empty}")
                place = partial(new_world, empty)
            run_state_machine_as_test(
                town_at(place),
                settings=settings(
                    max_examples=given.examples,
                    stateful_step_count=given.steps,
                    deadline=None,
                    database=None,
                    print_blob=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
    finally:
        postgres.stop(home)
    engine = "PostgreSQL" if given.postgres else "SQLite"
    seconds = time.monotonic() - began
    print(
        f"{given.examples} towns of {given.steps} steps, {RULES} rules, {engine}: {seconds:.0f} s"
    )
    return 0


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
