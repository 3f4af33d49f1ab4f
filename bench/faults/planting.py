"""A clean run, and the sins planted in what it left: played before every experiment is believed."""

from bench.faults.evidence import Evidence
from bench.faults.ground import Ground
from bench.faults.judge import judge
from bench.faults.nursery import Nursery
from bench.faults.scenes import SCENES
from bench.faults.sins import confess
from bench.faults.town import Town


def clean_run(nursery: Nursery, ground: Ground, name: str = "closure") -> Evidence:
    """Play a scene without a fault; what it leaves is what the sins are planted in."""
    scene = next(one for one in SCENES if one.name == name)
    town = Town(nursery, ground)
    scene.begin(town)
    scene.act(town)
    town.settle()
    return town.close(scene.expected, scene.may)


def sins_of(nursery: Nursery, ground: Ground) -> list[tuple[str, str, bool]]:
    """Plant every sin in a clean run; the clean run itself has none."""
    clean = clean_run(nursery, ground)
    broken = judge(clean).broken
    return [(f"none: a clean run is innocent {broken or ''}", "-", not broken), *confess(clean)]
