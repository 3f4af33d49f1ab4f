"""The table of related words: what ships is sound, and each fault of another is named."""

from pathlib import Path

import pytest

from config.checking import SettingsError
from config.related_words import load_related


def test_the_shipped_words_name_the_matter_and_what_people_say_of_it() -> None:
    related = load_related()
    assert "停水" in related.named_in("家里断水两天")
    assert "欠薪" not in related.named_in("老板一直拖着不结")
    assert "欠薪" in related.hinted_in("老板一直拖着不结")
    assert "停水" in related.hinted_in("家里断水两天")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("groups = 1", "groups 应为若干组词"),
        ("groups = [[1]]", "groups 的第 1 组应为文本列表"),
        ('groups = [["水"]]', "「水」太短"),
        ('groups = [["停水"], ["停水"]]', "「停水」开头的有两组"),
        ('groups = [["停水"]]\nhints = [["停电", "跳闸"]]', "hints 的「停电」不是 groups 里"),
        ('groups = [["停水"]]\nhints = [["停水", "水+"]]', "「水+」太短"),
        ('group = [["停水"]]', "不认识 group, 只有 groups 和 hints"),
    ],
)
def test_every_fault_is_named(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_related(path)
    assert fault in str(raised.value.faults)
