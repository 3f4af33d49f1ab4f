"""Places where a test may kill the process: nothing happens unless DUBAN_FAILPOINT is set.

`DUBAN_FAILPOINT=claim.open:2` ends the process with SIGKILL, as a power cut would, the second time
`claim.open` is passed; `mark.open@card:1` the first time it is passed for a card, where the code
says what it is `about` (the form of a message, the kind of a timer). A storage failpoint is
`<step>.<point>`; the doors add names of their own.

| step   | transaction                         | points of the fault plan                          |
|--------|-------------------------------------|---------------------------------------------------|
| keep   | a callback is kept                  | I09 open, I10 inbox_inserted, I15, I16 commit     |
| act    | a kept message is carried out       | I12 timers, I13 outbox, I14 audit; C02, C03       |
| ring   | a due timer rings                   | T02, T05 outbox, T06 timers, T07 audit, T08, T09  |
| gather | reminders become one message        | open, outbox_written, before_commit, after_commit |
| claim  | messages are claimed                | S01 open, S02 before_commit, S03 after_commit     |
| mark   | the outcome of a send is recorded   | S12 open, S13 before_commit, S14 after_commit     |
| other  | everything else                     |                                                   |
"""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import StrEnum
from typing import Final

_ARMED: Final = os.environ.get("DUBAN_FAILPOINT", "")
_PAUSE: Final = "!stop"
_passed: Counter[str] = Counter()
_lock = threading.Lock()
_trap = _ARMED
_here = threading.local()


class Step(StrEnum):
    """What a transaction is for."""

    KEEP = "keep"
    ACT = "act"
    RING = "ring"
    GATHER = "gather"
    CLAIM = "claim"
    MARK = "mark"
    OTHER = "other"


class Point(StrEnum):
    """Where in a transaction."""

    OPEN = "open"
    INBOX_INSERTED = "inbox_inserted"
    TIMERS_WRITTEN = "timers_written"
    TIMERS_CANCELLED = "timers_cancelled"
    OUTBOX_WRITTEN = "outbox_written"
    OUTBOX_CANCELLED = "outbox_cancelled"
    AUDIT_WRITTEN = "audit_written"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"


def arm(trap: str) -> None:
    """Lay another trap, `name:nth` or `name@what:nth`, and count from now on.

    `name:nth!stop` stops the process (SIGSTOP) instead of killing it.

    Works only in a process that was started with DUBAN_FAILPOINT set, to whatever value.
    """
    global _trap  # noqa: PLW0603 - one trap a process, like the setting it replaces
    with _lock:
        _passed.clear()
        _trap = trap


def _kill_at(name: str) -> None:
    place, _, nth = _trap.removesuffix(_PAUSE).partition(":")
    wanted, _, what = place.partition("@")
    if name != wanted or (what and what != getattr(_here, "what", "")):
        return
    with _lock:
        _passed[place] += 1
        if _passed[place] == int(nth or "1"):
            os.kill(os.getpid(), signal.SIGSTOP if _trap.endswith(_PAUSE) else signal.SIGKILL)


def _pass_by(name: str) -> None:
    del name


@contextmanager
def _about(what: Callable[[], str]) -> Iterator[None]:
    _here.what = what()
    try:
        yield
    finally:
        _here.what = ""


def _about_nothing(what: Callable[[], str]) -> AbstractContextManager[None]:
    del what
    return nullcontext()


hit = _kill_at if _ARMED else _pass_by
about = _about if _ARMED else _about_nothing
