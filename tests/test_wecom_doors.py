"""docs/wecom.md names a test for each door and message; here: every named test exists and runs."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
PAGE = (HOME / "docs" / "wecom.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", PAGE)))
ROWS = [
    line
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| message", "| request"))
]


@cache
def functions_of(file: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse((HOME / file).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in tree.body if isinstance(node, functions)}


@pytest.mark.parametrize("named", NAMED)
def test_every_test_that_the_page_names_exists_and_is_not_switched_off(named: str) -> None:
    file, _, name = named.partition("::")
    assert name.startswith("test_")
    assert name in functions_of(file)
    marks = [ast.unparse(mark) for mark in functions_of(file)[name].decorator_list]
    assert not [mark for mark in marks if "mark.skip(" in mark or "xfail" in mark]


def test_every_row_of_the_page_names_a_test() -> None:
    assert len(ROWS) > 10
    assert [row for row in ROWS if not re.search(r"`tests/[\w/]+\.py::\w+`", row)] == []
