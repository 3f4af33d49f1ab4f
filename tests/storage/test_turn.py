"""Who writes next on SQLite: in the order of asking, callbacks before all others."""

import threading
from collections.abc import Callable

import pytest

from storage.database import Turn
from storage.errors import Unavailable


def asking(turn: Turn, name: str, order: list[str], *, is_first: bool = False) -> threading.Thread:
    """Somebody who waits for the turn in a thread of his own; returns once he stands in line."""
    before = turn.waiting

    def act() -> None:
        with turn.within(30, is_first=is_first):
            order.append(name)

    thread = threading.Thread(target=act)
    thread.start()
    until(lambda: turn.waiting > before)
    return thread


def until(is_so: Callable[[], bool]) -> None:
    looking = threading.Event()
    for _ in range(10_000):
        if is_so():
            return
        looking.wait(0.001)
    raise AssertionError("it never came to that")


def test_a_beat_that_asks_again_at_once_stands_behind_who_waits() -> None:
    turn, order = Turn(), list[str]()
    with turn.within(1):
        callback = asking(turn, "callback", order)
    with turn.within(30):
        order.append("beat")
    callback.join()
    assert order == ["callback", "beat"]


def test_they_are_served_as_they_came_and_callbacks_first() -> None:
    turn, order = Turn(), list[str]()
    with turn.within(1):
        threads = [asking(turn, name, order) for name in ("worker", "sender")]
        threads.append(asking(turn, "callback", order, is_first=True))
    for thread in threads:
        thread.join()
    assert order == ["callback", "worker", "sender"]


def test_whoever_waits_too_long_leaves_the_queue_and_holds_nobody_up() -> None:
    turn, order = Turn(), list[str]()
    with turn.within(1):
        caught: list[BaseException] = []

        def impatient() -> None:
            with pytest.raises(Unavailable) as raised, turn.within(0.001):
                order.append("never")
            caught.append(raised.value)

        thread = threading.Thread(target=impatient)
        thread.start()
        thread.join()
        assert turn.waiting == 0
    with turn.within(1):
        order.append("next")
    assert caught
    assert order == ["next"]


def test_asking_inside_the_own_turn_is_an_error_and_not_a_wait() -> None:
    turn = Turn()
    with turn.within(1), pytest.raises(RuntimeError), turn.within(1):
        raise AssertionError("two at once")
    with turn.within(1):
        assert turn.waiting == 0
