"""What the operator sets about the intelligent robot (智能机器人): section [aibot]."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from config.checking import Table
from config.secret import Secret, SecretReader

_AES_KEY = re.compile(r"[0-9A-Za-z]{43}")
_TOKEN = re.compile(r"[0-9A-Za-z]{1,32}")
_BOT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_PLATFORM = "wss://openws.work.weixin.qq.com"


class RobotMode(StrEnum):
    """How the platform reaches the robot; one of them per robot (decision 17)."""

    CALLBACK = "callback"  # a public address, which the platform calls
    SOCKET = "socket"  # no public address: we call the platform and stay connected


@dataclass(frozen=True, slots=True)
class RobotSettings:
    """The robot. Of the secrets only those of its mode are read, the others are empty."""

    mode: RobotMode
    name: str  # by which groups speak to it
    bot_id: str
    socket_url: str
    secret: Secret
    token: Secret
    aes_key: Secret
    papers: Path  # files it may send


def robot_settings(top: Table, folder: Path, secrets: SecretReader) -> RobotSettings | None:
    """Read the section [aibot]; None where there is none. Faults go into the table's."""
    table = top.table("aibot", required=False)
    if not table.values:
        return None
    mode = _mode(table)
    is_socket = mode is RobotMode.SOCKET
    files = {name: table.text(f"{name}_file", "") for name in ("secret", "token", "aes_key")}
    empty = Secret("")
    settings = RobotSettings(
        mode=mode,
        name=table.text("name", "").lstrip("@").strip(),
        bot_id=table.text("bot_id", None if is_socket else ""),
        socket_url=table.text("socket_url", _PLATFORM),
        secret=_secret(secrets, "SECRET", files["secret"], "Secret") if is_socket else empty,
        token=empty if is_socket else _secret(secrets, "TOKEN", files["token"], "Token"),
        aes_key=empty
        if is_socket
        else _secret(secrets, "AES_KEY", files["aes_key"], "EncodingAESKey"),
        papers=folder / table.text("papers", "var/papers"),
    )
    _check(settings, files, table)
    table.done()
    return settings


def _mode(table: Table) -> RobotMode:
    written = table.text("mode")
    try:
        return RobotMode(written)
    except ValueError:
        table.faults.append(
            f'{table.where} 的 mode 应为 "callback" (有公网地址, 企业微信来调) '
            '或 "socket" (没有公网地址, 我们连出去)'
        )
        return RobotMode.CALLBACK


def _secret(secrets: SecretReader, name: str, file: str, what: str) -> Secret:
    return secrets.read(f"DUBAN_AIBOT_{name}", file, f"智能机器人的 {what}")


def _check(settings: RobotSettings, files: dict[str, str], table: Table) -> None:
    foreign = ("token", "aes_key") if settings.mode is RobotMode.SOCKET else ("secret",)
    for name in foreign:
        if files[name]:
            other = "长连接" if settings.mode is RobotMode.SOCKET else "回调"
            table.faults.append(f"{table.where} 用{other}方式, 不需要 {name}_file, 请删掉")
    if settings.bot_id and not _BOT_ID.fullmatch(settings.bot_id):
        table.faults.append(f"{table.where} 的 bot_id 不对, 请从机器人的“API 模式”页重新复制")
    if settings.aes_key.value and not _AES_KEY.fullmatch(settings.aes_key.value):
        table.faults.append("智能机器人的 EncodingAESKey 应为 43 位字母和数字, 请从后台重新复制")
    if settings.token.value and not _TOKEN.fullmatch(settings.token.value):
        table.faults.append("智能机器人的 Token 应为 1 到 32 位字母和数字, 请从后台重新复制")
    local = ("ws://127.0.0.1:", "ws://localhost:")
    if not settings.socket_url.startswith(("wss://", *local)):
        table.faults.append(f"{table.where} 的 socket_url 应以 wss:// 开头")
