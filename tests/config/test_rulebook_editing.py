"""Editing single values of a rulebook's files: the rest stays as it stands, comments too."""

import difflib
from pathlib import Path

import pytest

from config.checking import SettingsError
from config.rulebook import read_files
from config.rulebook_clocks import read_clocks
from config.rulebook_editing import Edit, edited

FILES = read_files(Path(__file__).parents[2] / "config" / "rulebooks" / "city3")
CLOCKS = "clocks.toml"


def changed(*edits: Edit) -> list[str]:
    after = edited(FILES, CLOCKS, edits)
    assert set(after) == set(FILES)
    lines = difflib.unified_diff(FILES[CLOCKS].split("\n"), after[CLOCKS].split("\n"), n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def test_one_number_changes_one_line() -> None:
    removed, added = changed((("level", "二级", "签收", "within"), "20 分钟"))
    assert removed[1:].replace("30 分钟", "20 分钟", 1) == added[1:]


def test_a_list_stands_a_line_each() -> None:
    edits: Edit = (("ladder", "签收30分钟", "climb"), ["31 分钟: 副职", "1 小时: 办公室主任"])
    text = edited(FILES, CLOCKS, [edits])[CLOCKS]
    assert '"31 分钟: 副职",\n' in text
    ladders = {one.name: one for one in read_clocks("city3", text).ladders}
    assert [one.after for one in ladders["签收30分钟"].climbs] == [31, 60]


def test_what_is_written_stays_a_value() -> None:
    hostile = '20 分钟", ladder = "x" }\n[evil]'
    text = edited(FILES, CLOCKS, [(("level", "二级", "签收", "within"), hostile)])[CLOCKS]
    with pytest.raises(SettingsError, match="看不懂"):
        read_clocks("city3", text)


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("nothing.toml", ("time", "work")),
        (CLOCKS, ("level", "九级", "签收", "within")),
        (CLOCKS, ("level", "二级", "签收", "within", "deeper")),
    ],
)
def test_places_that_are_not_there_are_refused(file: str, path: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError, match="规则里没有"):
        edited(FILES, file, [(path, "x")])


def test_a_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(SettingsError, match="不是有效的 TOML"):
        edited({CLOCKS: "[["}, CLOCKS, [(("time", "work"), "x")])
