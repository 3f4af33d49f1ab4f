"""Who is on duty at a moment: shifts, what was said, who stands in, gaps."""

from datetime import date, datetime, time, timedelta

import pytest

from cases.duty import Change, Gap, Rotation, Shift, expand, gaps, on_duty, watches

EIGHT = datetime.fromisoformat("2026-11-20T08:30:00+08:00")
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def shift(who: str, start: int, end: int, *, said: bool = False, number: int = 0) -> Shift:
    return Shift(who, EIGHT + start * HOUR, EIGHT + end * HOUR, said=said, id=number)


def who(moment: datetime, shifts: list[Shift], changes: tuple[Change, ...] = ()) -> list[str]:
    return [one.userid for one in on_duty(moment, shifts, changes)]


@pytest.mark.parametrize(
    ("offset", "expected"), [(-SECOND, []), (timedelta(), ["a"]), (10 * HOUR - SECOND, ["a"])]
)
def test_a_shift_begins_at_its_moment(offset: timedelta, expected: list[str]) -> None:
    assert who(EIGHT + offset, [shift("a", 0, 10)]) == expected


def test_a_shift_ends_before_its_last_moment() -> None:
    assert who(EIGHT + 10 * HOUR, [shift("a", 0, 10)]) == []


def test_two_may_be_on_duty_and_each_is_named_once() -> None:
    assert who(EIGHT, [shift("a", 0, 5), shift("b", 0, 5), shift("a", -1, 9)]) == ["a", "b"]


def test_what_was_said_last_wins() -> None:
    said = [shift("a", 0, 9), shift("b", 0, 9, said=True, number=1)]
    assert who(EIGHT, [*said, shift("c", 0, 9, said=True, number=2)]) == ["c"]


def test_changes_are_followed_one_after_another() -> None:
    one = Change("换班", "a", "b", EIGHT, EIGHT + HOUR)
    two = Change("请假", "b", "c", EIGHT, EIGHT + HOUR)
    assert who(EIGHT, [shift("a", 0, 9)], (one, two)) == ["c"]
    assert who(EIGHT + HOUR, [shift("a", 0, 9)], (one, two)) == ["a"]
    (found,) = on_duty(EIGHT, [shift("a", 0, 9)], (one, two))
    assert "换班" in found.why
    assert "请假" in found.why


def test_a_rotation_goes_round_and_over_midnight() -> None:
    turns = expand(
        Rotation(("a", "b"), date(2026, 11, 20), date(2026, 11, 22), time(18), time(8, 30))
    )
    assert [one.userid for one in turns] == ["a", "b", "a"]
    assert turns[0].ends_at - turns[0].starts_at == timedelta(hours=14, minutes=30)


def test_a_rotation_within_a_day_stays_within_it() -> None:
    (turn,) = expand(
        Rotation(("a",), date(2026, 11, 20), date(2026, 11, 20), time(8, 30), time(18))
    )
    assert turn.ends_at - turn.starts_at == timedelta(hours=9, minutes=30)


def test_without_a_roster_there_is_no_gap() -> None:
    assert gaps([], EIGHT) == ()


def test_a_roster_that_covers_two_days_has_no_gap() -> None:
    assert gaps([shift("a", -5, 24), shift("b", 24, 48)], EIGHT) == ()


def test_a_gap_between_shifts_is_found() -> None:
    found = gaps([shift("a", -5, 10), shift("b", 12, 60)], EIGHT)
    assert found == (Gap(EIGHT + 10 * HOUR, EIGHT + 12 * HOUR),)


@pytest.mark.parametrize("later", [timedelta(), HOUR, 2 * HOUR])
def test_a_gap_at_hand_is_the_same_gap_whenever_one_looks(later: timedelta) -> None:
    shifts = [shift("a", -5, 0), shift("b", 5, 60)]
    assert gaps(shifts, EIGHT + later)[0].starts_at == EIGHT


def test_the_end_of_the_roster_is_a_gap() -> None:
    (gap,) = gaps([shift("a", -5, 10)], EIGHT)
    assert gap.starts_at == EIGHT + 10 * HOUR


def test_what_begins_after_two_days_closes_no_gap() -> None:
    (gap,) = gaps([shift("a", -5, 10), shift("b", 60, 70)], EIGHT)
    assert gap == Gap(EIGHT + 10 * HOUR, EIGHT + 48 * HOUR)


def test_the_first_shift_of_a_roster_leaves_the_time_before_it_open() -> None:
    (gap,) = gaps([shift("a", 5, 60)], EIGHT)
    assert gap == Gap(EIGHT, EIGHT + 5 * HOUR)


def test_a_shift_inside_another_opens_no_gap() -> None:
    assert gaps([shift("a", -5, 60), shift("b", 5, 6)], EIGHT) == ()


def test_watches_follow_changes_and_leave_out_what_nobody_has() -> None:
    shifts = [shift("a", 0, 4), shift("b", 4, 8), shift("b", 8, 10), shift("c", 12, 14)]
    change = Change("请假", "b", "d", EIGHT + 5 * HOUR, EIGHT + 6 * HOUR)
    found = watches(EIGHT + HOUR, EIGHT + 13 * HOUR, shifts, [change])
    assert [(*one.userids, one.starts_at - EIGHT, one.ends_at - EIGHT) for one in found] == [
        ("a", HOUR, 4 * HOUR),
        ("b", 4 * HOUR, 5 * HOUR),
        ("d", 5 * HOUR, 6 * HOUR),
        ("b", 6 * HOUR, 10 * HOUR),
        ("c", 12 * HOUR, 14 * HOUR),
    ]
