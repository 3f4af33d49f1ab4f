"""A town as a state machine for Hypothesis: every deed a rule, every promise an invariant."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bench.model.deeds import BY_NAME, DEEDS, forward, go_on, say
from bench.model.invariants import Watch
from bench.model.world import TROUBLES, World

Place = Callable[[], AbstractContextManager[World]]
MEMORY = Path("/dev/shm")  # noqa: S108 - a database that is thrown away; files need not last


@contextmanager
def new_world(empty: Path, folder: Path | None = None) -> Iterator[World]:
    """A world on a SQLite file of its own, a copy of `empty`, in memory where there is room."""
    home = folder or (MEMORY if MEMORY.is_dir() else None)
    with TemporaryDirectory(prefix="duban-model-", dir=home) as place:
        shutil.copy(empty, Path(place) / "duban.db")
        world = World(f"sqlite:///{place}/duban.db", Path(place))
        try:
            yield world
        finally:
            world.close()


class Town(RuleBasedStateMachine):
    """Everybody does anything in any order; `place` says on which database."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self._opened = type(self).place()
        self.world = self._opened.__enter__()
        self.watch = Watch(self.world)

    def teardown(self) -> None:
        if self.world.is_out:
            self.world.comes_back()
        self._opened.__exit__(None, None, None)

    @rule(who=st.integers(0, 1), what=st.integers(0, 5))
    def forward(self, who: int, what: int) -> None:
        forward(self.world, who, what)

    @rule(seed=st.integers(0, 999))
    def go_on(self, seed: int) -> None:
        go_on(self.world, random.Random(seed))  # noqa: S311

    @rule(nth=st.integers(0, 9), minutes=st.sampled_from((1, 5, 30, 60, 240, 900)))
    def time_passes(self, nth: int, minutes: int) -> None:
        del nth  # more ways to draw it: without time nothing falls due
        self.world.passes(minutes)

    @rule()
    def repeat(self) -> None:
        self.world.repeat()

    @rule(name=st.sampled_from(sorted(TROUBLES)))
    def send_fails(self, name: str) -> None:
        self.world.platform.troubles.append(TROUBLES[name])

    @precondition(lambda self: not self.world.is_out)
    @rule()
    def database_goes(self) -> None:
        self.world.goes_out()

    @precondition(lambda self: self.world.is_out)
    @rule()
    def database_comes_back(self) -> None:
        self.world.comes_back()

    @precondition(lambda self: not self.world.is_out)
    @rule()
    def restart(self) -> None:
        self.world.restart()

    @invariant()
    def all_promises_hold(self) -> None:
        self.watch.look()


def _rule_of(name: str) -> Callable[[Town, int, int], None]:
    @rule(nth=st.integers(0, 3), seed=st.integers(0, 99))
    def told(self: Town, nth: int, seed: int) -> None:
        numbers = self.world.numbers() or ["001"]
        number = numbers[-1 - nth % len(numbers)]
        say(self.world, BY_NAME[name], number, random.Random(seed))  # noqa: S311

    return told


for _deed in DEEDS:
    setattr(Town, _deed.name.replace(" ", "_"), _rule_of(_deed.name))
RULES = len(DEEDS) + 8


def town_at(place: Place) -> type[Town]:
    """The machine on databases that `place` makes."""
    return type("TownAt", (Town,), {"place": staticmethod(place)})
