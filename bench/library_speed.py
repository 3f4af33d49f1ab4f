"""How fast the library answers among 20 000 cases: the plain table beside SQLite's FTS5.

Run: python -m bench.library_speed [--write]
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, Engine, create_engine, text

from bench.library import commit, related_words, rows_of
from cases.library.ranking import ranked
from cases.library.terms import Document, Related, asked_terms, terms_of
from storage.database import Database
from storage.library import LibraryStore
from storage.tables.learning import LIBRARY_TERM

CASES = 20_000
GOAL_MS = 100.0
SEED = 2026
REPORT = Path(__file__).parents[1] / "docs" / "evidence" / "library-speed.md"


def fill(engine: Engine, related: Related) -> int:
    """Put the words of many cases into both tables; return how many rows there are."""
    dice = random.Random(SEED)  # noqa: S311 - the same every time
    stored = rows_of("library_cases.tsv")
    rows: list[dict[str, object]] = []
    with engine.begin() as connection:
        connection.execute(text("CREATE VIRTUAL TABLE fts USING fts5(words)"))
        for nth in range(CASES):
            one, other = dice.choice(stored), dice.choice(stored)
            document = Document(one[1] + str(nth), one[2] + other[2], tuple(one[3].split("、")))
            terms = terms_of(document, related)
            rows += [{"term": t, "case_id": nth + 10, "weight": w} for t, w in terms.items()]
            said = {"said": " ".join(_hex(term) for term in terms)}
            connection.execute(text("INSERT INTO fts VALUES (:said)"), said)
        for start in range(0, len(rows), 10_000):
            connection.execute(LIBRARY_TERM.insert(), rows[start : start + 10_000])
        connection.execute(text("ANALYZE"))
    return len(rows)


def _hex(term: str) -> str:
    return f"x{term.encode().hex()}"


def ask(connection: Connection, related: Related, query: str) -> tuple[float, float]:
    """Return the milliseconds of one question, by the plain table and by FTS5."""
    asked = asked_terms(query, related)
    begun = time.perf_counter()
    found = LibraryStore(connection).find(asked)
    ranked(asked, found.holding, found.rows, found.all_cases)
    plain = 1000 * (time.perf_counter() - begun)
    wanted = {"q": " OR ".join(_hex(term) for term in asked)}
    begun = time.perf_counter()
    statement = "SELECT rowid FROM fts WHERE fts MATCH :q ORDER BY rank LIMIT 20"
    connection.execute(text(statement), wanted).all()
    return plain, 1000 * (time.perf_counter() - begun)


def main() -> int:
    """Print the figures, write them if asked; 1 where the goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    asked, related = parser.parse_args(), related_words()
    queries = [row[0] for row in rows_of("library_queries.tsv")]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/duban.db"
        database = Database(url, audit_key=b"bench" * 8)
        database.upgrade()
        database.close()
        engine = create_engine(url)
        count = fill(engine, related)
        with engine.connect() as connection:
            took = [ask(connection, related, query) for query in queries]
        engine.dispose()
    plain, fts = [one[0] for one in took], [one[1] for one in took]
    worst = max(plain)
    goal = f"goal {GOAL_MS:.0f} ms: {'met' if worst <= GOAL_MS else 'MISSED'}"
    lines = [
        f"{CASES} cases, {count} rows of words, {len(queries)} queries:",
        f"plain table: median {median(plain):.1f} ms, worst {worst:.1f} ms, {goal}",
        f"FTS5 beside it: median {median(fts):.1f} ms, worst {max(fts):.1f} ms",
    ]
    print("\n".join(lines))
    if asked.write:
        command = "python -m bench.library_speed --write"
        where = f"Written by `{command}` at commit {commit()}, seed {SEED}."
        whole = "\n\n".join(["# Speed of the case library", where, *lines])
        REPORT.write_text(whole + "\n", encoding="utf-8")
    return int(worst > GOAL_MS)


if __name__ == "__main__":
    sys.exit(main())
