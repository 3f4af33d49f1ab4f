"""The settings of papers: the shipped templates, everything drafts itself, faults named."""

from pathlib import Path

import pytest

from cases.papers.model import Kind
from config.checking import SettingsError
from config.paper_settings import SHIPPED
from config.settings import load_settings
from tests.config.test_settings import GOOD, SECRETS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in SECRETS.items():
        path = tmp_path / name
        path.write_text(value + "\n", encoding="utf-8")
        path.chmod(0o600)
    (tmp_path / "own").mkdir()
    return tmp_path


def load(folder: Path, more: str = "") -> Path:
    (folder / "duban.toml").write_text(GOOD + more, encoding="utf-8")
    return folder / "duban.toml"


def test_without_a_word_papers_draft_themselves_from_the_shipped_templates(folder: Path) -> None:
    papers = load_settings(load(folder)).papers
    assert papers.templates is None
    assert Kind.UPWARD in papers.drafts
    assert papers.drafts == frozenset(Kind) - {Kind.LEDGER}  # of which the office takes its own
    assert (SHIPPED / "特报.docx").is_file()


def test_each_can_be_set(folder: Path) -> None:
    papers = load_settings(load(folder, '[papers]\ntemplates = "own"\nonly = ["特报"]\n')).papers
    assert (papers.templates, papers.drafts) == (folder / "own", frozenset({Kind.UPWARD}))
    off = load_settings(load(folder, "[papers]\ndrafts = false\n")).papers
    assert off.drafts == frozenset()


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ('templates = "absent"', "没有目录 absent"),
        ('only = ["台账"]', "「台账」不能自动起草"),
        ("draft = true", "不认识 draft, 是否想写 drafts"),
    ],
)
def test_every_fault_is_named(folder: Path, more: str, fault: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(load(folder, f"[papers]\n{more}\n"))
    assert fault in str(raised.value.faults)
