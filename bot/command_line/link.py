"""`main.py link`: the links of a text, for people who try the rules out and for tests."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from bot.command_line.json_lines import Record, required_text, run
from cases.link_rules import LinkRules
from cases.links import find_links


def add_commands(app: typer.Typer, rules_loader: Callable[[], LinkRules]) -> None:
    """Add the command `link`; the rules are loaded only when it runs."""

    @app.command()
    def link(
        *,
        jsonl: Annotated[
            bool, typer.Option("--jsonl", help="从标准输入逐行读 {text}, 逐行答 {links}")
        ] = False,
    ) -> None:
        """认链接: 平台、类型、统一编号 (key 相同即为同一内容)."""
        if not jsonl:
            typer.echo('请加 --jsonl: 每行一个 JSON 对象, 例如 {"text": "…"}', err=True)
            raise typer.Exit(2)
        rules = rules_loader()
        sink = typer.get_text_stream("stdout", encoding="utf-8")  # whatever the locale says
        raise typer.Exit(run(sys.stdin.buffer, sink, lambda record: _answer(record, rules)))


def _answer(record: Record, rules: LinkRules) -> Record:
    return {"links": [asdict(link) for link in find_links(required_text(record, "text"), rules)]}
