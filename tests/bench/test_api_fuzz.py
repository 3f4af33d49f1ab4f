"""The fuzz of the HTTP surface: a short run finds nothing but what was planted."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.api_fuzz.__main__ import PEOPLE, fuzz, judged, report
from bench.api_fuzz.asking import Found
from storage.database import Database


@pytest.fixture(autouse=True)
def _planted_faults_are_not_shown() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def test_e09_e11_e14_no_page_answers_a_liaison_with_a_fault(
    sqlite_database: Database, tmp_path: Path
) -> None:
    found = fuzz(sqlite_database, tmp_path, 1, 7, {"联络员": PEOPLE["责任单位联络员"]})
    faults, is_proven = judged(found)
    assert faults == {}
    assert is_proven
    assert {"GET /board", "POST /export", "POST /api/reports"} <= found.operations


def test_a_planted_page_that_is_overlooked_proves_nothing() -> None:
    found = Found(faults={"GET /board as x: 500": "broke", "GET /sin/{what} as x: 500": "broke"})
    assert judged(found) == ({"GET /board as x: 500": "broke"}, False)


def test_the_report_names_what_is_wrong() -> None:
    found = Found(faults={"GET /board as x: 500": "broke"})
    found.asked["x", "500"] = 3
    text = report({"SQLite": found}, "command", 1.0)
    assert "- SQLite: GET /board as x: 500" in text
    assert "| x | 3 | 500: 3 |" in text
