"""Checks of this machine and its database: space, folders, modes, time zone, durability."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.checkup.finding import Finding, Verdict, ok
from storage.database import Database
from storage.errors import Unavailable

_GIB = 1024**3
_LEAST_FREE, _LOW_FREE = 1, 5  # GiB
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_REMOTE = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "ceph", "glusterfs")
_SUMMER = datetime(2026, 7, 1, tzinfo=UTC)


def disk(folders: Iterable[Path]) -> Iterator[Finding]:
    """Whether there is room where data lies."""
    devices: dict[int, Path] = {}
    for folder in folders:
        place = _existing(folder)
        devices.setdefault(place.stat().st_dev, place)
    for place in devices.values():
        yield room(place, shutil.disk_usage(place).free)


def room(place: Path, free_bytes: int) -> Finding:
    """Return whether so many bytes are enough for a place."""
    free = free_bytes / _GIB
    what = f"{place} 所在磁盘还剩 {free:.1f} GB"
    if free >= _LOW_FREE:
        return ok("磁盘空间", what)
    return Finding(
        "磁盘空间",
        Verdict.BAD if free < _LEAST_FREE else Verdict.WARN,
        what,
        "磁盘写满后消息、图片和备份都存不下, 新消息会收不进来",
        "清理或扩充这块磁盘, 至少留出 5 GB",
    )


def folders(named: Mapping[str, Path]) -> Iterator[Finding]:
    """Whether what must be written can be written, and synced."""
    for name, folder in named.items():
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=folder) as trial:
                trial.write(b"duban")
                trial.flush()
                os.fsync(trial.fileno())
        except OSError as fault:
            yield Finding(
                f"{name}目录",
                Verdict.BAD,
                f"{folder} 写不进去 ({type(fault).__name__})",
                "数据库没有应答时消息靠它保存; 图片等材料也存在这里",
                f"让运行督办的账号能写: chown 到该账号, 再 chmod 700 {folder}",
            )
        else:
            yield ok(f"{name}目录", f"{folder} 可写")


def modes(files: Iterable[Path]) -> Iterator[Finding]:
    """Whether other accounts of this machine can read what is ours."""
    open_to_all = [one for one in files if one.exists() and one.stat().st_mode & _OTHERS]
    for path in open_to_all:
        mode = "700" if path.is_dir() else "600"
        yield Finding(
            "文件权限",
            Verdict.WARN,
            f"{path} 本机其他账号也能访问",
            "里面有上报内容或密钥",
            f"chmod {mode} {path}",
        )
    if not open_to_all:
        yield ok("文件权限", "密钥和数据只有本账号能读")


def time_zone() -> Iterator[Finding]:
    """Whether Beijing's time is known here."""
    try:
        offset = _SUMMER.astimezone(ZoneInfo("Asia/Shanghai")).utcoffset()
    except ZoneInfoNotFoundError:
        offset = None
    if offset == timedelta(hours=8):
        yield ok("时区数据", "北京时间可用")
        return
    yield Finding(
        "时区数据",
        Verdict.BAD,
        "没有可用的北京时间数据",
        "工作时间、夜间免打扰和所有时限都按北京时间计算",
        "安装系统的 tzdata 包, 或重新安装督办 (自带 tzdata)",
    )


def database(opened: Database, file: Path | None) -> Iterator[Finding]:
    """Whether a commit outlasts a power cut."""
    try:
        found = opened.durability()
    except Unavailable as fault:
        yield Finding(
            "数据库",
            Verdict.BAD,
            f"数据库没有应答: {fault}",
            "期间的消息先进救生艇, 提醒停发",
            "检查数据库服务是否运行, 地址和密码是否正确",
        )
        return
    wrong = [f"{name} = {value}" for name, value, is_safe in found if not is_safe]
    shown = "、".join(f"{name} = {value}" for name, value, _ in found)
    if wrong:
        yield Finding(
            "数据库耐久",
            Verdict.BAD,
            f"{'、'.join(wrong)} 不安全",
            "断电时已经确认收到的消息可能丢失",
            "请数据库管理员打开 fsync、synchronous_commit 和 full_page_writes; "
            "SQLite 请勿改动 WAL 和 synchronous",
        )
    else:
        yield ok("数据库耐久", shown)
    if file is not None:
        yield from _local(file)


def _local(file: Path) -> Iterator[Finding]:
    kind = _filesystem(file)
    if kind.startswith(_REMOTE):
        yield Finding(
            "数据库位置",
            Verdict.BAD,
            f"{file} 在网络文件系统 {kind} 上",
            "SQLite 在网络盘上锁不可靠, 数据会损坏",
            "把数据库放到本机磁盘, 或改用 PostgreSQL",
        )
    else:
        yield ok("数据库位置", f"{file} ({kind or '文件系统未知'})")


def _filesystem(file: Path) -> str:
    """The kind of filesystem a path lies on; empty where the system does not tell."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    place, best, kind = _existing(file).resolve(), "", ""
    for line in mounts:
        _, mount, found, *_ = line.split(" ")
        if len(mount) >= len(best) and place.is_relative_to(mount):
            best, kind = mount, found
    return kind


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
