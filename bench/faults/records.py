"""What an experiment found, as data: docs/evidence/data/<name>.json, of which the table is made."""

import json
import math
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.commit import commit
from bench.faults.judge import BROKEN, EARLY, EXTRA, KINDS, LATE, LOST, TWICE, Verdict

HOME = Path(__file__).parents[2]
EVIDENCE = HOME / "docs" / "evidence"
DATA = EVIDENCE / "data"
# Which promise an invariant keeps (reliability: P1 to P7).
PROMISE = {
    "I1": "P1",
    "I2": "P2",
    "I3": "P3",
    "I4": "P4",
    "I5": "P5",
    "I6": "P6",
    "I7": "P2",
    "I8": "P4",
    "I9": "P2",
    "I10": "P2",
    "I11": "P7",
}
PROMISES = ("P1", "P2", "P3", "P4", "P5", "P6", "P7")


@dataclass(slots=True)
class Tally:
    """All runs of one experiment on one database."""

    engine: str
    runs: int = 0
    reached: int = 0  # runs in which the fault really struck
    counts: Counter[str] = field(default_factory=Counter)  # "P4 duplicated" -> 2
    allowed: int = 0
    recovered: int = 0
    lateness: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, verdict: Verdict, name: str, *, struck: bool) -> None:
        self.runs += 1
        self.reached += struck
        self.allowed += verdict.allowed
        self.recovered += verdict.recovered
        self.lateness.extend(verdict.lateness)
        for (invariant, kind), count in verdict.counts.items():
            self.counts[f"{PROMISE[invariant]} {kind}"] += count
        self.broken.extend(f"{name}: {one}" for one in verdict.broken)

    def described(self) -> dict[str, object]:
        ordered = sorted(self.lateness)
        return {
            "engine": self.engine,
            "runs": self.runs,
            "reached": self.reached,
            "counts": {
                promise: {kind: self.counts[f"{promise} {kind}"] for kind in KINDS}
                for promise in PROMISES
            },
            "allowed": self.allowed,
            "recovered": self.recovered,
            "late_p99": round(quantile(ordered, 0.99), 2),
            "late_max": round(ordered[-1], 2) if ordered else 0.0,
            "messages": len(ordered),
            "broken": self.broken[:50],
        }


def quantile(ordered: list[float], share: float) -> float:
    """Return the least value that `share` of all do not exceed; 0 of none."""
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else 0.0


@dataclass(slots=True)
class Goal:
    """A figure that was to be reached, and what was found."""

    goal: str
    found: str
    met: bool


@dataclass(slots=True)
class Experiment:
    """One experiment: how it was made, which sins its judge caught, what it found."""

    name: str
    title: str
    command: str
    seed: str
    seconds: float = 0.0
    promises: tuple[str, ...] = PROMISES  # those it says something about
    compressed: str = "not compressed"
    sins: list[tuple[str, str, bool]] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)  # of the experiment's own page

    @property
    def failed(self) -> bool:
        caught = all(one[2] for one in self.sins)
        return (
            not caught
            or any(one.broken for one in self.tallies)
            or not all(goal.met for goal in self.goals)
        )

    def tally(self, engine: str) -> Tally:
        found = next((one for one in self.tallies if one.engine == engine), None)
        if found is None:
            found = Tally(engine)
            self.tallies.append(found)
        return found

    def described(self) -> dict[str, object]:
        return {
            "name": self.name,
            "title": self.title,
            "command": self.command,
            "commit": commit() + ("+" if is_changed() else ""),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "seed": self.seed,
            "seconds": round(self.seconds),
            "promises": list(self.promises),
            "compressed": self.compressed,
            "sins": self.sins,
            "tallies": [one.described() for one in self.tallies],
            "goals": [asdict(goal) for goal in self.goals],
            "notes": self.notes,
            "rows": self.rows,
        }

    def save(self, folder: Path = DATA) -> Path:
        """Write the data, and the page made of it beside."""
        folder.mkdir(parents=True, exist_ok=True)
        data = self.described()
        path = folder / f"{self.name}.json"
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (folder.parent / f"{self.name}.md").write_text(page(data), encoding="utf-8")
        return path


def is_changed() -> bool:
    """Whether the program differs from its commit: then the commit is marked with +."""
    status = ["git", "status", "--porcelain", "--", "*.py", "*.toml"]
    done = subprocess.run(status, cwd=HOME, capture_output=True, text=True, check=False)
    return bool(done.stdout.strip())


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    listed = list(head)
    lines = [listed, ["---"] * len(listed), *[[str(cell) for cell in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _made(data: Mapping[str, object]) -> str:
    return (
        f"Made by `{data['command']}` at commit {data['commit']}, {data['date']}, seed "
        f"{data['seed']}, {data['seconds']} s. Time: {data['compressed']}."
    )


def page(data: Mapping[str, object]) -> str:
    """Write an experiment's own page."""
    sins, tallies = data["sins"], data["tallies"]
    goals, notes, rows = data["goals"], data["notes"], data["rows"]
    assert isinstance(sins, list)
    assert isinstance(tallies, list)
    assert isinstance(goals, list)
    assert isinstance(notes, list)
    assert isinstance(rows, list)
    parts = [
        f"# {data['title']}",
        _made(data),
        *[str(note) for note in notes],
    ]
    if sins:
        missed = [name for name, _, caught in sins if not caught]
        said = "all were caught" if not missed else f"**MISSED: {'; '.join(missed)}**"
        parts += [
            f"First the judge was given {len(sins)} planted sins; {said}.",
            _table(
                ("planted sin", "invariant", "caught"),
                [(name, invariant, "yes" if caught else "NO") for name, invariant, caught in sins],
            ),
        ]
    parts.append(
        _table(
            (
                *("database", "runs", "fault struck", "lost", "unexpected", "duplicated", "early"),
                *("other faults", "robot posts twice, allowed", "unacknowledged, carried out"),
                *("late p99, s", "late at most, s"),
            ),
            [_of(one) for one in tallies],
        )
    )
    runs = sum(one["runs"] for one in tallies)
    if runs >= 30 and not any(one["broken"] for one in tallies):
        parts.append(f"No fault in {runs} runs bounds the rate below {3 / runs:.2%} at 95 %.")
    if goals:
        parts.append(
            _table(
                ("goal", "found", ""),
                [(g["goal"], g["found"], "met" if g["met"] else "**MISSED**") for g in goals],
            )
        )
    broken = [f"- {one['engine']}: {why}" for one in tallies for why in one["broken"]]
    if broken:
        parts += ["## What went wrong", "\n".join(broken)]
    if rows:
        parts += ["## Each", _table(rows[0], rows[1:])]
    return "\n\n".join(parts) + "\n"


def _of(tally: dict[str, object]) -> list[object]:
    counts = tally["counts"]
    assert isinstance(counts, dict)

    def total(*kinds: str) -> int:
        return sum(of[kind] for of in counts.values() for kind in kinds)

    return [
        *(tally["engine"], tally["runs"], tally["reached"]),
        *(total(LOST), total(EXTRA), total(TWICE), total(EARLY), total(LATE, BROKEN)),
        *(tally["allowed"], tally["recovered"], tally["late_p99"], tally["late_max"]),
    ]
