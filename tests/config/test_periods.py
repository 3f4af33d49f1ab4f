"""Special periods from TOML: the shipped sample, and every fault at once."""

from datetime import date, time
from pathlib import Path

import pytest

from cases.special_periods import PeriodKind, PeriodRules, Turns
from config.checking import SettingsError
from config.periods import SHIPPED, load_periods


def test_the_shipped_sample_has_the_four_of_the_source_documents() -> None:
    kinds = load_periods(SHIPPED, [])
    assert [kind.name for kind in kinds] == ["节假日", "两会", "汛期", "高考"]
    assert [kind.name for kind in kinds if kind.on_holidays] == ["节假日"]
    assert not any(kind.days for kind in kinds)


def test_everything_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "periods.toml"
    path.write_text(
        """
["汛期"]
aliases = ["防汛"]
days = ["2027-06-01..2027-09-30", "2027-10-15"]
quiet = false
spacing = 50
rounds = ["08:00"]
[["汛期".rotation]]
people = ["ZhaoMin", "lina"]
start = "08:30"
end = "18:00"
""",
        encoding="utf-8",
    )
    assert load_periods(path, ["zhaomin", "lina"]) == (
        PeriodKind(
            "汛期",
            ("防汛",),
            PeriodRules(through_night=True, spacing=50, rounds=(time(8),)),
            (Turns(("zhaomin", "lina"), time(8, 30), time(18)),),
            (
                (date(2027, 6, 1), date(2027, 9, 30)),
                (date(2027, 10, 15), date(2027, 10, 15)),
            ),
        ),
    )


@pytest.mark.parametrize(("spacing", "wrong"), [(49, True), (50, False), (100, False), (101, True)])
def test_spacing_has_its_bounds(tmp_path: Path, spacing: int, *, wrong: bool) -> None:
    path = tmp_path / "periods.toml"
    path.write_text(f'["汛期"]\nspacing = {spacing}\n', encoding="utf-8")
    if wrong:
        with pytest.raises(SettingsError, match="50 到 100"):
            load_periods(path, [])
        return
    assert len(load_periods(path, [])) == 1


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "periods.toml"
    path.write_text(
        """
["汛期"]
aliases = ["两会"]
days = ["6月1日", "2027-09-30..2027-06-01"]
rounds = ["8点", "08:00:30"]
quite = false
[["汛期".rotation]]
people = []
start = "08:30"
end = "x"
[["汛期".rotation]]
people = ["nobody"]
start = "08:30"
end = "18:00"
["两会"]
""",
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as caught:
        load_periods(path, ["zhaomin"])
    said = "\n".join(caught.value.faults)
    for words in (
        "「6月1日」应如",
        "末日应在首日之后",
        "「8点」应写成",
        "「08:00:30」应写成",
        "不认识 quite, 是否想写 quiet",
        "至少要有一人",
        "「x」应写成",
        "nobody 不在名录中",
        "「两会」写了两次",
    ):
        assert words in said
