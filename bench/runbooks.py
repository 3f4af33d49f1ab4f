"""Three runbooks rehearsed with the real program: lost Secret, lost Token and key, full disk.

A service and the sandbox on loopback, set up by `init`. The disk is a tmpfs of its own where root
may mount one; else that scene says that it was not played. Report: docs/evidence/runbooks.md.
"""

import argparse
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.commit import commit
from bench.first_hour import (
    AGENT,
    FIRST,
    HOME,
    StepError,
    Told,
    messages,
    operate,
    running,
    says,
    write_answers,
)
from bench.first_hour import sandbox as platform_of
from bot.demo.processes import ask
from bot.serving import free_port

REPORT = HOME / "docs" / "evidence" / "runbooks.md"
_DISK = "24m"
_ARTICLE = "https://www.toutiao.com/article/72495596873549747{nth}/"
_WAIT = 120.0


@dataclass
class Place:
    """A service that was set up by `init`, and the platform it speaks to."""

    told: Told
    folder: Path
    service: int
    platform: int
    secret: str = "S" * 43

    @property
    def where(self) -> tuple[str, str]:
        return "--config", str(self.folder / "duban.toml")

    def duban(self, *arguments: str, wanted: int = 0) -> None:
        """Run a command; it has to end with `wanted`."""
        if operate(self.told, *arguments, *self.where) != wanted:
            raise StepError(f"{arguments} did not end with {wanted}")

    def console(self) -> AbstractContextManager[None]:
        """The platform, with what its console holds now."""
        return platform_of(self.folder, self.service, self.platform, self.secret)

    def forwards(self, nth: int, wanted: str) -> None:
        says(
            self.told,
            self.platform,
            "wangxiaoyu",
            "forward",
            ("wangxiaoyu", wanted),
            title=f"青禾路积水 {nth}",
            url=_ARTICLE.format(nth=nth),
            description="",
        )

    def until(self, what: str, is_so: Callable[[], bool]) -> None:
        ends = time.monotonic() + _WAIT
        while time.monotonic() < ends:
            if is_so():
                self.told.say(f"  ({what})")
                return
            threading.Event().wait(0.2)
        raise StepError(f"not within {_WAIT:.0f} s: {what}")

    def heard(self, words: str) -> bool:
        return any(words in one for one in messages(self.platform, "wangxiaoyu"))


def set_up(place: Place) -> None:
    quiet = Told(is_shown=False)
    write_answers(place.folder, place.service, place.platform)
    operate(quiet, "init", *place.where, types=FIRST)
    with place.console():
        rest = ("--answers", str(place.folder / "rest.toml"), "--wait", "0")
        if operate(quiet, "init", *place.where, *rest):
            raise StepError("\n".join(quiet.lines[-20:]))


def lost_secret(place: Place) -> None:
    """The Secret is reset in the console; then it is written into its file and reloaded."""
    told = place.told
    with place.console():
        place.forwards(59, "已登记 001")
    told.say("# 管理后台重置了 Secret: 旧的立即失效")
    place.secret = "R" * 43
    with place.console():
        title = {"title": "三中食堂", "url": _ARTICLE.format(nth=60), "description": ""}
        who = {"userid": "wangxiaoyu", "agentid": AGENT}
        told.say("wangxiaoyu: 转发: 三中食堂")
        ask(place.platform, "POST", "/sandbox/forward", who | title)
        threading.Event().wait(4)
        if place.heard("已登记 002"):
            raise StepError("answered with a Secret that is no longer valid")
        told.say("  (收下了, 答复留着没有发出)")
        secret = place.folder / "secrets" / "wecom_secret"
        secret.write_text(f"{place.secret}\n", "utf-8")
        told.say(f"$ install -m 600 /dev/stdin {secret}")
        place.duban("reload")
        place.until("等着的答复已补发: 002", lambda: place.heard("已登记 002"))
        operate(told, "doctor", *place.where)


def lost_token(place: Place) -> None:
    """Token and EncodingAESKey change: first in the files, then in the console."""
    told, folder = place.told, place.folder / "secrets"
    with place.console():
        (folder / "callback_token").write_text(f"{secrets.token_hex(16)}\n", "utf-8")
        (folder / "callback_aes_key").write_text("K" + secrets.token_hex(21) + "\n", "utf-8")
        told.say("# 新的 Token、EncodingAESKey 写进 secrets/, 管理后台还是旧的")
        old = (folder / "callback_token").read_text()
        place.duban("reload")
    if (folder / "callback_token").read_text() != old:
        raise StepError("the file was changed by somebody else")
    told.say("# 管理后台粘贴新值, 保存")
    with place.console():
        verified = ask(place.platform, "POST", "/sandbox/verify", {"agentid": AGENT})
        told.say(f"  企业微信验证回调: {verified}")
        place.forwards(61, "已登记 003")


