"""Four weeks of an institution through the whole engine: what left is what the oracle expects."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.year.figures import longest, spread
from tests.support.year.judge import PACED, Judged, was_paced
from tests.support.year.run import MEMORY, Plan, Run, play
from tests.support.year.script import Deed
from tests.support.year.sins import SINS

# Spring Festival with its make-up days lies in them, and the beginning of 两会. This institution
# decides by cards.
PLAN = Plan("county4", cases=28, first=date(2026, 2, 9), days=28, seed=3131)


@pytest.fixture(scope="module")
def run() -> Run:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
        folder = Path(place)
        return play(PLAN, f"sqlite:///{folder}/year.db", folder, lambda _done, _now: None)


@pytest.fixture(scope="module")
def judged(run: Run) -> Judged:
    return run.judged()


def test_what_left_in_four_weeks_is_exactly_what_the_oracle_expects(judged: Judged) -> None:
    assert judged.faults == []


def test_the_four_weeks_hold_what_they_are_to_prove(run: Run, judged: Judged) -> None:
    deeds = {act.deed for act in run.script.acts}
    assert set(Deed) - deeds <= {Deed.DENY}
    assert judged.reminders > 200
    assert judged.digests > 0
    assert any(one.skipped for one in run.judge.expected), "a stop swallowed no reminder"
    assert run.played.unavailable > 0, "the database was never found away"
    assert {one.is_urgent for one in run.judge.expected} == {True, False}
    assert run.judge.quieted, "nobody who asked for quiet would have been reminded"
    assert run.town.periods
    assert run.played.presses > 20


@pytest.mark.parametrize("sin", SINS)
def test_a_planted_sin_is_caught(run: Run, judged: Judged, sin: str) -> None:
    found = run.judge.look(SINS[sin](run.played, run.judge)).faults
    new = [fault.sin for fault in found if fault not in judged.faults]
    assert sin.partition(" (")[0] in new


def test_the_distribution_counts_every_message_once(run: Run) -> None:
    to_people = [one for one in run.played.left if one.channel == "app"]
    assert sum(sum(role.days) for role in spread(run)) == len(to_people)
    fullest = max(role.days[-1] for role in spread(run))
    assert longest(run).count == fullest
    assert sum(count for _, count in longest(run).kinds) == fullest


@pytest.mark.parametrize(
    ("waited", "is_right"), [(PACED - 1, True), (PACED, True), (PACED + 1, False)]
)
def test_a_reminder_waits_for_the_pace_of_a_crowd_no_longer(waited: int, is_right: bool) -> None:
    assert was_paced([1000], 1000 + waited, due=1001) is is_right


def test_only_a_digest_before_it_makes_a_reminder_wait() -> None:
    assert was_paced([1001], 1050, due=1001)
    assert not was_paced([1002], 1050, due=1001)
