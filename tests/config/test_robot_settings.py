"""The section [aibot]: one way to reach the robot, each with its own secrets, every fault named."""

from pathlib import Path

import pytest

from config.checking import Table
from config.robot_settings import RobotMode, RobotSettings, robot_settings
from config.secret import SecretReader

SECRETS = {"secret": "s" * 43, "token": "token", "aes_key": "a" * 43}
CALLBACK = {"mode": "callback", "token_file": "token", "aes_key_file": "aes_key"}
SOCKET = {"mode": "socket", "bot_id": "aib-1", "secret_file": "secret"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in SECRETS.items():
        path = tmp_path / name
        path.write_text(value, encoding="utf-8")
        path.chmod(0o600)
    return tmp_path


def read(folder: Path, **section: object) -> tuple[RobotSettings | None, list[str]]:
    faults: list[str] = []
    top = Table("duban.toml", {"aibot": section} if section else {}, faults)
    return robot_settings(top, folder, SecretReader(folder, faults, [])), faults


def test_without_the_section_there_is_no_robot(folder: Path) -> None:
    assert read(folder) == (None, [])


def test_by_callback_it_has_a_token_and_a_key(folder: Path) -> None:
    settings, faults = read(folder, **CALLBACK, name="@督办助手")
    assert settings is not None
    assert (settings.mode, settings.name, faults) == (RobotMode.CALLBACK, "督办助手", [])
    assert (settings.token.value, settings.aes_key.value) == ("token", "a" * 43)
    assert settings.secret.value == ""
    assert settings.papers == folder / "var/papers"


def test_by_long_connection_it_has_an_id_and_a_secret(folder: Path) -> None:
    settings, faults = read(folder, **SOCKET)
    assert settings is not None
    assert (settings.mode, settings.bot_id, faults) == (RobotMode.SOCKET, "aib-1", [])
    assert settings.secret.value == "s" * 43
    assert settings.socket_url.startswith("wss://")
    assert "s" * 43 not in repr(settings)


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ({"name": "x"}, "缺少 mode"),
        ({"mode": "both"}, 'mode 应为 "callback"'),
        (CALLBACK | {"aes_key_file": "token"}, "EncodingAESKey 应为 43 位"),
        (CALLBACK | {"token_file": "aes_key"}, "Token 应为 1 到 32 位"),
        (CALLBACK | {"token_file": ""}, "缺少智能机器人的 Token"),
        (CALLBACK | {"secret_file": "secret"}, "用回调方式, 不需要 secret_file"),
        (SOCKET | {"token_file": "token"}, "用长连接方式, 不需要 token_file"),
        (SOCKET | {"bot_id": "a b"}, "bot_id 不对"),
        ({"mode": "socket", "secret_file": "secret"}, "缺少 bot_id"),
        (SOCKET | {"socket_url": "https://x.example"}, "socket_url 应以 wss:// 开头"),
        (SOCKET | {"botid": "x"}, "不认识 botid, 是否想写 bot_id"),
    ],
)
def test_each_fault_is_named(folder: Path, section: dict[str, object], fault: str) -> None:
    _, faults = read(folder, **section)
    assert any(fault in one for one in faults), faults
    assert not any(secret in "".join(faults) for secret in SECRETS.values() if len(secret) > 5)


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("wss://a.example", True),
        ("ws://127.0.0.1:1/", True),
        ("ws://localhost:1/", True),
        ("ws://a.example", False),
    ],
)
def test_plain_connections_stay_on_this_machine(folder: Path, url: str, is_fine: bool) -> None:
    assert (read(folder, **SOCKET, socket_url=url)[1] == []) is is_fine
