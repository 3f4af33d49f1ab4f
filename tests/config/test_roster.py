"""A roster from TOML and CSV; every fault is named at once."""

from pathlib import Path

import pytest

from config.checking import SettingsError
from config.roster import load_roster

PEOPLE = ("zhaomin", "lina")


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load_roster(path, PEOPLE)
    return str(caught.value)


def test_shifts_and_turns_are_read_in_order(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "roster.toml",
        """
[[shift]]
person = "Lina"
from = "2026-11-22 18:00"
to = "2026-11-23 08:30"
[[rotation]]
people = ["zhaomin", "lina"]
first = "2026-11-20"
last = "2026-11-21"
start = "18:00"
end = "08:30"
""",
    )
    shifts = load_roster(path, PEOPLE)
    assert [one.userid for one in shifts] == ["zhaomin", "lina", "lina"]
    assert shifts[0].starts_at.isoformat() == "2026-11-20T10:00:00+00:00"


def test_csv_is_read_with_the_mark_that_excel_writes(tmp_path: Path) -> None:
    text = "\ufeffperson,from,to\nlina,2026-11-20 18:00,2026-11-21 08:30\n"
    (shift,) = load_roster(written(tmp_path, "roster.csv", text), PEOPLE)
    assert shift.userid == "lina"
    assert shift.ends_at.isoformat() == "2026-11-21T08:30:00+08:00"


def test_every_fault_of_a_toml_is_named_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "roster.toml",
        """
[[shift]]
person = "nobody"
from = "2026-11-20 18:00"
to = "2026-11-21 08:30"
[[shift]]
person = "lina"
from = "晚上六点"
to = "2026-11-21 08:30"
[[shift]]
person = "lina"
from = "2026-11-20 18:00"
to = "2026-11-20 18:00"
[[rotation]]
people = []
first = "明天"
last = "2026-11-21"
start = "18点"
end = "08:30"
[[rotation]]
people = ["lina"]
first = "2026-11-22"
last = "2026-11-21"
start = "18:00"
end = "08:30"
""",
    )
    said = faults_of(path)
    for fault in (
        "nobody 不在名录",
        "晚上六点",
        "结束晚于开始",
        "至少要有一人",
        "2026-11-20",
        "08:30",
    ):
        assert fault in said
    assert "last 应在 first 之后" in said


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("姓名,开始,结束\n", "第一行应为 person,from,to"),
        ("person,from,to\nlina,2026-11-20 18:00\n", "第 2 行"),
    ],
)
def test_a_wrong_csv_is_named(tmp_path: Path, text: str, fault: str) -> None:
    assert fault in faults_of(written(tmp_path, "roster.csv", text))


def test_a_missing_csv_is_named(tmp_path: Path) -> None:
    assert "读不了文件" in faults_of(tmp_path / "none.csv")
