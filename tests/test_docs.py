"""What the documents say is so: links lead somewhere, commands exist, sentences are understood."""

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bench import reference
from bot.assembly.commands import add_commands
from cases.chat import role_named, understand
from cases.chat.about_time import time_question
from cases.office_phrases import find_phrase
from config.platforms import load_link_rules

HOME = Path(__file__).parents[1]
DOCS = HOME / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *HOME.glob("*.md")])
NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
LINK_RULES = load_link_rules()
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_MAKE = re.compile(r"`make ([a-z-]+)")
_COMMAND = re.compile(r"main\.py ([a-z][a-z-]+)(?: ([a-z][a-z-]+))?")
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
_SETTING = re.compile(r"`\[([a-z_.]+)\]")
_SECTION = re.compile(r"[a-z-]+\.(?:toml|sh|yaml|md5|conf)\b")
_CODE_NUMBER = re.compile(r"\b[4-9][0-9]{4}\b")
_IN_ENGLISH = ("index", "tour", "admin", "writing-rules", "troubleshooting", "privacy")
TWINS = {DOCS / f"{name}.md": f"{name}.en.md" for name in _IN_ENGLISH}
TWINS |= {DOCS / "cards" / f"{name}.md": f"{name}.en.md" for name in ("officer", "unit", "leader")}
TWINS |= {DOCS / "installing.md": "installing.zh-CN.md"}
_CARDS = {"officer": "信息员", "unit": "责任单位联络员", "leader": "分管领导"}


def links() -> list[tuple[Path, str]]:
    return [(page, link) for page in PAGES for link in _LINK.findall(page.read_text("utf-8"))]


def test_each_link_inside_leads_somewhere() -> None:
    lost = [
        f"{page.relative_to(HOME)}: {link}"
        for page, link in links()
        if not re.match(r"[a-z]+:|#", link) and not (page.parent / link.partition("#")[0]).exists()
    ]
    assert lost == []
    assert len(links()) > 100


def test_each_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (HOME / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {name for page in PAGES for name in _MAKE.findall(page.read_text("utf-8"))}
    assert named - targets == set()
    assert "demo" in named


def test_each_command_named_exists() -> None:
    assert callable(add_commands)
    known = set(reference.commands(reference.helped()))
    below = {name: set(reference.commands(reference.helped(name))) for name in known}
    wrong = []
    for page in PAGES:
        for name, under in _COMMAND.findall(page.read_text("utf-8")):
            if name not in known or (below[name] and under and under not in below[name]):
                wrong.append(f"{page.name}: main.py {name} {under}")
    assert wrong == []
    assert {"serve", "doctor", "rules"} <= known


@pytest.mark.parametrize(
    ("page", "write"),
    [
        ("settings", reference.settings_page),
        ("commands", reference.commands_page),
        ("api", reference.api_page),
    ],
)
def test_the_reference_is_what_the_program_says(page: str, write: object) -> None:
    assert callable(write)
    kept = (DOCS / "reference" / f"{page}.md").read_text("utf-8")
    assert write() == kept, "python -m bench.reference"


@pytest.mark.parametrize("page", TWINS, ids=lambda page: page.stem)
def test_what_users_read_is_there_in_english_and_chinese_and_says_the_same(page: Path) -> None:
    twin = page.with_name(TWINS[page])
    one, other = page.read_text("utf-8"), twin.read_text("utf-8")
    assert f"]({twin.name})" in one
    assert f"]({page.name})" in other
    for told in (_COMMAND, _MAKE, _IMAGE, _SETTING, _SECTION, _CODE_NUMBER):
        assert sorted(set(told.findall(one))) == sorted(set(told.findall(other))), told.pattern
    rows = [len(re.findall(r"^\|", text, re.MULTILINE)) for text in (one, other)]
    assert rows[0] == rows[1]
    heads = [len(re.findall(r"^## ", text, re.MULTILINE)) for text in (one, other)]
    assert heads[0] == heads[1]
    site = (HOME / "config" / "deploy" / "site.yml").read_text("utf-8")
    assert f": {twin.relative_to(DOCS)}\n" in site


@pytest.mark.parametrize("language", ["", ".en"])
@pytest.mark.parametrize(("card", "role"), _CARDS.items())
def test_what_a_card_tells_people_to_say_is_understood(card: str, role: str, language: str) -> None:
    rows = (DOCS / "cards" / f"{card}{language}.md").read_text("utf-8").splitlines()
    said = [words for row in rows if row.startswith("|") for words in re.findall("`([^`]+)`", row)]
    assert len(said) >= 5
    lost = [
        words
        for words in said
        if understand(words, role_named(role), NOW, LINK_RULES).intent in {"ambiguous", "unknown"}
        and time_question(words) is None
        and find_phrase(words) is None
    ]
    assert lost == []


def test_the_site_builds_without_a_network(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    command += ["--config-file", str(HOME / "config" / "deploy" / "site.yml")]
    told = subprocess.run(
        [*command, "--site-dir", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    index = json.loads((tmp_path / "search" / "search_index.json").read_text("utf-8"))
    assert any("信息员一页卡" in page["title"] for page in index["docs"])
    outside = [
        path.name
        for path in tmp_path.rglob("*.html")
        if re.search(r'(?:src|href)="https?://[^"]+\.(?:js|css|woff2?)"', path.read_text("utf-8"))
    ]
    assert outside == []


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    site = (HOME / "config" / "deploy" / "site.yml").read_text("utf-8")
    named = set(re.findall(r": ([a-zA-Z0-9/.-]+\.md)$", site, re.MULTILINE))
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    # A new report is reached by the page that speaks of it until it is put into the navigation.
    assert {page for page in pages - named if not page.startswith("evidence/")} == set()
    assert named <= pages
