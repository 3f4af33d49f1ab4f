"""Special periods: days known beforehand, their own rota, spacing and nights of reminders."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from cases.amounts import Basis
from cases.duty import Shift, on_duty
from cases.holidays import Overrides
from cases.ladder import NIGHT, Audience, Climb, Ladder, QuietHours
from cases.special_periods import (
    PeriodKind,
    PeriodRules,
    SpecialPeriod,
    Turns,
    extra_slots,
    known_days,
    nights,
    shifts_of,
    spacing_at,
    tightened,
    whole_days,
)
from cases.wording.periods import differences, end_words, span_words, until_words
from cases.working_time import WorkingCalendar

SECOND = timedelta(seconds=1)
CALENDAR = WorkingCalendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00+08:00").astimezone(UTC)


START, END = at("11-20T23:00"), at("11-25T00:00")


def period(rules: PeriodRules, *, known: datetime = START) -> SpecialPeriod:
    return SpecialPeriod(1, "汛期", START, END, known, rules)


AWAKE = period(PeriodRules(through_night=True))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 1, 1), (date(2026, 1, 1), date(2026, 1, 3))),
        (date(2026, 1, 4), (date(2026, 2, 15), date(2026, 2, 23))),  # 春节
        (date(2026, 2, 20), (date(2026, 2, 15), date(2026, 2, 23))),  # one that has begun, whole
        (date(2026, 4, 1), (date(2026, 4, 4), date(2026, 4, 6))),
        (date(2026, 9, 28), (date(2026, 10, 1), date(2026, 10, 7))),
    ],
)
def test_statutory_holidays_are_known_beforehand(today: date, expected: tuple[date, date]) -> None:
    kind = PeriodKind("节假日", on_holidays=True)
    assert next(known_days(kind, CALENDAR, today)) == expected


def test_a_plain_weekend_and_an_unknown_year_are_no_holidays() -> None:
    kind = PeriodKind("节假日", on_holidays=True)
    found = list(known_days(kind, CALENDAR, date(2026, 10, 10)))
    assert found == []  # 2027 is not published: its Saturdays prove nothing
    entered = Overrides(off=frozenset({date(2027, 1, 1), date(2027, 10, 1)}))
    later = list(known_days(kind, WorkingCalendar(overrides=entered), date(2026, 12, 1)))
    assert (date(2027, 1, 1), date(2027, 1, 3)) in later


@pytest.mark.parametrize(("today", "count"), [("2026-08-31", 1), ("2026-09-01", 0)])
def test_days_written_down_count_until_they_are_over(today: str, count: int) -> None:
    kind = PeriodKind("汛期", days=((date(2026, 6, 1), date(2026, 8, 31)),))
    assert len(list(known_days(kind, CALENDAR, date.fromisoformat(today)))) == count


def test_whole_days_end_at_midnight() -> None:
    assert whole_days(date(2026, 8, 31), date(2026, 8, 31)) == (
        at("08-31T00:00"),
        at("09-01T00:00"),
    )


def test_the_rota_covers_the_period_and_nothing_else() -> None:
    turns = (
        Turns(("a", "b"), time(8, 30), time(18)),
        Turns(("c", "d"), time(18), time(8, 30)),
    )
    shifts = shifts_of(PeriodKind("汛期", turns=turns), at("11-20T10:00"), at("11-22T00:00"))
    assert [(one.userid, one.starts_at, one.ends_at) for one in shifts] == [
        ("a", at("11-20T10:00"), at("11-20T18:00")),
        ("c", at("11-20T18:00"), at("11-21T08:30")),
        ("b", at("11-21T08:30"), at("11-21T18:00")),
        ("d", at("11-21T18:00"), at("11-22T00:00")),
    ]
    night = shifts_of(PeriodKind("汛期", turns=turns[1:]), at("11-20T00:00"), at("11-20T09:00"))
    assert [(one.userid, one.ends_at) for one in night] == [("d", at("11-20T08:30"))]


def test_its_rota_wins_over_the_roster_and_a_word_in_chat_over_both() -> None:
    usual, own = Shift("a", START, END), Shift("b", START, END, period="汛期")
    (found,) = on_duty(START, [usual, own], ())
    assert (found.userid, found.why[:5]) == ("b", "汛期值班表")
    said = Shift("c", START, END, said=True)
    assert [one.userid for one in on_duty(START, [usual, own, said], ())] == ["c"]


@pytest.mark.parametrize(
    ("moment", "expected"), [(START - SECOND, 100), (START, 50), (END - SECOND, 50), (END, 100)]
)
def test_spacing_follows_the_closest_of_the_periods_that_last(
    moment: datetime, expected: int
) -> None:
    both = [period(PeriodRules(spacing=80)), period(PeriodRules(spacing=50))]
    assert spacing_at(both, moment) == expected


def test_what_was_done_before_it_was_known_is_not_judged_by_it() -> None:
    late = period(PeriodRules(spacing=50), known=START + timedelta(hours=1))
    assert late.covers(START)
    assert spacing_at([late], START) == 100
    assert spacing_at([late], START + timedelta(hours=1)) == 50


LADDER = Ladder(
    "签收",
    Audience.LIAISON,
    Basis.NATURAL,
    (10,),
    20,
    2,
    (Climb(Audience.DEPUTY, 50), Climb(Audience.OFFICE, 60)),
)


def test_a_closer_ladder_keeps_its_rungs_and_their_order() -> None:
    closer = tightened(LADDER, 50)
    assert (closer.before, closer.repeat_every) == ((10,), 10)
    assert [climb.after for climb in closer.climbs] == [25, 30]
    assert tightened(LADDER, 100) == LADDER


def test_a_ladder_whose_rungs_would_fall_together_stays() -> None:
    tight = Ladder(
        "x",
        Audience.DUTY,
        Basis.NATURAL,
        climbs=(Climb(Audience.OFFICE, 2), Climb(Audience.LEADER, 3)),
    )
    assert tightened(tight, 50) == tight
    assert tightened(Ladder("y", Audience.DUTY, Basis.NATURAL), 50).repeat_every == 0


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("11-20T22:30", START),  # it begins in the night: then, not in the morning
        ("11-20T23:00", None),
        ("11-24T23:59", None),
        ("11-25T00:00", at("11-25T08:30")),
        ("11-20T12:00", None),
        ("11-19T23:00", at("11-20T08:30")),
    ],
)
def test_nights_of_the_period_are_not_quiet(moment: str, expected: datetime | None) -> None:
    assert nights(NIGHT, [AWAKE]).ends_at(at(moment)) == expected


def test_a_period_with_quiet_nights_changes_none() -> None:
    assert nights(NIGHT, [period(PeriodRules())]) is NIGHT
    assert QuietHours(time(1), time(5), ((START, END),)).ends_at(at("11-26T02:00")) == at(
        "11-26T05:00"
    )


def test_its_rounds_are_slots_only_while_it_lasts() -> None:
    rounds = [period(PeriodRules(rounds=(time(8), time(23))))]
    assert extra_slots(rounds, date(2026, 11, 20)) == {at("11-20T23:00")}
    assert extra_slots(rounds, date(2026, 11, 24)) == {at("11-24T08:00"), at("11-24T23:00")}
    assert extra_slots(rounds, date(2026, 11, 25)) == set()


def test_it_is_told_in_words() -> None:
    now = at("11-20T10:00")
    assert span_words(AWAKE, now) == "汛期 (23:00 至 11月24日 24:00)"
    assert until_words(at("11-21T18:00"), now) == "明天 18:00"
    assert differences(PeriodRules(), has_rota=True) == (
        "值班: 按期间值班表",
        "提醒: 夜间照旧免打扰",
    )
    assert "恢复平时" in end_words(AWAKE, [], now)
    assert "仍在汛期" in end_words(AWAKE, [AWAKE], now)


def test_a_kind_is_known_by_all_its_names() -> None:
    kind = PeriodKind("汛期", aliases=("防汛",))
    assert kind.is_called("汛期")
    assert kind.is_called("防汛")
    assert not kind.is_called("汛")
