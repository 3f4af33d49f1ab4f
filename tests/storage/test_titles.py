"""Titles are found by any two characters of them, indexed already or not, on both databases."""

from dataclasses import replace

import pytest

from storage import titles
from storage.database import Database
from storage.errors import ConcurrentChange
from storage.stale import Kind
from storage.titles import pairs_of
from tests.storage.builders import NOW, open_case

TITLES = ("青禾路 100% 积水", "积水退了, 青禾路通车", "Tesla 展厅漏水", "水积", "a_b")


@pytest.mark.parametrize(("indexed", "few"), [(0, 500), (0, 4), (2, 500), (5, 500)])
def test_cases_are_found_by_words_of_the_title(
    database: Database, monkeypatch: pytest.MonkeyPatch, indexed: int, few: int
) -> None:
    monkeypatch.setattr(titles, "_FEW", few)
    with database.work() as work:
        ids = [open_case(work, title).id for title in TITLES]
        work.titles.index(ids[:indexed])
        for words, found in {
            "积水": [1, 0],
            "青禾路": [1, 0],
            "100% 积": [0],
            "100_": [],
            "tesla 展": [2],
            "TESLA": [2],
            "水积": [3],
            "没有这样的词": [],
            "青禾路积水": [],
            "a_b": [4],
            "水退了": [1],
        }.items():
            assert list(work.titles.having(words, 9)) == [ids[nth] for nth in found], words
        assert list(work.titles.having("积水", 1)) == [ids[1]]


def test_a_title_that_changes_is_found_by_its_new_words_only(database: Database) -> None:
    with database.work() as work:
        case = open_case(work, "青禾路积水")
        work.titles.index([case.id])
        assert work.stale.count(Kind.TITLE, 99) == 0
        case = work.cases.save(replace(case, title="锦绣花园停水"), [], by="t", now=NOW)
        assert list(work.titles.having("积水", 9)) == []
        assert list(work.titles.having("停水", 9)) == [case.id]
        work.titles.index([case.id])
        assert list(work.titles.having("停水", 9)) == [case.id]


def test_nothing_is_left_of_a_title_that_is_erased(database: Database) -> None:
    with database.work() as work:
        case = open_case(work, "张三的房屋漏水")
        work.titles.index([case.id])
        work.retention.erase([case.id])
        assert work.titles.pairs(case.id) == []


def test_a_title_that_another_has_indexed_meanwhile_is_left_to_him(
    sqlite_database: Database,
) -> None:
    with sqlite_database.work() as work:
        open_case(work)
    with sqlite_database.read() as work:
        marks = work.stale.marks(Kind.TITLE, [1])
    with sqlite_database.work() as work:
        work.titles.index([1])
    with pytest.raises(ConcurrentChange), sqlite_database.work() as work:
        work.stale.take(marks)


def test_pairs_are_each_two_characters_that_stand_together() -> None:
    assert pairs_of("积水积水") == sorted(["积水", "水积"])
    assert pairs_of("水") == []
