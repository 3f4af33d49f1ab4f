"""The settings of backups and retention: no key by default, every fault named."""

from pathlib import Path

import pytest

from config.checking import SettingsError
from config.settings import load_settings
from tests.config.test_settings import GOOD, SECRETS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in (SECRETS | {"long": "b" * 32, "short": "b" * 31}).items():
        path = tmp_path / name
        path.write_text(value + "\n", encoding="utf-8")
        path.chmod(0o600)
    return tmp_path


def load(folder: Path, more: str = "") -> None:
    (folder / "duban.toml").write_text(GOOD + more, encoding="utf-8")


def test_without_a_word_no_backup_is_made_and_text_stays_a_year(folder: Path) -> None:
    load(folder)
    keeping = load_settings(folder / "duban.toml").keeping
    assert keeping.backup_key.value == ""
    assert (keeping.personal_text_months, keeping.evidence_months) == (12, 36)


def test_each_can_be_set(folder: Path) -> None:
    load(
        folder,
        '[backup]\nkey_file = "long"\n'
        "[retention]\npersonal_text_months = 1\nevidence_months = 1200\n",
    )
    keeping = load_settings(folder / "duban.toml").keeping
    assert keeping.backup_key.value == "b" * 32
    assert (keeping.personal_text_months, keeping.evidence_months) == (1, 1200)
    assert "bbb" not in repr(keeping)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ('[backup]\nkey_file = "short"\n', "备份的密钥至少 32 个字符"),
        ('[backup]\nkey_file = "absent"\n', "找不到备份的密钥"),
        ("[retention]\npersonal_text_months = 0\n", "personal_text_months 应在 1 到 1200"),
        ("[retention]\nevidence_months = 1201\n", "evidence_months 应在 1 到 1200"),
        ("[retention]\nmonths = 3\n", "不认识 months"),
    ],
)
def test_a_fault_is_named(folder: Path, more: str, fault: str) -> None:
    load(folder, more)
    with pytest.raises(SettingsError, match=fault):
        load_settings(folder / "duban.toml")
