"""Lists of many new cases keep their numbers, on both engines."""

from datetime import timedelta

import pytest

from storage.database import Database
from tests.storage.builders import NOW, open_case


def test_numbers_stay_when_lines_are_settled(database: Database) -> None:
    with database.work() as work:
        first, second, third = (open_case(work) for _ in range(3))
        current = work.case_lists.open(NOW)
        numbers = [work.case_lists.add(current.id, case.id) for case in (first, second, third)]
        work.case_lists.settle(second.id, NOW)
        assert numbers == [1, 2, 3]
        assert [line.number for line in work.case_lists.lines(current.id)] == [1, 3]
        assert work.case_lists.line_of(second.id) is None
        assert work.case_lists.hint(first.id, "可能与 007 相同")
        assert not work.case_lists.hint(second.id, "x")
        assert [line.hint for line in work.case_lists.lines(current.id)] == [
            "可能与 007 相同",
            None,
        ]


def test_the_list_opened_last_is_meant_until_it_is_closed(database: Database) -> None:
    with database.work() as work:
        assert work.case_lists.latest_open() is None
        older = work.case_lists.open(NOW)
        newer = work.case_lists.open(NOW + timedelta(hours=2))
        work.case_lists.show(newer.id, 6)
        latest = work.case_lists.latest_open()
        assert latest is not None
        assert (latest.id, latest.shown) == (newer.id, 6)
        work.case_lists.close(newer.id, NOW)
        assert work.case_lists.latest_open() == older
        assert work.case_lists.get(newer.id).shown == 6
        with pytest.raises(KeyError):
            work.case_lists.get(99)
