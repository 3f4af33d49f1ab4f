"""The proofs of faults: the judge names every planted sin, and a kill loses nothing."""

from collections.abc import Iterator

import pytest

from bench.faults.__main__ import EXPERIMENTS
from bench.faults.crash import Case, cases, play
from bench.faults.ground import Ground, clear, prepare
from bench.faults.judge import TWICE, Verdict, judge
from bench.faults.nursery import Nursery
from bench.faults.planting import clean_run
from bench.faults.promises import EXPECTED, table
from bench.faults.records import Experiment, Goal
from bench.faults.scenes import SCENES
from bench.faults.sins import SINS, confess, uncaught


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture(scope="module")
def ground(nursery: Nursery) -> Iterator[Ground]:
    ground = prepare(nursery)
    yield ground
    clear(ground)


def test_the_judge_finds_nothing_in_a_clean_run_and_every_planted_sin(
    nursery: Nursery, ground: Ground
) -> None:
    clean = clean_run(nursery, ground)
    assert judge(clean).broken == []
    assert list(uncaught(confess(clean))) == []


def test_a_kill_in_the_middle_of_a_post_loses_nothing(nursery: Nursery, ground: Ground) -> None:
    scene = next(one for one in SCENES if one.name == "broadcast")
    run = play(nursery, ground, Case(scene, "sqlite", "send.written@broadcast", 1))
    assert run.killed
    assert run.verdict.broken == []


def test_every_invariant_has_a_planted_sin() -> None:
    assert {sin.invariant for sin in SINS} == {f"I{number}" for number in range(1, 12)}


def test_a_seed_draws_the_same_order_and_every_point_comes_on_both_databases() -> None:
    engines = ("sqlite", "postgresql")
    listed = [str(one) for one in cases(engines, 7)]
    assert listed == [str(one) for one in cases(engines, 7)]
    assert sorted(listed) == sorted(str(one) for one in cases(engines, 8))
    first = [one for one in cases(engines, 7) if one.nth == 1]
    assert len(first) == 2 * sum(len(scene.points) for scene in SCENES if 1 in scene.hits)


def test_the_table_of_promises_says_what_was_missed_and_puts_the_sins_first() -> None:
    made = Experiment("crash-proof", "Crash proof", "make proof", "7", promises=("P4",))
    made.sins = [("a card seen twice", "I4", False)]
    made.goals = [Goal("128 runs", "3", met=False)]
    verdict = Verdict()
    verdict.say("I4", ["card|1"], "seen again", TWICE)
    made.tally("sqlite").add(verdict, "a run", struck=True)
    page = table([made.described()])
    assert page.index("| a card seen twice | I4 | **NO** |") < page.index("| P4 |")
    assert "[crash-proof](crash-proof.md) | sqlite | 1 | 0 | 1 | 0 | 0 | 0 |" in page
    assert "| crash-proof | 128 runs | 3 | **MISSED** |" in page
    assert "- crash-proof, sqlite: a run: I4: 1 seen again: card|1" in page
    assert "- lifeboat" in page  # not made yet
    assert made.failed


def test_every_experiment_of_the_table_has_a_command() -> None:
    elsewhere = {"crash-proof", "lifeboat", "herd", "model"}
    assert set(EXPECTED) == set(EXPERIMENTS) | elsewhere
