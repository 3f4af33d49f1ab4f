"""Search quality of the case library: on queries it was tuned on, and on fresh ones.

Of each set about half of the queries share no word with the stored text of the case they mean
(counted here by the segmenter itself). A query is answered as in chat: what is like it, then what
is nearest. Run as ``python -m bench.library --write``; it writes
docs/evidence/library.md.
"""

import argparse
import subprocess
import sys
import time
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from cases.library.ranking import ASKED, NEAREST, Match, ranked
from cases.library.terms import EVERY, Document, Related, asked_singles, asked_terms, terms_of
from cases.library.tokens import words

HOME = Path(__file__).parents[1]
DATA = HOME / "tests" / "data"
REPORT = HOME / "docs" / "evidence" / "library.md"
GOAL = 0.8
TOPS = (3, 10)


SETS = {
    "tuned on": ("library_queries.tsv", "library_fresh.tsv"),
    "fresh": ("library_unseen.tsv",),
}
_TOO_COMMON = 40  # cases that hold a term: as in the database, where a library is small


@dataclass(frozen=True, slots=True)
class Library:
    """Cases in memory, searched by the same terms and formula as the database."""

    terms: dict[str, dict[int, int]]
    keys: tuple[str, ...]
    texts: tuple[str, ...]

    def search(self, query: str, related: Related) -> list[str]:
        """Return the keys of what is shown for a query, the best first."""
        like = [one for one in self._found(asked_terms(query, related)) if one.is_like(ASKED)]
        near = self._found(asked_terms(query, related) | asked_singles(query))
        shown = [*like, *(one for one in near if one.is_like(NEAREST))]
        return list(dict.fromkeys(self.keys[one.case_id] for one in shown))

    def _found(self, asked: dict[str, float]) -> list[Match]:
        held = {term: self.terms[term] for term in asked if term in self.terms}
        held = {term: cases for term, cases in held.items() if len(cases) <= _TOO_COMMON}
        rows = [
            (term, one, weight) for term, cases in held.items() for one, weight in cases.items()
        ]
        return ranked(
            asked, {term: len(cases) for term, cases in held.items()}, rows, len(self.keys)
        )


def related_words() -> Related:
    """Return the groups of related words that ship."""
    read = tomllib.loads((HOME / "config" / "related_words.toml").read_text(encoding="utf-8"))
    groups, hints = (tuple(tuple(one) for one in read[name]) for name in ("groups", "hints"))
    return Related(groups, hints)


def rows_of(name: str) -> list[list[str]]:
    """Return the rows of a table of the tests."""
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line]


def library(related: Related) -> Library:
    """Return the library of the test cases."""
    terms: dict[str, dict[int, int]] = defaultdict(dict)
    rows = rows_of("library_cases.tsv")
    for nth, (_, title, body, tags) in enumerate(rows):
        document = Document(title, body, tuple(tags.split("、")))
        for term, weight in terms_of(document, related).items():
            if term != EVERY:
                terms[term][nth] = weight
    keys = tuple(row[0] for row in rows)
    return Library(dict(terms), keys, tuple(" ".join(row[1:]) for row in rows))


def shares_a_word(query: str, text: str) -> bool:
    """Whether the segmenter finds a word in both."""
    return bool(set(words(query)) & set(words(text)))


def measure(related: Related, name: str) -> tuple[Counter[str], list[str]]:
    """Return hits among 3 and 10 and totals of both kinds of queries, and what was missed."""
    books = library(related)
    counted: Counter[str] = Counter()
    missed = []
    for query, meant in (row for file in SETS[name] for row in rows_of(file)):
        text = books.texts[books.keys.index(meant)]
        kind = "shared" if shares_a_word(query, text) else "none"
        shown = books.search(query, related)
        counted[kind] += 1
        for many in TOPS:
            counted[f"{kind}@{many}"] += meant in shown[:many]
        if meant not in shown[: TOPS[0]]:
            missed.append(query)
    return counted, missed


def commit() -> str:
    """Return the commit the working tree stands at."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    said = subprocess.run(asked, cwd=HOME, capture_output=True, text=True, check=True)
    return said.stdout.strip()


def written(related: Related) -> tuple[str, bool]:
    """Return the report, and whether the goal was met."""
    lines = [
        "# Search quality of the case library",
        "",
        f"Written by `python -m bench.library --write` at commit {commit()}.",
        "",
        f"{len(rows_of('library_cases.tsv'))} stored cases. A query is answered as in chat: first",
        "what is like it, then what is nearest by its characters, said to be so. A hit: the case",
        f"meant is among the first {TOPS[0]} (as many as chat shows), or the first {TOPS[1]}.",
        "",
        "| set | queries | of | hits@3 | hits@10 |",
        "|---|---|---|---|---|",
    ]
    lost, counted, began = [], Counter[str](), time.perf_counter()
    for name in SETS:
        counted, missed = measure(related, name)
        lines += _rows(name, counted)
        lost.append(f"Missed at 3, {name}: {'; '.join(missed) or 'none'}.")
    took = 1000 * (time.perf_counter() - began)
    whole, hits = counted["shared"] + counted["none"], counted["shared@3"] + counted["none@3"]
    is_met = hits / whole >= GOAL
    goal = f"Goal {GOAL:.0%} of the fresh queries at 3: {'met' if is_met else 'MISSED'}."
    return "\n".join(
        [*lines, "", goal, f"All queries took {took:.0f} ms in memory.", "", *_HOW, *lost, ""]
    ), is_met


_HOW = (
    "The fresh queries were written, and kept in the history, before one of them was asked;",
    "words and weights were chosen on the other set alone (the rule of what is shown was changed",
    "once after their misses had been seen). One author wrote cases, queries and words, and the",
    "library is small: among many thousand cases a query that shares no word finds less.",
    "As first measured, before single characters and hints: 34 of the 64 fresh queries at 3 (4 of",
    "the 34 that share no word), 61 of the 75 others.",
    "",
)


def _rows(name: str, counted: Counter[str]) -> list[str]:
    kinds: dict[str, tuple[str, ...]] = {
        "share a word with the stored text": ("shared",),
        "share none": ("none",),
        "all": ("shared", "none"),
    }
    return [
        f"| {name} | {said} | {sum(counted[kind] for kind in which)} | "
        + " | ".join(_hits(counted, which, many) for many in TOPS)
        + " |"
        for said, which in kinds.items()
    ]


def _hits(counted: Counter[str], which: tuple[str, ...], many: int) -> str:
    hits, of = (sum(counted[f"{k}{end}"] for k in which) for end in (f"@{many}", ""))
    return f"{hits} ({hits / of:.0%})"


def main() -> int:
    """Measure, print, and write the report if asked; 1 where the goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    text, is_met = written(related_words())
    print(text)
    if asked.write:
        REPORT.write_text(text, encoding="utf-8")
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
