from dataclasses import replace
from datetime import timedelta

import pytest

from storage.clocks import Clock, NewDue
from storage.database import Database
from storage.states import ClockState, OutboxState
from storage.work import Work
from tests.storage.builders import NOW, new_clock, open_case, reminder, timer

LATER = NOW + timedelta(hours=1)


def with_reminders(work: Work, clock: Clock) -> Clock:
    work.timers.set(replace(timer("D-1", clock=clock), kind=clock.step))
    work.outbox.put(reminder(f"{clock.id}.{clock.generation}", clock))
    return clock


def two_clocks(database: Database) -> tuple[Clock, Clock]:
    with database.work() as work:
        case = open_case(work)
        one, other = (work.clocks.start(new_clock(case.id, step)) for step in ("签收", "首报"))
        return with_reminders(work, one), with_reminders(work, other)


def waiting(work: Work, clock: Clock) -> tuple[int, list[str]]:
    timers = len(work.timers.pending_of_clock(clock.id))
    claims = work.outbox.claim(NOW, "test")
    for claim in claims:
        work.outbox.release(claim)
    return timers, [claim.key for claim in claims]


def test_a_clock_is_kept_as_it_was_started(database: Database) -> None:
    with database.work() as work:
        case = open_case(work)
        started = work.clocks.start(new_clock(case.id))
        assert started.generation == 1
        assert started.state is ClockState.RUNNING
    with database.read() as work:
        assert work.clocks.get(started.id) == started
        assert work.clocks.running(case.id) == [started]
        assert work.clocks.get(started.id + 1) is None


@pytest.mark.parametrize(
    ("end", "state"),
    [
        ("settle", ClockState.SETTLED),
        ("hand_over", ClockState.MOVED),
        ("cancel", ClockState.CANCELLED),
    ],
)
def test_an_ended_clock_falls_silent_and_no_other_does(
    database: Database, end: str, state: ClockState
) -> None:
    one, other = two_clocks(database)
    with database.work() as work:
        assert getattr(work.clocks, end)(one.id, "li", NOW)
        ended = work.clocks.get(one.id)
        assert ended is not None
        assert (ended.state, ended.generation, ended.ended_by) == (state, 2, "li")
        assert ended.ended_at == NOW
        assert waiting(work, one) == (0, [f"{other.id}.1"])
        assert len(work.timers.pending_of_clock(other.id)) == 1
        assert work.clocks.get(other.id) == other


def test_a_clock_ends_once(database: Database) -> None:
    one, _ = two_clocks(database)
    with database.work() as work:
        assert work.clocks.settle(one.id, "li", NOW)
        assert not work.clocks.settle(one.id, "wang", LATER)
        assert not work.clocks.cancel(one.id, "wang", LATER)
        ended = work.clocks.get(one.id)
        assert ended is not None
        assert (ended.ended_by, ended.generation) == ("li", 2)


def test_a_moved_clock_runs_on_in_a_new_generation_without_its_old_reminders(
    database: Database,
) -> None:
    one, other = two_clocks(database)
    with database.work() as work:
        moved = work.clocks.move(one.id, NewDue(LATER, "working", computation=("延期",)), NOW)
        assert moved is not None
        assert (moved.generation, moved.due_at, moved.basis) == (2, LATER, "working")
        assert (moved.state, moved.counted_at, moved.started_at) == (ClockState.RUNNING, NOW, NOW)
        assert moved.computation == ("延期",)
        assert waiting(work, one) == (0, [f"{other.id}.1"])
        with_reminders(work, moved)
        assert waiting(work, one) == (1, [f"{other.id}.1", f"{one.id}.2"])


def test_an_ended_clock_cannot_be_moved(database: Database) -> None:
    one, _ = two_clocks(database)
    with database.work() as work:
        work.clocks.settle(one.id, "li", NOW)
        assert work.clocks.move(one.id, NewDue(LATER, "natural"), NOW) is None


def test_a_step_that_is_awaited_once_more_rings_once_more(database: Database) -> None:
    one, _ = two_clocks(database)
    with database.work() as work:
        work.clocks.settle(one.id, "li", NOW)
        again = work.clocks.start(new_clock(one.case_id))
        assert again.generation == 3
        with_reminders(work, again)
        assert len(work.timers.pending_of_clock(again.id)) == 1


def test_a_reminder_of_an_earlier_generation_is_not_wanted(database: Database) -> None:
    one, _ = two_clocks(database)
    with database.work() as work:
        work.clocks.move(one.id, NewDue(LATER, "natural"), NOW)
        work.outbox.put(reminder("late writer", one))
        claims = {claim.key: claim for claim in work.outbox.claim(NOW, "test")}
        assert not work.outbox.still_wanted(claims["late writer"].id)


def test_closing_ends_every_clock_of_the_case_and_of_no_other(database: Database) -> None:
    one, _ = two_clocks(database)
    kept, _ = two_clocks(database)
    with database.work() as work:
        assert one.case_id is not None
        assert kept.case_id is not None
        assert work.clocks.cancel_all(one.case_id, "zhao", NOW) == 2
        assert work.clocks.running(one.case_id) == []
        assert len(work.clocks.of_case(one.case_id)) == 2
        assert len(work.clocks.running(kept.case_id)) == 2
        assert work.outbox.counts(NOW)[OutboxState.CANCELLED] == 2


def test_the_running_clocks_come_by_deadline(database: Database) -> None:
    with database.work() as work:
        case = open_case(work)
        late = work.clocks.start(replace(new_clock(case.id, "办结"), due_at=LATER))
        soon = work.clocks.start(new_clock(case.id))
        assert work.clocks.running(case.id) == [soon, late]


def test_a_clock_that_is_passed_on_goes_on_with_what_has_not_rung(database: Database) -> None:
    one, other = two_clocks(database)
    with database.work() as work:
        assert [clock.id for clock in work.clocks.running_of(one.holder)] == [one.id, other.id]
        passed = work.clocks.pass_on(one, "directory", LATER)
        assert (passed.due_at, passed.counted_at) == (one.due_at, one.counted_at)
        assert passed.generation > one.generation
        ended = work.clocks.get(one.id)
        assert ended is not None
        assert (ended.state, ended.ended_by) == (ClockState.MOVED, "directory")
        assert waiting(work, one)[0] == 0
        (ahead,) = work.timers.pending_of_clock(passed.id)
        assert (ahead.slot, ahead.generation) == ("D-1", passed.generation)
        assert waiting(work, other)[0] == 1


def test_what_is_unsent_to_one_person_is_withdrawn_and_told(database: Database) -> None:
    one, _ = two_clocks(database)
    with database.work() as work:
        (mine, *_) = work.outbox.claim(NOW, "test")
        work.outbox.release(mine)
        gone = work.records.withdraw_from(mine.recipient, "此人已离开")
        assert len(gone) == 2
        assert work.records.withdraw_from(mine.recipient, "此人已离开") == []
        assert work.outbox.claim(NOW, "test") == []
        assert one.holder not in {message.recipient for message in gone}
