"""B8: an idle beat with a million timers pending, and on PostgreSQL beside an old snapshot."""

import time
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

from sqlalchemy import create_engine, text

from bench import timers
from bench.speed.figures import Figure, Goal
from storage.engines import parse
from tests.support import postgres

_FIRED = 100_000
_BEATS = 200


def measure(folder: Path, rounds: int, server: postgres.Server | None) -> list[Figure]:
    """B8."""
    place = folder / "pending"
    place.mkdir()
    rows = timers.run("SQLite", lambda n: f"sqlite:///{place}/{n}.db", place, rounds)
    figures = [_figure(row) for row in rows if row.due == 0]
    if server is None:
        return figures
    (folder / "pending-pg").mkdir()
    rows = timers.run(
        "PostgreSQL", lambda n: database(server, f"b8_{n}"), folder / "pending-pg", rounds
    )
    figures += [_figure(row) for row in rows if row.due == 0]
    return [*figures, _beside_snapshot(folder / "pending-pg", server)]


def _figure(row: timers.Row) -> Figure:
    raw = f"{row.many:.0f} µs ÷ {row.few:.0f} µs"
    what = f"idle beat, 1,000,000 pending ÷ 1,000, {row.engine}"
    return Figure("B8", what, row.ratio, "×", Goal(1.2, 1.05), raw)


def database(server: postgres.Server, name: str) -> str:
    """A database of its own on the server."""
    admin = create_engine(parse(server.url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.database(name)


def _beside_snapshot(folder: Path, server: postgres.Server) -> Figure:
    """Somebody's old transaction keeps a hundred thousand dead rows from being cleaned away."""
    side = timers.side(database(server, "b8_snapshot"), folder, 1000)
    clean = _idle(side)
    engine = create_engine(parse(side.database.url))
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as old:
        old.execute(text("SELECT count(*) FROM timer"))
        for first in range(0, _FIRED, 1000):
            _fire(side, first)
        held = _idle(side)
    engine.dispose()
    side.database.close()
    raw = f"{held:.0f} µs ÷ {clean:.0f} µs"
    what = f"idle beat beside an old snapshot, {_FIRED:,} fired ÷ clean, PostgreSQL"
    return Figure("B8", what, held / clean, "×", Goal(1.5, 1.2), raw)


def _fire(side: timers.Side, first: int) -> None:
    side.clock[0] += timedelta(seconds=30)
    now = side.clock[0]
    with side.database.work() as work:
        work.timers.set_all([timers.timer(20_000_000 + first + n, now) for n in range(1000)])
    while side.pulse.beat():
        pass


def _idle(side: timers.Side) -> float:
    took = []
    for _ in range(_BEATS):
        began = time.perf_counter()
        side.pulse.beat()
        took.append((time.perf_counter() - began) * 1e6)
    return quantiles(took, n=4)[0]
