"""The simulation by seeds: a few here, thousands by `python -m bench.simulate`."""

from datetime import timedelta
from pathlib import Path

import pytest

from bench.model.machine import new_world
from bench.simulate.__main__ import Half, centre, report
from bench.simulate.centre import BrokenError, Life, Running
from bench.simulate.towns import live
from cases.case_clocks import Subject
from cases.clocks import Step
from cases.ladder import Audience, Rung
from tests.support.builders import NOW


def test_a_hundred_lives_in_the_pure_centre_break_nothing() -> None:
    half = centre(1, 100)
    assert half.failed == {}
    assert {"Signed", "ReplyDrafted", "Closed", "ExtensionAsked", "Declined"} <= set(half.seen)


def test_a_seed_is_one_life() -> None:
    lives = [Life(seed) for seed in (7, 7, 8)]
    for life in lives:
        life.play()
    assert lives[0].history == lives[1].history
    assert lives[0].history != lives[2].history


def test_a_town_of_a_seed_lives_on_a_real_database(sqlite_template: Path) -> None:
    with new_world(sqlite_template) as world:
        assert live(world, 3, steps=8)["Registered"] > 0


def test_a_clock_that_outlives_its_case_is_noticed() -> None:
    life = Life(1)
    life.clocks[Subject("assignment", 99), Step.SIGN] = Running(NOW, NOW, [])
    with pytest.raises(BrokenError, match="clocks of nobody"):
        life.play()


def test_a_reminder_before_its_clock_began_is_noticed() -> None:
    life = Life(1)
    early = Rung("before", NOW - timedelta(minutes=1), Audience.LIAISON)
    life.clocks[Subject("case", 7), Step.SIGN] = Running(NOW, NOW, [early])
    with pytest.raises(BrokenError, match="rings early"):
        life.play(60)


def test_a_goal_that_was_missed_is_called_missed_and_a_failure_shows_its_seed() -> None:
    half = Half("slow", goal=10, seeds=5, wall=1, cpu=1, failed={41: "BrokenError: why"})
    page = report([half], "command")
    assert "10: MISSED" in page
    assert "seed 41: BrokenError: why" in page
