"""Write the reference pages from the code: `python -m bench.reference` (settings, commands, API).

What a setting means stands here, beside nothing else; a setting without a meaning is a fault.
"""

import json
import re
import runpy
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from typer.testing import CliRunner

from config.checking import Ask
from config.settings import asked_of

HOME = Path(__file__).parents[1]
PAGES = HOME / "docs" / "reference"
MEANINGS = HOME / "docs" / "reference" / "settings.tsv"
_BOXES = re.compile("[╭╮╰╯─│]")
_ROBOTS = ('[aibot]\nmode = "callback"\n', '[aibot]\nmode = "socket"\n')
_BEGINNING = "<!-- 由 python -m bench.reference 从程序生成, 请勿手改 -->\n\n"


class MeaninglessError(Exception):
    """A setting nobody has explained, or an explanation of none."""


def asked() -> tuple[Ask, ...]:
    """Return every setting once, those of both ways of the robot included."""
    found: dict[tuple[str, str], Ask] = {}
    with TemporaryDirectory() as place:
        for robot in _ROBOTS:
            path = Path(place) / "duban.toml"
            path.write_text(robot, encoding="utf-8")
            for one in asked_of(path):
                found.setdefault((one.section, one.name), one)
    return tuple(found.values())


def meanings() -> dict[str, str]:
    """Return what each setting means, by `[section] name`."""
    rows = MEANINGS.read_text(encoding="utf-8").splitlines()[1:]
    return {key: meaning for key, _, meaning in (row.partition("\t") for row in rows)}


def settings_page() -> str:
    """The page of settings.

    Raises:
        MeaninglessError: with the names.
    """
    explained, sections = meanings(), dict[str, list[Ask]]()
    for one in asked():
        sections.setdefault(one.section, []).append(one)
    named = {f"{one.section} {one.name}" for asks in sections.values() for one in asks}
    if odd := sorted(named ^ set(explained)):
        raise MeaninglessError("、".join(odd))
    lines = ["# 配置项一览", "", "`duban.toml` 里可以写的每一项。", ""]
    lines += ["写错的、不认识的, 启动时一次全部指出。", ""]
    for section, asks in sections.items():
        lines += [f"## {section}", "", "| 名称 | 类型 | 不写时 | 含义 |", "|---|---|---|---|"]
        lines += [_row(one, explained[f"{section} {one.name}"]) for one in asks]
        lines.append("")
    return _BEGINNING + "\n".join(lines)


def _row(one: Ask, meaning: str) -> str:
    default = one.default
    if isinstance(default, bool):
        default = "true" if default else "false"
    without = "必填" if default is None else "无" if default == "" else f"`{default}`"
    kind = one.kind.split(" (")[0]
    return f"| `{one.name}` | {kind} | {without} | {meaning} |"


@cache
def _program() -> typer.Typer:
    before, sys.argv = sys.argv, ["main.py"]  # with all its commands, as when it is started
    try:
        app = runpy.run_path(str(HOME / "main.py"), run_name="reference")["app"]
    finally:
        sys.argv = before
    assert isinstance(app, typer.Typer)
    return app


def helped(*words: str) -> str:
    """What `main.py WORDS --help` says, without its boxes."""
    wide = {"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"}
    told = CliRunner(env=wide).invoke(_program(), [*words, "--help"], prog_name="main.py")
    lines = [_BOXES.sub(" ", line).rstrip() for line in told.output.splitlines()]
    return "\n".join(line for line in lines if line.strip())


def commands(text: str) -> list[str]:
    """The names under Commands in a help text."""
    _, _, below = text.partition("Commands")
    return re.findall(r"^ {1,4}([a-z][a-z-]+) {2,}", below, re.MULTILINE)


def commands_page() -> str:
    """The page of commands, each with its own help."""
    lines = ["# 命令一览", "", "`python main.py 命令 --help` 显示的就是这里的内容。", ""]
    for name in commands(helped()):
        text = helped(name)
        lines += [f"## {name}", "", "```text", text, "```", ""]
        for below in commands(text):
            lines += [f"### {name} {below}", "", "```text", helped(name, below), "```", ""]
    return _BEGINNING + "\n".join(lines)


def api_page() -> str:
    """The page of the reports interface, from its OpenAPI description."""
    told = json.loads((HOME / "docs" / "api-reports.json").read_text(encoding="utf-8"))
    lines = [f"# {told['info']['title']}", "", "完整的 OpenAPI 描述: `docs/api-reports.json`。", ""]
    for path, ways in told["paths"].items():
        for way, act in ways.items():
            lines += [f"## {way.upper()} {path}", "", str(act.get("description", "")), ""]
            lines += ["| 状态 | 含义 |", "|---|---|"]
            answers = act["responses"].items()
            lines += [f"| {status} | {answer['description']} |" for status, answer in answers]
            lines.append("")
    for name, schema in told.get("components", {}).get("schemas", {}).items():
        if "properties" in schema:
            lines += _schema(name, schema)
    return _BEGINNING + "\n".join(lines)


def _schema(name: str, schema: dict[str, object]) -> list[str]:
    lines = [f"## {name}", "", "| 字段 | 必填 | 说明 |", "|---|---|---|"]
    properties, required = schema["properties"], schema.get("required", [])
    assert isinstance(properties, dict)
    assert isinstance(required, Sequence)
    for field, what in properties.items():
        told = str(what.get("description", what.get("title", ""))).replace("\n", " ")
        lines.append(f"| `{field}` | {'是' if field in required else ''} | {told} |")
    return [*lines, ""]


def main() -> int:
    """Write the three pages."""
    PAGES.mkdir(exist_ok=True)
    pages = {"settings": settings_page, "commands": commands_page, "api": api_page}
    for name, write in pages.items():
        (PAGES / f"{name}.md").write_text(write(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
