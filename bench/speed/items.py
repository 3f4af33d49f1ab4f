"""B14: understanding, links and grading, per item."""

import time
from statistics import median

from bench import grading, understand
from bench.speed.figures import Figure, Goal
from cases.links import find_links
from config.platforms import load_link_rules
from config.rulebook_grading import load_shipped, shipped_names


def measure(rounds: int) -> list[Figure]:
    """B14."""
    said = median(1000 / understand.lines_a_second(1) for _ in range(rounds))
    rules, texts = load_link_rules(), [text for text, _ in understand.rows()]
    links = median(_links(texts, rules) for _ in range(rounds))
    reports = grading.reports()
    worst = max(grading.per_case(load_shipped(name), reports) for name in shipped_names())
    return [
        Figure("B14", "understand", said, "ms", Goal(0.5, 0.2)),
        Figure("B14", "links", links, "ms", Goal(0.1, 0.03)),
        Figure("B14", "grade, the slowest rulebook", worst, "ms", Goal(1.0, 0.3)),
    ]


def _links(texts: list[str], rules: object) -> float:
    began = time.perf_counter()
    for text in texts:
        find_links(text, rules)  # type: ignore[arg-type]
    return (time.perf_counter() - began) / len(texts) * 1000
