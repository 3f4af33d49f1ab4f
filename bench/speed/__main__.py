"""Measure everything and write the report: `python -m bench.speed [--only B1 B6] [--rounds 5]`."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.speed import beats, callbacks, items, lives, looks, outbound, pending, standing
from bench.speed.figures import Figure, page
from tests.support import postgres

HOME = Path(__file__).parents[2]
REPORT = HOME / "docs" / "evidence" / "speed.md"
Measure = Callable[[], list[Figure]]


def measures(
    folder: Path, rounds: int, server: postgres.Server | None
) -> list[tuple[str, Measure]]:
    """What is measured, by the number of its goal."""
    found: list[tuple[str, Measure]] = []
    if callbacks.is_possible():
        shots = callbacks.write_shots(folder / "shots")
        url = "" if server is None else pending.database(server, "b4")
        found += [
            ("B1", lambda: callbacks.measure(folder, shots, rounds, url)),
            ("B3", lambda: callbacks.measure_open(folder, shots, rounds)),
            ("B13", lambda: standing.measure_growth(folder, shots)),
        ]
    return [
        *found,
        ("B5", lambda: standing.measure_answers(folder)),
        ("B6", lambda: lives.measure(folder, rounds)),
        ("B7", lambda: beats.measure(folder, rounds)),
        ("B8", lambda: pending.measure(folder, rounds * 3, server)),
        ("B9", lambda: beats.measure_flood(folder)),
        ("B10", lambda: outbound.measure(folder)),
        ("B11", lambda: looks.measure_link(folder)),
        ("B11", lambda: looks.measure_near(rounds)),
        ("B12", lambda: looks.measure_board(folder)),
        ("B13", lambda: standing.measure_start(folder, rounds)),
        ("B14", lambda: items.measure(rounds)),
        ("B14", lambda: lives.measure_stored(folder, rounds)),
    ]


def main() -> int:
    """Measure, print, and keep the page; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--report", type=Path, default=None)
    given = parser.parse_args()
    home = postgres.new_home()
    figures: list[Figure] = []
    remarks = [f"load of the machine before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores"]
    if not callbacks.is_possible():
        remarks.append("B1 to B4 were left out: they need Debian's wrk and gcc")
    try:
        server = postgres.find(home)
        with TemporaryDirectory(prefix="duban-speed-") as place:
            for number, measure in measures(Path(place), given.rounds, server):
                if not given.only or number in given.only:
                    figures += _told(measure())
    finally:
        postgres.stop(home)
    figures.sort(key=lambda one: int(one.number[1:]))
    report = given.report or (None if given.only else REPORT)
    if report is not None:
        report.write_text(page(figures, given.rounds, remarks), encoding="utf-8")
    return int(any(one.is_missed for one in figures))


def _told(figures: list[Figure]) -> list[Figure]:
    for one in figures:
        line = (
            f"{one.number:4} {one.what:60} {one.value:10.3f} {one.unit:4} {one.verdict} {one.raw}"
        )
        sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()
    return figures


if __name__ == "__main__":
    sys.exit(main())
