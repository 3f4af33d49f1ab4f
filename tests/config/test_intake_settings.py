"""The settings of how reports come in: off or absent by default, every fault named."""

from pathlib import Path

import pytest

from config.checking import SettingsError
from config.settings import load_settings
from tests.config.test_settings import GOOD, SECRETS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in (SECRETS | {"vendor": "v" * 24, "short": "v" * 23}).items():
        path = tmp_path / name
        path.write_text(value + "\n", encoding="utf-8")
        path.chmod(0o600)
    return tmp_path


def load(folder: Path, more: str = "") -> None:
    (folder / "duban.toml").write_text(GOOD + more, encoding="utf-8")


def test_nothing_is_looked_up_and_no_vendor_let_in_by_default(folder: Path) -> None:
    load(folder)
    intake = load_settings(folder / "duban.toml").intake
    assert intake.preview is False
    assert intake.sources == {}
    assert intake.evidence == folder / "var" / "evidence"


def test_each_can_be_set(folder: Path) -> None:
    load(
        folder,
        '[preview]\nenabled = true\n[evidence]\nfolder = "files"\n'
        '[api.sources]\n"城市监测" = "vendor"\n',
    )
    intake = load_settings(folder / "duban.toml").intake
    assert intake.preview is True
    assert intake.evidence == folder / "files"
    assert intake.sources["城市监测"].value == "v" * 24
    assert "vvv" not in repr(intake)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ('[preview]\nenabled = "yes"\n', "enabled 应为 true 或 false"),
        ("[preview]\nenable = true\n", "是否想写 enabled"),
        ("[evidence]\nfolder = 3\n", "folder 应为文本"),
        ('[api.sources]\n"甲" = "short"\n', "来源「甲」的密钥至少 24 个字符"),
        ('[api.sources]\n"甲" = "absent"\n', "来源「甲」的密钥"),
        ("[api]\nkeys = 1\n", "不认识 keys"),
    ],
)
def test_a_fault_is_named(folder: Path, more: str, fault: str) -> None:
    load(folder, more)
    with pytest.raises(SettingsError, match=fault):
        load_settings(folder / "duban.toml")
