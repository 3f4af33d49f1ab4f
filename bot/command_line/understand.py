"""`main.py understand` and `main.py read`: what a message means, for trying out and for tests."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer

from bot.command_line.json_lines import Record, optional_text, required_text, run
from cases.chat import Understood, read, role_named, understand
from cases.link_rules import LinkRules

_CHINA = "+08:00"

Now = Annotated[
    str, typer.Option("--now", help="消息的时刻, ISO 8601, 如 2026-11-20T10:00:00+08:00")
]
JsonLines = Annotated[bool, typer.Option("--jsonl", help="从标准输入逐行读 {text, role}, 逐行作答")]


def add_commands(app: typer.Typer, rules_loader: Callable[[], LinkRules]) -> None:
    """Add the commands `understand` and `read`; the rules are loaded only when they run."""

    @app.command(name="understand")
    def understand_command(now: Now = "", *, jsonl: JsonLines = False) -> None:
        """听懂一句话: 意图、要素, 一条消息里的几件事."""
        moment = _checked(now, jsonl=jsonl)
        rules = rules_loader()
        _run(lambda record: _understood(record, moment, rules))

    @app.command(name="read")
    def read_command(now: Now = "", *, jsonl: JsonLines = False) -> None:
        """读一条上报: 平台、链接、摘要、数据; 不是上报就答 {}."""
        moment = _checked(now, jsonl=jsonl)
        rules = rules_loader()
        _run(lambda record: _reported(record, moment, rules))


def _run(answer: Callable[[Record], Record]) -> None:
    sink = typer.get_text_stream("stdout", encoding="utf-8")  # whatever the locale says
    raise typer.Exit(run(sys.stdin.buffer, sink, answer))


def _checked(now: str, *, jsonl: bool) -> datetime:
    if not jsonl:
        typer.echo(
            '请加 --jsonl: 每行一个 JSON 对象, 例如 {"text": "收到", "role": "值班员"}', err=True
        )
        raise typer.Exit(2)
    try:
        moment = datetime.fromisoformat(now)
    except ValueError:
        typer.echo(
            f"--now 应为 ISO 8601 时刻, 例如 2026-11-20T10:00:00+08:00, 收到的是: {now}", err=True
        )
        raise typer.Exit(2) from None
    return moment if moment.tzinfo else datetime.fromisoformat(f"{moment.isoformat()}{_CHINA}")


def _understood(record: Record, now: datetime, rules: LinkRules) -> Record:
    text = required_text(record, "text")
    found = understand(text, role_named(_role(record)), now, rules)
    return _shown(found) | {"more": [_shown(one) for one in found.more]}


def _shown(found: Understood) -> dict[str, object]:
    return {"intent": found.intent.value, "slots": dict(found.slots)}


def _reported(record: Record, now: datetime, rules: LinkRules) -> Record:
    return read(required_text(record, "text"), role_named(_role(record)), now, rules)


def _role(record: Record) -> str:
    """Return the role as given; whatever is no known role counts as none."""
    return optional_text(record, "role")
