"""Special periods and their rota as rows, on both databases."""

from dataclasses import replace
from datetime import time, timedelta

from cases.duty import Shift
from cases.special_periods import PeriodRules
from storage.database import Database
from storage.periods import NewPeriod
from storage.states import ShiftSource
from tests.storage.builders import NOW

HOUR = timedelta(hours=1)
RULES = PeriodRules(through_night=True, spacing=50, rounds=(time(8), time(23)))
NEW = NewPeriod(
    "汛期", NOW, NOW + 24 * HOUR, RULES, "[]", source=ShiftSource.ROSTER, by="file", at=NOW
)


def test_a_period_is_kept_once_and_read_back(database: Database) -> None:
    with database.work() as work:
        kept = work.periods.add(NEW)
        assert kept is not None
        assert work.periods.add(NEW) is None
    with database.read() as work:
        (found,) = work.periods.all()
        assert found == kept
        assert work.periods.get(kept.id) == kept
        assert work.periods.get(kept.id + 1) is None
    assert (kept.rules, kept.known_at, kept.ended_by) == (RULES, NOW, None)


def test_it_can_be_changed_ended_and_dropped(database: Database) -> None:
    with database.work() as work:
        kept = work.periods.add(NEW)
        later = work.periods.add(replace(NEW, name="两会", starts_at=NOW + HOUR))
        assert kept is not None
        assert later is not None
        work.periods.change(kept.id, NOW + 48 * HOUR, PeriodRules(), "x", said=True)
        changed = work.periods.get(kept.id)
        assert changed is not None
        assert (changed.ends_at, changed.rules) == (NOW + 48 * HOUR, PeriodRules())
        assert (changed.turns, changed.source) == ("x", ShiftSource.CHAT)
        work.periods.end(kept.id, "sunlei", NOW + HOUR)
        work.periods.drop(later.id)
    with database.read() as work:
        (found,) = work.periods.all()
        assert (found.ends_at, found.ended_by) == (NOW + HOUR, "sunlei")


def test_its_shifts_stay_when_the_roster_is_read_anew_and_end_with_it(database: Database) -> None:
    usual = Shift("zhao", NOW, NOW + 8 * HOUR)
    own = [usual, Shift("li", NOW + 8 * HOUR, NOW + 16 * HOUR)]
    with database.work() as work:
        kept = work.periods.add(NEW)
        assert kept is not None
        work.roster.add([usual], source=ShiftSource.ROSTER, by="test", at=NOW)
        assert work.roster.add_for_period(kept.id, own, by="file", at=NOW) == 1
        assert work.roster.clear_roster(NOW - HOUR) == 0
        found = work.roster.shifts(NOW, NOW + 24 * HOUR)
        assert [(one.userid, one.period) for one in found] == [("zhao", "汛期"), ("li", "汛期")]
        work.roster.clear_period(kept.id, NOW + 2 * HOUR)
        (left,) = work.roster.shifts(NOW, NOW + 24 * HOUR)
        assert (left.userid, left.ends_at) == ("zhao", NOW + 2 * HOUR)
