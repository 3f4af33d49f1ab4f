"""The whole life of an installation, in bare Debian roots with the network off, timed.

Needs root, debootstrap and one network access for the bundle and the base root; from then on every
step runs behind `unshare --net`, where only loopback is up. Report: docs/evidence/rehearsal.md.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.commit import commit

HOME = Path(__file__).parents[1]
REPORT = HOME / "docs" / "evidence" / "rehearsal.md"
MACHINE = os.uname().machine
BASE = Path("/var/tmp/duban-rehearsal-root")  # noqa: S108  kept from one run to the next
# A commit whose tables are of an earlier schema (0016): the version that is upgraded from.
OLDER = "84d52dd"
SUITE, MOST_SECONDS = "bookworm", 120.0  # the goal for the machine's part of an installation
DEPLOY = HOME / "config" / "deploy"
_HIDDEN = re.compile(r"((?:Token|EncodingAESKey) +)[0-9A-Za-z]{20,}")
# Loopback is down in a new network namespace; a bare root has no program to set it up.
LOOPBACK = (
    "import fcntl, socket, struct;"
    "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
    "fcntl.ioctl(s, 0x8914, struct.pack('16sH14s', b'lo', 1, b''))"
)
SCENES = Path(__file__).parent / "rehearse"
FILES = ("start.sh", "stop.sh", "sandbox.py", "answers.toml", "people.csv")


class StepError(Exception):
    """A step did not end as it should."""


@dataclass
class Told:
    """The transcript and the seconds of each step."""

    lines: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def say(self, *lines: str) -> None:
        for line in lines:
            shown = _HIDDEN.sub(r"\1(略)", line.rstrip())
            self.lines.append(shown)
            sys.stdout.write(f"{shown}\n")

    def step(self, title: str, act: Callable[[], str]) -> None:
        """Do a step; its words go into the transcript, its seconds into the table."""
        began = time.monotonic()
        self.say(f"## {title}", "", "```")
        try:
            self.say(*act().splitlines())
        finally:
            self.seconds[title] = time.monotonic() - began
            self.say("```", "")


def run(*command: str, cwd: Path = HOME) -> str:
    ended = subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if ended.returncode:
        raise StepError(f"{' '.join(command)[:200]}: {ended.returncode}\n{ended.stdout[-3000:]}")
    return ended.stdout


def inside(root: Path, *scenes: str) -> str:
    """Play scenes in a root, in a network namespace in which only loopback is up."""
    words = "".join((SCENES / f"{name}.sh").read_text("utf-8") for name in ("common", *scenes))
    (root / "root" / "scene.sh").write_text(words, "utf-8")
    command = f'{sys.executable} -c "{LOOPBACK}" && exec chroot {root} /bin/sh /root/scene.sh'
    ended = subprocess.run(
        ["unshare", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    if ended.returncode:
        raise StepError(f"退出码 {ended.returncode}\n{ended.stdout[-6000:]}{_logs(root)}")
    return ended.stdout


def _logs(root: Path) -> str:
    logs = [root / "root" / name for name in ("serve.log", "sandbox.log")]
    return "".join(f"\n{one.name}:\n{one.read_text()[-1500:]}" for one in logs if one.exists())


def base_root() -> str:
    if (BASE / "usr" / "bin" / "python3").exists():
        return f"the bare root is kept from before: {SUITE}, minbase + python3"
    run("debootstrap", "--variant=minbase", "--include=python3", SUITE, str(BASE))
    return f"debootstrap --variant=minbase --include=python3 {SUITE}"


def bundle(into: Path) -> str:
    return run("env", f"OUT={into}", "bash", str(DEPLOY / "bundle.sh")).splitlines()[-1]


def older_bundle(into: Path) -> str:
    """Make the bundle of an earlier commit by its own script, for this machine only."""
    tree = into / "older"
    run("git", "clone", "--quiet", "--no-checkout", str(HOME), str(tree))
    run("git", "checkout", "--quiet", OLDER, cwd=tree)
    newest = max(path.name for path in (tree / "storage/migrations/versions").glob("0*.py"))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    words = (f"OUT={into / 'was'}", f"PYTHON={sys.executable}", f"VERSIONS={version}")
    made = run(
        "env", *words, f"ARCHITECTURES={MACHINE}", "bash", "config/deploy/bundle.sh", cwd=tree
    )
    return f"{made.splitlines()[-1]}\n{OLDER}: {newest}"


def new_root(folder: Path, name: str, archive: Path) -> Path:
    root = folder / name
    run("cp", "-a", "--reflink=auto", str(BASE), str(root))
    place = root / "root" / "bundle"
    place.mkdir()
    run("tar", "-C", str(place), "-xf", str(archive))
    was = root / "root" / "older"
    was.mkdir()
    run("tar", "-C", str(was), "-xf", str(next((folder / "was").glob("duban-*.tar"))))
    for file in FILES:
        shutil.copy(SCENES / file, root / "root" / file)
    for device, minor in {"null": 3, "urandom": 9, "zero": 5}.items():
        if not (root / "dev" / device).exists():
            os.mknod(root / "dev" / device, 0o20666, os.makedev(1, minor))
    return root


def proxies() -> str:
    """Let nginx read its sample, where it is installed."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if nginx is None:
        return "nginx is not installed here: not read"
    with TemporaryDirectory() as place:
        folder = Path(place)
        words = (DEPLOY / "proxy" / "nginx.conf").read_text("utf-8")
        words = words.replace("/etc/ssl/duban", place)
        head = f"pid {place}/pid;\nerror_log {place}/error;\nevents {{}}\nhttp {{\n"
        (folder / "nginx.conf").write_text(head + words + "}\n", "utf-8")
        key, cert = str(folder / "privkey.pem"), str(folder / "fullchain.pem")
        subject = ("-subj", "/CN=duban.example.gov.cn", "-days", "2")
        made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes")
        run(*made, "-keyout", key, "-out", cert, *subject)
        return run(nginx, "-t", "-c", str(folder / "nginx.conf")).replace(place, "/etc/nginx")


