"""The file of platforms: what ships is whole, and a mistake in it is named."""

from pathlib import Path

import pytest

from config.checking import SettingsError
from config.platforms import load_link_rules


def faults_of(tmp_path: Path, text: str) -> str:
    path = tmp_path / "platforms.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as refusal:
        load_link_rules(path)
    return str(refusal.value)


def test_the_shipped_file_loads_once() -> None:
    rules = load_link_rules()
    assert rules is load_link_rules()
    assert len({platform.name for platform in rules.platforms.values()}) >= 30


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="找不到文件"):
        load_link_rules(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ('{ kind = "post", key = "a" }', "kind 应为"),
        ('{ kind = "item", path = "(", key = "a" }', "有误"),
        ('{ kind = "item", query = { id = "(" }, key = "a" }', "有误"),
        ('{ kind = "item", key = "a:{id}" }', "用到 {id}"),
        ('{ kind = "item", key = "a", id = "{id}" }', "用到 {id}"),
        ('{ kind = "wrapper" }', "用到 {target}"),
        ('{ kind = "item", key = "a", convert = { id = "lower" } }', "用到 {id}"),
        ('{ kind = "item", path = "(?P<id>.)", key = "a", convert = { id = "x" } }', "不认识 x"),
        ('{ kind = "item", key = "a", pth = "/" }', "是否想写 path"),
    ],
)
def test_a_mistake_in_a_form_is_named_with_its_place(tmp_path: Path, form: str, fault: str) -> None:
    text = f'[[platform]]\nname = "甲"\nhosts = ["a.example"]\nforms = [{form}]\n'
    found = faults_of(tmp_path, text)
    assert fault in found
    assert "第 1 个 [[platform]]" in found


def test_a_host_belongs_to_one_platform(tmp_path: Path) -> None:
    one = '[[platform]]\nname = "甲"\nhosts = ["a.example"]\n'
    assert "a.example 同时属于 甲 和 乙" in faults_of(tmp_path, one + one.replace("甲", "乙"))


def test_a_platform_needs_a_host(tmp_path: Path) -> None:
    assert "缺少 hosts" in faults_of(tmp_path, '[[platform]]\nname = "甲"\n')
