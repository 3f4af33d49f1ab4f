"""What the operator sets about the pages in a browser: who vouches, how long a sign-in lasts."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from config.checking import Table

_AUTHORIZE = "https://open.weixin.qq.com"
_SCAN = "https://login.work.weixin.qq.com"
_LOCAL = ("http://127.0.0.1:", "http://localhost:")
_IDLE, _WHOLE = 8, 24  # hours
_SHORTEST, _LONGEST = 1, 24 * 14


@dataclass(frozen=True, slots=True)
class BoardSettings:
    """Where the platform asks who somebody is, and how long a sign-in lasts."""

    authorize_base: str  # where the platform asks who it is, in its client
    scan_base: str  # the same on a desktop, by scanning
    idle: timedelta  # a session ends so long after its last use
    whole: timedelta  # and in any case so long after its beginning


def board_settings(top: Table) -> BoardSettings:
    """Read the section [board]; faults go into the table's."""
    table = top.table("board", required=False)
    settings = BoardSettings(
        authorize_base=_site(table, "authorize_base", _AUTHORIZE),
        scan_base=_site(table, "scan_base", _SCAN),
        idle=timedelta(hours=_hours(table, "idle_hours", _IDLE)),
        whole=timedelta(hours=_hours(table, "longest_hours", _WHOLE)),
    )
    if settings.idle > settings.whole:
        table.faults.append(f"{table.where} 的 idle_hours 不能比 longest_hours 大")
    table.done()
    return settings


def _site(table: Table, name: str, default: str) -> str:
    address = table.text(name, default).rstrip("/")
    if not address.startswith(("https://", *_LOCAL)):
        table.faults.append(
            f"{table.where} 的 {name} 应以 https:// 开头, 例如 https://duban.example"
        )
        return ""
    parts = urlsplit(address)
    if not parts.hostname or parts.path or parts.query or parts.fragment or parts.username:
        table.faults.append(f"{table.where} 的 {name} 只写到域名和端口, 不带路径和参数")
        return ""
    return address


def _hours(table: Table, name: str, default: int) -> int:
    hours = table.number(name, default)
    if not _SHORTEST <= hours <= _LONGEST:
        table.faults.append(
            f"{table.where} 的 {name} 应在 {_SHORTEST} 到 {_LONGEST} 之间, 单位是小时"
        )
        return default
    return hours
