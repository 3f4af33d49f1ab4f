"""Kill at every write and sync of the four core paths; a full disk and an I/O error. SQLite."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.faults.records import Experiment, Goal
from bench.faults.scenes import DUTY, HEARD, SCENES, WANG, Scene
from bench.faults.stand import Stand, conclude
from bench.faults.strace import injected, struck, threads
from bench.faults.town import Town
from bot.demo.player import Expected
from bot.demo.processes import pause

CALLS = ("pwrite64", "fdatasync", "sendto")
_KILLS = (
    "strace kills the service as its thread enters the nth system call of the kind, for "
    "n = 1, 2, 3 … until the path ends without a kill; SQLite, WAL, synchronous=FULL. "
    "After each kill `PRAGMA integrity_check` has to say ok."
)
_DISK = (
    "strace makes writes to the database fail with ENOSPC for two seconds, or one sync "
    "with EIO; the lifeboat lies on the same disk and fails too where it says so. "
    "Callbacks that nobody could keep are answered 503 and come again."
)
_MOST = 80


@dataclass(frozen=True, slots=True)
class Path:
    """A core path: whose thread carries it out, and what sets it going."""

    name: str
    thread: str  # how its name begins
    scene: Scene
    act: Callable[[Town], None]
    expected: Sequence[Expected]
    calls: Sequence[str] = CALLS


def _ask(town: Town) -> None:
    town.say(WANG, "查 001")


def _scene(name: str) -> Scene:
    return next(one for one in SCENES if one.name == name)


_TEXT, _DIGEST = _scene("text"), _scene("digest")
_BEGUN = list(_TEXT.expected)[: -len(HEARD)]  # the two reports of its beginning
_ASKED = [*_BEGUN, Expected(WANG, "待定级")]
PATHS = (
    Path("a callback is kept", "inbox", _TEXT, _ask, _ASKED, ("pwrite64", "fdatasync")),
    Path("the worker carries out", "worker", _TEXT, _ask, _ASKED, ("pwrite64", "fdatasync")),
    Path(
        "timers ring",
        "ThreadPoolExecutor",
        _DIGEST,
        _DIGEST.act,
        list(_DIGEST.expected),
        ("pwrite64", "fdatasync"),
    ),
    Path("a message is claimed", "sender", _TEXT, _ask, _ASKED, ("pwrite64", "fdatasync")),
    Path("a message is sent and settled", "send_", _TEXT, _ask, _ASKED),
)


def kills(stand: Stand, seed: int) -> Experiment:
    """Kill at the 1st, 2nd, 3rd … call of the path's thread until it ends without a kill."""
    found = Experiment(
        "syscall-kills",
        "Killed at every write and sync",
        "python -m bench.faults syscall-kills",
        str(seed),
        promises=("P1", "P2", "P4", "P5", "P6"),
        compressed="as in the crash proof",
        notes=[_KILLS],
        rows=[["path", "thread", "call", "killed at calls 1 to", "ended clean", "faults"]],
    )
    for path in PATHS:
        for call in path.calls:
            _all(stand, found, path, call)
    killed = sum(int(row[3]) for row in found.rows[1:])
    clean = all(row[4] == "yes" for row in found.rows[1:])
    found.goals.append(
        Goal("every call of the four core paths, until a run ends clean", f"{killed} kills", clean)
    )
    return found


def _all(stand: Stand, found: Experiment, path: Path, call: str) -> None:
    nth, is_clean, before = 0, False, len(found.tally("sqlite").broken)
    while not is_clean and nth < _MOST:
        nth += 1
        is_clean = not _once(stand, found, path, (call, nth))
    broken = len(found.tally("sqlite").broken) - before
    done = "yes" if is_clean else f"no, after {_MOST}"
    found.rows.append([path.name, path.thread, call, str(nth - is_clean), done, str(broken)])


def _once(stand: Stand, found: Experiment, path: Path, what: tuple[str, int]) -> bool:
    """Play once; whether the kill struck."""
    call, nth = what
    town = Town(stand.nursery, stand.ground("sqlite"))
    path.scene.begin(town)
    names = threads(town)
    mine = [number for name, number in sorted(names.items()) if name.startswith(path.thread)]
    fault = f"signal=SIGKILL:when={nth}"
    with injected(mine, fault, calls=call) as seen:
        path.act(town)
        town.settle()
    struck(seen)
    town.struck = town.crashes > 0
    name = f"{path.name} {call} {nth}"
    conclude(town, found.tally("sqlite"), name, list(path.expected), [])
    _check_file(town, found, name)
    return town.struck


def _check_file(town: Town, found: Experiment, name: str) -> None:
    with sqlite3.connect(town.ground.folder / "duban.db") as connection:
        said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        found.tally("sqlite").broken.append(f"{name}: integrity {said}")


def disk(stand: Stand, seed: int) -> Experiment:
    """The disk under the database is full, or fails; then it is well again."""
    found = Experiment(
        "disk",
        "Disk full, and I/O errors",
        "python -m bench.faults disk",
        str(seed),
        promises=("P1", "P2", "P4", "P5", "P6"),
        compressed="as in the crash proof",
        notes=[_DISK],
    )
    for name, calls, fault, boat in _TROUBLES:
        for scene in ("text", "card", "reminder", "digest"):
            _trouble(stand, found, _scene(scene), (name, calls, fault, boat))
    return found


_TROUBLES = (
    ("full", "pwrite64", "error=ENOSPC", False),
    ("full, the lifeboat too", "pwrite64,write", "error=ENOSPC", True),
    ("a sync fails once", "fdatasync", "error=EIO:when=1", False),
    ("a write fails once", "pwrite64", "error=EIO:when=2", False),
    ("every sync fails", "fdatasync,fsync", "error=EIO", True),
)


def _trouble(
    stand: Stand, found: Experiment, scene: Scene, trouble: tuple[str, str, str, bool]
) -> None:
    name, calls, fault, boat = trouble
    ground = stand.ground("sqlite")
    town = Town(stand.nursery, ground)
    scene.begin(town)
    files = [ground.folder / f"duban.db{tail}" for tail in ("", "-wal")]
    files += [ground.folder / "spool" / "lifeboat"] if boat else []
    with injected([town.service.pid], fault, calls=calls, paths=tuple(files), whole=True) as seen:
        scene.act(town)
        pause(2)
    town.struck = struck(seen)
    may = [*scene.may, *[Expected("admin", "")] * 9, *[Expected(DUTY, "数据库")] * 9]
    label = f"{name}, {scene.name}"
    conclude(town, found.tally("sqlite"), label, list(scene.expected), may)
    _check_file(town, found, label)
