"""The operator's holidays file: days and stretches are read, slips are named."""

from datetime import date
from pathlib import Path

import pytest

from config.checking import SettingsError
from config.holidays import load_overrides

NOTICE = """
[holidays.2099]
off = ["2099-01-01..2099-01-03", "2099-10-01"]
work = ["2099-01-04"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "holidays.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_days_and_stretches_are_read(tmp_path: Path) -> None:
    overrides = load_overrides(written(tmp_path, NOTICE))
    assert sorted(overrides.off) == [
        date(2099, 1, 1),
        date(2099, 1, 2),
        date(2099, 1, 3),
        date(2099, 10, 1),
    ]
    assert overrides.work == {date(2099, 1, 4)}
    assert overrides.covers(2099)


def test_an_empty_file_overrides_nothing(tmp_path: Path) -> None:
    assert load_overrides(written(tmp_path, "")).off == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"2099-10-01"', '"10月1日"', "「10月1日」应如 2027-02-05"),
        ('"2099-10-01"', '"2099-10-32"', "「2099-10-32」应如"),
        ('"2099-10-01"', '"2099-10-07..2099-10-01"', "应如"),
        ('"2099-10-01"', '"2099-10-01..2099-12-01"', "应如"),
        ('"2099-10-01"', '"2098-10-01"', "「2098-10-01」不在 2099 年"),
        ('work = ["2099-01-04"]', 'work = ["2099-01-03"]', "2099-01-03 既放假又上班"),
        ("work =", "worked =", "不认识 worked, 是否想写 work"),
        ("[holidays.2099]", "[holiday.2099]", "不认识 holiday, 是否想写 holidays"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load_overrides(written(tmp_path, NOTICE.replace(old, new)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="找不到文件"):
        load_overrides(tmp_path / "none.toml")
