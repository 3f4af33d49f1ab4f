"""The sections about time: broadcasts, the roster, the auditor."""

from datetime import time
from pathlib import Path

import pytest

from config.broadcasts import SHIPPED
from config.checking import Table
from config.periods import SHIPPED as PERIODS
from config.time_settings import TimeSettings, time_settings
from config.trial_settings import TrialSettings, trial_settings

_NO_TRIAL = TrialSettings(enabled=False, evening=time(17, 40))


def read(folder: Path, **sections: dict[str, object]) -> tuple[TimeSettings, list[str]]:
    faults: list[str] = []
    top = Table("duban.toml", dict(sections), faults)
    return time_settings(top, folder), faults


def test_without_the_sections_nothing_is_said_and_nobody_watches(tmp_path: Path) -> None:
    assert read(tmp_path) == (
        TimeSettings(None, None, None, (), 60, (), 15, _NO_TRIAL),
        [],
    )


def test_the_shipped_times_are_found_by_their_name_and_ones_own_win(tmp_path: Path) -> None:
    settings, _ = read(tmp_path, broadcasts={"file": "broadcasts.toml"})
    assert settings.broadcasts == SHIPPED
    own = tmp_path / "broadcasts.toml"
    own.write_text("", encoding="utf-8")
    settings, _ = read(tmp_path, broadcasts={"file": "broadcasts.toml"})
    assert settings.broadcasts == own


def test_roster_and_auditor_are_read(tmp_path: Path) -> None:
    settings, faults = read(
        tmp_path,
        duty={"roster": "roster.csv", "periods": "periods.toml"},
        auditor={"command": ["sms", "{text}"], "every": 5},
    )
    assert faults == []
    roster, command = tmp_path / "roster.csv", ("sms", "{text}")
    assert settings == TimeSettings(None, roster, PERIODS, command, 5, (), 15, _NO_TRIAL)


@pytest.mark.parametrize(("seconds", "wrong"), [(0, 1), (1, 0), (15, 0), (16, 1)])
def test_a_call_may_not_take_longer_than_its_message_is_leased(
    tmp_path: Path, seconds: int, wrong: int
) -> None:
    settings, faults = read(tmp_path, phone={"command": ["call", "{phone}"], "seconds": seconds})
    assert len(faults) == wrong
    assert settings.phone_command == ("call", "{phone}")


@pytest.mark.parametrize(("every", "wrong"), [(4, 1), (5, 0), (3600, 0), (3601, 1)])
def test_the_auditor_looks_neither_always_nor_never(tmp_path: Path, every: int, wrong: int) -> None:
    assert len(read(tmp_path, auditor={"every": every})[1]) == wrong


def test_what_is_not_known_is_named(tmp_path: Path) -> None:
    assert "不认识 files, 是否想写 file" in read(tmp_path, broadcasts={"files": "x"})[1][0]


@pytest.mark.parametrize(
    ("written", "clock"), [("00:00", True), ("23:59", True), ("24:00", False), ("7:40", False)]
)
def test_the_evening_of_a_trial_is_a_time_of_day(written: str, *, clock: bool) -> None:
    faults: list[str] = []
    table = Table("duban.toml", {"trial": {"enabled": True, "evening": written}}, faults)
    settings = trial_settings(table)
    assert settings.enabled
    assert (faults == []) is clock
