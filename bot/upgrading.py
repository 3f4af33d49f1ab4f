"""Another version in the place of the one that runs: tried, backed up, put back if it fails.

Every version lies in a folder of its own and one link points to that in force, so a change of
version and the way back are the renaming of a link. The steps are commands of the programs
themselves: the old one makes and restores the backup, the new one tries and migrates.
"""

import http.client
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_HEALTH_SECONDS = 90.0
_LOOK_SECONDS = 0.5
_PAGES = ("/readyz", "/healthz/engine")

Say = Callable[[str], None]


class UpgradeError(Exception):
    """It was not upgraded; the text says what stands now and what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is upgraded: the configuration, the link to the program, how its service is driven."""

    config: Path
    link: Path  # /opt/duban/current
    to: str  # the folder beside the link that holds the new version
    port: int
    backup: Path  # where the state of before goes
    start: Sequence[str]
    stop: Sequence[str]
    run_as: Sequence[str] = ()  # words before a command that touches the database
    health_seconds: float = field(default=_HEALTH_SECONDS)


def upgrade(site: Site, say: Say) -> None:
    """Put the new version in place.

    Raises:
        UpgradeError: it could not be; the old version is in place again, with its data.
    """
    old, new = site.link.resolve(), site.link.parent / site.to
    if old == new.resolve():
        raise UpgradeError(f"{site.to} 已经是正在用的版本")
    say(f"1/6 在数据库的副本上试 {site.to} (服务照常运行)")
    if _run(site, new, say, "migrate", "--try"):
        raise UpgradeError("新版本在副本上没有试通; 没有动任何东西, 旧版本照常运行")
    say("2/6 停服务 (期间的消息企业微信会重发)")
    if _call(site.stop, say):
        raise UpgradeError("停不下服务; 没有动任何东西")
    say(f"3/6 备份到 {site.backup}")
    if _run(site, old, say, "backup", "--out", str(site.backup)):
        _call(site.start, say)
        raise UpgradeError("备份没有成功, 没有升级; 旧版本已重新启动")
    say("4/6 升级数据库结构")
    if _run(site, new, say, "migrate"):
        _put_back(site, old, say, has_run=False)
    say("5/6 换到新版本并启动")
    _point(site.link, new)
    if _call(site.start, say):
        _put_back(site, old, say, has_run=True)
    say("6/6 等它健康")
    missing = _unhealthy(site)
    if missing:
        say(f"    {missing}")
        _put_back(site, old, say, has_run=True)
    say(f"完成: 现在是 {site.to}。旧版本还在 {old}, 备份在 {site.backup}。")


def _put_back(site: Site, old: Path, say: Say, *, has_run: bool) -> None:
    """Back to the version of before and its data, then say so by raising."""
    say("退回旧版本")
    _call(site.stop, say)
    _point(site.link, old)
    # Where nothing newer was written and the old program still reads the tables, they stay.
    is_kept = not has_run and not _run(site, old, say, "migrate")
    if not is_kept and _run(site, old, say, "restore", str(site.backup), "--replace"):
        raise UpgradeError(
            f"升级失败, 数据也没有自动恢复: 请按 docs/runbooks/restore.md 用 {site.backup} 恢复"
        )
    started = not _call(site.start, say) and not _unhealthy(site)
    how = "已重新启动" if started else "没有起来, 请看日志"
    safe = "" if is_kept else "; 数据恢复到升级前, 处于安全模式, 用 resume 放行等着的消息"
    raise UpgradeError(f"升级没有成功, 已退回 {old.name} ({how}){safe}")


def _point(link: Path, target: Path) -> None:
    new = link.with_name(f"{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target.name)
    new.replace(link)


def _run(site: Site, program: Path, say: Say, *arguments: str) -> int:
    python = str(program / "venv" / "bin" / "python")
    words = [*site.run_as, python, str(program / "main.py"), *arguments]
    return _call([*words, "--config", str(site.config)], say)


def _call(command: Sequence[str], say: Say) -> int:
    ended = subprocess.run(  # noqa: S603 - our own programs, and the service's own switch
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    for line in ended.stdout.splitlines():
        say(f"    {line}")
    return ended.returncode


def _unhealthy(site: Site) -> str:
    """Return what is not well after a while; "" as soon as all is."""
    ends = time.monotonic() + site.health_seconds
    missing = ""
    while time.monotonic() < ends:
        missing = next((page for page in _PAGES if not _answers(site.port, page)), "")
        if not missing:
            return ""
        threading.Event().wait(_LOOK_SECONDS)
    return f"{site.health_seconds:.0f} 秒内 {missing} 没有答 200"


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
