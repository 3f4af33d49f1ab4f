"""The commands of main.py, run as an operator runs them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import operate

HOME = Path(__file__).parents[2]
CONFIG = """
[institution]
name = "云溪市"
rulebook = "city3"
directory = "{directory}"

[wecom]
corp_id = "wwyunxi"
agent_id = 1000002
secret_file = "secret"
token_file = "token"
aes_key_file = "aes"

[audit]
key_file = "audit"
"""
SECRETS = {
    "secret": "canary-of-the-secret",
    "token": "QDG6eK",
    "aes": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    "audit": "k" * 64,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in SECRETS.items():
        (tmp_path / name).write_text(value, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    directory = HOME / "config" / "demo" / "directory.toml"
    (tmp_path / "duban.toml").write_text(CONFIG.format(directory=directory), encoding="utf-8")
    return tmp_path


def test_a_wrong_configuration_stops_it_with_every_fault_and_no_secret(folder: Path) -> None:
    text = (folder / "duban.toml").read_text(encoding="utf-8")
    text = text.replace("agent_id = 1000002", 'agent_id = "one"').replace('name = "云溪市"', "")
    (folder / "duban.toml").write_text(text, encoding="utf-8")
    (folder / "aes").write_text("canary-too-short", encoding="utf-8")
    ended = operate("serve", "--config", str(folder / "duban.toml"))
    assert ended.returncode == 2
    assert "有 3 处问题" in ended.stderr
    for words in ("agent_id 应为整数", "缺少 name", "EncodingAESKey 应为 43 位"):
        assert words in ended.stderr
    assert "canary" not in ended.stderr + ended.stdout


def test_a_wrong_directory_stops_it_too(folder: Path) -> None:
    (folder / "people.toml").write_text('[[person]]\nuserid = "a"\n', encoding="utf-8")
    text = (folder / "duban.toml").read_text(encoding="utf-8")
    text = text.replace(str(HOME / "config" / "demo" / "directory.toml"), "people.toml")
    (folder / "duban.toml").write_text(text, encoding="utf-8")
    ended = operate("serve", "--config", str(folder / "duban.toml"))
    assert ended.returncode == 2
    assert "缺少 name" in ended.stderr


def test_a_plain_variable_is_used_with_a_warning(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (folder / "duban.toml").read_text(encoding="utf-8")
    (folder / "duban.toml").write_text(text.replace('secret_file = "secret"', ""), encoding="utf-8")
    monkeypatch.setenv("DUBAN_WECOM_SECRET", "canary-in-a-variable")
    ended = operate("migrate", "--config", str(folder / "duban.toml"))
    assert ended.returncode == 0
    assert "注意" in ended.stderr
    assert "canary" not in ended.stderr
    assert (folder / "var" / "duban.db").exists()
    assert "最新结构" in ended.stdout


def test_a_command_explains_itself_in_chinese() -> None:
    assert "统一编号" in operate("link", "--help").stdout


def test_the_tools_start_without_the_service() -> None:
    code = (
        "import sys; sys.argv = ['main.py', 'deadline', '--help']; import runpy\n"
        "try:\n    runpy.run_path('main.py', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "print('HEAVY', sorted({'fastapi', 'sqlalchemy', 'httpx'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=HOME,
        timeout=60,
    )
    assert "HEAVY []" in ended.stdout
