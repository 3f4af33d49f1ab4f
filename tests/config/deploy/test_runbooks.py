"""Each runbook names what rehearses it, and every command in it is one the program has."""

import re
from pathlib import Path

import pytest

from tests.support.program import operate

HOME = Path(__file__).parents[3]
BOOKS = sorted((HOME / "docs" / "runbooks").glob("*.md"))
WANTED = {"lost-secret", "leaked-robot-key", "full-disk", "database-moved", "wecom-outage"}
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_MAKE = re.compile(r"`make ([a-z-]+)`")
_COMMAND = re.compile(r"`duban ([a-z][a-z-]*)")
_OPTION = re.compile(r"`duban ([a-z][a-z-]*)[^`]* (--[a-z-]+)")


def test_there_is_one_for_each_trouble_and_the_list_names_all() -> None:
    names = {path.stem for path in BOOKS} - {"README"}
    assert names == WANTED | {"restore"}
    listed = (HOME / "docs" / "runbooks" / "README.md").read_text("utf-8")
    assert {name for name in names if f"({name}.md)" not in listed} == set()


@pytest.mark.parametrize("path", [p for p in BOOKS if p.stem != "README"], ids=lambda p: p.stem)
def test_what_it_says_rehearses_it_exists(path: Path) -> None:
    text = path.read_text("utf-8").split("Rehearsed by:")[1]
    tests = _TEST.findall(text)
    assert tests
    for file, name in tests:
        assert f"def {name}(" in (HOME / file).read_text("utf-8"), name
    targets = (HOME / "Makefile").read_text("utf-8")
    for target in _MAKE.findall(text):
        assert re.search(rf"^{target}:", targets, re.MULTILINE), target


def test_every_command_in_them_is_one_the_program_has() -> None:
    found = {name for path in BOOKS for name in _COMMAND.findall(path.read_text("utf-8"))}
    assert {"reload", "doctor", "restore", "resume", "rearm"} <= found
    for name in found:
        assert operate(name, "--help").returncode == 0, name
    for path in BOOKS:
        for name, option in _OPTION.findall(path.read_text("utf-8")):
            assert option in operate(name, "--help").stdout, (name, option)
