"""The process of the nursery: all is loaded, nothing has begun; each order makes it fork.

Started by `bench.faults.nursery`. Two signals are added to a service: SIGUSR1 lays the trap that
stands in the file `trap` of its folder, SIGUSR2 writes which thread has which number.
"""

import ctypes
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import main
from bot.sandbox import __main__ as sandbox
from storage import failpoints

NO_TRAP = "none:1"
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def _serve(order: dict[str, str]) -> None:
    folder = Path(order["folder"])
    failpoints.arm(order["trap"] or NO_TRAP)
    _on(signal.SIGUSR1, lambda: failpoints.arm((folder / "trap").read_text()))
    _on(signal.SIGUSR2, lambda: _write_threads(folder))
    arguments = ["serve", "--config", str(folder / "duban.toml")]
    main.app(arguments, standalone_mode=False)


def _play(order: dict[str, str]) -> None:
    folder = Path(order["folder"])
    sys.argv = ["sandbox", "--config", str(folder / "sandbox.json"), "--port"]
    sys.argv += [str(order["port"]), "--log", str(folder / "sandbox.jsonl")]
    sandbox.main()


def _become(order: dict[str, str], work: Callable[[dict[str, str]], None]) -> None:
    status = 1
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        out = Path(order["folder"]) / f"{order['what']}.out"
        written = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (written, 1), (written, 2)):
            os.dup2(source, target)
        work(order)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - a child that forks off must not go on as its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _on(number: signal.Signals, act: Callable[[], None]) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        act()

    signal.signal(number, handle)


def _write_threads(folder: Path) -> None:
    known = {thread.name: thread.native_id for thread in threading.enumerate()}
    fresh = folder / "threads.new"
    fresh.write_text(json.dumps(known), encoding="utf-8")
    fresh.replace(folder / "threads")


_folders: dict[int, Path] = {}


def _reap() -> None:
    """Note how each child has ended, where whoever asked for it can read it."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        folder = _folders.pop(pid, None)
        if folder is not None and folder.is_dir():
            fresh = folder / "ended"
            fresh.write_text(str(os.waitstatus_to_exitcode(status)))
            fresh.replace(folder / f"ended-{pid}")


def nurse() -> None:
    """Fork for each line of JSON on stdin, answer with the pid; end with stdin."""
    signal.signal(signal.SIGCHLD, lambda _number, _frame: _reap())
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _become(order, _serve if order["what"] == "serve" else _play)
        _folders[pid] = Path(order["folder"])
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    nurse()
