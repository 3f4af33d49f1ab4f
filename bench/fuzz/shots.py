"""Makes the callbacks in their order: what WeCom would send, and what an enemy would.

Each shot knows which answers are allowed and what may come of it. The same seed plans the same
shots; only the 16 random bytes inside each seal differ.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from bench.fuzz.messages import REMEMBERED, Fate, Shot
from bench.fuzz.outside import Hostile

_WINDOW = 48


class Maker(Hostile):
    """Makes one shot after the other from a seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._sent: deque[Shot] = deque(maxlen=REMEMBERED)
        self._good: tuple[Callable[[], Shot], ...] = (self._app, self._app, self._robot)
        self._bad: tuple[Callable[[], Shot], ...] = (
            self._unsigned,
            self._wrong_receiver,
            self._other_keys,
            self._damaged,
            self._query,
            self._outside,
            self._bombs,
            self._sizes,
            self._methods,
            self._wrong_address,
            self._json_outside,
            self._garbage,
            self._captured,
        )
        self._inside: tuple[Callable[[], Shot], ...] = (
            self._bomb_inside,
            self._stale,
            self._mutated,
            self._mutated_robot,
            self._nested,
        )

    def invalid(self, count: int) -> Iterator[Shot]:
        """Shots of which nothing may come at all."""
        return (self._dice.choice(self._bad)() for _ in range(count))

    def mixed(self, count: int) -> Iterator[Shot]:
        """Everything, out of order, with repeats; some arrive several times at once."""
        waiting: list[Shot] = []
        for _ in range(count):
            waiting.append(self._one())
            if len(waiting) > _WINDOW:
                yield waiting.pop(self._dice.randrange(len(waiting)))
        self._dice.shuffle(waiting)
        yield from waiting

    def _one(self) -> Shot:
        throw = self._dice.random()
        if throw < 0.15 and self._sent:
            again = self._dice.choice(self._sent)
            return replace(again, kind=f"replay of {again.fate}")
        if throw < 0.20 and self._plain:
            plain, key = self._dice.choice(self._plain)
            return self._sealed("replay sealed anew", plain, Fate.DONE, key)
        group = self._good if throw < 0.50 else self._inside if throw < 0.65 else self._bad
        shot = self._dice.choice(group)()
        if shot.key:
            self._sent.append(shot)
        return shot
