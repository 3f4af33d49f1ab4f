"""A town on a real database as a seed has it, its promises looked after."""

import random
from collections import Counter

from bench.model.deeds import happen
from bench.model.invariants import Watch
from bench.model.world import World

TOWN_STEPS, _LOOK_EVERY = 20, 4


def live(world: World, seed: int, steps: int = TOWN_STEPS) -> Counter[str]:
    """Live through the steps of a seed; return what happened, by kind. Raises BrokenError."""
    dice, watch = random.Random(seed), Watch(world)  # noqa: S311 - to be repeated
    for nth in range(1, steps + 1):
        happen(world, dice)
        if nth % _LOOK_EVERY == 0:
            watch.look(thorough=False)
    if world.is_out:
        world.comes_back()
    watch.look()
    found = world.rows("SELECT kind FROM case_event")
    return Counter(str(row[0]) for row in found)
