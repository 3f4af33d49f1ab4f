"""A loop outlives whatever its turns run into."""

import threading

import pytest

from bot.loop import Loop
from storage.errors import TooNew, Unavailable
from storage.wake import Wake


def test_a_loop_goes_on_after_an_absent_database_and_after_a_bug() -> None:
    wake, third = Wake(), threading.Event()
    turns = iter(range(3))

    def turn() -> None:
        nth = next(turns, 3)
        wake.notify()
        if nth == 0:
            raise Unavailable
        if nth == 1:
            raise ZeroDivisionError
        third.set()

    loop = Loop("test", wake=wake, turn=turn)
    loop.start()
    assert third.wait(5)
    loop.stop()
    assert loop.is_stopping


def test_a_loop_that_never_began_may_be_stopped() -> None:
    loop = Loop("test", wake=Wake(), turn=lambda: None)
    loop.stop()
    assert loop.is_stopping


def test_what_is_left_to_a_newer_program_is_said_with_its_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    wake, again = Wake(), threading.Event()
    turns = iter(range(2))

    def turn() -> None:
        if next(turns, 2) == 0:
            wake.notify()
            raise TooNew("规则册由较新的程序写成")
        again.set()

    loop = Loop("worker", wake=wake, turn=turn)
    loop.start()
    assert again.wait(5)
    loop.stop()
    assert "worker: 规则册由较新的程序写成; it is left to others" in caplog.text
    assert "does not answer" not in caplog.text