def play(told: Told, folder: Path) -> None:
    told.step("The bundle (needs a network)", lambda: bundle(folder))
    told.step("The bare root (needs a network, once)", base_root)
    told.step("The bundle of an older version (needs a network)", lambda: older_bundle(folder))
    archive = next(folder.glob("duban-*.tar"))
    first = new_root(folder, "machine-1", archive)
    told.step("Install the older version, network off", lambda: inside(first, "older"))
    # They share the machine's processes, so they share one namespace.
    told.step(
        "First hour, reload, rollback and upgrade to the next schema, network off",
        lambda: inside(first, "first", "living", "upgrade"),
    )
    second = new_root(folder, "machine-2", archive)
    carried = second / "root" / "carried"
    carried.mkdir()
    for name in ("secrets", "duban.toml", "directory.toml", "backups"):
        run("cp", "-R", str(first / "var" / "lib" / "duban" / name), str(carried))
    told.step("Install, network off", lambda: inside(second, "install"))
    told.step(
        "Restore on another machine, other folders, network off",
        lambda: inside(second, "restore"),
    )
    told.step("nginx reads its sample", proxies)


def main() -> int:
    """Play it; 1 where a step failed or the installation took longer than its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, default=None, help=f"where to, e.g. {REPORT}")
    arguments = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("debootstrap", path="/usr/sbin") is None:
        sys.stdout.write("needs root and debootstrap (apt-get install debootstrap)\n")
        return 2
    told, fault = Told(), ""
    with TemporaryDirectory(prefix="duban-rehearsal-", dir="/var/tmp") as place:
        try:
            play(told, Path(place))
        except StepError as error:
            fault = str(error)
            told.say("```", *fault.splitlines(), "```", "")
        shown = "\n".join(told.lines).replace(place, "(here)")
    took = told.seconds.get("Install, network off", 0.0)
    is_late = took > MOST_SECONDS
    if arguments.report is not None:
        arguments.report.write_text(page(told, shown, fault=fault, is_late=is_late), "utf-8")
    sys.stdout.write(
        f"installed in {took:.0f} s; {'FAILED' if fault else 'every step ended well'}\n"
    )
    return 1 if fault or is_late else 0


def page(told: Told, shown: str, *, fault: str, is_late: bool) -> str:
    head = [
        "# Rehearsal on a bare machine, as a transcript",
        "",
        "Made by `make rehearsal`: bare Debian roots (minbase and python3), every step behind",
        "`unshare --net`. No systemd runs in such a root: the service is started by a script.",
        "x86-64 only; the wheels for aarch64 are downloaded and counted, not run.",
        "",
        f"Commit {commit()}, {datetime.now(UTC):%Y-%m-%d}.",
        f"Goal: installed within {MOST_SECONDS:.0f} s. {'**Missed.**' if is_late else 'Met.'}",
        "**A step failed.**" if fault else "Every step ended as it should.",
        "",
        "| step | seconds |",
        "|---|---|",
        *(f"| {name} | {seconds:.0f} |" for name, seconds in told.seconds.items()),
        "",
    ]
    return "\n".join(head) + "\n" + shown + "\n"


if __name__ == "__main__":
    sys.exit(main())
