"""The house rules that no other tool checks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "storage", "config", "cases")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40

# One broad except per process loop or door, each with its reason.
BROAD_EXCEPTS: dict[str, str] = {
    "bot/gathering.py": "what one person's reminders raise must not silence those of the others",
    "bot/loop.py": "a loop that ended would stop everything behind it without a word",
    "bot/pulse.py": "one timer that raises must not silence all the others",
    "bot/sending.py": "one message that raises must not silence all the others",
    "bot/wecom/keeper.py": "whatever the database's fault was, the lifeboat takes the callbacks",
    "bot/worker.py": "one message that raises must not silence all the others",
}


def sources() -> Iterator[Path]:
    yield HOME / "main.py"
    for room in ROOMS:
        for path in sorted((HOME / room).rglob("*.py")):
            if "versions" not in path.parts:
                yield path


def everything() -> Iterator[Path]:
    yield from sources()
    yield from sorted((HOME / "tests").rglob("*.py"))
    yield from sorted((HOME / "bench").rglob("*.py"))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    return str(path.relative_to(HOME))


def test_no_file_is_longer_than_it_can_be_read_at_one_sitting() -> None:
    lengths = {named(p): len(p.read_text(encoding="utf-8").splitlines()) for p in everything()}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{named(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_broad_except_is_listed_with_its_reason() -> None:
    found: dict[str, int] = {}
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler) and _is_broad(node.type):
                found[named(path)] = found.get(named(path), 0) + 1
    assert found == dict.fromkeys(BROAD_EXCEPTS, 1)
    assert all(BROAD_EXCEPTS.values())


def _is_broad(kind: ast.expr | None) -> bool:
    return kind is None or (
        isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}
    )


def test_no_project_import_hides_inside_a_function() -> None:
    hidden = [
        f"{named(path)}:{node.lineno}"
        for path in sources()
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_every_package_has_its_caption() -> None:
    for room in ROOMS:
        for init in (HOME / room).rglob("__init__.py"):
            assert ast.get_docstring(tree_of(init)), named(init)


def test_every_file_says_what_it_holds() -> None:
    silent = [named(p) for p in sources() if not ast.get_docstring(tree_of(p))]
    assert silent == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_locks_are_hashed_and_name_no_host(name: str) -> None:
    text = (HOME / name).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert not re.search(r"://|--(index|extra-index|find-links|trusted)", text)


def test_every_test_asserts_something() -> None:
    empty = [
        f"{named(path)}:{node.name}"
        for path in sorted((HOME / "tests").rglob("test_*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not _asserts(node)
    ]
    assert empty == []


def _asserts(function: ast.AST) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name == "raises" or name.startswith(("assert_", "expect", "check")):
                return True
    return False


def test_nothing_sleeps() -> None:
    sleeping = [
        f"{named(path)}:{node.lineno}"
        for path in everything()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "sleep"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"time", "asyncio"}
        and "bench" not in path.parts
        and "sandbox" not in path.parts
    ]
    assert sleeping == []
