"""How long one proposal takes, per rulebook: goal at most 1 ms, stretch 0.3 ms.

Run: python -m bench.grading
"""

import csv
import statistics
import sys
import time
from pathlib import Path

from cases.grading import GradingRules, ReportFacts, propose
from config.rulebook_grading import load_shipped, shipped_names

TEXTS = Path(__file__).parents[1] / "tests" / "data" / "grading_texts.tsv"
GOAL_MS = 1.0
ROUNDS = 5


def reports() -> list[ReportFacts]:
    """Return the texts of the tests, and long ones: each repeated to about 600 characters."""
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    short = [
        ReportFacts(row["title"], row["abstract"], row["platform"], row["source_media"])
        for row in rows
    ]
    long = [
        ReportFacts(one.title, (one.title + "。") * (600 // (len(one.title) + 1))) for one in short
    ]
    return short + long[:20]


def per_case(rules: GradingRules, cases: list[ReportFacts]) -> float:
    """Return the median over the rounds of the milliseconds per case."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for one in cases:
            propose(rules, one)
        took.append((time.perf_counter() - start) / len(cases) * 1000)
    return statistics.median(took)


def main() -> int:
    """Print one line per rulebook; return 1 where the goal is missed."""
    cases = reports()
    worst = 0.0
    for name in shipped_names():
        start = time.perf_counter()
        rules = load_shipped(name)
        loaded = (time.perf_counter() - start) * 1000
        found = per_case(rules, cases)
        worst = max(worst, found)
        print(f"grade {name}: {found:.3f} ms per case (loading {loaded:.0f} ms)")
    print(f"grade worst: {worst:.3f} ms, goal {GOAL_MS} ms")
    return int(worst > GOAL_MS)


if __name__ == "__main__":
    sys.exit(main())
