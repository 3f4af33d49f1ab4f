"""docs/threats.md maps each threat case to the tests named after it; here: the map is true."""

import ast
import re
from functools import cache
from pathlib import Path

HOME = Path(__file__).parents[2]
PAGE = (HOME / "docs" / "threats.md").read_text(encoding="utf-8")
COUNTS = {"A": 14, "B": 13, "C": 20, "D": 14, "E": 14, "F": 8, "G": 14, "H": 9}
CASES = [f"{letter}{nth:02}" for letter, most in COUNTS.items() for nth in range(1, most + 1)]
ROWS = re.findall(r"^\| ([A-H][0-9]{2}) \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
# Not shown by any test yet. A row may be open only while it stands here.
OPEN: set[str] = set()


@cache
def functions_of(file: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse((HOME / file).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in ast.walk(tree) if isinstance(node, functions)}


def named_in(row: str) -> list[tuple[str, str]]:
    return re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)


def is_on(file: str, name: str) -> bool:
    function = functions_of(file).get(name) if (HOME / file).exists() else None
    marks = [ast.unparse(mark) for mark in function.decorator_list] if function else ["absent"]
    return not [
        mark for mark in marks if "mark.skip(" in mark or mark == "absent" or "xfail" in mark
    ]


def test_each_of_the_106_cases_has_its_row_and_its_answer() -> None:
    assert len(CASES) == 106
    assert [row[0] for row in ROWS] == CASES
    assert [row[0] for row in ROWS if not row[1].strip() or not row[2].strip()] == []


def test_each_case_has_a_test_named_after_its_id_or_is_listed_as_open() -> None:
    unshown = {
        case
        for case, _, _, shown in ROWS
        if not any(f"_{case.lower()}_" in name for _, name in named_in(shown))
    }
    assert unshown == OPEN
    assert {case for case, _, _, shown in ROWS if "**open**" in shown} == OPEN


def test_each_named_test_exists_and_is_not_switched_off() -> None:
    missing = [
        f"{file}::{name}"
        for *_, shown in ROWS
        for file, name in named_in(shown)
        if not is_on(file, name)
    ]
    assert missing == []


def test_a_wrong_row_would_be_told() -> None:
    assert not is_on("tests/house_rules/test_threats.py", "test_that_is_not_there")
    assert not is_on("tests/house_rules/no_such_file.py", "test_each_named_test_exists")
    assert named_in("`tests/a.py::test_a01_b` and `docs/x.md`") == [("tests/a.py", "test_a01_b")]


def test_g12_each_item_of_the_review_names_a_test_or_a_page_that_is_there() -> None:
    begins = PAGE.index("## 等保三级")
    rows = re.findall(r"^\| (.+) \| (.+) \|$", PAGE[begins:], re.MULTILINE)[1:]
    named = [re.findall(r"tests/[\w/]+\.py|docs/[\w-]+\.md", shown) for _, shown in rows]
    assert len(rows) >= 12
    assert all(named)
    assert [one for files in named for one in files if not (HOME / one).exists()] == []
