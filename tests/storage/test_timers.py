from dataclasses import replace
from datetime import timedelta

import pytest

from storage.database import Database
from storage.states import SubjectType
from storage.timers import NewTimer
from storage.work import Work
from tests.conftest import AUDIT_KEY
from tests.storage.builders import NOW, SECOND, all_at_once, new_clock, timer

MINUTE = timedelta(minutes=1)


def set_all(database: Database, *timers: NewTimer) -> int:
    with database.work() as work:
        return work.timers.set_all(timers)


def due(database: Database, now: object = NOW, limit: int = 100) -> list[str]:
    assert isinstance(now, type(NOW))
    with database.read() as work:
        return [one.slot for one in work.timers.due(now, limit)]


def the_only(work: Work) -> int:
    (one,) = work.timers.due(NOW, 2)
    return one.id


@pytest.mark.parametrize(
    "other",
    [
        {"subject_type": SubjectType.ASSIGNMENT},
        {"subject_id": 2},
        {"kind": "首报"},
        {"slot": "D+0"},
        {"addressee": "leader"},
        {"generation": 2},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_timer_is_set_once_and_each_part_of_its_identity_makes_another(
    database: Database, other: dict[str, object]
) -> None:
    assert set_all(database, timer()) == 1
    assert set_all(database, timer(leaves_at=NOW + MINUTE)) == 0
    assert set_all(database, replace(timer(), **other)) == 1  # type: ignore[arg-type]
    with database.read() as work:
        assert work.timers.pending_count() == 2


@pytest.mark.parametrize(
    ("ahead", "found"), [(SECOND, []), (timedelta(0), ["D-1"]), (-SECOND, ["D-1"])]
)
def test_a_timer_is_due_from_the_moment_it_leaves(
    database: Database, ahead: timedelta, found: list[str]
) -> None:
    set_all(database, timer(leaves_at=NOW + ahead))
    assert due(database) == found


def test_a_timer_that_was_held_back_leaves_later_than_it_was_due(database: Database) -> None:
    set_all(database, replace(timer(), leaves_at=NOW + MINUTE))
    assert due(database) == []
    assert due(database, NOW + MINUTE) == ["D-1"]


def test_a_timer_long_due_whose_ringing_failed_is_found_again_at_the_next_look(
    database: Database,
) -> None:
    set_all(database, timer(leaves_at=NOW - 10 * MINUTE))
    assert due(database) == ["D-1"]
    assert due(database, NOW + SECOND) == ["D-1"]


def test_those_due_longest_come_first_and_only_so_many(database: Database) -> None:
    set_all(
        database,
        timer("b", leaves_at=NOW - MINUTE),
        timer("c", leaves_at=NOW),
        timer("a", leaves_at=NOW - 2 * MINUTE),
    )
    assert due(database, limit=2) == ["a", "b"]
    assert due(database) == ["a", "b", "c"]


@pytest.mark.parametrize("end", ["fired", "skipped", "put_aside"])
def test_a_timer_that_has_ended_is_neither_due_nor_to_be_had(database: Database, end: str) -> None:
    set_all(database, timer())
    with database.work() as work:
        timer_id = the_only(work)
        assert work.timers.lock(timer_id) is not None
        getattr(work.timers, end)(timer_id, NOW, "已提醒")
        assert work.timers.lock(timer_id) is None
    assert due(database) == []
    assert set_all(database, timer()) == 0


def test_a_timer_that_fails_comes_back_later_and_its_tries_are_counted(database: Database) -> None:
    set_all(database, timer())
    with database.work() as work:
        timer_id = the_only(work)
        assert work.timers.postpone(timer_id, NOW + MINUTE, "出错") == 1
        assert work.timers.postpone(timer_id, NOW + MINUTE, "出错") == 2
        work.timers.fired(timer_id, NOW, "已提醒")
        assert work.timers.postpone(timer_id, NOW + MINUTE, "出错") == 0
    assert due(database, NOW + MINUTE) == []


def test_one_clocks_timers_are_cancelled_and_no_others(database: Database) -> None:
    with database.work() as work:
        one, other = (work.clocks.start(new_clock(step=step)) for step in ("签收", "首报"))
        work.timers.set(timer("one", clock=one))
        work.timers.set(replace(timer("other", clock=other), kind="首报"))
        assert work.timers.cancel_for_clock(one.id, "已签收", NOW) == 1
        assert [left.slot for left in work.timers.pending_of_clock(other.id)] == ["other"]
    assert due(database) == ["other"]


def test_the_next_moment_is_that_of_the_first_pending_timer(database: Database) -> None:
    with database.work() as work:
        assert work.timers.next_at() is None
    set_all(database, timer("a", leaves_at=NOW + 2 * MINUTE), timer("b", leaves_at=NOW + MINUTE))
    with database.work() as work:
        assert work.timers.next_at() == NOW + MINUTE


def test_a_timer_rings_once_however_many_look(database: Database) -> None:
    set_all(database, timer())

    def ring(work: Work) -> bool:
        if work.timers.lock(1) is None:
            return False
        work.timers.fired(1, NOW, "已提醒")
        return True

    assert all_at_once(database, 8, ring).count(True) == 1


def test_a_timer_set_for_the_past_is_found_at_once(database: Database) -> None:
    assert due(database) == []
    set_all(database, timer("overdue", leaves_at=NOW - timedelta(days=3)))
    assert due(database, NOW + SECOND) == ["overdue"]


@pytest.mark.parametrize(("seconds", "found"), [(59, []), (60, ["overdue"]), (61, ["overdue"])])
@pytest.mark.postgres
def test_a_timer_another_process_set_for_the_past_is_found_within_a_minute(
    postgres_database: Database, postgres_url: str, seconds: int, found: list[str]
) -> None:
    assert due(postgres_database) == []
    another = Database(postgres_url, audit_key=AUDIT_KEY)
    set_all(another, timer("overdue", leaves_at=NOW - timedelta(days=3)))
    another.close()
    assert due(postgres_database, NOW + seconds * SECOND) == found


@pytest.mark.postgres
def test_a_timer_another_process_sets_for_now_is_found_at_once(
    postgres_database: Database, postgres_url: str
) -> None:
    assert due(postgres_database) == []
    another = Database(postgres_url, audit_key=AUDIT_KEY)
    set_all(another, timer("now", leaves_at=NOW))
    another.close()
    assert due(postgres_database, NOW + SECOND) == ["now"]


def test_after_the_clock_jumps_back_everything_due_is_found(database: Database) -> None:
    set_all(database, timer("a", leaves_at=NOW - timedelta(hours=2)))
    assert due(database, NOW + timedelta(days=1), limit=100) == ["a"]
    assert due(database, NOW - timedelta(hours=1)) == ["a"]
