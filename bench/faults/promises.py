"""One table of what was promised and what was found: `python -m bench.faults.promises`.

Made from the data of the experiments alone (docs/evidence/data/*.json); whatever was missed is
said, the planted sins come first.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.faults.judge import BROKEN, EARLY, EXTRA, LATE, LOST, TWICE
from bench.faults.records import DATA, EVIDENCE, PROMISES
from bench.faults.records import page as page_of

MEANING = {
    "P1": "a callback answered 200 is never lost",
    "P2": "every due reminder and message is seen, never early",
    "P3": "none after the closure, but for the wire, and that is recalled",
    "P4": "nothing is seen twice, nothing comes from nowhere; stale marks change nothing",
    "P5": "states move along allowed ways only, versions without a gap",
    "P6": "each change has one audit row, in an intact chain",
    "P7": "no secret in logs, no undeclared answer, memory bounded",
}
_INTRODUCTION = (
    "Made by `python -m bench.faults.promises` from `docs/evidence/data/`; each experiment has a "
    "page of its own beside this one, made by the command named there. `late p99` counts from the "
    "moment a message was due to be seen, faults and recovery included, by the town's clock where "
    "an experiment compresses time. Rows with `+` behind the commit were made from a changed tree."
)
_HEAD = (
    *("promise", "experiment", "database", "runs", "lost", "duplicated", "unexpected", "early"),
    *("other", "late p99, s", "commit", "seed"),
)


def table(read: Sequence[Mapping[str, object]]) -> str:
    """Write the page from the data of all experiments."""
    parts = [
        "# Promises, and what was found",
        _INTRODUCTION,
        "## First the judge",
        _sins(read),
        "## Promise by experiment",
        _table(_HEAD, [row for promise in PROMISES for one in read for row in _rows(one, promise)]),
        "\n".join(f"- {name}: {words}" for name, words in MEANING.items()),
        "## Goals",
        _table(
            ("experiment", "goal", "found", ""),
            [
                (one["name"], goal["goal"], goal["found"], "met" if goal["met"] else "**MISSED**")
                for one in read
                for goal in _listed(one["goals"])
            ],
        ),
    ]
    missing = [name for name in EXPECTED if name not in {str(one["name"]) for one in read}]
    if missing:
        parts += ["## Not made yet", "\n".join(f"- {name}" for name in missing)]
    broken = [
        f"- {one['name']}, {tally['engine']}: {why}"
        for one in read
        for tally in _listed(one["tallies"])
        for why in _words(tally["broken"])
    ]
    parts += ["## What went wrong", "\n".join(broken) or "Nothing in the runs counted above."]
    return "\n\n".join(parts) + "\n"


EXPECTED = (
    *("crash-proof", "syscall-kills", "pauses", "random-kills", "postgresql-faults", "disk"),
    *("command-kills", "platform-faults", "clock-jumps", "herd", "lifeboat", "model"),
)


def _listed(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value


def _words(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]


def _table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _sins(read: Sequence[Mapping[str, object]]) -> str:
    planted = {(sin[0], sin[1]): sin[2] for one in read for sin in _sin_rows(one)}
    if not planted:
        return "**No experiment has planted any sin: nothing below is worth anything.**"
    rows = [
        (name, invariant, "yes" if ok else "**NO**") for (name, invariant), ok in planted.items()
    ]
    return _table(("planted sin", "invariant", "caught"), rows)


def _sin_rows(one: Mapping[str, object]) -> list[tuple[str, str, bool]]:
    sins = one["sins"]
    assert isinstance(sins, list)
    return [(name, invariant, caught) for name, invariant, caught in sins]


def _rows(one: Mapping[str, object], promise: str) -> list[list[object]]:
    promises = one["promises"]
    assert isinstance(promises, list)
    if promise not in promises:
        return []
    rows: list[list[object]] = []
    for tally in _listed(one["tallies"]):
        counts = tally["counts"]
        assert isinstance(counts, dict)
        of = counts[promise]
        rows.append(
            [
                *(promise, f"[{one['name']}]({one['name']}.md)", tally["engine"], tally["runs"]),
                *(of[LOST], of[TWICE], of[EXTRA], of[EARLY], of[LATE] + of[BROKEN]),
                *(tally["late_p99"] if promise == "P2" else "–", one["commit"], one["seed"]),
            ]
        )
    return rows


def read_all(folder: Path) -> list[Mapping[str, object]]:
    """Read the data of every experiment, in the order of `EXPECTED`."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json")]
    order = {name: nth for nth, name in enumerate(EXPECTED)}
    return sorted(found, key=lambda one: order.get(one["name"], len(order)))


def main() -> int:
    """Write the table; 1 if anything stands there as missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--to", type=Path, default=EVIDENCE / "promises.md")
    options = parser.parse_args()
    read = read_all(options.data)
    for one in read:  # their own pages say the same as the data
        (options.to.parent / f"{one['name']}.md").write_text(page_of(one), encoding="utf-8")
    page = table(read)
    options.to.write_text(page, encoding="utf-8")
    sys.stdout.write(f"written to {options.to}\n")
    return 1 if "**" in page else 0


if __name__ == "__main__":
    sys.exit(main())
