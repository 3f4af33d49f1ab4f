"""The proofs of faults: the judge names every planted sin, and a kill loses nothing."""

from collections.abc import Iterator

import pytest

from bench.faults.crash import Case, cases, clean_run, play
from bench.faults.ground import Ground, clear, prepare
from bench.faults.judge import judge
from bench.faults.nursery import Nursery
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
