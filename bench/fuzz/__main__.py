"""Fire hostile callbacks at the service, judge, report: `python -m bench.fuzz --callbacks 100000`.

No report is written unless every planted sin was caught first.
"""

import argparse
import itertools
import logging
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.commit import commit
from bench.fuzz.firing import HANDS, Record, fire, memory_of
from bench.fuzz.judge import GROWTH, fingerprint, growth, held, judge
from bench.fuzz.messages import Shot
from bench.fuzz.service import Service, Sin, apart, running
from bench.fuzz.shots import Maker

HOME = Path(__file__).parents[2]
REPORT = HOME / "docs" / "evidence" / "fuzz.md"
SIGNS = {
    Sin.ANSWERS_500: "wrong answer",
    Sin.TWICE: "twice",
    Sin.LOSES: "lost",
    Sin.BELIEVES: "wrong answer",
}


def play(service: Service, maker: Maker, callbacks: int, seconds: float, record: Record) -> bool:
    """Fire first what is invalid, then all kinds; whether the first part has changed nothing."""
    ends = time.monotonic() + seconds
    before = fingerprint(service.database)
    fire(_until(ends, maker.invalid(callbacks // 10)), service, record)
    is_unchanged = fingerprint(service.database) == before
    fire(_until(ends, maker.mixed(callbacks - callbacks // 10)), service, record)
    return is_unchanged


def _until(ends: float, shots: Iterator[Shot]) -> Iterator[Shot]:
    return itertools.takewhile(lambda _: time.monotonic() < ends, shots)


def faults_of(sin: Sin, seed: int, callbacks: int, empty: Path | None = None) -> list[str]:
    """The faults that the judge finds in a short run against a service in this process.

    `empty` is a database with its tables, if there is one: making them takes longer than the run.
    """
    record = Record()
    with TemporaryDirectory(prefix="duban-fuzz-") as place:
        if empty is not None:
            shutil.copy(empty, Path(place) / "duban.db")
        with running(Path(place), sin) as service:
            is_unchanged = play(service, Maker(seed), callbacks, 600, record)
        found = held(Path(place) / "duban.db")
    record.memory.clear()  # the firing itself is in this process
    return ([] if is_unchanged else ["changed by invalid"]) + judge(record, found)


def report(record: Record, faults: list[str], state: Counter[str], options: str) -> str:
    kinds = sorted({kind for kind, _ in record.answers})
    rows = []
    for kind in kinds:
        mine = {status: n for (of, status), n in record.answers.items() if of == kind}
        said = ", ".join(f"{status or 'hung up'}: {n}" for status, n in sorted(mine.items()))
        rows.append(f"| {kind} | {sum(mine.values())} | {said} |")
    server_errors = sum(n for (_, status), n in record.answers.items() if status >= 500)
    kept = ", ".join(f"{n} {name}" for name, n in sorted(state.items()))
    table = "\n".join(rows)
    listed = "\n".join(f"- {one[:300]}" for one in faults[:20]) or "None."
    warm = record.memory[len(record.memory) // 10] if record.memory else 0
    most = max(record.memory, default=0)
    last = record.memory[-1] if record.memory else 0
    return f"""# Hostile callbacks

Made by `{options}` on commit {commit()}, {datetime.now(UTC):%Y-%m-%d}. Door, keeper, worker and the
real handlers on SQLite, in a process of their own, over loopback HTTP, {HANDS} callers at once.
The seed plans every request; each key, its state and how often it was carried out were compared in
the end with what had been answered.

| what | figure |
|---|---|
| callbacks fired | {record.fired} |
| answered 5xx | {server_errors} |
| messages answered 200 | {len(record.believed) + record.believed_unnamed} different ones |
| kept | {kept} |
| faults found by the judge | {len(faults)} |
| memory of the service | {warm / 1024:.0f} MB warm, {last / 1024:.0f} MB at the end, \
{most / 1024:.0f} MB at most: {growth(record) / 1024:+.0f} MB (bound {GROWTH // 1024} MB) |
| seconds | {record.seconds:.0f} ({record.fired / record.seconds:.0f} a second) |

The first tenth was invalid only: the database was compared row by row before and after. The judge
was tried before on services that sin, and caught each:
{", ".join(SIGNS)}. The seconds end when the last message was carried out.

## Faults

{listed}

## What was fired, and the answers

| kind | callbacks | answers |
|---|---|---|
{table}
"""


def main() -> int:
    """Prove the judge, fire, judge, report; 1 if there are faults, 2 if a sin was overlooked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--callbacks", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--seconds", type=float, default=3600, help="stop firing after so long")
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    for sin, sign in SIGNS.items():
        if not any(fault.startswith(sign) for fault in faults_of(sin, given.seed, 300)):
            print(f"overlooked by the judge: {sin}")
            return 2
        print(f"caught: {sin}")
    record, began = Record(), time.monotonic()
    with TemporaryDirectory(prefix="duban-fuzz-") as place:
        with apart(Path(place)) as service:
            maker = Maker(given.seed)
            is_unchanged = play(service, maker, given.callbacks, given.seconds, record)
            record.memory.append(memory_of(service.pid))
        record.seconds = time.monotonic() - began
        found = held(Path(place) / "duban.db")
    faults = ([] if is_unchanged else ["changed by invalid"]) + judge(record, found)
    command = f"python -m bench.fuzz --callbacks {given.callbacks} --seed {given.seed}"
    page = report(record, faults, Counter(found.inbox.values()), command)
    given.report.write_text(page, encoding="utf-8")
    print(f"seed {given.seed}: {record.fired} callbacks in {record.seconds:.0f} s")
    print(f"{growth(record) / 1024:+.0f} MB, {len(faults)} faults: {given.report}")
    for fault in faults[:20]:
        print(fault[:400])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