def full_disk(place: Place) -> None:
    """The disk of the database fills up while people report, and gets room again."""
    told, filler = place.told, place.folder / "var" / "filler"
    with place.console():
        place.forwards(62, "已登记 004")
        told.say("# 磁盘写满")
        fill(filler)
        told.say(df(filler.parent))
        title = {"title": "路灯不亮", "url": _ARTICLE.format(nth=63), "description": ""}
        who = {"userid": "wangxiaoyu", "agentid": AGENT}
        told.say("wangxiaoyu: 转发: 路灯不亮")
        shown = ask(place.platform, "POST", "/sandbox/forward", who | title)
        told.say(f"  企业微信送到服务: {shown}")
        operate(told, "doctor", *place.where)
        told.say(f"$ rm {filler}")
        filler.unlink()
        if not place.heard("已登记 005"):
            threading.Event().wait(8)
        if not place.heard("已登记 005"):
            told.say("  (那一条三次都被 503 退回, 没有收下也没有说收下; 请她再发一次)")
            place.forwards(63, "已登记 005")
        place.until("005 已登记并答复", lambda: place.heard("已登记 005"))
        place.duban("audit", "verify")


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    out.write(b"x" * size)
            except OSError:
                continue


def df(folder: Path) -> str:
    told = subprocess.run(
        ["/bin/df", "-h", str(folder)], capture_output=True, text=True, check=True
    )
    return f"$ df -h {folder}\n{told.stdout.strip()}"


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a small tmpfs at `folder`; False where that is not allowed."""
    folder.mkdir(mode=0o700)
    options = ("-t", "tmpfs", "-o", f"size={_DISK},mode=700", "tmpfs", str(folder))
    is_there = (
        os.geteuid() == 0 and not subprocess.run(["/bin/mount", *options], check=False).returncode
    )
    try:
        yield is_there
    finally:
        if is_there:
            subprocess.run(["/bin/umount", "-l", str(folder)], check=True)


SCENES: dict[str, Callable[[Place], None]] = {
    "应用的 Secret 丢失 (lost-secret)": lost_secret,
    "回调的 Token 和 EncodingAESKey (lost-secret)": lost_token,
    "磁盘满了 (full-disk)": full_disk,
}


def play(told: Told, folder: Path) -> None:
    place = Place(told, folder, free_port(), free_port())
    with small_disk(folder / "var") as is_small:
        set_up(place)
        serving = (str(HOME / "main.py"), "serve", *place.where)
        with running("serve", folder, place.service, "/readyz", *serving):
            for title, scene in SCENES.items():
                if scene is full_disk and not is_small:
                    told.say(f"## {title}", "", "Not played: no right to mount a small disk.", "")
                    continue
                told.say(f"## {title}", "", "```")
                scene(place)
                told.say("```", "")


def main() -> int:
    """Play them; 1 where a step failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, default=None, help=f"where to, e.g. {REPORT}")
    arguments = parser.parse_args()
    told, fault = Told(), ""
    with TemporaryDirectory(prefix="duban-runbooks-") as place:
        folder = Path(place)
        folder.chmod(0o700)
        try:
            play(told, folder)
        except StepError as error:
            fault = str(error)
            told.say("```", f"**没有走通**: {fault}")
        shown = "\n".join(told.lines).replace(place, "/var/lib/duban")
    sys.stdout.write(f"{fault or 'every step ended well'}\n")
    if arguments.report is not None:
        head = (
            "# Runbooks, rehearsed with the real program",
            "",
            "Made by `make runbooks`: `init`, `serve` and the sandbox on loopback.",
            "A leaked robot key, an upgrade and a restore are played by `make rehearsal`, a",
            "database that is away by `python -m bench.faults.outage`.",
            "",
            f"Commit {commit()}, {datetime.now(UTC):%Y-%m-%d}.",
            "**A step failed.**" if fault else "Every step ended as it should.",
            "",
        )
        arguments.report.write_text("\n".join(head) + "\n" + shown + "\n", "utf-8")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
