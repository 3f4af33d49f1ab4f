"""A migration only adds; what takes something away says whose programs no longer use it.

While replicas are replaced one by one, the version before works on the new tables, and it has to
come up again on them after a crash. So tables, columns that may be empty or have a default, and
indexes are added in one release; what has become unused is taken away in a later one, whose
migration says `contracts = "NNNN"`: the oldest revision whose program does without it. Older
programs refuse to start from then on (`storage.schema`).
"""

import ast
from pathlib import Path

import pytest

VERSIONS = Path(__file__).parents[2] / "storage" / "migrations" / "versions"
MIGRATIONS = sorted(VERSIONS.glob("[0-9]*.py"))
ADDS = {"create_table", "add_column", "create_index"}
# Words about the database that change no table.
KNOWS = {"get_bind", "get_context", "bulk_insert", "execute", "f"}
OPTIONAL = {"texts", "moments", "json_values", "bytes_", "ints", "big", "words"}


def calls(tree: ast.AST, name: str = "upgrade") -> list[ast.Call]:
    """Every call in the function of this name."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [
        node
        for function in found
        if function.name == name
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    ]


def operations(tree: ast.AST) -> list[ast.Call]:
    return [call for call in calls(tree) if ast.unparse(call.func).split(".")[0] in {"op", "batch"}]


def keyword(call: ast.Call, name: str) -> str:
    return next((ast.unparse(one.value) for one in call.keywords if one.arg == name), "")


def makes_optional(call: ast.Call) -> bool:
    """Whether a column made by this call may be left out by whoever does not know it."""
    made = ast.unparse(call.func)
    if made in {"sa.Column", "Column"}:
        return keyword(call, "nullable") != "False" or bool(keyword(call, "server_default"))
    return made in OPTIONAL and keyword(call, "optional") == "True"


def columns_added(tree: ast.AST) -> list[ast.Call]:
    """The calls that make the columns which are added to tables that exist already."""
    made: list[ast.Call] = []
    for node in ast.walk(tree):
        adds = isinstance(node, (ast.For, ast.Expr)) and any(
            ast.unparse(one.func) == "op.add_column"
            for one in ast.walk(node)
            if isinstance(one, ast.Call)
        )
        if adds:
            inside = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
            made += [one for one in inside if ast.unparse(one.func) in {"sa.Column", *OPTIONAL}]
    return made


def faults(source: str) -> list[str]:
    tree = ast.parse(source)
    constants = {
        ast.unparse(node.targets[0]): node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }
    if "contracts" in constants:
        is_earlier = str(constants["contracts"]) < str(constants["revision"])
        return [] if is_earlier else ["contracts names no earlier revision"]
    names = {ast.unparse(call.func).rpartition(".")[2] for call in operations(tree)}
    found = [f"{name} without saying contracts" for name in sorted(names - ADDS - KNOWS)]
    if any(keyword(call, "unique") == "True" for call in calls(tree) if _on_old(call, tree)):
        found.append("a unique index on a table that the version before writes")
    found += [
        f"a column that has to be filled: {ast.unparse(call)}"
        for call in columns_added(tree)
        if not makes_optional(call)
    ]
    return found


def _on_old(call: ast.Call, tree: ast.AST) -> bool:
    """Whether this call is about a table that the migration does not itself create."""
    own = {
        ast.unparse(one.args[0])
        for one in operations(tree)
        if one.args and "create_table" in ast.unparse(one.func)
    }
    return len(call.args) > 1 and ast.unparse(call.args[1]) not in own


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_a_migration_adds_or_says_whom_it_leaves_behind(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


BEGINS = 'revision = "0017"\n{}\ndef upgrade():\n    {}\n'
TAKES = "op.drop_column('case_file', 'title')"


@pytest.mark.parametrize(
    ("head", "body", "said"),
    [
        ("", TAKES, ["drop_column without saying contracts"]),
        (
            "",
            "op.alter_column('unit', 'name', nullable=False)",
            ["alter_column without saying contracts"],
        ),
        ("", "op.rename_table('unit', 'office')", ["rename_table without saying contracts"]),
        (
            "",
            "op.add_column('unit', sa.Column('a', sa.Text(), nullable=False))",
            ["a column that has to be filled: sa.Column('a', sa.Text(), nullable=False)"],
        ),
        (
            "",
            "[op.add_column('unit', one) for one in texts('a')]",
            ["a column that has to be filled: texts('a')"],
        ),
        (
            "",
            "index('ix', 'unit', 'name', unique=True)",
            ["a unique index on a table that the version before writes"],
        ),
        ("", "op.add_column('unit', sa.Column('a', sa.Text()))", []),
        (
            "",
            "op.add_column('unit', sa.Column('a', sa.Text(), nullable=False, server_default=''))",
            [],
        ),
        ('contracts = "0016"', TAKES, []),
        ('contracts = "0017"', TAKES, ["contracts names no earlier revision"]),
    ],
)
def test_what_would_break_the_version_before_is_told(head: str, body: str, said: list[str]) -> None:
    assert faults(BEGINS.format(head, body)) == said
