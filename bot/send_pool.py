"""The hands that messages leave by: threads side by side, or none, and each is said at once."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class AtOnce(Executor):
    """Does what it is given in the caller's own thread: for virtual time, where nothing waits."""

    def submit(
        self, fn: Callable[Given, Answer], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Answer]:
        """Do it now; what it raises is raised here."""
        done: Future[Answer] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def hands(threads: int) -> Executor:
    """Return so many hands; with 0 everything is said at once by whoever asks for it."""
    return ThreadPoolExecutor(threads, thread_name_prefix="send") if threads else AtOnce()
