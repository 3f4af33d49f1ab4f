"""The town as a state machine: a few examples here, many by `python -m bench.model`."""

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bench.model.deeds import forward, happen
from bench.model.invariants import BrokenError, Watch
from bench.model.machine import RULES, new_world, town_at
from bench.model.world import World


def test_whatever_people_do_in_whatever_order_the_promises_hold(sqlite_template: Path) -> None:
    assert RULES >= 12
    run_state_machine_as_test(
        town_at(partial(new_world, sqlite_template)),
        settings=settings(
            max_examples=2,
            stateful_step_count=10,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def _no_more_inbox(world: World) -> None:
    _change(world, "DELETE FROM inbox")


def _no_more_waking(world: World) -> None:
    _change(world, "UPDATE timer SET leaves_at = '2026-11-20 01:00:00' WHERE state = 'pending'")


def _shown_twice(world: World) -> None:
    world.platform.shown[next(iter(world.platform.shown))] = 2


def _shown_unasked(world: World) -> None:
    world.platform.shown["nobody asked"] = 1


def _another_title(world: World) -> None:
    _change(world, "UPDATE case_file SET title = '别的'")


def _audit_touched(world: World) -> None:
    _change(world, "UPDATE audit SET actor = 'mallory' WHERE seq = 1")


def _runs_after_the_end(world: World) -> None:
    _change(world, "UPDATE case_file SET state = 'withdrawn'")


def _early(world: World) -> None:
    _change(world, "UPDATE outbox SET sent_at = '2020-01-01 00:00:00' WHERE sent_at IS NOT NULL")


def _message_gone(world: World) -> None:
    _change(world, "DELETE FROM attempt")
    _change(world, "DELETE FROM outbox WHERE state = 'sent'")
    world.platform.shown.clear()


def _stays_claimed(world: World) -> None:
    _change(world, "UPDATE outbox SET state = 'claimed', owner = 'x', lease_until = next_at")


def _fence_back(world: World) -> None:
    _change(world, "UPDATE outbox SET epoch = 0")


def _change(world: World, statement: str) -> None:
    with world.look.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("sin", "promise"),
    [
        (_no_more_inbox, "I1"),
        (_no_more_waking, "I2"),
        (_runs_after_the_end, "I3"),
        (_shown_twice, "I4"),
        (_shown_unasked, "I4"),
        (_another_title, "I5"),
        (_audit_touched, "I6"),
        (_early, "I7"),
        (_fence_back, "I8"),
        (_stays_claimed, "I9"),
        (_message_gone, "I10"),
    ],
)
def test_each_promise_that_is_broken_is_noticed(
    sin: Callable[[World], None], promise: str, sqlite_template: Path
) -> None:
    with new_world(sqlite_template) as world:
        watch = Watch(world)
        forward(world, 0, 0)
        watch.look()
        sin(world)
        with pytest.raises(BrokenError, match=promise):
            watch.look()


def test_a_seed_plays_the_same_town(sqlite_template: Path) -> None:
    played = []
    for _ in range(2):
        dice = random.Random(5)  # noqa: S311
        with new_world(sqlite_template) as world:
            names = [happen(world, dice) for _ in range(8)]
            played.append((names, world.rows("SELECT key, payload FROM outbox ORDER BY id")))
    assert played[0] == played[1]
