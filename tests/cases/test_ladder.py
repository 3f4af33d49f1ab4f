"""Ladders: complete, in order, never early, within the ceiling, and not climbing while held."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.amounts import Basis, Unit
from cases.clocks import ClockRule, ClockRules
from cases.deadlines import due
from cases.ladder import (
    NIGHT,
    Audience,
    Climb,
    Ladder,
    QuietHours,
    Rung,
    departures,
    latest_due,
    latest_leaving,
    leaves_at,
    rungs,
    sentence,
)
from cases.working_time import WorkingCalendar
from config.rulebook_clocks import load_shipped_clocks, shipped_clock_names
from tests.support.working_days import BEIJING

CALENDAR = WorkingCalendar()
BOOKS = {name: load_shipped_clocks(name) for name in shipped_clock_names()}
SIGN = Ladder(
    name="签收",
    holder=Audience.LIAISON,
    basis=Basis.NATURAL,
    before=(5,),
    repeat_every=5,
    repeat_times=2,
    climbs=(
        Climb(Audience.DEPUTY, 15),
        Climb(Audience.UNIT_LEADER, 20),
        Climb(Audience.DUTY, 25, phone=True),
        Climb(Audience.OFFICE, 30),
    ),
)


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def at(day: str, clock: str) -> datetime:
    return beijing(f"2026-11-{day}T{clock}")


def shown(ladder: tuple[Rung, ...]) -> list[str]:
    return [f"{rung.slot} {rung.at.astimezone(BEIJING):%d %H:%M}" for rung in ladder]


def test_a_ladder_reminds_before_at_and_after_due_and_then_climbs() -> None:
    ladder = rungs(SIGN, at("20", "10:00"), at("20", "10:15"), CALENDAR)
    assert shown(ladder) == [
        "before 20 10:10",
        "due 20 10:15",
        "late-1 20 10:20",
        "late-2 20 10:25",
        "up-deputy 20 10:30",
        "up-unit-leader 20 10:35",
        "phone-duty 20 10:40",
        "up-office 20 10:45",
    ]
    assert [rung.audience.value for rung in ladder[4:]] == [
        "副职",
        "单位分管领导",
        "值班员",
        "办公室主任",
    ]
    assert [rung.slot for rung in ladder if rung.phone] == ["phone-duty"]


@pytest.mark.parametrize(
    ("due_at", "first"), [("10:04", "due"), ("10:05", "due"), ("10:06", "before")]
)
def test_whoever_has_just_been_asked_is_not_reminded_before_due(due_at: str, first: str) -> None:
    ladder = rungs(SIGN, at("20", "10:00"), at("20", due_at), CALENDAR)
    assert ladder[0].slot == first


def test_a_clock_made_past_by_a_regrade_starts_at_the_first_rung_without_backlog() -> None:
    now = at("20", "15:00")
    ladder = rungs(SIGN, now, now, CALENDAR)
    assert shown(ladder)[:2] == ["due 20 15:00", "late-1 20 15:05"]


def test_working_ladders_stand_still_at_night_and_count_back_over_lunch() -> None:
    ladder = Ladder(
        name="办结",
        holder=Audience.LIAISON,
        basis=Basis.WORKING,
        before=(480, 240),
        repeat_every=240,
        repeat_times=1,
        climbs=(Climb(Audience.DEPUTY, 450),),
    )
    found = rungs(ladder, at("13", "10:00"), at("20", "17:30"), CALENDAR)
    assert shown(found) == [
        "before-2 19 16:30",
        "before 20 11:30",
        "due 20 17:30",
        "late-1 23 14:30",
        "up-deputy 24 09:00",
    ]


NIGHTS = [  # row, duty?, moment -> leaves
    (1, False, "20 23:00", "20 23:00"),
    (2, False, "20 23:00", "20 23:00"),
    (3, False, "20 23:00", "21 08:30"),
    (3, True, "20 23:00", "20 23:00"),
    (4, False, "20 23:00", "21 08:30"),
    (4, True, "20 23:00", "21 08:30"),
    (0, True, "20 23:00", "21 08:30"),
    (4, False, "20 21:59", "20 21:59"),
    (4, False, "20 22:00", "21 08:30"),
    (4, False, "20 22:01", "21 08:30"),
    (4, False, "21 00:00", "21 08:30"),
    (4, False, "21 08:29", "21 08:30"),
    (4, False, "21 08:30", "21 08:30"),
    (4, False, "21 08:31", "21 08:31"),
]


@pytest.mark.parametrize(("row", "duty", "moment", "leaves"), NIGHTS)
def test_h07_quiet_hours_hold_sending_by_row(
    row: int, *, duty: bool, moment: str, leaves: str
) -> None:
    rung_at = at(*moment.split())
    assert leaves_at(rung_at, row, NIGHT, is_duty=duty) == at(*leaves.split())


@pytest.mark.parametrize(
    ("clock", "ends"),
    [("11:59", None), ("12:00", "14:00"), ("13:59", "14:00"), ("14:00", None)],
)
def test_quiet_hours_within_a_day(clock: str, ends: str | None) -> None:
    noon = QuietHours(time(12), time(14))
    assert noon.ends_at(at("20", clock)) == (at("20", ends) if ends else None)


def leaving(ladder: Ladder, due_at: datetime, row: int) -> list[str]:
    found = rungs(ladder, due_at - timedelta(minutes=30), due_at, CALENDAR)
    return [
        f"{one.rung.slot} {one.leaves_at.astimezone(BEIJING):%d %H:%M}"
        if one.leaves_at
        else f"{one.rung.slot} -"
        for one in departures(found, row, NIGHT)
    ]


def test_h07_a_held_ladder_leaves_its_first_rung_in_the_morning_and_keeps_its_spacing() -> None:
    assert leaving(SIGN, at("20", "22:30"), 4) == [
        "before -",  # at 08:30 there is nothing left to be before of
        "due 21 08:30",
        "late-1 21 08:35",
        "late-2 21 08:40",
        "up-deputy 21 08:45",
        "up-unit-leader 21 08:50",
        "phone-duty 21 08:55",
        "up-office 21 09:00",
    ]


@pytest.mark.parametrize(
    ("due_at", "first"),
    [("08:29", "before -"), ("08:30", "before -"), ("08:31", "before 21 08:30")],
)
def test_a_reminder_before_due_is_void_once_due_has_come(due_at: str, first: str) -> None:
    assert leaving(SIGN, at("21", due_at), 4)[0] == first


def test_a_ladder_held_half_way_goes_on_where_it_stopped() -> None:
    assert leaving(SIGN, at("20", "21:50"), 4) == [
        "before 20 21:45",
        "due 20 21:50",
        "late-1 20 21:55",
        "late-2 21 08:30",
        "up-deputy 21 08:35",
        "up-unit-leader 21 08:40",
        "phone-duty 21 08:45",
        "up-office 21 08:50",
    ]


def test_at_row_three_the_night_reaches_the_duty_officer_only() -> None:
    found = leaving(SIGN, at("20", "22:30"), 3)
    assert found == [
        "before -",
        "phone-duty 20 22:55",
        "due 21 08:30",
        "late-1 21 08:35",
        "late-2 21 08:40",
        "up-deputy 21 08:45",
        "up-unit-leader 21 08:50",
        "up-office 21 09:00",
    ]


@pytest.mark.parametrize("row", [1, 2])
def test_top_grades_break_through(row: int) -> None:
    due_at = at("20", "22:30")
    assert leaving(SIGN, due_at, row) == shown(
        rungs(SIGN, due_at - timedelta(minutes=30), due_at, CALENDAR)
    )


def test_a_reminder_before_due_may_wait_for_the_morning_while_it_still_is_before_due() -> None:
    early = Ladder("回应", Audience.LIAISON, Basis.NATURAL, before=(240,))
    found = rungs(early, at("19", "10:00"), at("20", "10:00"), CALENDAR)
    assert [one.leaves_at for one in departures(found, 4, NIGHT)] == [
        at("20", "08:30"),
        at("20", "12:30"),  # the spacing is kept
    ]


@pytest.mark.parametrize(
    ("now", "sent", "skipped"),
    [
        ("10:09", None, []),
        ("10:10", "before", []),
        ("10:11", "before", []),
        ("10:24", "late-1", ["before", "due"]),
        ("10:25", "late-2", ["before", "due", "late-1"]),
        ("10:26", "late-2", ["before", "due", "late-1"]),
        ("23:00", "up-office", ["before", "due", "late-1", "late-2", "up-deputy"]),
    ],
)
def test_after_an_outage_only_the_latest_rung_is_sent(
    now: str, sent: str | None, skipped: list[str]
) -> None:
    ladder = rungs(SIGN, at("20", "10:00"), at("20", "10:15"), CALENDAR)
    found, left_out = latest_due(ladder, at("20", now))
    assert (found.slot if found else None) == sent
    assert [rung.slot for rung in left_out][: len(skipped)] == skipped


def test_after_an_outage_of_a_held_ladder_only_the_latest_to_leave_is_sent() -> None:
    ladder = rungs(SIGN, at("20", "22:00"), at("20", "22:30"), CALENDAR)
    held = departures(ladder, 4, NIGHT)
    none, nothing = latest_leaving(held, at("21", "08:29"))
    first, _ = latest_leaving(held, at("21", "08:30"))
    third, skipped = latest_leaving(held, at("21", "08:44"))
    assert none is None
    assert nothing == ()
    assert first is not None
    assert first.rung.slot == "due"
    assert third is not None
    assert third.rung.slot == "late-2"
    assert [one.rung.slot for one in skipped] == ["due", "late-1"]


def test_a_ladder_is_one_plain_sentence() -> None:
    assert sentence(SIGN) == (
        "到期前 5 分钟提醒联络员; 到期时提醒联络员; 超时后每 5 分钟再催联络员, 最多 2 次; "
        "超 15 分钟仍未办, 提醒副职; 超 20 分钟仍未办, 提醒单位分管领导; "
        "超 25 分钟仍未办, 请值班员电话通知; 超 30 分钟仍未办, 提醒办公室主任。"
    )


def test_a_ladder_without_repeats_does_not_speak_of_them() -> None:
    assert sentence(Ladder("短", Audience.DUTY, Basis.WORKING)) == "到期时提醒值班员。"


# What ships

EVERY_RULE = [
    (rules, level, rule)
    for rules in BOOKS.values()
    for level in rules.level_names
    for rule in rules.for_level(level)
    if rule.amount.unit is not Unit.NONE
]
UP_THE_UNIT = [Audience.DEPUTY, Audience.UNIT_LEADER, Audience.OFFICE, Audience.LEADER]
UP_THE_OFFICE = [Audience.OFFICE, Audience.LEADER]
MOST_RUNGS = 12


@pytest.mark.parametrize("chosen", EVERY_RULE, ids=lambda c: f"{c[0].name}-{c[1]}-{c[2].step}")
def test_every_shipped_clock_climbs_the_whole_line_within_a_ceiling(
    chosen: tuple[ClockRules, str, ClockRule],
) -> None:
    rules, level, rule = chosen
    ladder = rules.ladder_of(rule)
    assert ladder is not None
    line = [climb.audience for climb in ladder.climbs if not climb.phone]
    whole = UP_THE_UNIT if ladder.holder is Audience.LIAISON else UP_THE_OFFICE
    assert [who for who in line if who is not Audience.CHIEF] == whole
    assert (Audience.CHIEF in line) <= (rules.row(level) in {1, 2})
    assert [climb.audience for climb in ladder.climbs if climb.phone] == [Audience.DUTY]
    assert len(ladder.before) + 1 + ladder.repeat_times + len(ladder.climbs) <= MOST_RUNGS


seconds = st.integers(0, 3 * 365 * 24 * 3600).map(
    lambda nth: datetime(2024, 1, 1, tzinfo=BEIJING) + timedelta(seconds=nth)
)


@given(start=seconds, chosen=st.sampled_from(EVERY_RULE))
@settings(deadline=None, max_examples=300)
def test_every_shipped_ladder_is_complete_distinct_and_in_order(
    start: datetime, chosen: tuple[ClockRules, str, ClockRule]
) -> None:
    rules, _, rule = chosen
    ladder, found = rules.ladder_of(rule), due(rule, start, CALENDAR)
    assert ladder is not None
    assert found is not None
    steps = rungs(ladder, start, found.at, CALENDAR)
    moments = [rung.at for rung in steps]
    assert moments == sorted(set(moments))
    assert moments[0] > start
    assert all(moment.tzinfo is UTC for moment in moments)
    slots = [rung.slot for rung in steps]
    wanted = {"due", *(climb.slot for climb in ladder.climbs)}
    wanted |= {f"late-{nth}" for nth in range(1, ladder.repeat_times + 1)}
    assert wanted <= set(slots)
    assert len(set(slots)) == len(slots)
    assert steps[slots.index("due")].at == found.at


@given(start=seconds, chosen=st.sampled_from(EVERY_RULE))
@settings(deadline=None, max_examples=300)
def test_quiet_hours_never_hurry_lose_or_disorder_a_shipped_ladder(
    start: datetime, chosen: tuple[ClockRules, str, ClockRule]
) -> None:
    rules, level, rule = chosen
    ladder, found = rules.ladder_of(rule), due(rule, start, CALENDAR)
    assert ladder is not None
    assert found is not None
    row = rules.row(level)
    steps = rungs(ladder, start, found.at, CALENDAR)
    leave = departures(steps, row, rules.quiet)
    assert sorted(one.rung.at for one in leave) == [rung.at for rung in steps]
    sent = [(one.rung, one.leaves_at) for one in leave if one.leaves_at is not None]
    assert all(one.rung.slot.startswith("before") for one in leave if one.leaves_at is None)
    assert all(when >= rung.at for rung, when in sent)
    woken = {rung.audience for rung, when in sent if rules.quiet.ends_at(when)}
    assert woken <= {1: set(Audience), 2: set(Audience), 3: {Audience.DUTY}}.get(row, set())
    others = [when for rung, when in sent if row != 3 or rung.audience is not Audience.DUTY]
    assert others == sorted(set(others))
