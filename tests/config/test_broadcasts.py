"""The file of broadcasts: as shipped, and with every fault named at once."""

from datetime import time
from pathlib import Path

import pytest

from cases.broadcasts import Broadcast, BroadcastKind, Days
from config.broadcasts import SHIPPED, load_broadcasts
from config.checking import SettingsError


def test_the_shipped_file_has_the_times_of_the_source_documents() -> None:
    found = {one.kind: one for one in load_broadcasts(SHIPPED)}
    assert found[BroadcastKind.ROUND].times == (time(10), time(16), time(21))
    assert found[BroadcastKind.ROUND_MISSING].minutes_after == 15
    assert found[BroadcastKind.MORNING].times == (time(8, 35),)


def test_a_section_is_one_broadcast(tmp_path: Path) -> None:
    path = tmp_path / "broadcasts.toml"
    path.write_text('["早报"]\ndays = "工作日"\ntimes = ["07:55"]\n', encoding="utf-8")
    assert load_broadcasts(path) == (
        Broadcast(BroadcastKind.MORNING, Days.WORKDAYS, (time(7, 55),)),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('["午报"]\ndays = "每天"\ntimes = ["12:00"]', "不认识 [午报]"),
        ('["早报"]\ndays = "天天"\ntimes = ["12:00"]', "可用 每天"),
        ('["早报"]\ndays = "每天"\ntimes = []', "至少写一个"),
        ('["早报"]\ndays = "每天"\ntimes = ["八点"]', "「八点」应写成 08:35"),
        ('["早报"]\ndays = "每天"\ntimes = ["08:35:10"]', "应写成 08:35"),
        ('["早报"]\ndays = "每天"\ntimes = ["08:35", "08:35"]', "有重复"),
        ('["早报"]\ndays = "每天"\ntimes = ["08:35"]\nminutes_after = 121', "0 到 120"),
        ('["早报"]\ndays = "每天"\ntimes = ["08:35"]\nday = 1', "不认识 day"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "broadcasts.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_broadcasts(path)
    assert fault in str(caught.value)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "broadcasts.toml"
    path.write_text('["早报"]\ndays = "天天"\ntimes = ["八点"]\n["午报"]\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_broadcasts(path)
    assert len(caught.value.faults) == 3
